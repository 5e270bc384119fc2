"""The schedule of a colleague, made before the week from the campaign's calendar and their habits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from bot.campaign.awareness import AWARENESS
from bot.campaign.guesses import GUESS
from bot.campaign.localtime import instant, local
from bot.campaign.model import ANOTHER_COUNTRY, Audience, Campaign, Post
from bot.campaign.schedule import day_of
from rehearsal.people import joining_and_leaving, pledging, tips_ideas_earth_hour
from rehearsal.people.habits import Habit
from rehearsal.people.person import Person
from rehearsal.people.persona import Persona

Activity = Callable[[Person], Awaitable[None]]

GRID = timedelta(minutes=30)
"""People act on the full half-hour, so that many acts share an instant and one planning."""

_DAY = timedelta(days=1)
_LOOKS = ("help", "standings", "measures", "tip", "earthhour")


@dataclass(frozen=True)
class PlannedActivity:
    """Something to do at an instant."""

    at: datetime
    activity: Activity


def schedule(campaign: Campaign, persona: Persona, number: int) -> list[PlannedActivity]:
    """Plan all activities of one colleague, in order; `number` is that of their idea."""
    week = _Week(campaign, persona, Random(f"{persona.seed}/diary"))  # noqa: S311 - the same chance twice
    last = instant(datetime.combine(campaign.closes, time(23, 30)), persona.zone)
    acts = [PlannedActivity(_on_grid(at), act) for at, act in week.plan(number) if at < last]
    # What follows from something else comes after it: the sort keeps the order of what shares an instant.
    return sorted(acts, key=lambda intention: intention.at)


def _on_grid(at: datetime) -> datetime:
    since = at - datetime(2000, 1, 1, tzinfo=at.tzinfo)
    # Rounded up, so that nothing happens before the post that it follows.
    return at + (-since % GRID)


@dataclass(frozen=True)
class _Week:
    campaign: Campaign
    persona: Persona
    random: Random

    def plan(self, number: int) -> Iterator[tuple[datetime, Activity]]:
        # Many people never join; for them the bot only answers questions.
        if self.has(Habit.ONLY_READS):
            for post in self.posts("tip")[:2]:
                yield self.after(post), partial(joining_and_leaving.read, command=self.random.choice(_LOOKS))
            return
        start = self.begins()
        yield start, self.first(start)
        # A fixed order: each draws from the same random numbers, and another order would change everybody's week.
        planned = [*self._tips(), *self._pledges(start), *self._hour(), *self._ideas(number), *self._changes()]
        planned += [*self._guesses(), *self._awareness()]
        yield from ((at, act) for at, act in planned if at > start)

    def has(self, habit: Habit) -> bool:
        return self.persona.has(habit)

    def posts(self, kind: str | None = None, audience: Audience = Audience.COUNTRIES) -> list[Post]:
        """Return the posts of a kind, or all, that reach the colleague; the earliest first."""
        country = self.persona.home.code if self.persona.home else None
        there = [post for post in self.campaign.posts if post.audience == audience and post.reaches(country)]
        return sorted((post for post in there if kind in {None, post.kind}), key=lambda post: (post.day, post.time))

    def after(self, post: Post, least: int = 5, most: int = 180) -> datetime:
        """Choose an instant some minutes after a post."""
        home = self.persona.home
        wall = datetime.combine(day_of(post, home.code if home else None), post.time)
        due = instant(wall, home.zone if home else self.persona.zone)
        return due + timedelta(minutes=self.random.randint(least, most))

    def on(self, day: date, hour: int, *, within: int = 60) -> datetime:
        """Choose an instant within some minutes of an hour on a local day."""
        wall = datetime.combine(day, time(hour)) + timedelta(minutes=self.random.randrange(within))
        return instant(wall, self.persona.zone)

    # Coming in

    def begins(self) -> datetime:
        first, tips = self.campaign.first_day, self.posts("tip")
        if self.has(Habit.JOINS_LATE):
            late = [post for post in tips if post.day >= first + 2 * _DAY]
            return self.after(late[0]) if late else self.on(first + 2 * _DAY, 9)
        if self.has(Habit.TRIES_FIRST) and tips:
            return self.after(tips[0])
        calls = self.posts("pledge_call")
        if self.has(Habit.PLEDGES_FIRST) and calls:
            return self.after(calls[0])
        earliest = self.posts()[:1]
        return self.after(earliest[0], most=300) if earliest else self.on(first, 9)

    def first(self, start: datetime) -> Activity:
        tip = self._latest(self.posts("tip"), start)
        if self.has(Habit.TRIES_FIRST) and tip:
            return partial(tips_ideas_earth_hour.try_tip, post=tip.post)
        if self.has(Habit.PLEDGES_FIRST):
            return pledging.pledge
        return joining_and_leaving.join

    def _latest(self, posts: Iterable[Post], now: datetime) -> Post | None:
        today = local(now, self.persona.zone).date()
        return max((post for post in posts if post.day <= today), key=lambda post: post.day, default=None)

    # The week

    def _tips(self) -> Iterator[tuple[datetime, Activity]]:
        for post in self.posts("tip"):
            if self.has(Habit.TRIES) and self.random.random() < 0.7:  # noqa: PLR2004 - most days
                yield self.after(post), partial(tips_ideas_earth_hour.try_tip, post=post.post)
        if self.has(Habit.LOOKS):
            yield self.on(self.campaign.closes, 13), joining_and_leaving.look_home

    def _pledges(self, start: datetime) -> Iterator[tuple[datetime, Activity]]:
        calls = self.posts("pledge_call")
        call = max(start, self.after(calls[0])) if calls else start
        if self.has(Habit.DOES_ALREADY):
            yield call + self._some(10, 30), pledging.do_already
        if not self.has(Habit.PLEDGES):
            return
        yield call + self._some(30, 60), pledging.pledge
        if self.has(Habit.PLEDGES_MORE):
            yield call + self._some(70, 120), pledging.pledge
        yield from self._days()
        for post in self.posts("check_in", Audience.JOINED):
            if self.has(Habit.ANSWERS):
                yield self.after(post, 20, 150), partial(pledging.answer, post=post.post)
        if self.has(Habit.WITHDRAWS):
            yield self.on(self.campaign.first_day + 7 * _DAY, 15), pledging.withdraw

    def _some(self, least: int, most: int) -> timedelta:
        return timedelta(minutes=self.random.randint(least, most))

    def _days(self) -> Iterator[tuple[datetime, Activity]]:
        days = [self.campaign.first_day + after * _DAY for after in range(1, 5)]
        for day in days:
            if self.has(Habit.KEEPS_COUNT):
                press = self.random.random() < 0.5  # noqa: PLR2004 - a coin
                yield self.on(day, 16), pledging.press_done if press else partial(pledging.say_done, back=0)
        if self.has(Habit.BACK_DATES):
            yield self.on(days[-1], 12), partial(pledging.say_done, back=self.random.randint(1, 3))
        if self.has(Habit.LEAVES_OPEN):
            # In the evening, and sent the next morning, when the oldest day is one too many.
            yield self.on(days[-2], 18), pledging.leave_form_open
            yield self.on(days[-1], 7), pledging.send_old_form

    def _hour(self) -> Iterator[tuple[datetime, Activity]]:
        evening = self.campaign.earth_hour.day
        notice = [post for post in self.posts("earth_hour_notice") if post.day >= evening - _DAY]
        # Whoever types commands need not wait for the notice: the week has begun.
        early = self.has(Habit.TYPES)
        monday = max(evening - evening.weekday() * _DAY, self.campaign.first_day)
        first = min(monday, evening - _DAY) if early else evening - _DAY
        for habit, act in (
            (Habit.LIGHTS_OUT, tips_ideas_earth_hour.light_out),
            (Habit.WANTS_THE_HOUR, tips_ideas_earth_hour.ask_reminder),
            (Habit.TAKES_CALENDAR, tips_ideas_earth_hour.fetch_calendar),
        ):
            if self.has(habit):
                yield (self.after(notice[0]) if notice and not early else self.on(first, 12)), act
        if self.has(Habit.TELLS_THE_HOUR):
            checks = [post for post in self.posts("earth_hour_check") if post.day > evening]
            yield (
                (self.after(checks[0], most=400) if checks else self.on(evening + 2 * _DAY, 10)),
                tips_ideas_earth_hour.tell_hour,
            )

    def _guesses(self) -> Iterator[tuple[datetime, Activity]]:
        for post in self.posts(GUESS):
            if self.has(Habit.GUESSES):
                act = partial(tips_ideas_earth_hour.make_guess, campaign=self.campaign, guess=post)
                yield self.after(post), act

    def _awareness(self) -> Iterator[tuple[datetime, Activity]]:
        for post in self.posts(AWARENESS):
            if self.has(Habit.SAYS_WHAT_THEY_KNOW):
                act = partial(tips_ideas_earth_hour.say_what_they_know, campaign=self.campaign, asked=post)
                yield self.after(post), act

    def _ideas(self, number: int) -> Iterator[tuple[datetime, Activity]]:
        if not self.has(Habit.HAS_IDEAS):
            return
        calls = self.posts("idea_call")
        sent = self.after(calls[0], most=90) if calls else self.on(self.campaign.first_day + _DAY, 11)
        yield sent, partial(tips_ideas_earth_hour.send_idea, number=number)
        # They do not know when a question comes, so they look once a day.
        for after in range(1, 8):
            yield (
                self.on(local(sent, self.persona.zone).date() + after * _DAY, 11),
                tips_ideas_earth_hour.answer_question,
            )

    # Second thoughts

    def _changes(self) -> Iterator[tuple[datetime, Activity]]:
        first = self.campaign.first_day
        if self.has(Habit.ASKS_LATER) and self.has(Habit.WANTS_MESSAGES):
            yield self.on(first + _DAY, 15), joining_and_leaving.ask_for_messages
        if self.has(Habit.MOVES):
            yield self.on(first + 3 * _DAY, 13), partial(joining_and_leaving.move, countries=self._countries())
        if self.has(Habit.PAUSES):
            until = first + self.random.choice((7, 22)) * _DAY
            yield self.on(first + 3 * _DAY, 15), partial(joining_and_leaving.pause, until=until)
        if self.has(Habit.STOPS):
            yield self.on(first + self.random.choice((1, 3, 4, 7)) * _DAY, 17), joining_and_leaving.stop
        if self.has(Habit.STOPS) and self.has(Habit.REGRETS):
            yield self.on(first + 8 * _DAY, 14), joining_and_leaving.ask_for_messages
        if self.has(Habit.STOPS_QUESTIONS):
            yield self.on(first + 4 * _DAY, 16), joining_and_leaving.stop_questions
        if self.has(Habit.FORGETS):
            yield self.on(first + self.random.choice((2, 4, 7)) * _DAY, 17), joining_and_leaving.forget
        if self.has(Habit.FORGETS) and self.has(Habit.RETURNS):
            yield self.on(first + 8 * _DAY, 9), joining_and_leaving.come_back
            yield self.on(first + 8 * _DAY, 10), pledging.pledge

    def _countries(self) -> tuple[str, ...]:
        home = self.persona.home
        others = (country.code for country in self.campaign.countries if country != home)
        return (*others, ANOTHER_COUNTRY)

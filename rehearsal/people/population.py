"""All simulated people, and the order in which they act."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

from bot.campaign.localtime import instant
from bot.campaign.model import Campaign, Country
from bot.campaign.workdays import is_working_day
from rehearsal.people import organising, tips_ideas_earth_hour
from rehearsal.people.habits import ORGANISING, draw
from rehearsal.people.journal import Journal
from rehearsal.people.person import Person
from rehearsal.people.persona import Persona
from rehearsal.people.schedule import PlannedActivity, schedule
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.server import RehearsalSlack

MOST_AT_ONCE = 20
"""People who act in one minute; Slack lets an app open and change about a hundred forms a minute."""

_MINUTE = timedelta(minutes=1)
_READING = (time(10, 30), time(13, 30), time(15, 30))
"""The hours at which representatives read what colleagues wrote."""

_SIDE_BY_SIDE = 4
"""Of those who act at one instant, how many press at the same time: they share a loop with the page that shows it, and
with more of them everything would be shown later and nothing done sooner."""

_DAYS_OF_READING = 12


@dataclass
class _Agent:
    """A colleague and their remaining activities, the next one last."""

    person: Person
    planned: list[PlannedActivity]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def act(self, now: datetime) -> None:
        async with self.turn:
            while self.planned and self.planned[-1].at <= now:
                await self._do(self.planned.pop())

    async def _do(self, intention: PlannedActivity) -> None:
        try:
            await intention.activity(self.person)
        except BaseException:
            # After an error or a cancellation the next activity begins with a clear screen.
            self.person.user.restart_client()
            raise


@dataclass
class Population:
    """The colleagues and the representatives; `activities` says how often what was done."""

    agents: Sequence[_Agent] = ()
    readers: Sequence[_Agent] = ()
    activities: Counter[str] = field(default_factory=Counter)
    _turned_away_at: datetime | None = None
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SIDE_BY_SIDE))

    def next_at(self) -> datetime | None:
        """Return the instant of the next activity."""
        soonest = min((life.planned[-1].at for life in (*self.agents, *self.readers) if life.planned), default=None)
        if soonest and self._turned_away_at and soonest <= self._turned_away_at:
            return self._turned_away_at + _MINUTE
        return soonest

    async def act(self, now: datetime) -> bool:
        """Let everybody whose time has come act. Returns whether anything was done.

        Raises:
            UnansweredError: The bot did not answer somebody; the others have done what they meant to do.
        """
        before = self.activities.total()
        due = [life for life in self.agents if life.planned and life.planned[-1].at <= now]
        # The others come a minute later, as Slack's limit on modals would make them wait.
        self._turned_away_at = now if len(due) > MOST_AT_ONCE else None
        # All are awaited before the first error is raised, so that nobody is left half-way.
        ends = await asyncio.gather(*(self._act(life, now) for life in due[:MOST_AT_ONCE]), return_exceptions=True)
        for error in filter(None, ends):
            raise error
        for reader in self.readers:
            # One after the other, because two of them may have the same idea before them.
            await reader.act(now)
        return self.activities.total() > before

    async def _act(self, life: _Agent, now: datetime) -> None:
        async with self._turns:
            await life.act(now)

    async def take_over(self, user: str) -> None:
        """Stop simulating a person, once their present activity has ended, because somebody else acts as them."""
        for life in (*self.agents, *self.readers):
            if life.person.user.id == user:
                life.planned.clear()
                # Taken and released at once: it is free when the person has finished.
                async with life.turn:
                    pass

    @property
    def journals(self) -> list[Journal]:
        """The journals of all simulated people."""
        return [life.person.journal for life in (*self.agents, *self.readers)]


def populate(
    campaign: Campaign, people: Iterable[Persona], seed: int, slack: RehearsalSlack, transport: HttpTransport
) -> Population:
    """Make all people, with the schedule of their week."""
    acts: Counter[str] = Counter()

    def colleague(persona: Persona) -> Person:
        user = persona.profile.id
        journal = Journal(user, persona.zone, [])
        return Person(
            persona, SlackUser(slack, transport, user), journal, channel_of(campaign, persona.home), slack.now, acts
        )

    lives = [_agent(colleague(each), schedule(campaign, each, number)) for number, each in enumerate(people, 1)]
    readers = [_agent(colleague(each), _organising(campaign, each)) for each in _readers(campaign, seed, slack)]
    return Population(lives, readers, acts)


def _agent(colleague: Person, ahead: list[PlannedActivity]) -> _Agent:
    # Reversed, because `pop` takes the last.
    return _Agent(colleague, ahead[::-1])


def channel_of(campaign: Campaign, home: Country | None) -> str:
    """Return the name of the channel that somebody reads."""
    if home is None and campaign.company:
        return campaign.company.channel
    return (home or campaign.countries[0]).channel


def _readers(campaign: Campaign, seed: int, slack: RehearsalSlack) -> Iterator[Persona]:
    homes = {user: country for country in campaign.countries for user in country.representatives}
    managers = campaign.company.managers if campaign.company else ()
    for user in dict.fromkeys((*homes, *managers)):
        name = f"{seed}/{user}"
        yield Persona(slack.workspace.users[user], homes.get(user), draw(name, ORGANISING), name)


def _organising(campaign: Campaign, reader: Persona) -> list[PlannedActivity]:
    """Plan what a representative or manager does: reading what colleagues wrote, and running the own country's week."""
    acts = (PlannedActivity(at, act) for at, act in organising.week(campaign, reader))
    return sorted([*_reading(campaign, reader), *acts], key=lambda planned: planned.at)


def _reading(campaign: Campaign, reader: Persona) -> Iterator[PlannedActivity]:
    """Three looks a day, while ideas come."""
    act = partial(tips_ideas_earth_hour.review, handled=set())
    country = reader.home.code if reader.home else None
    for after in range(_DAYS_OF_READING):
        day = campaign.first_day + timedelta(days=after)
        if is_working_day(day, country):
            yield from (PlannedActivity(instant(datetime.combine(day, at), reader.zone), act) for at in _READING)

"""Everybody in the rehearsal, and whose turn it is."""

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
from rehearsal.people import tips_and_earth_hour
from rehearsal.people.journal import Books
from rehearsal.people.person import Colleague
from rehearsal.people.persona import Character
from rehearsal.people.schedule import Intention, diary
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.server import RehearsalSlack
from rehearsal.slack.user import SlackUser

MOST_AT_ONCE = 20
"""People who act in one minute; Slack lets an app open and change about a hundred forms a minute."""

_MINUTE = timedelta(minutes=1)
_READING = (time(10, 30), time(13, 30), time(15, 30))
"""When representatives read what colleagues wrote."""

_SIDE_BY_SIDE = 4
"""Of those who act at one instant, how many press at the same time: they share a loop with the page that shows it, and
with more of them everything would be shown later and nothing done sooner."""

_DAYS_OF_READING = 12


@dataclass
class _Life:
    """A colleague and what they still mean to do, the next thing last."""

    colleague: Colleague
    ahead: list[Intention]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def act(self, now: datetime) -> None:
        async with self.turn:
            while self.ahead and self.ahead[-1].at <= now:
                await self._do(self.ahead.pop())

    async def _do(self, intention: Intention) -> None:
        try:
            await intention.act(self.colleague)
        except BaseException:
            # Whoever is not answered, or is interrupted, gives up and begins the next thing with a clear screen.
            self.colleague.hand.restart_client()
            raise


@dataclass
class Crowd:
    """The colleagues and the representatives; `acts` says how often what was done."""

    lives: Sequence[_Life] = ()
    readers: Sequence[_Life] = ()
    acts: Counter[str] = field(default_factory=Counter)
    _turned_away_at: datetime | None = None
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_SIDE_BY_SIDE))

    def next_at(self) -> datetime | None:
        """When somebody means to do something next."""
        soonest = min((life.ahead[-1].at for life in (*self.lives, *self.readers) if life.ahead), default=None)
        if soonest and self._turned_away_at and soonest <= self._turned_away_at:
            return self._turned_away_at + _MINUTE
        return soonest

    async def act(self, now: datetime) -> bool:
        """Let everybody whose time has come do what they mean to do; whether anything was done.

        Raises:
            UnansweredError: The bot did not answer somebody; the others have done what they meant to do.
        """
        before = self.acts.total()
        due = [life for life in self.lives if life.ahead and life.ahead[-1].at <= now]
        self._turned_away_at = now if len(due) > MOST_AT_ONCE else None
        ends = await asyncio.gather(*(self._act(life, now) for life in due[:MOST_AT_ONCE]), return_exceptions=True)
        for error in filter(None, ends):
            raise error
        for reader in self.readers:
            # One after the other, because two of them may have the same idea before them.
            await reader.act(now)
        return self.acts.total() > before

    async def _act(self, life: _Life, now: datetime) -> None:
        async with self._turns:
            await life.act(now)

    async def hand_over(self, user: str) -> None:
        """Somebody else is this person from here on: they finish what they are doing, and then do nothing any more."""
        for life in (*self.lives, *self.readers):
            if life.colleague.hand.id == user:
                life.ahead.clear()
                async with life.turn:
                    pass

    @property
    def books(self) -> list[Books]:
        """Everybody's own account."""
        return [life.colleague.books for life in (*self.lives, *self.readers)]


def gather(
    campaign: Campaign, people: Iterable[Character], seed: int, slack: RehearsalSlack, transport: HttpTransport
) -> Crowd:
    """Everybody at their desk, with their week before them."""
    acts: Counter[str] = Counter()

    def colleague(character: Character) -> Colleague:
        user = character.profile.id
        books = Books(user, character.zone, [])
        return Colleague(
            character, SlackUser(slack, transport, user), books, where(campaign, character.home), slack.now, acts
        )

    lives = [_life(colleague(each), diary(campaign, each, number)) for number, each in enumerate(people, 1)]
    readers = [_life(colleague(each), list(_reading(campaign, each))) for each in _readers(campaign, seed, slack)]
    return Crowd(lives, readers, acts)


def _life(colleague: Colleague, ahead: list[Intention]) -> _Life:
    return _Life(colleague, ahead[::-1])


def where(campaign: Campaign, home: Country | None) -> str:
    """The name of the channel that somebody reads."""
    if home is None and campaign.company:
        return campaign.company.channel
    return (home or campaign.countries[0]).channel


def _readers(campaign: Campaign, seed: int, slack: RehearsalSlack) -> Iterator[Character]:
    homes = {user: country for country in campaign.countries for user in country.representatives}
    managers = campaign.company.managers if campaign.company else ()
    for user in dict.fromkeys((*homes, *managers)):
        yield Character(slack.workspace.users[user], homes.get(user), frozenset(), f"{seed}/{user}")


def _reading(campaign: Campaign, reader: Character) -> Iterator[Intention]:
    """Three looks a day, while ideas come."""
    act = partial(tips_and_earth_hour.review, handled=set())
    country = reader.home.code if reader.home else None
    for after in range(_DAYS_OF_READING):
        day = campaign.first_day + timedelta(days=after)
        if is_working_day(day, country):
            yield from (Intention(instant(datetime.combine(day, at), reader.zone), act) for at in _READING)

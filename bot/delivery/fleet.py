"""Knows the other replicas: shares the workspace's pace with them, and says which of them are alive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from bot.clock import Clock
from bot.delivery.rate_limit import Pace, Steady
from bot.store.replicas import Replica, Replicas

GONE_AFTER = timedelta(seconds=15)
"""How long a process may say nothing before the others take over its share of the pace, and what it was sending."""


class Fleet:
    """Everybody who posts to this workspace. `replicas` is None where there can be one process only.

    `posts` is the pace of posting, `questions` that of asking what became of a message. Both are the workspace's.
    """

    def __init__(self, replicas: Replicas | None, posts: Pace, questions: Pace, clock: Clock) -> None:
        self.posts = posts
        self.questions = questions
        self.living: frozenset[str] = frozenset()
        """The other processes that are alive: what one of them is sending is nobody else's concern."""
        self._replicas = replicas
        self._clock = clock
        self._steady = Steady()
        self._noted: dict[str, tuple[datetime, datetime]] = {}

    async def greet(self) -> bool:
        """Tell the others that this process is here, and take its share; whether one of them has gone since."""
        if self._replicas is None:
            return False
        now = self._clock.now()
        found = await self._replicas.present(now, self.posts.held_until)
        here = self._present(found, self._steady.of(now))
        before, self.living = self.living, frozenset(each.owner for each in here) - {self._replicas.owner}
        self._share(here)
        return bool(before - self.living)

    async def leave(self) -> None:
        """Leave the share to the others, and what is not finished as well."""
        if self._replicas:
            await self._replicas.remove({self._replicas.owner, *self._noted.keys() - self.living})

    def _present(self, found: Sequence[Replica], now: datetime) -> list[Replica]:
        """Those who have said something a moment ago.

        Their clocks and this one may disagree. So it counts when what they wrote last changed, by this clock; only of
        those who are met for the first time it has to be taken from their own words.
        """
        self._noted = {each.owner: (each.seen_at, self._last_heard(each, now)) for each in found}
        return [each for each in found if self._noted[each.owner][1] > now - GONE_AFTER]

    def _last_heard(self, replica: Replica, now: datetime) -> datetime:
        if replica.owner not in self._noted:
            return min(now, replica.seen_at)
        wrote, at = self._noted[replica.owner]
        return at if wrote == replica.seen_at else now

    def _share(self, here: Sequence[Replica]) -> None:
        assert self._replicas is not None  # noqa: S101 - who is alone shares nothing
        count = max(1, len(here))
        self.posts.share(Fraction(1, count))
        # Each asks about its own messages, and one may have many more of them: all shall be through at the same time.
        unsure = sum(each.in_doubt for each in here)
        own = sum(each.in_doubt for each in here if each.owner == self._replicas.owner)
        self.questions.share(Fraction(own + 1, unsure + count))
        for each in here:
            if each.held_until:
                self.posts.hold(each.held_until)

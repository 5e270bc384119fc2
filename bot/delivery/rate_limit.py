"""Limits the rate of sending: so many messages a minute, a gap for each recipient, a pause when Slack asks for one.

Slack allows about one message a second and channel, and an unpublished "several hundred a minute" for a workspace
(https://docs.slack.dev/apis/web-api/rate-limits).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.clock import Clock
from bot.store.replicas import Replica, Replicas

GONE_AFTER = timedelta(seconds=15)
"""How long a process may say nothing before the others take over its share of the pace, and what it was sending."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class MonotonicClock:
    """A clock that never goes back. It stands still where the machine's clock is set back, and then goes on with it.

    Otherwise what was sent a moment ago would be in the future, and nothing could be sent until the clock is there.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._latest = _BEGINNING

    def at(self, now: datetime) -> datetime:
        """The same instant on this clock."""
        self._ahead = max(self._ahead, self._latest - now)
        self._latest = now + self._ahead
        return self._latest


class RateLimiter:
    """A token bucket that holds one second's worth, and the recipients that were posted to a moment ago."""

    def __init__(self, per_minute: int, gap: timedelta = timedelta(seconds=1)) -> None:
        self._per_minute = per_minute
        self.share(Fraction(1))
        self._gap = gap
        # The instant at which the bucket would have been empty; how long ago that is, is what it holds.
        self._empty_at = _BEGINNING
        self._held_until = _BEGINNING
        self._free_at: dict[str, datetime] = {}

    def available(self, now: datetime) -> int:
        """Return how many messages may be sent at this instant."""
        if now < self._held_until:
            return 0
        return min(self._size, max(0, (now - self._empty_at) // self._interval))

    def consume(self, recipient: str, now: datetime) -> None:
        """Count a message to a recipient."""
        self._empty_at = max(self._empty_at, now - self._size * self._interval) + self._interval
        self._free_at[recipient] = now + self._gap

    def refund(self) -> None:
        """Take back a message that Slack did not take, which uses nothing of what it allows."""
        self._empty_at -= self._interval

    def share(self, part: Fraction) -> None:
        """Take a part of the pace, where other processes post to the workspace as well."""
        self._interval = timedelta(minutes=1) / float(self._per_minute * part)
        self._size = max(1, math.ceil(self._per_minute * part / 60))

    @property
    def paused_until(self) -> datetime | None:
        """Until when Slack has asked to wait, if it ever has."""
        return None if self._held_until == _BEGINNING else self._held_until

    def pause_until(self, until: datetime) -> None:
        """Send nothing before an instant: Slack asked for it, and means the whole workspace."""
        self._held_until = max(self._held_until, until)

    def busy_until(self, now: datetime) -> dict[str, datetime]:
        """Recipients that were posted to a moment ago, and when each may be again."""
        self._free_at = {who: free for who, free in self._free_at.items() if free > now}
        return self._free_at

    def ready_at(self, now: datetime) -> datetime:
        """The next instant after `now` at which there may be room for more."""
        ready = max(self._held_until, self._empty_at + self._interval)
        if ready > now:
            return ready
        return min(self.busy_until(now).values(), default=now + self._gap)


class ReplicaShare:
    """The share of the workspace's rate that the other replicas leave to this process.

    `replicas` is None where there can be one process only. `send_limiter` is for posting, `history_limiter` for asking
    what became of a message: Slack counts both for the workspace as a whole.
    """

    def __init__(self, replicas: Replicas | None, posts: RateLimiter, questions: RateLimiter, clock: Clock) -> None:
        self.send_limiter = posts
        self.history_limiter = questions
        self.living: frozenset[str] = frozenset()
        """The other processes that are alive: what one of them is sending is left to it."""
        self._replicas = replicas
        self._clock = clock
        self._steady = MonotonicClock()
        self._noted: dict[str, tuple[datetime, datetime]] = {}

    async def heartbeat(self) -> bool:
        """Tell the others that this process is here, and take its share; whether one of them has gone since."""
        if self._replicas is None:
            return False
        now = self._clock.now()
        found = await self._replicas.present(now, self.send_limiter.paused_until)
        here = self._present(found, self._steady.at(now))
        before, self.living = self.living, frozenset(each.id for each in here) - {self._replicas.id}
        self._share(here)
        return bool(before - self.living)

    async def leave(self) -> None:
        """Leave the share to the others, and what is not finished as well."""
        if self._replicas:
            await self._replicas.remove({self._replicas.id, *self._noted.keys() - self.living})

    def _present(self, found: Sequence[Replica], now: datetime) -> list[Replica]:
        """Those who have said something a moment ago.

        Their clocks and this one may disagree. So it counts when what they wrote last changed, by this clock; only of
        those who are met for the first time it has to be taken from their own words.
        """
        self._noted = {each.id: (each.seen_at, self._last_heard(each, now)) for each in found}
        return [each for each in found if self._noted[each.id][1] > now - GONE_AFTER]

    def _last_heard(self, replica: Replica, now: datetime) -> datetime:
        if replica.id not in self._noted:
            return min(now, replica.seen_at)
        wrote, at = self._noted[replica.id]
        return at if wrote == replica.seen_at else now

    def _share(self, here: Sequence[Replica]) -> None:
        assert self._replicas is not None  # noqa: S101 - who is alone shares nothing
        count = max(1, len(here))
        self.send_limiter.share(Fraction(1, count))
        # Each asks about its own messages, and one may have many more of them: all shall be through at the same time.
        unsure = sum(each.in_doubt for each in here)
        own = sum(each.in_doubt for each in here if each.id == self._replicas.id)
        self.history_limiter.share(Fraction(own + 1, unsure + count))
        for each in here:
            if each.held_until:
                self.send_limiter.pause_until(each.held_until)

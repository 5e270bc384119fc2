"""Rate limits for sending: messages a minute, a gap for each recipient, and a pause when Slack asks for one.

Slack allows about one message a second and channel, and an unpublished "several hundred a minute" for a workspace
(https://docs.slack.dev/apis/web-api/rate-limits).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from bot.clock import Clock
from bot.store.replicas import Replica
from bot.store.store import Store

GONE_AFTER = timedelta(seconds=15)
"""The silence after which a process counts as dead, and others take over its share and its messages."""

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class MonotonicClock:
    """A clock that never goes back. When the machine's clock is set back, it stands still and then runs on with it.

    Otherwise the last message would be in the future, and none could be sent until the clock has caught up.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._latest = _BEGINNING

    def at(self, now: datetime) -> datetime:
        """Convert an instant of the machine's clock to this one."""
        self._ahead = max(self._ahead, self._latest - now)
        self._latest = now + self._ahead
        return self._latest


class RateLimiter:
    """A token bucket with one second's worth of messages, and a minimum gap for each recipient."""

    def __init__(self, per_minute: int, gap: timedelta = timedelta(seconds=1)) -> None:
        self._per_minute = per_minute
        self.share(Fraction(1))
        self._gap = gap
        # The bucket as one instant: the time since it was empty, divided by the interval, is its content.
        self._empty_at = _BEGINNING
        self._held_until = _BEGINNING
        self._free_at: dict[str, datetime] = {}

    def available(self, now: datetime) -> int:
        """Return how many messages may be sent at this instant."""
        if now < self._held_until:
            return 0
        return min(self._size, max(0, (now - self._empty_at) // self._interval))

    def consume(self, recipient: str, now: datetime) -> None:
        """Take a message to a recipient out of the bucket."""
        # Not further back than a full bucket, or an idle hour would allow a burst of thousands.
        self._empty_at = max(self._empty_at, now - self._size * self._interval) + self._interval
        self._free_at[recipient] = now + self._gap

    def refund(self) -> None:
        """Put back a message that Slack did not accept, which does not count against its limit."""
        self._empty_at -= self._interval

    def share(self, part: Fraction) -> None:
        """Use a part of the rate, because other processes post to the workspace as well."""
        self._interval = timedelta(minutes=1) / float(self._per_minute * part)
        # At least one, or a share of less than a message a second could never send.
        self._size = max(1, math.ceil(self._per_minute * part / 60))

    @property
    def paused_until(self) -> datetime | None:
        """The instant until which Slack has asked to wait, or None if it never has."""
        return None if self._held_until == _BEGINNING else self._held_until

    def pause_until(self, until: datetime) -> None:
        """Send nothing before an instant. Slack's request is for the whole workspace, not for one channel."""
        self._held_until = max(self._held_until, until)

    def busy_until(self, now: datetime) -> dict[str, datetime]:
        """Return the recipients whose gap is not over, and when each may be posted to again."""
        self._free_at = {who: free for who, free in self._free_at.items() if free > now}
        return self._free_at

    def ready_at(self, now: datetime) -> datetime:
        """Return the next instant after `now` at which a message may be possible."""
        ready = max(self._held_until, self._empty_at + self._interval)
        if ready > now:
            return ready
        return min(self.busy_until(now).values(), default=now + self._gap)


class ReplicaShare:
    """This process's share of the workspace's rate limits.

    `store` is None where there can be only one process. `send_limiter` is for posting and `history_limiter` for
    searching the history: Slack counts both for the workspace as a whole.
    """

    def __init__(self, store: Store | None, posts: RateLimiter, questions: RateLimiter, clock: Clock) -> None:
        self.send_limiter = posts
        self.history_limiter = questions
        self.living: frozenset[str] = frozenset()
        """The other processes that are alive, whose messages are left to them."""
        self._store = store
        self._clock = clock
        self._steady = MonotonicClock()
        self._noted: dict[str, tuple[datetime, datetime]] = {}

    @property
    def is_first(self) -> bool:
        """True if this is the one process of all that speaks for what they share, as for the outbox in metrics."""
        if self._store is None:
            return True
        # Whoever has not announced itself yet knows of no others.
        own = self._store.replicas.id
        return own in self._noted and all(own < other for other in self.living)

    async def announce(self) -> bool:
        """Tell the others that this process lives, and update the share. Returns whether another has gone since."""
        if self._store is None:
            return False
        now = self._clock.now()
        found = await self._store.write(self._store.replicas.present, now, self.send_limiter.paused_until)
        here = self._present(found, self._steady.at(now))
        before, self.living = self.living, frozenset(each.id for each in here) - {self._store.replicas.id}
        self._share(here)
        return bool(before - self.living)

    async def leave(self) -> None:
        """Leave the share and the unfinished messages to the others, and remove records of dead processes."""
        if self._store:
            await self._store.write(
                self._store.replicas.remove, {self._store.replicas.id, *self._noted.keys() - self.living}
            )

    def _present(self, found: Sequence[Replica], now: datetime) -> list[Replica]:
        """Return the processes that have announced themselves recently.

        Their clocks and this one may disagree. So what counts is when their row last changed, by this clock. Only the
        first one seen of a process has to be taken at its word.
        """
        self._noted = {each.id: (each.seen_at, self._last_heard(each, now)) for each in found}
        return [each for each in found if self._noted[each.id][1] > now - GONE_AFTER]

    def _last_heard(self, replica: Replica, now: datetime) -> datetime:
        if replica.id not in self._noted:
            return min(now, replica.seen_at)
        wrote, at = self._noted[replica.id]
        return at if wrote == replica.seen_at else now

    def _share(self, here: Sequence[Replica]) -> None:
        assert self._store is not None  # noqa: S101 - who is alone shares nothing
        count = max(1, len(here))
        self.send_limiter.share(Fraction(1, count))
        # Each process searches for its own messages, so shares follow their numbers: all finish at the same time.
        unsure = sum(each.in_doubt for each in here)
        own = sum(each.in_doubt for each in here if each.id == self._store.replicas.id)
        self.history_limiter.share(Fraction(own + 1, unsure + count))
        # Slack limits the workspace, so what it asks of one process holds for all.
        for each in here:
            if each.held_until:
                self.send_limiter.pause_until(each.held_until)

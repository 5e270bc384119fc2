"""How fast may be posted: a rate for the workspace, a gap for each recipient, and silence when Slack asks for it.

Slack allows about one message a second and channel, and an unpublished "several hundred a minute" for a workspace
(https://docs.slack.dev/apis/web-api/rate-limits).
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction

_BEGINNING = datetime.min.replace(tzinfo=UTC)


class Steady:
    """Time for a pace. It stands still where the machine's clock is set back, and then goes on with it.

    What was posted a moment ago would else be in the future, and nothing could be posted until the clock is there.
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)
        self._latest = _BEGINNING

    def of(self, now: datetime) -> datetime:
        """The same instant on this clock."""
        self._ahead = max(self._ahead, self._latest - now)
        self._latest = now + self._ahead
        return self._latest


class Pace:
    """A token bucket that holds one second's worth, and the recipients that were posted to a moment ago."""

    def __init__(self, per_minute: int, gap: timedelta = timedelta(seconds=1)) -> None:
        self._per_minute = per_minute
        self.share(Fraction(1))
        self._gap = gap
        # The instant at which the bucket would have been empty; how long ago that is, is what it holds.
        self._empty_at = _BEGINNING
        self._held_until = _BEGINNING
        self._free_at: dict[str, datetime] = {}

    def room(self, now: datetime) -> int:
        """How many messages may be posted at this instant."""
        if now < self._held_until:
            return 0
        return min(self._size, max(0, (now - self._empty_at) // self._interval))

    def take(self, recipient: str, now: datetime) -> None:
        """Count a message to a recipient."""
        self._empty_at = max(self._empty_at, now - self._size * self._interval) + self._interval
        self._free_at[recipient] = now + self._gap

    def give_back(self) -> None:
        """What Slack did not take has used nothing of what it allows."""
        self._empty_at -= self._interval

    def share(self, part: Fraction) -> None:
        """Take a part of the pace, where other processes post to the workspace as well."""
        self._interval = timedelta(minutes=1) / float(self._per_minute * part)
        self._size = max(1, math.ceil(self._per_minute * part / 60))

    @property
    def held_until(self) -> datetime | None:
        """Until when Slack has asked to wait, if it ever has."""
        return None if self._held_until == _BEGINNING else self._held_until

    def hold(self, until: datetime) -> None:
        """Post nothing before an instant: Slack said so, and means the whole workspace."""
        self._held_until = max(self._held_until, until)

    def busy(self, now: datetime) -> dict[str, datetime]:
        """Recipients that were posted to a moment ago, and when each may be again."""
        self._free_at = {who: free for who, free in self._free_at.items() if free > now}
        return self._free_at

    def ready_at(self, now: datetime) -> datetime:
        """The next instant after `now` at which there may be room for more."""
        ready = max(self._held_until, self._empty_at + self._interval)
        if ready > now:
            return ready
        return min(self.busy(now).values(), default=now + self._gap)

"""A clock that stands still until it is turned."""

from __future__ import annotations

from datetime import datetime


class VirtualClock:
    """Virtual time, in UTC. It never runs backwards."""

    is_manual = True

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the instant the clock was last turned to."""
        return self._now

    def turn_to(self, moment: datetime) -> None:
        """Turn the clock forward; an instant that has passed leaves it where it is."""
        self._now = max(self._now, moment)

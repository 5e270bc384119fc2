"""Modes of the rehearsal's clock: paused, playing at a speed, or running to a target as fast as it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SPEEDS: tuple[tuple[int | None, str], ...] = (
    (1, "real time"),
    (60, "a minute a second"),
    (600, "ten minutes a second"),
    (3600, "an hour a second"),
    (None, "as fast as it goes"),
)
"""Seconds of the rehearsal in a second of the watcher's, and what that is called."""


@dataclass(frozen=True)
class Paused:
    """The clock stands still."""

    def horizon(self, now: datetime, _real: float) -> datetime:
        """Return the instant until which may be played."""
        return now

    def is_done(self, _now: datetime) -> bool:
        """Return whether the clock runs no further."""
        return True

    def resumed(self, _now: datetime, _real: float) -> Paused:
        """Return the mode after the clock has been held until now."""
        return self


@dataclass(frozen=True)
class Playing:
    """The clock runs at a speed, None as fast as it goes, since an instant; `began` is the watcher's time then."""

    speed: int | None
    since: datetime
    began: float
    end: datetime

    def horizon(self, _now: datetime, real: float) -> datetime:
        """Return the instant until which may be played; `real` is the watcher's time in seconds."""
        if self.speed is None:
            # As fast as it goes, the simulation itself is the limit.
            return self.end
        return min(self.end, self.since + timedelta(seconds=self.speed * (real - self.began)))

    def is_done(self, now: datetime) -> bool:
        """Return whether the clock runs no further."""
        return now >= self.end

    def resumed(self, now: datetime, real: float) -> Playing:
        """Return the mode after the clock has been held until now; it does not catch up."""
        # Without this, the clock would jump by the time for which it was held.
        return replace(self, since=now, began=real)


@dataclass(frozen=True)
class FastForward:
    """The clock runs to a target and stops there."""

    target: datetime

    def horizon(self, _now: datetime, _real: float) -> datetime:
        """Return the instant until which may be played."""
        return self.target

    def is_done(self, now: datetime) -> bool:
        """Return whether the clock runs no further."""
        return now >= self.target

    def resumed(self, _now: datetime, _real: float) -> FastForward:
        """Return the mode after the clock has been held until now."""
        return self


ClockMode = Paused | Playing | FastForward

"""The clock: the one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, in UTC. The rehearsal has one that can be set."""

    @property
    def is_manual(self) -> bool:
        """True if time passes only when somebody sets the clock, and stands still while anything waits."""

    def now(self) -> datetime:
        """Return the present instant."""


class SystemClock:
    """The machine's clock."""

    is_manual = False

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

"""A clock on which a week passes in a minute or two, the same one for every process of the machine."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

_START, _BEGUN, _PACE = "STORM_START", "STORM_BEGUN", "STORM_PACE"


@dataclass(frozen=True)
class SwiftClock:
    """Reads `start` when the machine's monotonic clock reads `begun` seconds, and runs `pace` times as fast."""

    start: datetime
    begun: float
    pace: float
    is_manual: ClassVar[bool] = False

    def now(self) -> datetime:
        """The present instant of the storm."""
        return self.start + timedelta(seconds=(time.monotonic() - self.begun) * self.pace)

    def real(self, moment: datetime) -> datetime:
        """When the machine's own clock will read what it reads at a moment of the storm."""
        return datetime.now(UTC) + (moment - self.now()) / self.pace

    def lasting(self, seconds: float) -> timedelta:
        """How much time of the storm passes in so many real seconds."""
        return timedelta(seconds=seconds * self.pace)

    @property
    def env(self) -> dict[str, str]:
        """What another process needs to have the same clock."""
        return {_START: self.start.isoformat(), _BEGUN: repr(self.begun), _PACE: repr(self.pace)}

    @classmethod
    def of(cls, env: Mapping[str, str] = os.environ) -> SwiftClock:
        """The clock that another process has."""
        return cls(datetime.fromisoformat(env[_START]), float(env[_BEGUN]), float(env[_PACE]))

"""Trigger ids: each lets the app open one modal for the person who pressed, for three seconds.

https://docs.slack.dev/interactivity/handling-user-interaction.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rehearsal.slack import timestamp
from rehearsal.slack.errors import RefusedError

GOOD_FOR = timedelta(seconds=3)

_FORM = re.compile(r"(\d{1,18})\.(\d{1,18})\.([0-9a-f]{32})", re.ASCII)


@dataclass
class _Trigger:
    user: str
    made_at: datetime
    spent: bool = False


@dataclass
class Triggers:
    """The trigger ids that can still be used, oldest first; the others are forgotten."""

    _live: dict[str, _Trigger] = field(default_factory=dict)
    _count: int = 0

    def __len__(self) -> int:
        """Return the number of trigger IDs that are remembered."""
        return len(self._live)

    def make(self, user: str, at: datetime) -> str:
        """Make a trigger ID for something that this person pressed."""
        # Here, so that the memory stays small without a timer.
        self._forget(at)
        self._count += 1
        trigger = _form(self._count, timestamp.of(at))
        self._live[trigger] = _Trigger(user, at)
        return trigger

    def user(self, trigger: str, at: datetime) -> str:
        """Return the person whose press made this trigger id, which can still be exchanged."""
        known = self._live.get(trigger)
        if known is None:
            raise RefusedError("expired_trigger_id" if self._was_made(trigger) else "invalid_trigger_id")
        if _is_over(known, at):
            raise RefusedError("expired_trigger_id")
        if known.spent:
            raise RefusedError("exchanged_trigger_id")
        return known.user

    def spend(self, trigger: str) -> None:
        """Use a trigger id up."""
        self._live[trigger].spent = True

    def _forget(self, at: datetime) -> None:
        while self._live:
            oldest = next(iter(self._live))
            if not _is_over(self._live[oldest], at):
                return
            del self._live[oldest]

    def _was_made(self, trigger: str) -> bool:
        """Return whether an id that is not remembered was once given out; its own digits say so."""
        parts = _FORM.fullmatch(trigger)
        if parts is None or not 0 < int(parts[1]) <= self._count:
            return False
        return trigger == _form(int(parts[1]), int(parts[2]))


def _form(number: int, micros: int) -> str:
    # Makes a forged ID look invalid rather than expired, without remembering every ID that was given out.
    proof = hashlib.sha256(f"{number}.{micros}".encode()).hexdigest()[:32]
    return f"{number}.{micros}.{proof}"


def _is_over(trigger: _Trigger, at: datetime) -> bool:
    return at - trigger.made_at >= GOOD_FOR

"""What happens again and again is said a few times, with how often it was not said."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

_PERIOD = 60.0
"""Seconds."""


@dataclass
class _Window:
    began: float
    passed: int = 0
    dropped: int = 0


class LineLimit:
    """Lets so many lines a minute through for each key. Keys are made of places in the program, so they are few."""

    def __init__(self, most: int = 5) -> None:
        self._most = most
        self._windows: dict[Hashable, _Window] = {}

    def admit(self, key: Hashable, now: float) -> int | None:
        """How many lines of this key were dropped before this one, or `None` when this one is to be dropped.

        `now` is in seconds of any clock; one that was set back begins a new minute.
        """
        window = self._windows.setdefault(key, _Window(now))
        before = 0
        if not 0 <= now - window.began < _PERIOD:
            before = window.dropped
            window.began, window.passed, window.dropped = now, 0, 0
        if window.passed >= self._most:
            window.dropped += 1
            return None
        window.passed += 1
        return before

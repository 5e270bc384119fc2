"""The log of calls that the rehearsed Slack received, in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """One call. `ok` says whether it was accepted; `fault` what was done to it on purpose.

    A call that was accepted and then got no answer is `ok` with a fault.
    """

    method: str
    at: datetime
    ok: bool
    error: str | None
    fault: str | None = None


class CallLog:
    """Every call, a count of the error words, and a way to wait for something to happen."""

    def __init__(self) -> None:
        """Begin empty."""
        self.calls: list[Call] = []
        self.errors: Counter[str] = Counter()
        self._beat = asyncio.Event()

    def record(self, call: Call) -> None:
        """Record a call, and wake everybody who waits in `until`."""
        self.calls.append(call)
        if call.error is not None:
            self.errors[call.error] += 1
        self.notify()

    def notify(self) -> None:
        """Wake everybody who waits in `until`, because something has happened."""
        # A new event for the next wait: setting and clearing one would race with those that are about to wait.
        beat, self._beat = self._beat, asyncio.Event()
        beat.set()

    async def until(self, true: Callable[[], bool], within: float) -> None:
        """Wait until something becomes true, looking again after every call; TimeoutError if it does not."""
        async with asyncio.timeout(within):
            while not true():
                await self._beat.wait()

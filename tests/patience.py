"""How long a test waits for what comes at once where the machine has nothing else to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

PATIENCE = 120.0
"""Seconds. Whoever waits looks on, and goes on at once; it is so long that only what never comes takes it, however busy
the machine is."""

_TICK = 0.05


@asynccontextmanager
async def awake() -> AsyncIterator[Callable[[], float]]:
    """Count the seconds in which the event loop went round. Those in which the machine stood still are none of them."""
    ticks = 0

    async def count() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(_TICK)
            ticks += 1

    counting = asyncio.create_task(count())
    try:
        yield lambda: ticks * _TICK
    finally:
        counting.cancel()

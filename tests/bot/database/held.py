"""A thread of a database that is in the middle of something, until it is let go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from tests.patience import PATIENCE

T = TypeVar("T")


class Held:
    """Work that begins, and ends when it is let go."""

    def __init__(self) -> None:
        self._begun, self._free = threading.Event(), threading.Event()

    def __call__(self, *_: object) -> str:
        """Tell that it has begun, and wait."""
        self._begun.set()
        assert self._free.wait(PATIENCE)
        return "let go"

    async def begun(self) -> None:
        """Wait until a thread is in it."""
        assert await asyncio.to_thread(self._begun.wait, PATIENCE)

    def let_go(self) -> None:
        """Let the thread go on."""
        self._free.set()


@asynccontextmanager
async def holding(do: Callable[[Held], Awaitable[Any]]) -> AsyncIterator[Held]:
    """Keep the thread that does it busy within the block."""
    held = Held()
    busy = asyncio.ensure_future(do(held))
    try:
        await held.begun()
        yield held
    finally:
        held.let_go()
        await asyncio.wait([busy])


async def queued(*work: Coroutine[Any, Any, T]) -> list[asyncio.Task[T]]:
    """Let each of these get as far as the queue, in this order."""
    tasks = [asyncio.create_task(each) for each in work]
    # Each runs, in the order in which they were made, until it has to wait for a thread.
    await asyncio.sleep(0)
    return tasks


async def outcomes(tasks: list[asyncio.Task[T]]) -> list[T | BaseException]:
    """What each of them returned or raised."""
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*tasks, return_exceptions=True)

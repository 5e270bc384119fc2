"""Work for a database on threads of our own, while the event loop goes on.

The threads are daemons, and not those of `asyncio.to_thread`: `asyncio.run` waits for the latter, and one that hangs in
a database that does not answer would keep the process from ending.
"""

from __future__ import annotations

import asyncio
import math
import queue
import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from enum import Enum
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

_JOINS_FOR = 0.05
"""Seconds of one wait for a thread. A process that stands still meanwhile loses no more than these."""


class ClosedError(ConnectionError):
    """The database was closed, or the bot was killed, before the work was done."""


class Kind(Enum):
    """The kinds of work, which differ in how a transaction begins, how long it may take, and who waits for whom."""

    READ = "read"
    WRITE = "write"
    COUNT = "count"
    """Takes seconds. Nobody who presses a button waits for it."""
    CHECK = "check"
    """Tells whether the database works, while all other threads may hang."""
    ALONE = "alone"
    """Is not part of any transaction."""


class Job(Generic[T]):
    """A function of a connection that waits for a thread, and the future of its result."""

    def __init__(self, kind: Kind, work: Callable[[Connection], T], future: asyncio.Future[T]) -> None:
        self.kind = kind
        self.work = work
        self.future = future
        self.result: T | None = None
        self.error: BaseException | None = None

    @property
    def is_unwanted(self) -> bool:
        """True if the caller was cancelled, so that work that has not begun is dropped."""
        return self.future.cancelled()

    def run(self, connection: Connection) -> None:
        """Do the work, and keep its result for `Jobs.finish`."""
        self.result = self.work(connection)

    def resolve(self) -> None:
        """Give the result to the caller, on the event loop, unless the caller was cancelled meanwhile."""
        if self.future.done():
            return
        if isinstance(self.error, StopIteration):
            # A future does not take this one, and whoever waits would wait forever.
            self.future.set_exception(RuntimeError("the work raised StopIteration"))
        elif self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)  # type: ignore[arg-type]


class Jobs:
    """A queue of jobs and the threads that take them from it.

    A thread calls `serve` with the first job that waits. `serve` may take more of them with `take_waiting`, and
    passes all of them to `finish`. All other methods are for the event loop.
    """

    def __init__(self, name: str, threads: int, serve: Callable[[Job[Any]], None]) -> None:
        self._serve = serve
        self._waiting: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._unfinished = 0
        self._all_finished = asyncio.Event()
        self._is_started = False
        self._is_closed = False
        self.threads = [threading.Thread(target=self._run, name=f"{name}-{n}", daemon=True) for n in range(threads)]

    async def do(self, kind: Kind, work: Callable[[Connection], T]) -> T:
        """Have a thread do the work, and return its result.

        If the caller is cancelled before a thread has begun, the work is dropped. Afterwards it is done, and its result
        is discarded.

        Raises:
            ClosedError: The database was closed.
        """
        if self._is_closed:
            raise ClosedError("the database is closed")
        if not self._is_started:
            self._start()
        job: Job[T] = Job(kind, work, asyncio.get_running_loop().create_future())
        self._unfinished += 1
        self._all_finished.clear()
        self._waiting.put(job)
        return await job.future

    def _start(self) -> None:
        # Not in the constructor: most commands open a database and ask one question of it, or none.
        self._is_started = True
        for thread in self.threads:
            thread.start()

    def take_waiting(self) -> Job[Any] | None:
        """Return the next job that waits, or None if there is none."""
        try:
            job = self._waiting.get_nowait()
        except queue.Empty:
            return None
        if job is None:
            # It tells a thread to end. Put back, so that this thread finds it once it has served its batch.
            self._waiting.put(None)
        return job

    def finish(self, jobs: Iterable[Job[Any]], error: BaseException | None = None) -> None:
        """Tell the callers of jobs their results, or the error that made all of them fail. Called by the threads."""
        done = list(jobs)
        for job in done:
            job.error = job.error or error
        # A loop that is closed has no callers left.
        with suppress(RuntimeError):
            # One call for all of them, because each one wakes the event loop.
            done[0].future.get_loop().call_soon_threadsafe(self._resolve, done)

    def _resolve(self, jobs: list[Job[Any]]) -> None:
        for job in jobs:
            job.resolve()
        self._unfinished -= len(jobs)
        if not self._unfinished:
            self._all_finished.set()

    @property
    def is_idle(self) -> bool:
        """True if no job waits or is being done, not even one whose caller was cancelled."""
        return not self._unfinished

    async def idle(self) -> None:
        """Wait until no job waits or is being done."""
        while self._unfinished:
            await self._all_finished.wait()

    def close(self, *, drop: bool = False) -> None:
        """Take no more jobs, and let the threads end after those that wait, or drop the waiting ones.

        What waits can still be dropped after the queue has been closed.
        """
        if not self._is_closed:
            self._is_closed = True
            for _ in self.threads:
                self._waiting.put(None)
        if drop:
            waiting: list[Job[Any]] = []
            while (job := self.take_waiting()) is not None:
                waiting.append(job)
            if waiting:
                self.finish(waiting, ClosedError("the database was closed before this was done"))

    def join(self, seconds: float) -> bool:
        """Wait so long for all threads to end. Returns whether they have."""
        return join(self.threads, seconds)

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            if job.is_unwanted:
                self.finish([job])
            else:
                self._serve(job)


def join(threads: Collection[threading.Thread], seconds: float) -> bool:
    """Wait so long for threads to end, not counting the time in which this process stands still.

    Returns whether they have, or were never started.
    """
    rest = math.ceil(seconds / _JOINS_FOR)
    for thread in threads:
        while rest and thread.is_alive():
            thread.join(_JOINS_FOR)
            rest -= 1
    return not any(thread.is_alive() for thread in threads)

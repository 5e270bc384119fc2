"""A database as the event loop sees it: functions of a connection, each carried out as one transaction on a thread."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from bot.database.worker_threads import Job, Jobs, Kind, join

P = ParamSpec("P")
T = TypeVar("T")

_WAITS = 30.0
"""Seconds until somebody is told that it did not work: when very many people press at once, the last of them wait."""

_JOIN_TIMEOUT = 1.0
"""Seconds to wait for threads that have nothing more to do than to end. The event loop stands still meanwhile."""


class Database(ABC):
    """One database, with its connections and its threads.

    `read`, `write`, `count` and `check` run a function of a connection as one transaction on a thread. If it raises,
    the transaction is rolled back and the error goes to the caller. The function may not keep the connection, nor
    return anything that still reads from it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._is_disposed = False
        event.listen(engine, "checkin", self._close_late)
        self._queues = self._open_queues()

    @abstractmethod
    def _open_queues(self) -> Mapping[Kind, Jobs]:
        """Make the queues of each kind of work; several kinds may share one."""

    @abstractmethod
    def transaction(self, kind: Kind = Kind.WRITE) -> AbstractContextManager[Connection]:
        """Begin a transaction on the calling thread, as commands and tests do that have no event loop."""

    async def read(self, question: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask a question. All of its statements see the same moment."""
        return await self._do(Kind.READ, lambda connection: question(connection, *args, **kwargs))

    async def write(self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a change. It is on the disk when this returns."""
        return await self._do(Kind.WRITE, lambda connection: change(connection, *args, **kwargs))

    async def count(self, question: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask a question that may take seconds, while other questions are answered."""
        return await self._do(Kind.COUNT, lambda connection: question(connection, *args, **kwargs))

    async def check(self, change: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a change that tells whether the database works, within a short limit."""
        return await self._do(Kind.CHECK, lambda connection: change(connection, *args, **kwargs))

    async def alone(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do what may take as long as it needs, and what shares no transaction with anything else."""
        return await self._do(Kind.ALONE, lambda connection: work(connection, *args, **kwargs))

    async def _do(self, kind: Kind, work: Callable[[Connection], T]) -> T:
        # Also where no thread is free: everybody else may be waiting for a database that does not answer.
        async with asyncio.timeout(_WAITS if kind in {Kind.READ, Kind.WRITE} else None):
            return await self._queues[kind].do(kind, work)

    def _serve(self, job: Job[Any]) -> None:
        """Do a job as a transaction of its own, on the calling thread."""
        try:
            # What is alone on SQLite may have been cancelled while the batch was done that it ended.
            if not job.is_unwanted:
                self._run(job)
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller
            job.error = error
        self._queues[job.kind].finish([job])

    def _run(self, job: Job[Any]) -> None:
        with self.transaction(job.kind) as connection:
            job.run(connection)

    @abstractmethod
    async def erase_traces(self, *, removed: bool = False, large: bool = False) -> bool:
        """Erase removed rows from the files. Returns False while a reader keeps the log from being emptied."""

    @property
    def is_idle(self) -> bool:
        """True if nothing waits or is under way, not even for a caller who was cancelled."""
        return all(queue.is_idle for queue in self._queues.values())

    async def idle(self) -> None:
        """Wait until nothing waits or is under way."""
        while not self.is_idle:
            await asyncio.gather(*(queue.idle() for queue in self._queues.values()))

    async def close(self, within_seconds: float = 1.0) -> None:
        """Finish what waits and is under way, and close every connection.

        What is not finished in time is broken off, and what has not begun is dropped. A thread that hangs all the same
        is left: it ends with the process.
        """
        for queue in self._queues.values():
            queue.close()
        try:
            async with asyncio.timeout(within_seconds):
                await self.idle()
        except TimeoutError:
            self.kill()
        else:
            self._join()

    def kill(self) -> None:
        """Drop what waits, roll back what is under way, and close every connection, as if the process was killed."""
        for queue in self._queues.values():
            queue.close(drop=True)
        self._break_off()
        self._join()

    def _join(self) -> None:
        join([thread for queue in self._queues.values() for thread in queue.threads], _JOIN_TIMEOUT)
        self._is_disposed = True
        self.engine.dispose()

    def _close_late(self, _: Any, record: ConnectionPoolEntry) -> None:
        # A thread that outlives the join returns its connection to a pool that nobody will empty again.
        if self._is_disposed:
            record.invalidate()

    @abstractmethod
    def _break_off(self) -> None:
        """Make every transaction that is under way fail."""

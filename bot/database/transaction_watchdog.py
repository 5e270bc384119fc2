"""Ends transactions on PostgreSQL that take too long, whatever the server does."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

_LOOKS_EVERY = 0.25
"""Seconds between two looks of the watchdog while a transaction is under way."""


@dataclass(eq=False)
class Watched:
    """A transaction of one thread: when it began, until when it may take, and the connections it has used."""

    begun: float
    until: float | None
    connections: list[Any] = field(default_factory=list)
    was_shut: bool = False


class Watchdog:
    """Ends transactions that exceed their limit, by shutting their sockets.

    Neither `statement_timeout` nor TCP's own limits free a thread whose server is frozen: the first needs the server,
    and the kernel of a stopped process goes on acknowledging.
    """

    def __init__(self) -> None:
        self._watched: list[Watched] = []
        self._own = threading.local()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._has_shut_all = False
        self._is_closed = False

    @contextmanager
    def watching(self, seconds: float | None) -> Iterator[None]:
        """Shut the connections that this thread uses within the block if it is not left in time.

        Raises:
            TimeoutError: It was not.
        """
        now = time.monotonic()
        watched = Watched(now, None if seconds is None else now + seconds)
        with self._changed:
            # A thread may have taken a job just before everything was ended, and begin only now.
            watched.was_shut = self._has_shut_all
            self._watched.append(watched)
            self._watch()
        around, self._own.watched = getattr(self._own, "watched", None), watched
        try:
            yield
        except BaseException as error:
            if watched.was_shut:
                raise TimeoutError("the database took too long to answer") from error
            raise
        finally:
            self._own.watched = around
            with self._changed:
                self._watched.remove(watched)

    def use(self, connection: Any, *_: Any) -> None:
        """Note that the calling thread uses a connection of the driver from now on."""
        if watched := getattr(self._own, "watched", None):
            with self._changed:
                watched.connections.append(connection)
                if watched.was_shut:
                    # Its time was over while it connected.
                    _shut(watched)

    @property
    def is_over(self) -> bool:
        """True if the time of the calling thread's transaction is over."""
        watched: Watched | None = getattr(self._own, "watched", None)
        return watched is not None and watched.was_shut

    def shut_all(self) -> None:
        """End every transaction now, and each one that begins later."""
        with self._changed:
            self._has_shut_all = True
            for watched in self._watched:
                _shut(watched)

    def close(self) -> None:
        """End the thread. Nothing is watched any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _watch(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="postgresql-watchdog", daemon=True)
            self._thread.start()
        elif len(self._watched) == 1:
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._is_closed:
                if self._watched:
                    self._look()
                else:
                    # There is nothing to look at, and a process that is idle shall not wake up.
                    self._changed.wait()

    def _look(self) -> None:
        """Wait a moment, and end the transactions whose time is over."""
        before = time.monotonic()
        self._changed.wait(_LOOKS_EVERY)
        now = time.monotonic()
        # While this process stood still, no server was slow.
        stood_still = max(0.0, now - before - _LOOKS_EVERY)
        for watched in self._watched:
            if watched.until is not None:
                # What began after it waits no longer for it.
                watched.until += min(stood_still, max(0.0, now - watched.begun))
                if watched.until <= now:
                    _shut(watched)


def _shut(watched: Watched) -> None:
    watched.was_shut = True
    for connection in watched.connections:
        # Closed meanwhile: then nobody waits for it.
        with suppress(psycopg.Error, OSError), closing(socket.socket(fileno=os.dup(connection.fileno()))) as own:
            own.shutdown(socket.SHUT_RDWR)

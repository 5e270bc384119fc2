"""The queue of a database's threads: what is done, what is dropped, and who is told."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.database.worker_threads import ClosedError, Job, Jobs, Kind, join
from tests.patience import PATIENCE

from .held import Held, holding, outcomes, queued


class Served(Jobs):
    """Threads that have no database."""

    def __init__(self, threads: int = 1) -> None:
        super().__init__("test", threads, self._do)

    def write(self, work: Callable[[Any], Any]) -> Any:
        return self.do(Kind.WRITE, work)

    def _do(self, job: Job[Any]) -> None:
        try:
            job.run(None)  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001 - as a database has it
            job.error = error
        self.finish([job])


@pytest.fixture
def jobs() -> Iterator[Served]:
    served = Served()
    yield served
    served.close(drop=True)
    assert served.join(PATIENCE)


@pytest.fixture
def done() -> list[str]:
    """What was done, in this order."""
    return []


def doing(done: list[str], what: str) -> Callable[[Any], str]:
    def do(_: Any) -> str:
        done.append(what)
        return what

    return do


async def test_caller_gets_result_of_own_work(jobs: Served, done: list[str]) -> None:
    names = [f"{number}" for number in range(50)]
    assert await asyncio.gather(*(jobs.write(doing(done, each)) for each in names)) == names
    assert done == names, "one thread does them in the order in which they came"


@pytest.mark.parametrize("error", [KeyError, OSError, KeyboardInterrupt, SystemExit, StopIteration])
async def test_error_of_any_kind_ends_no_thread(jobs: Served, done: list[str], error: type[BaseException]) -> None:
    def fail(_: Any) -> None:
        raise error

    async def told() -> str:
        # Not handed on: a task that ends with SystemExit ends the loop.
        try:
            await jobs.write(fail)
        except BaseException as raised:  # noqa: BLE001
            return repr(raised)
        return ""

    async with asyncio.timeout(PATIENCE):
        assert error.__name__ in await told()
        assert await jobs.write(doing(done, "next")) == "next"
    assert jobs.is_idle


# Cancelled


async def test_work_cancelled_before_it_began_is_dropped(jobs: Served, done: list[str]) -> None:
    async with holding(jobs.write):
        dropped, kept = await queued(jobs.write(doing(done, "dropped")), jobs.write(doing(done, "kept")))
        dropped.cancel()
    assert await kept == "kept"
    assert done == ["kept"]


async def test_work_cancelled_after_it_began_is_done(jobs: Served, done: list[str]) -> None:
    held = Held()

    def work(_: Any) -> None:
        held()
        done.append("done")

    [caller] = await queued(jobs.write(work))
    await held.begun()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    held.let_go()
    async with asyncio.timeout(PATIENCE):
        await jobs.idle()
    assert done == ["done"]


async def test_error_after_cancellation_is_discarded(jobs: Served) -> None:
    held = Held()

    def fail(_: Any) -> None:
        held()
        raise KeyError

    [caller] = await queued(jobs.write(fail))
    await held.begun()
    caller.cancel()
    await asyncio.wait([caller])
    held.let_go()
    async with asyncio.timeout(PATIENCE):
        await jobs.idle()
    assert caller.cancelled()


async def test_work_of_cancelled_caller_still_counts(jobs: Served) -> None:
    assert jobs.is_idle
    async with holding(jobs.write) as held:
        running, waiting = await queued(jobs.write(held), jobs.write(held))
        for each in (running, waiting):
            each.cancel()
        await asyncio.wait([running, waiting])
        assert not jobs.is_idle
        [idle] = await queued(jobs.idle())
        assert not idle.done()
    await idle
    assert jobs.is_idle


async def test_all_that_wait_for_idleness_return(jobs: Served) -> None:
    async with holding(jobs.write):
        waiting = await queued(*(jobs.idle() for _ in range(3)))
        assert not any(each.done() for each in waiting)
    assert await outcomes(waiting) == [None] * 3


async def test_idleness_waits_for_work_that_comes_meanwhile(jobs: Served) -> None:
    async with holding(jobs.write) as first:
        [idle] = await queued(jobs.idle())
        second = Held()
        [later] = await queued(jobs.write(second))
        first.let_go()
        await second.begun()
        assert not idle.done()
        second.let_go()
        await idle
    assert later.done()


# Closed


async def test_closed_queue_does_what_waits(jobs: Served, done: list[str]) -> None:
    async with holding(jobs.write):
        waiting = await queued(*(jobs.write(doing(done, name)) for name in "abc"))
        jobs.close()
    assert await outcomes(waiting) == ["a", "b", "c"]
    assert jobs.join(PATIENCE)


async def test_closed_queue_takes_nothing_more(jobs: Served, done: list[str]) -> None:
    jobs.close()
    with pytest.raises(ClosedError, match="the database is closed"):
        await jobs.write(doing(done, "late"))
    assert jobs.is_idle
    assert not done


@pytest.mark.parametrize("was_closed", [False, True])
async def test_dropping_tells_those_that_wait(jobs: Served, done: list[str], *, was_closed: bool) -> None:
    """Closing waits a while, and what is not finished by then is dropped."""
    async with holding(jobs.write):
        waiting = await queued(*(jobs.write(doing(done, name)) for name in "abc"))
        if was_closed:
            jobs.close()
        jobs.close(drop=True)
        told = await outcomes(waiting)
        assert [type(each) for each in told] == [ClosedError] * 3
    assert not done
    assert jobs.join(PATIENCE), "each thread is told to end all the same"


async def test_every_thread_ends_with_its_queue() -> None:
    jobs = Served(threads=5)
    await jobs.write(lambda _: None)
    jobs.close()
    assert jobs.join(PATIENCE)


async def test_join_says_that_a_thread_hangs(jobs: Served) -> None:
    async with holding(jobs.write):
        jobs.close()
        assert not jobs.join(0.01)
    assert jobs.join(PATIENCE)


def test_standing_still_does_not_shorten_a_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait for a thread may end long after it was to, with the thread still at work."""
    waits: list[float | None] = []
    ends = threading.Event()
    thread = threading.Thread(target=ends.wait, daemon=True)

    def wait(timeout: float | None = None) -> None:
        waits.append(timeout)
        if len(waits) == 10:
            ends.set()
            real_join(PATIENCE)

    thread.start()
    real_join = thread.join
    monkeypatch.setattr(thread, "join", wait)
    assert join([thread], 1)
    assert len(waits) == 10


# Threads


async def test_threads_start_with_first_work_as_daemons() -> None:
    before = set(threading.enumerate())
    jobs = Served(threads=3)
    assert set(threading.enumerate()) == before
    await jobs.write(lambda _: None)
    started = set(threading.enumerate()) - before
    assert [each.daemon for each in started] == [True] * 3
    jobs.close()
    assert jobs.join(PATIENCE)


def test_unused_queue_can_be_closed() -> None:
    jobs = Served()
    jobs.close()
    assert jobs.join(0)


HANGS = """
import asyncio, sys, threading
from bot.database.urls import open_database

async def main():
    database = open_database(sys.argv[1])
    begun = threading.Event()

    def hang(connection):
        begun.set()
        threading.Event().wait()

    hanging = asyncio.create_task(database.write(hang))
    await asyncio.to_thread(begun.wait)
    if sys.argv[2] == "closed":
        await database.close(0.1)
        assert not database.is_idle
    hanging.cancel()

asyncio.run(main())
print("ended", flush=True)
"""


@pytest.mark.parametrize("how", ["closed", "left open"])
def test_hung_thread_does_not_hold_exit(tmp_path: Path, how: str) -> None:
    # It would hang forever, and so be killed.
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", HANGS, f"sqlite:///{tmp_path / 'bot.db'}", how],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(bot.__file__).parents[1])},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")

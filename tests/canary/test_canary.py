"""A week full of marks, and every place in which one of them may not stand.

`make canary` lives it with sixty people; a few are enough to find what leaks at all.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rehearsal.slack.rate_limits import RateLimits
from tests.acceptance.participants import MONDAY, VISITED, moment
from tests.bot.store.databases import BOTH, Server, server
from tests.simulation import MachineClock, simulate

from .allowed import Place, Step, may_stand
from .life import Life
from .look import Found, listening, look
from .marks import Finder, Kind

__all__ = ["server"]

PEOPLE = int(os.environ.get("EARTHWEEK_CANARIES", "4"))


def leaks(found: Found, step: Step) -> list[str]:
    """What stands where it may not."""
    return sorted(
        f"{step}: {mark.kind} of person {mark.number} in {place}"
        for place, marks in found.items()
        for mark in marks
        if not may_stand(mark, place, step, named=mark.number % 3 == 0, stayed=mark.number % 2 == 0)
    )


def kinds(found: Found, place: Place) -> set[Kind]:
    return {mark.kind for mark in found[place]}


@pytest.mark.parametrize("database", BOTH)
async def test_nothing_stands_where_it_may_not(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> None:
    address, dump = "", None
    if database == "postgresql":
        running: Server = request.getfixturevalue("server")
        address, dump = running.empty(), running.program("pg_dump")
    wrong: list[str] = []
    with listening() as log:
        async with simulate(tmp_path, VISITED, MachineClock(moment(MONDAY, 8)), RateLimits.none()) as simulation:
            simulation.address, life = address, Life(simulation, Finder())
            await simulation.start()
            await life.arrive(PEOPLE)
            await life.organise()
            await life.tell()
            await life.decide()
            found = await look(life, log, tmp_path, dump)
            assert kinds(found, Place.DATABASE) == set(Kind) - {Kind.NAME}, "the marks can be found"
            assert kinds(found, Place.READERS) >= {Kind.REMARK, Kind.IDEA, Kind.ANSWER, Kind.ID, Kind.USER}
            assert kinds(found, Place.OWN) >= {Kind.PLAN, Kind.IDEA, Kind.QUESTION, Kind.REASON}
            assert kinds(found, Place.CHANNELS) >= {Kind.IDEA, Kind.WORDS}
            wrong += leaks(found, Step.LIVED)
            await life.forget()
            wrong += leaks(await look(life, log, tmp_path, dump), Step.FORGOTTEN)
            await life.purge()
            wrong += leaks(await look(life, log, tmp_path, dump), Step.PURGED)
    assert not wrong, "\n".join(wrong)

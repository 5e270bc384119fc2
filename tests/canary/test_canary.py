"""A week full of marks, and every place in which one of them may not stand.

`make canary` lives it with sixty people; a few are enough to find what leaks at all.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import Transport
from rehearsal.slack.limits import RateLimits
from tests.acceptance.participants import MONDAY, VISITED, moment
from tests.acceptance.stage import raise_stage
from tests.bot.store.databases import BOTH, Server, server

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
    stage = await raise_stage(tmp_path, VISITED, moment(MONDAY, 8), RateLimits.none(), Transport.HTTP)
    dump = None
    if database == "postgresql":
        running: Server = request.getfixturevalue("server")
        stage.address, dump = running.empty(), running.program("pg_dump")
    life = Life(stage, Finder())
    wrong: list[str] = []
    with listening() as log:
        try:
            await stage.start()
            await life.arrive(PEOPLE)
            await life.tell()
            await life.decide()
            found = await look(life, log, tmp_path, dump)
            assert kinds(found, Place.DATABASE) == set(Kind) - {Kind.NAME}, "the marks can be found"
            assert kinds(found, Place.READERS) >= {Kind.REMARK, Kind.IDEA, Kind.ANSWER, Kind.ID, Kind.USER}
            assert kinds(found, Place.OWN) >= {Kind.PLAN, Kind.IDEA, Kind.QUESTION, Kind.REASON}
            assert Kind.IDEA in kinds(found, Place.CHANNELS)
            wrong += leaks(found, Step.LIVED)
            await life.forget()
            wrong += leaks(await look(life, log, tmp_path, dump), Step.FORGOTTEN)
            await life.purge()
            wrong += leaks(await look(life, log, tmp_path, dump), Step.PURGED)
        finally:
            await stage.stop()
            await stage.slack.stop()
    assert not wrong, "\n".join(wrong)

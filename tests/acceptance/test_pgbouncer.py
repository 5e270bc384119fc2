"""The bot behind a real PgBouncer: it starts, sends and answers as it does on the server itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.settings import Transport
from bot.store.outbox import State
from tests.bot.database.pgbouncer import pgbouncer
from tests.bot.store.databases import Server, server
from tests.campaigns import said as text_of
from tests.campaigns import write
from tests.patience import PATIENCE
from tests.simulation import Simulation, simulate

from .conftest import over_http
from .participants import FRIDAY, MONDAY, VISITED, member, moment
from .process import Machine, soon

__all__ = ["server"]

POOLED = pytest.mark.parametrize(("mode", "connections"), [("session", 20), ("transaction", 2)])
"""Where sessions are pooled, each of the bot's threads keeps a connection."""


@pytest.fixture
def url(server: Server, mode: str, connections: int) -> Iterator[str]:
    with pgbouncer(server.empty(), pool_mode=mode, default_pool_size=connections) as through:
        yield through


@pytest.fixture
async def week(url: str, tmp_path: Path, transport: Transport) -> AsyncIterator[Simulation]:
    async with simulate(tmp_path, VISITED, transport=transport) as week:
        week.address = url
        await week.start()
        yield week
        # Before what it is connected to.
        await week.stop()


@over_http
@POOLED
async def test_week_goes_as_on_server_itself(week: Simulation) -> None:
    await week.run_until(moment(MONDAY, 8))
    ann = await member(week)
    await ann.pledges("bike")
    await ann.types("idea")
    await ann.fills(text="Trains!")
    for question in ("my", "standings", "help", "preferences"):
        assert (await ann.types(question)).text
    await week.run_until(moment(MONDAY, 9))
    assert week.texts("week-se") == [text_of("tip", "sv")]
    await week.restart()
    assert (await week.judged())[0]
    await week.run_until(moment(FRIDAY, 18))
    assert week.texts("week-se")[:2] == [text_of("tip", "sv"), text_of("call", "sv")]
    assert [each.pledge for each in await ann.pledged()] == ["bike"]
    assert not {State.FAILED, State.SENDING, State.UNCONFIRMED} & set(await week.states())
    assert await week.bot.store.privacy.forget(ann.user)


def test_pooling_of_statements_ends_start(machine: Machine, server: Server) -> None:
    write(machine.campaign, soon(600))
    with pgbouncer(server.empty(), pool_mode="statement") as url:
        run = machine.run(DATABASE_URL=url)
        assert run.ended(PATIENCE) == 1
        assert "PgBouncer pools statements; let it pool transactions or sessions" in run.output()
        assert "Traceback" not in run.output()

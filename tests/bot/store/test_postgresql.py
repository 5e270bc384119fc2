"""What only PostgreSQL can do to the bot: be gone, be slow, be busy with somebody who stopped halfway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import Update, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import postgresql
from bot.store.database import DatabaseUnusableError, autocommit, open_database, parse_url, upgrade
from bot.store.outbox import Changes, Outbox, State
from bot.store.postgresql import INTERACTIVE, PoolConfig
from bot.store.tables import outbox as table
from bot.store.write_probe import probe
from tests.patience import PATIENCE

from .databases import on_postgresql
from .lines import CAMPAIGN, DUE, LEASE, line, only, planned
from .wire import Wire, wire

pytestmark = on_postgresql
HASTY = replace(INTERACTIVE, within=1.0)


@asynccontextmanager
async def opened(url: str, way: PoolConfig = INTERACTIVE) -> AsyncIterator[AsyncEngine]:
    engine = postgresql.open_engine(parse_url(url), way)
    yield engine
    await engine.dispose()


@pytest.fixture
async def between(url: str) -> AsyncIterator[Wire]:
    async with wire(url) as made:
        yield made


async def ask(engine: AsyncEngine, question: str = "SELECT 1") -> object:
    async with autocommit(engine) as connection:
        return await connection.scalar(text(question))


# Gone


async def test_silent_server_is_noticed_within_seconds(between: Wire) -> None:
    async with opened(between.url) as engine:
        await probe(engine)
        between.cut()
        # Nothing else would end the wait: the connection is open, and nobody answers on it.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await probe(engine)
        between.mend()


async def test_unanswered_statement_fails_and_next_gets_new_connection(between: Wire) -> None:
    async with opened(between.url, HASTY) as engine:
        await ask(engine)
        between.cut()
        with pytest.raises(TimeoutError, match="took too long to answer"):
            await ask(engine)
        between.mend()
        assert await ask(engine) == 1


async def test_idle_connections_lost_with_server_are_replaced(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_RESTED", 0.0)
    async with opened(url) as engine, opened(url) as other:
        await asyncio.gather(*(ask(engine, "SELECT pg_sleep(0.05)") for _ in range(5)))
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert await ask(other, f"SELECT count(pg_terminate_backend(pid)) {others}") == 5
        assert await asyncio.gather(*(ask(engine) for _ in range(5))) == [1] * 5


async def test_absent_server_is_reported_without_password(url: str) -> None:
    nobody = make_url(url).set(
        username="bot", password="geheim", host="127.0.0.1", port=1, query={"sslmode": "disable"}
    )
    engine = open_database(nobody.render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnusableError, match=r"cannot be used .*look at DATABASE_URL") as refused:
        await upgrade(engine)
    assert "geheim" not in str(refused.value)
    with pytest.raises(OSError, match="Connect call failed"):
        await probe(engine)
    await engine.dispose()


async def test_missing_database_is_reported_in_words(url: str) -> None:
    nowhere = parse_url(url).set(database="nowhere").render_as_string(hide_password=False)
    async with opened(nowhere) as engine:
        with pytest.raises(DatabaseUnusableError, match='database "nowhere" does not exist'):
            await upgrade(engine)


# Slow


async def test_statement_past_timeout_is_cancelled_on_server_too(url: str) -> None:
    async with opened(url, HASTY) as engine, opened(url) as other:
        with pytest.raises(TimeoutError):
            await ask(engine, "SELECT pg_sleep(30)")
        running = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND state = 'active'"
        async with asyncio.timeout(PATIENCE):
            while await ask(other, running):
                await ask(other, "SELECT pg_sleep(0.05)")


async def test_who_finds_every_connection_taken_is_told_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_WAITS_FOR_A_CONNECTION", 0.1)
    async with opened(url, replace(INTERACTIVE, connections=1)) as engine:
        async with engine.connect():
            with pytest.raises(NoConnection):
                await ask(engine)
        assert await ask(engine) == 1


async def test_two_hundred_at_once_get_their_turn(engine: AsyncEngine) -> None:
    outbox = Outbox(engine, "me", LEASE)
    changes = [Changes(add=[line(recipient=f"U{number}")]) for number in range(200)]
    await asyncio.gather(*(outbox.apply(each, DUE) for each in changes))
    assert (await outbox.count_by_state())[State.DUE] == 200


# Busy


async def test_hanging_transaction_is_ended_and_others_go_on(outbox: Outbox, url: str) -> None:
    """A process that hangs, or whose machine is gone, holds a row."""
    await planned(outbox, line())
    stopping = replace(INTERACTIVE, settings={**INTERACTIVE.settings, "idle_in_transaction_session_timeout": "300ms"})
    async with opened(url, stopping) as hanging:
        connection = await hanging.connect()
        await connection.execute(text("UPDATE outbox SET reason = 'half done'"))
        async with asyncio.timeout(PATIENCE):
            await outbox.revive_failed(DUE)
            await outbox.mark_sent((await only(outbox)).id, "C0WEEK", "1.000100", DUE)
        await connection.invalidate()
        await connection.close()
    assert ((await only(outbox)).state, (await only(outbox)).reason) == (State.SENT, None)


async def test_idle_transaction_holds_rows_ten_seconds_at_most(engine: AsyncEngine) -> None:
    assert await ask(engine, "SHOW idle_in_transaction_session_timeout") == "10s"


async def test_claim_skips_locked_row(engine: AsyncEngine, outbox: Outbox) -> None:
    held, free = await planned(outbox, line("a"), line("b"))
    async with engine.begin() as connection:
        await connection.execute(text("SELECT 1 FROM outbox WHERE id = :id FOR UPDATE"), {"id": held.id})
        async with asyncio.timeout(PATIENCE):
            assert [row.id for row in await outbox.claim(DUE, 5)] == [free.id]
    assert [row.id for row in await outbox.claim(DUE, 5)] == [held.id]


async def test_claim_can_use_index_without_sorting(engine: AsyncEngine, outbox: Outbox) -> None:
    await planned(outbox, line())
    await multiply(engine, 40_000)
    values = {"moment": DUE, "most": 1, "taker": "me", "lease_end": DUE + LEASE, "busy": ["SE"]}
    assert isinstance(outbox._claim, Update)
    claim = outbox._claim.compile(engine.sync_engine).construct_expanded_state(values)
    async with engine.begin() as connection:
        # What the planner would choose hangs on its statistics; here it sorts only where no index has the order.
        await connection.execute(text("SET LOCAL enable_sort = off"))
        plan = await connection.exec_driver_sql(f"EXPLAIN {claim.statement}", tuple(claim.positional_parameters))
        assert "Sort" not in "\n".join(row[0] for row in plan)


async def multiply(engine: AsyncEngine, times: int) -> None:
    """So many rows like the only one, each for somebody else and a second earlier."""
    others = {"id": "md5(n::text)", "recipient": "'U' || n", "due_at": "due_at - n * interval '1 second'"}
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(others.get(column.name, column.name) for column in table.columns)
    numbers = f"outbox, generate_series(1, {times}) AS n"
    async with autocommit(engine) as connection:
        await connection.execute(text(f"INSERT INTO outbox ({names}) SELECT {values} FROM {numbers}"))  # noqa: S608 - ours


async def test_upgrade_waits_while_another_changes_schema(url: str, engine: AsyncEngine) -> None:
    async with opened(url) as other, other.connect() as connection:
        await connection.run_sync(postgresql.lock_schema)
        waiting = asyncio.create_task(upgrade(engine))
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        await connection.rollback()
        await asyncio.wait_for(waiting, PATIENCE)
    assert await Outbox(engine, "me", LEASE).entries(CAMPAIGN) == []

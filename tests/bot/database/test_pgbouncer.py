"""PostgreSQL behind the real PgBouncer, in session and in transaction pooling."""

from __future__ import annotations

import asyncio
import string
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import trustme
from hypothesis import example, given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from bot.database.database import Database
from bot.database.errors import DatabaseAwayError, DatabaseUnusableError
from bot.database.urls import open_database, parse_url
from bot.store.actions import Action, ActionKind
from bot.store.database_check import inspect_database
from bot.store.outbox import Changes, State
from bot.store.outbox_backlog import probe, read_backlog
from bot.store.participation import KilogramRules, contributions
from bot.store.people import Person
from bot.store.pledges import Factor, Pledged
from bot.store.schema import require_current, schema_of, upgrade
from bot.store.store import Store
from tests.bot.store.databases import on_postgresql
from tests.bot.store.lines import CAMPAIGN, DUE, LEASE, line
from tests.patience import PATIENCE

from .pgbouncer import NASTY, USER, pgbouncer

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
ANN = Person("T0TEAM", "U0ANN", "UTC", NOW)
JOINED = Action(CAMPAIGN, "U0ANN", ActionKind.JOINED, "", "SE", NOW)
BIKE = Pledged(CAMPAIGN, "U0ANN", "bike", "SE", NOW, Factor(2.1, 0.1, 3.4, "1"))

MODES = {
    # A connection of the server for each of ours, for as long as it is open.
    "session": {"pool_mode": "session", "default_pool_size": 40},
    # Fewer than threads, so that transactions change places.
    "transaction": {"pool_mode": "transaction", "default_pool_size": 3},
}


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> dict[str, object]:
    return dict(MODES[str(request.param)])


@pytest.fixture
def pooled(url: str, mode: dict[str, object]) -> Iterator[str]:
    """The database's URL through PgBouncer."""
    with pgbouncer(url, **mode) as through:
        yield through


@pytest.fixture
async def stores(pooled: str) -> AsyncIterator[list[Store]]:
    """The store as two processes have it."""
    both = [open_database(pooled) for _ in range(2)]
    yield [Store(each, f"process {number}", LEASE) for number, each in enumerate(both)]
    for each in both:
        await each.close()


@pytest.fixture
def one(stores: list[Store]) -> Store:
    return stores[0]


@pytest.fixture
def other(stores: list[Store]) -> Store:
    return stores[1]


@on_postgresql
@pytest.mark.usefixtures("empty")
async def test_empty_database_is_brought_up_to_date(pooled: str) -> None:
    database = open_database(pooled)
    await upgrade(database)
    assert (await database.read(schema_of)).is_current
    await upgrade(database)
    await database.close()
    require_current(pooled)


@on_postgresql
@pytest.mark.usefixtures("empty")
async def test_two_processes_start_at_once(pooled: str) -> None:
    both = [open_database(pooled) for _ in range(2)]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*map(upgrade, both))
    for each in both:
        assert (await each.read(schema_of)).is_current
        await each.close()


@on_postgresql
async def test_people_join_and_are_forgotten(one: Store, other: Store) -> None:
    await one.write(one.people.join, ANN, JOINED)
    await one.write(one.pledges.make, BIKE)
    assert set(await other.privacy.everything("U0ANN")) == {"people", "actions", "pledges"}
    assert await other.privacy.forget("U0ANN")
    assert not await one.privacy.everything("U0ANN")


@on_postgresql
async def test_messages_are_claimed_once_and_sent(one: Store, other: Store) -> None:
    lines = [line(recipient=f"U{number}") for number in range(60)]
    await asyncio.gather(*(each.write(each.outbox.apply, Changes(add=lines), NOW) for each in (one, other)))

    async def send(store: Store) -> list[str]:
        sent: list[str] = []
        while rows := await store.write(store.outbox.claim, DUE, 3):
            for row in rows:
                await store.write(store.outbox.mark_sent, row.id, "C0", f"{len(sent)}.{store.replicas.id}", DUE)
                sent.append(row.id)
        return sent

    async with asyncio.timeout(PATIENCE):
        shares = await asyncio.gather(send(one), send(one), send(other), send(other))
    sent = [row_id for share in shares for row_id in share]
    assert len(sent) == len(set(sent)) == 60
    assert (await one.read(one.outbox.count_by_state))[State.SENT] == 60


@on_postgresql
async def test_figures_are_streamed_during_changes(one: Store, other: Store) -> None:
    def people(connection: Connection) -> list[str]:
        return [user for user, _ in contributions(connection, CAMPAIGN, KilogramRules())]

    async def press(number: int) -> None:
        acted = Action(CAMPAIGN, f"U{number:04}", ActionKind.JOINED, "", "SE", NOW)
        await one.write(one.actions.record, acted)

    # More than are fetched at once.
    users = [f"U{number:04}" for number in range(1200)]
    with one.database.transaction() as connection:
        for user in users:
            one.actions.record(connection, Action(CAMPAIGN, user, ActionKind.JOINED, "", "SE", NOW))
    counting = asyncio.gather(*(other.count(people) for _ in range(5)))
    await asyncio.gather(*(press(number) for number in range(1200, 1240)))
    for found in await counting:
        assert found[:1200] == users, "all of one moment"
    assert len(await one.count(people)) == 1240


@on_postgresql
async def test_processes_find_each_other(one: Store, other: Store) -> None:
    await one.write(one.replicas.present, NOW, None)
    found = await other.write(other.replicas.present, NOW + timedelta(seconds=1), NOW)
    assert [(each.id, each.held_until) for each in found] == [("process 0", None), ("process 1", NOW)]


@on_postgresql
async def test_readiness_looks_through_the_pooler(one: Store) -> None:
    assert (await one.database.check(read_backlog, one.outbox, NOW)).overdue == 0


@on_postgresql
async def test_nothing_is_left_of_earlier_transactions(one: Store, other: Store, url: str) -> None:
    """No statement prepared by name, no lock and no setting reaches whoever gets the connection next."""
    writes = [each.write(each.actions.record, JOINED) for each in (one, other) for _ in range(100)]
    reads = [each.read(each.outbox.count_by_state) for each in (one, other) for _ in range(100)]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*writes, *reads)

    def left(connection: Connection) -> tuple[object, ...]:
        return tuple(connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).one())

    for each in (one, other):
        assert set(await asyncio.gather(*(each.read(left) for _ in range(20)))) == {(0,)}
    with psycopg.connect(url) as direct:
        assert direct.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)


@on_postgresql
@pytest.mark.usefixtures("shipped_limits")
async def test_settings_end_with_their_transaction(pooled: str) -> None:
    shown = "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
    database = open_database(pooled)
    assert await database.read(lambda connection: tuple(connection.execute(text(shown)).one())) == ("15s", "10s")
    await database.close()
    with psycopg.connect(pooled, autocommit=True, prepare_threshold=None) as somebody:
        for _ in range(5):
            assert somebody.execute(shown).fetchone() == ("0", "0")


@on_postgresql
async def test_what_others_left_on_connection_is_undone(url: str) -> None:
    """As pg_dump leaves it, in which every table's name begins with its schema."""
    with pgbouncer(url, pool_mode="transaction", default_pool_size=1) as through:
        with psycopg.connect(through, autocommit=True) as somebody:
            somebody.execute("SET search_path = ''")
        database = open_database(through)
        await database.write(probe)
        await database.read(Store(database, "me", LEASE).outbox.count_by_state)
        await database.alone(schema_of)
        await database.close()


@on_postgresql
async def test_connections_lost_behind_pooler_are_replaced(one: Store, url: str) -> None:
    await asyncio.gather(*(one.write(one.actions.record, JOINED) for _ in range(20)))
    with psycopg.connect(url, autocommit=True) as direct:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        [lost] = direct.execute(f"SELECT count(pg_terminate_backend(pid)) {others}").fetchone() or (0,)
    assert lost
    async with asyncio.timeout(PATIENCE):
        assert (await one.read(one.outbox.count_by_state))[State.DUE] == 0


# Refused


async def refused(url: str) -> DatabaseUnusableError:
    database = open_database(url)
    with pytest.raises(DatabaseUnusableError) as told:
        await upgrade(database)
    await database.close()
    return told.value


@on_postgresql
async def test_statement_pooling_is_refused_in_a_sentence(url: str) -> None:
    with pgbouncer(url, pool_mode="statement") as through:
        told, found = await refused(through), inspect_database(through)
    sentence = (
        "cannot be used (transaction blocks not allowed in statement pooling mode); PgBouncer pools statements; let it "
        "pool transactions or sessions (pool_mode = transaction)"
    )
    assert str(told) == f"the database {sentence}"
    assert (found.ok, found.detail) == (False, f"it {sentence}"), "as doctor says it"
    assert not isinstance(told, DatabaseAwayError), "waiting does not help"


@on_postgresql
async def test_parameter_that_pooler_refuses_is_named(url: str) -> None:
    with pgbouncer(url) as through:
        told = await refused(f"{through}?options=-csearch_path%3Dpublic")
    assert "startup parameter" in str(told)
    assert "leave it out of DATABASE_URL, or let PgBouncer ignore it" in str(told)
    assert not isinstance(told, DatabaseAwayError)


@on_postgresql
async def test_full_pooler_is_named(url: str) -> None:
    with pgbouncer(url, pool_mode="session", max_client_conn=1) as through, psycopg.connect(through):
        told = await refused(through)
    assert isinstance(told, DatabaseAwayError)
    assert "raise max_client_conn of PgBouncer" in str(told)


@on_postgresql
async def test_who_waits_too_long_in_pooler_is_told(url: str) -> None:
    short = {"pool_mode": "session", "default_pool_size": 1, "query_wait_timeout": 1}
    with pgbouncer(url, **short) as through, psycopg.connect(through) as somebody:
        somebody.execute("SELECT 1")
        told = await refused(through)
    assert isinstance(told, DatabaseAwayError)
    assert "raise default_pool_size of PgBouncer" in str(told)


@on_postgresql
async def test_absent_pooler_is_reported_without_password(url: str) -> None:
    with pgbouncer(url) as through:
        pass
    told = await refused(through)
    assert "look at DATABASE_URL, and whether the database runs" in str(told)
    assert isinstance(told, DatabaseAwayError)
    for secret in (NASTY, quote(NASTY, safe="")):
        assert secret not in str(told)


# Encryption


@pytest.fixture
def encrypted(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A way in that has to be encrypted, with a certificate that the system trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    issued = authority.issue_cert("127.0.0.1")
    key, chain = issued.private_key_pem.bytes(), b"".join(each.bytes() for each in issued.cert_chain_pems)
    with pgbouncer(url, client_tls_sslmode="require", client_tls_key_file=key, client_tls_cert_file=chain) as through:
        yield through


@on_postgresql
@pytest.mark.parametrize("query", ["sslmode=require", "ssl=require", "ssl=true", "sslrootcert=system"])
async def test_connection_is_encrypted_as_url_says(encrypted: str, query: str) -> None:
    database = open_database(f"{encrypted}?{query}")
    await database.write(probe)
    await database.close()


@on_postgresql
@pytest.mark.parametrize("query", ["sslmode=disable", "ssl=disable"])
async def test_unencrypted_connection_is_refused(encrypted: str, query: str) -> None:
    assert "SSL required" in str(await refused(f"{encrypted}?{query}"))


@on_postgresql
async def test_certificate_that_system_does_not_know_is_refused(
    encrypted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "certificate verify failed" in str(await refused(f"{encrypted}?sslrootcert=system"))


# Passwords


@on_postgresql
async def test_password_of_any_sign_is_let_in(url: str) -> None:
    with pgbouncer(url) as through:
        assert make_url(through).password == NASTY
        database = open_database(through)
        await database.write(probe)
        await database.close()


@on_postgresql
@pytest.mark.parametrize("login", [f"{USER}:{quote(NASTY[1:], safe='')}", f"nobody:{quote(NASTY, safe='')}"])
async def test_wrong_login_is_told_what_to_do(url: str, login: str) -> None:
    with pgbouncer(url) as through:
        told = await refused(f"postgresql://{login}@{through.rpartition('@')[2]}")
    assert "look at the user and the password in DATABASE_URL" in str(told)
    assert not isinstance(told, DatabaseAwayError)
    assert NASTY[1:] not in str(told)


PRINTABLE = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp"]) | st.sampled_from(string.punctuation + " "), min_size=1
)


@given(password=PRINTABLE, user=PRINTABLE)
@example(password=NASTY, user=USER)
@example(password="%", user="%40")
@example(password="+ +", user="a b")
def test_printable_password_reaches_the_driver_unchanged(password: str, user: str) -> None:
    url = parse_url(f"postgres://{quote(user, safe='')}:{quote(password, safe='')}@db/week?sslmode=require")
    assert (url.username, url.password) == (user, password)
    database: Database = open_database(url.render_as_string(hide_password=False))
    _, arguments = database.engine.dialect.create_connect_args(database.engine.url)
    # Of psycopg, not of the server.
    arguments.pop("context")
    found = conninfo_to_dict(make_conninfo(**arguments))
    assert (found["user"], found["password"]) == (user, password)
    assert (found["host"], found["dbname"], found["sslmode"]) == ("db", "week", "require")
    database.engine.dispose()

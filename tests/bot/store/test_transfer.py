"""Everything from one database into another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.database.database import Database
from bot.database.errors import DatabaseInUseError, DatabaseUnusableError
from bot.database.urls import open_database, sole_process
from bot.store.actions import Action, ActionKind
from bot.store.awareness import GivenAnswer
from bot.store.ideas import Idea, Remark
from bot.store.outbox import Outbox
from bot.store.people import Person
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.schema import upgrade
from bot.store.snapshots import Snapshot
from bot.store.store import Store
from bot.store.sync_cursor import SyncCursor
from bot.store.tables import metadata, replicas
from bot.store.transfer import MOVED, transfer

from .databases import BOTH, Server, on_postgresql
from .decided import decide
from .lines import CAMPAIGN, DUE, LEASE, line, planned

NOW = datetime(2027, 3, 15, 8, 30, 0, 123456, tzinfo=UTC)
FACTOR = Factor(2.1, 0.1, 1 / 3, "1")
Everything = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=BOTH)
def to_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'to.db'}"
    server: Server = request.getfixturevalue("server")
    return server.empty()


@pytest.fixture
async def target(to_url: str) -> AsyncIterator[Database]:
    database = open_database(to_url)
    yield database
    await database.close()


@pytest.fixture
async def lived(database: Database) -> Database:
    """A database with something in every table, and more than one batch in one of them."""
    store = Store(database, "me", LEASE)
    ann = Person("T0TEAM", "U0ANN", "Europe/Stockholm", NOW, "SE", "said", "sv", direct_messages=True)
    await store.write(store.people.keep, [ann, Person("T0TEAM", "U0BO", "UTC", NOW, paused_until=date(2027, 3, 17))])
    await store.write(store.actions.record, Action(CAMPAIGN, "U0ANN", ActionKind.EARTH_HOUR, "", None, NOW, "did", 60))
    days = (date(2027, 3, 16), date(2027, 3, 17))
    bike = Pledged(CAMPAIGN, "U0ANN", "bike", "SE", NOW, FACTOR, plan="Till jobbet, ∞", remind_at=time(9, 30))
    await store.write(store.pledges.make, Pledged(**{**vars(bike), "remind_on": days}))
    await store.write(
        store.pledges.answer, [Outcome(CAMPAIGN, "U0ANN", "bike", "x", "SE", NOW, Answer.NOT, FACTOR, "time", None)]
    )
    await store.write(
        store.pledges.mark, Outcome(CAMPAIGN, "U0BO", "bike", "y", None, NOW, Answer.DONE, FACTOR, continues=True)
    )
    await store.write(
        store.ideas.submit, Idea("1", CAMPAIGN, "U0ANN", "SE", "sv", "Tåg\n“nu”", named=True, at=NOW, changed_at=NOW)
    )
    await store.write(store.ideas.remark, Remark("2", CAMPAIGN, "U0ANN", "bike", "x", "SE", NOW, None, "No place."))
    await store.write(store.awareness.answer, GivenAnswer(CAMPAIGN, "U0ANN", "before", "work", "yes", "SE"))
    await store.write(store.snapshots.keep, Snapshot(CAMPAIGN, NOW, "1", '{"a": 1}'))
    await store.privacy.keep_until(CAMPAIGN, date(2027, 7, 21))
    await store.write(store.seen_events.is_first, "Ev1", NOW)
    await store.write(store.pictures.claim, "T0TEAM", "5ec4e7", NOW, NOW)
    await database.write(SyncCursor("me").claim, CAMPAIGN, NOW.date(), NOW, NOW)
    await decide(store, "U0SEA")
    await planned(store.database, store.outbox, *(line(recipient=f"U{number}", due=NOW) for number in range(1203)))
    [claimed] = await store.write(store.outbox.claim, NOW, 1)
    await store.write(store.outbox.mark_sent, claimed.id, "C0", "1.000100", NOW)
    return database


async def everything(database: Database) -> Everything:
    found = {}
    with database.transaction() as connection:
        for table in MOVED:
            rows = (connection.execute(select(table))).mappings()
            found[table.name] = sorted((dict(row) for row in rows), key=repr)
    return found


async def test_everything_arrives_as_it_was(lived: Database, target: Database, url: str, to_url: str) -> None:
    before = await everything(lived)
    assert all(before.values()), "there is something in every table"
    assert transfer(url, to_url, NOW) == {name: len(rows) for name, rows in before.items()}
    assert await everything(target) == before
    assert await everything(lived) == before, "it is a copy"


async def test_what_was_sent_there_is_not_sent_here(lived: Database, target: Database, url: str, to_url: str) -> None:
    sent = [row.id for row in await lived.read(Outbox("me", LEASE).changeable, CAMPAIGN, "tip", NOW)]
    transfer(url, to_url, NOW)
    outbox = Outbox("somebody else", LEASE)
    claimed = [row.id for row in await target.write(outbox.claim, NOW, 2000)]
    assert len(claimed) == 1202
    assert not set(sent) & set(claimed)


async def test_a_database_with_something_in_it_is_refused(
    lived: Database, target: Database, url: str, to_url: str
) -> None:
    transfer(url, to_url, NOW)
    before = await everything(target)
    with pytest.raises(DatabaseUnusableError, match="there is something in it already"):
        transfer(url, to_url, NOW)
    assert await everything(target) == before
    assert lived is not target


async def test_failed_move_leaves_target_empty(lived: Database, target: Database, url: str, to_url: str) -> None:
    """The last table has a column too few."""
    last = MOVED[-1]
    column = next(each.name for each in last.columns if not each.primary_key)
    rename = f'ALTER TABLE "{last.name}" RENAME COLUMN'
    with lived.transaction() as connection:
        connection.exec_driver_sql(f'{rename} "{column}" TO gone')
    with pytest.raises(DatabaseUnusableError, match="nothing was moved"):
        transfer(url, to_url, NOW)
    with lived.transaction() as connection:
        connection.exec_driver_sql(f'{rename} gone TO "{column}"')
    assert not any((await everything(target)).values())


async def test_while_somebody_writes_nothing_is_moved(database: Database, url: str, to_url: str) -> None:
    lock = sole_process(url)
    with database.transaction() as connection:
        connection.execute(metadata.tables["seen_events"].insert(), {"event": "Ev1", "at": DUE})
        with pytest.raises(DatabaseInUseError, match=r"stop that one first|stop every bot"):
            transfer(url, to_url, NOW)
    if lock:
        lock.release()


async def test_a_database_is_not_moved_into_itself(url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match="the same database"):
        transfer(url, url, NOW)


async def test_missing_source_database_is_not_created(tmp_path: Path, to_url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match="there is no database at"):
        transfer(f"sqlite:///{tmp_path / 'bot.db'}", to_url, NOW)
    assert not (tmp_path / "bot.db").exists()


async def presence(database: Database, seen_at: datetime) -> None:
    with database.transaction() as connection:
        connection.execute(replicas.delete())
        connection.execute(replicas.insert(), {"id": "a bot", "seen_at": seen_at})


@on_postgresql
async def test_while_a_bot_runs_nothing_is_moved(database: Database, server: Server, url: str, tmp_path: Path) -> None:
    """It writes for a moment every five seconds, and whoever comes between two of them would not notice."""
    await presence(database, NOW - timedelta(seconds=9))
    for origin, target in ((url, f"sqlite:///{tmp_path / 'to.db'}"), (server.empty(), url)):
        if origin != url:
            await upgrade(other := open_database(origin))
            await other.close()
        with pytest.raises(DatabaseInUseError, match="which was seen 9 s ago; stop every bot on it first"):
            transfer(origin, target, NOW)
    await presence(database, NOW - timedelta(seconds=16))
    assert "people" in transfer(url, f"sqlite:///{tmp_path / 'to.db'}", NOW)


async def test_other_name_of_same_file_is_same_database(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "bot.db")
    with pytest.raises(DatabaseUnusableError, match="the same database"):
        transfer(f"sqlite:///{tmp_path / 'bot.db'}", f"sqlite:///{tmp_path / 'link.db'}", NOW)

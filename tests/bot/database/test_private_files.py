"""What is left on the disk: nothing of what was removed, and nothing for others to read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random

import pytest
import structlog
from filelock import FileLock
from sqlalchemy import select
from sqlalchemy.engine import make_url

from bot.database import sqlite
from bot.database.database import Database
from bot.database.private_files import restrict
from bot.database.urls import open_database, sole_process
from bot.database.worker_threads import Kind
from bot.store.actions import Action, ActionKind
from bot.store.backup import backup
from bot.store.ideas import Idea, Remark
from bot.store.people import Person
from bot.store.pledges import Factor, Pledged
from bot.store.schema import upgrade
from bot.store.store import Store
from bot.store.tables import people
from bot.store.transfer import transfer
from tests.bot.store.databases import on_sqlite
from tests.bot.store.lines import CAMPAIGN, LEASE, line, planned

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
AFTER = date(2028, 1, 1)
MARK = "MARK"


def file_of(url: str) -> Path:
    return Path(make_url(url).database or "")


def files(url: str) -> list[Path]:
    """The database and whatever lies beside it."""
    return sorted(file_of(url).parent.glob(f"{file_of(url).name}*"))


def left(url: str) -> set[str]:
    """The names of files in which a mark stands."""
    return {file.name for file in files(url) if MARK.encode() in file.read_bytes()}


async def crowd(store: Store) -> list[str]:
    """Many people of whom everything is marked, so that pages are split and freed."""
    users = [f"U0{MARK}{number:03}" for number in range(120)]
    for user in users:
        person = Person("T0TEAM", user, "Europe/Stockholm", NOW, "SE", "said", "sv", direct_messages=True)
        await store.write(store.people.join, person, Action(CAMPAIGN, user, ActionKind.JOINED, "", "SE", NOW))
        pledge = Pledged(CAMPAIGN, user, "bike", "SE", NOW, Factor(1, 1, 1, "1"), plan=f"{MARK} " * 40)
        await store.write(
            store.pledges.make, Pledged(**{**vars(pledge), "remind_at": time(9), "remind_on": (date(2027, 3, 16),)})
        )
        text = f"{MARK} {user} " * 60
        await store.write(
            store.ideas.submit,
            Idea(user, CAMPAIGN, user, "SE", "sv", text, named=False, at=NOW, changed_at=NOW),
            f"V{user}",
        )
        await store.write(store.ideas.remark, Remark(user, CAMPAIGN, user, "bike", "how", "SE", NOW, None, text))
    await planned(
        store.database, store.outbox, *(line("check", user, audience="joined", kind="check_in") for user in users)
    )
    return users


@on_sqlite
async def test_forgotten_people_are_in_no_file_while_running(database: Database, url: str) -> None:
    store = Store(database, "me", LEASE)
    users = await crowd(store)
    assert left(url) >= {file_of(url).name}
    for user in users:
        await store.privacy.forget(user)
    assert left(url) == set()


@on_sqlite
async def test_purged_campaign_leaves_nothing_in_files(database: Database, url: str) -> None:
    store = Store(database, "me", LEASE)
    await crowd(store)
    await store.privacy.keep_until(CAMPAIGN, date(2027, 7, 21))
    assert await store.privacy.purge(AFTER) == [CAMPAIGN]
    assert left(url) == set()


@on_sqlite
async def test_a_large_file_is_written_anew_at_night(
    database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_LARGE", 0)
    one, other = Store(database, "me", LEASE), Store(database, "another process, after this one", LEASE)
    gone = (await crowd(one))[:60]
    for user in gone:
        await one.privacy.forget(user)
    size = file_of(url).stat().st_size
    assert await other.privacy.clean_up()
    assert file_of(url).stat().st_size == size, "by day nobody has to wait"
    assert await other.privacy.clean_up(at_night=True)
    assert file_of(url).stat().st_size < size
    raw = b"".join(file.read_bytes() for file in files(url))
    assert [user for user in gone if user.encode() in raw] == []


@on_sqlite
@pytest.mark.parametrize("seed", range(4))
async def test_rearranged_pages_keep_nothing_of_forgotten(database: Database, url: str, seed: int) -> None:
    random, store = Random(seed), Store(database, "me", LEASE)  # noqa: S311 - an order, not a secret
    users = await crowd(store)
    lines = [line(f"post-{random.random()}", user, audience="joined") for user in users for _ in range(12)]
    random.shuffle(lines)
    await planned(store.database, store.outbox, *lines)
    gone = random.sample(users, 40)
    for user in gone:
        await store.privacy.forget(user)
    raw = b"".join(file.read_bytes() for file in files(url))
    assert [user for user in gone if user.encode() in raw] == []


@on_sqlite
async def test_clean_up_waits_for_reader_to_finish(database: Database, url: str) -> None:
    store, reader = Store(database, "me", LEASE), open_database(url)
    [first, *_] = await crowd(store)
    with reader.transaction(Kind.READ) as reading:
        assert reading.execute(select(people.c.user)).all()
        await store.privacy.forget(first)
        assert not await store.privacy.clean_up(), "what a reader looks at cannot be taken away"
    await reader.close()
    assert await store.privacy.clean_up()
    assert first.encode() not in b"".join(file.read_bytes() for file in files(url))


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(url: str) -> dict[str, int]:
    return {file.name.removeprefix(file_of(url).name): file.stat().st_mode & 0o777 for file in files(url)}


@pytest.mark.usefixtures("umask")
async def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'bot.db'}"
    lock, made = sole_process_in(url), open_database(url)
    await upgrade(made)
    await planned(made, Store(made, "me", LEASE).outbox, line())
    assert modes(url) == dict.fromkeys(["", "-wal", "-shm", ".lock"], 0o600)
    backup(url, tmp_path / "copy.db")
    await made.close()
    lock.release()
    transfer(url, f"sqlite:///{tmp_path / 'moved.db'}", NOW)
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("copy.db", "moved.db")} == {0o600}


def sole_process_in(url: str) -> FileLock:
    file_of(url).parent.mkdir(exist_ok=True)
    lock = sole_process(url)
    assert lock is not None
    return lock


async def test_files_readable_by_others_become_private(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    file = file_of(url)
    with closing(sqlite3.connect(file)) as before:
        before.execute("PRAGMA journal_mode=WAL")
        before.execute("CREATE TABLE old (x)")
        for each in files(url):
            each.chmod(0o644)
        database = open_database(url)
        await upgrade(database)
        assert modes(url) == dict.fromkeys(["", "-wal", "-shm"], 0o600)
        await database.close()


def test_file_with_unchangeable_rights_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "bot.db"
    file.touch(0o644)
    file.chmod(0o644)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chmod", refuse)
    with structlog.testing.capture_logs() as logs:
        restrict(file)
    assert [(each["action"], each["file"]) for each in logs] == [("database.readable", str(file))]

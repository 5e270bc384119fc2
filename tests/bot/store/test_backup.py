"""A copy made while the bot runs, and the way back to it."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.database.database import Database
from bot.database.errors import DatabaseUnusableError
from bot.database.urls import open_database
from bot.store.backup import BackupError, backup
from bot.store.outbox import Entry, Outbox
from bot.store.schema import upgrade

from .databases import Server, on_postgresql, on_sqlite
from .lines import CAMPAIGN, LEASE, line, planned


async def rows(url: str) -> list[Entry]:
    database = open_database(url)
    await upgrade(database)
    found = await database.read(Outbox("me", LEASE).entries, CAMPAIGN)
    await database.close()
    return found


@on_sqlite
async def test_copy_is_complete_and_readable_only_by_owner(
    database: Database, outbox: Outbox, url: str, tmp_path: Path
) -> None:
    wanted = await planned(database, outbox, line("a"), line("b"))
    copy = tmp_path / "copy.db"
    backup(url, copy)
    assert await rows(f"sqlite:///{copy}") == wanted
    assert copy.stat().st_mode & 0o777 == 0o600


@on_sqlite
async def test_copy_is_consistent_while_others_write(
    database: Database, outbox: Outbox, url: str, tmp_path: Path
) -> None:
    """Each plan adds ten rows at once: a copy that has some of them only is of no moment."""

    async def write() -> None:
        for number in range(40):
            await planned(database, outbox, *(line(f"post-{number}", recipient=f"U{each}") for each in range(10)))

    writing = asyncio.create_task(write())
    copies = [tmp_path / f"copy-{number}.db" for number in range(8)]
    for copy in copies:
        await asyncio.to_thread(backup, url, copy)
    await writing
    counts = [len(await rows(f"sqlite:///{copy}")) for copy in copies]
    assert all(count % 10 == 0 for count in counts)
    assert counts == sorted(counts)
    assert len(await database.read(outbox.entries, CAMPAIGN)) == 400


@on_sqlite
async def test_going_back_to_a_copy(database: Database, url: str, tmp_path: Path) -> None:
    outbox = Outbox("me", LEASE)
    wanted = await planned(database, outbox, line("kept"))
    backup(url, tmp_path / "copy.db")
    await planned(database, outbox, line("lost"))
    file = make_url(url).database or ""
    shutil.copy(f"{file}-wal", tmp_path / "wal")
    await database.close()
    # What a bot that was killed leaves behind is moved away with the file.
    shutil.copy(tmp_path / "wal", f"{file}-wal")
    for name in (file, f"{file}-wal"):
        shutil.move(name, f"{name}.old")
    shutil.copy(tmp_path / "copy.db", file)
    assert await rows(url) == wanted


@on_sqlite
def test_nothing_is_overwritten(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(BackupError, match="is there already; name a file that is not"):
        backup(url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "mine"


@on_sqlite
def test_file_created_during_backup_is_not_replaced(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy, chmod = tmp_path / "copy.db", Path.chmod

    def interrupt(path: Path, mode: int) -> None:
        copy.write_text("mine")
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", interrupt)
    with pytest.raises(BackupError, match="is there already"):
        backup(url, copy)
    assert copy.read_text() == "mine"


@on_sqlite
def test_a_copy_that_breaks_off_leaves_nothing_behind(url: str, tmp_path: Path) -> None:
    file = Path(make_url(url).database or "")
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * 8192)
    before = set(tmp_path.iterdir())
    with pytest.raises(DatabaseUnusableError, match=r"cannot be copied|is not whole"):
        backup(url, tmp_path / "copy.db")
    assert {each for each in tmp_path.iterdir() if not each.name.endswith(("-wal", "-shm"))} == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.db")) as made:
        made.execute("CREATE TABLE anything (at)")
    with pytest.raises(BackupError, match="No such file or directory"):
        backup(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path / "nowhere" / "copy.db")


def test_missing_database_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusableError, match="there is no database at"):
        backup(f"sqlite:///{tmp_path / 'bot.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_postgresql_refusal_explains_pg_dump_without_password() -> None:
    place = "db.example.com:5433/week"
    with pytest.raises(BackupError) as refused:
        backup(f"postgres://bot:geheim@{place}?sslmode=require&sslpassword=geheim", Path("my copy.dump"))
    assert "geheim" not in str(refused.value)
    address = f"'postgresql://bot@{place}?sslmode=require'"
    assert f"pg_dump --format=custom --no-owner --file='my copy.dump' {address}\n" in str(refused.value)


def said(sentence: str, program: str) -> Sequence[str]:
    """A command as the sentence says it."""
    found = re.search(rf"({program} .*)$", sentence, re.MULTILINE)
    assert found
    return shlex.split(found[1])


@on_postgresql
async def test_what_it_says_for_postgresql_works(
    database: Database, outbox: Outbox, url: str, server: Server, tmp_path: Path
) -> None:
    wanted = await planned(database, outbox, line("a"), line("b"))
    restored = server.empty()
    with pytest.raises(BackupError) as refused:
        backup(url, tmp_path / "copy.dump")
    sentence = str(refused.value)
    dump, restore = said(sentence, "pg_dump"), said(sentence, "pg_restore")
    here = next(each for each in restore if each.startswith("--dbname="))
    there = f"--dbname={restored}"
    for command in (dump, [there if each == here else each for each in restore]):
        run(server, command)
    assert await rows(restored) == wanted


def run(server: Server, command: Sequence[str]) -> None:
    program = server.program(command[0])
    if program is None:
        pytest.skip(f"no {command[0]} beside TEST_DATABASE_URL")
    password = make_url(server.empty()).password or ""
    env = {"PGPASSWORD": password, "PATH": os.environ["PATH"]}
    done = subprocess.run([program, *command[1:]], check=False, capture_output=True, text=True, env=env)  # noqa: S603
    if "version mismatch" in done.stderr:
        pytest.skip(f"{program} is older than the server of TEST_DATABASE_URL")
    assert done.returncode == 0, done.stderr

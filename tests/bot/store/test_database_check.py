"""Looking at a database before the bot runs: what is wrong is said with its remedy, and nothing is changed."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.database import sqlite
from bot.store.database_check import Inspection, inspect_database

from .databases import Server, on_postgresql, on_sqlite

Files = dict[str, tuple[bytes, int, int]]


def files(folder: Path) -> Files:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.iterdir()}


@on_sqlite
async def test_inspection_leaves_file_and_folder_unchanged(url: str, tmp_path: Path) -> None:
    # As somebody has made it: whoever opens a file to write in it takes the rights of others away.
    (tmp_path / "bot.db").chmod(0o644)
    before = files(tmp_path)
    found = inspect_database(url)
    assert (found.ok, found.is_readable) == (True, True)
    assert files(tmp_path) == before


@on_sqlite
async def test_missing_file_is_reported_and_not_created(tmp_path: Path, url: str) -> None:  # noqa: ARG001
    before = files(tmp_path)
    for file in ("new.db", "not/yet/new.db"):
        found = inspect_database(f"sqlite:///{tmp_path / file}")
        assert found == Inspection(ok=True, detail=f"there is none at {tmp_path / file} yet; earthweek run makes it")
    assert files(tmp_path) == before


@on_sqlite
async def test_a_file_that_another_program_holds_is_said(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_WAITS", 50)
    with closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = inspect_database(url)
    assert not found.ok
    assert "another program holds it" in found.detail


@on_sqlite
async def test_a_full_disk_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    found = inspect_database(url)
    assert not found.ok
    assert "the disk is full; make room on it" in found.detail


@pytest.fixture
def as_nobody() -> Iterator[Callable[[], None]]:
    """Take root's rights away, where the tests run as root."""
    root = os.geteuid() == 0
    yield lambda: os.seteuid(65534) if root else None
    if root:
        os.seteuid(0)


@on_sqlite
async def test_read_only_file_is_reported(
    url: str, tmp_path: Path, as_nobody: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The folders above are the tests' own, which somebody else may not enter.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bot.db").chmod(0o444)
    monkeypatch.setattr(Path, "absolute", lambda path: Path("/proc/self/cwd") / path)
    assert url
    as_nobody()
    found = inspect_database("sqlite:///bot.db")
    assert not found.ok
    assert "give the file and its folder to the user that runs the bot" in found.detail


@on_postgresql
async def test_a_standby_is_said(url: str, server: Server) -> None:
    name = make_url(url).database
    server.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    try:
        found = inspect_database(url)
    finally:
        server.run(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    assert not found.ok
    assert "let DATABASE_URL name the one that takes writes" in found.detail


@on_postgresql
async def test_a_user_who_may_only_read_is_said(url: str, server: Server) -> None:
    server.run("CREATE ROLE reader LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader", url=url)
    try:
        found = inspect_database(make_url(url).set(username="reader").render_as_string(hide_password=False))
    finally:
        server.run("DROP OWNED BY reader", "DROP ROLE reader", url=url)
    assert not found.ok
    assert "let an administrator of the database give the bot's user the right to write" in found.detail


@on_postgresql
async def test_a_database_that_does_not_exist_is_said(url: str) -> None:
    found = inspect_database(make_url(url).set(database="nowhere").render_as_string(hide_password=False))
    assert not found.ok
    assert "make that database, or correct its name in DATABASE_URL" in found.detail


@on_postgresql
async def test_looking_leaves_no_row(url: str) -> None:
    for _ in range(2):
        assert (inspect_database(url)).ok

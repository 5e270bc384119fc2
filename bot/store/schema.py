"""The schema of a database: which one it has, and the migration to the one that this version of the bot needs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from bot.database.database import Database
from bot.database.dialect_statements import is_sqlite, lock_schema
from bot.database.errors import DatabaseUnusableError, unusable_error
from bot.database.urls import read_only, shown
from bot.store.tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"

_VERSIONS = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""The table in which Alembic keeps the revision, as Alembic creates it."""

_MIGRATING = threading.Lock()
"""Alembic keeps its migration context in a global, so one database is migrated at a time in a process."""


@dataclass(frozen=True)
class Schema:
    """The revision that a database has, or None where it has no tables yet, and the newest one."""

    revision: str | None
    newest: str
    is_known: bool

    @property
    def is_current(self) -> bool:
        """True if it is the revision that this version of the bot needs."""
        return self.revision == self.newest

    @property
    def sentence(self) -> str:
        """The state of the schema and what to do about it, for operators."""
        if self.revision is None:
            return "it has no tables yet; earthweek run makes them"
        if not self.is_known:
            return (
                f"its schema {self.revision} is of a newer version of the bot, and this one knows none after "
                f"{self.newest}; install the newer version again, or go back to a copy from before it"
            )
        if not self.is_current:
            return f"it has schema {self.revision}; earthweek run upgrades it to {self.newest}"
        return f"it has schema {self.newest}, the newest"


def schema_of(connection: Connection) -> Schema:
    """Read the schema of a database, without changing anything."""
    # Without Alembic, which a start on a current database need not load.
    known = sorted(each.name.partition("_")[0] for each in (MIGRATIONS / "versions").glob("*_*.py"))
    is_there = inspect(connection).has_table(_VERSIONS.name)
    revision = connection.scalar(select(_VERSIONS.c.version_num)) if is_there else None
    return Schema(revision, known[-1], revision in known)


async def upgrade(database: Database) -> None:
    """Migrate the schema to the newest version. Of several processes that start at once, one does and the others wait.

    Raises:
        DatabaseAwayError: The database cannot be used now.
        DatabaseUnusableError: The database does not open, does not take it, or is a newer version's.
    """
    try:
        await database.alone(migrate)
    except (SQLAlchemyError, OSError) as error:
        raise unusable_error(error) from error


def migrate(connection: Connection) -> None:
    """Migrate the schema to the newest version, all or nothing.

    Raises:
        DatabaseUnusableError: It is a newer version's.
    """
    with _MIGRATING:
        if is_sqlite(connection):
            # All versions are one transaction, so that none is left half applied.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        lock_schema(connection)
        schema = schema_of(connection)
        if schema.revision and not schema.is_known:
            raise DatabaseUnusableError(f"the database cannot be used: {schema.sentence}")
        if schema.revision is None:
            _create_tables(connection, schema.newest)
        elif not schema.is_current:
            _run_migrations(connection)
        connection.commit()


def _create_tables(connection: Connection, newest: str) -> None:
    """Create the tables of the newest version at once, which gives the same schema as its migrations."""
    # Not only those that are missing: tables of another program are not taken for ours.
    metadata.create_all(connection, checkfirst=False)
    _VERSIONS.create(connection)
    connection.execute(_VERSIONS.insert().values(version_num=newest))


def _run_migrations(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - megabytes, and a running bot does not need them
    from alembic.config import Config  # noqa: PLC0415

    # Made here instead of read from alembic.ini: the migrations travel inside the package.
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_current(url: str) -> None:
    """Check that the database has the schema of this version of the bot, without changing anything.

    Raises:
        DatabaseUnusableError: It has another one, is not there, or does not open.
    """
    schema = read_schema(url)
    if not schema.is_current:
        raise DatabaseUnusableError(f"the database at {shown(url)} cannot be used: {schema.sentence}")


def read_schema(url: str) -> Schema:
    """Read which schema a database has, without changing anything.

    Raises:
        DatabaseUnusableError: The database is not there, or does not open.
    """
    with read_only(url) as connection:
        return schema_of(connection)

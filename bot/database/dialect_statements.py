"""Statements that differ between SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Table, select, text, tuple_

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

SCHEMA_LOCK, _PERSON_LOCK, _CAMPAIGN_LOCK = 0x45570001, 0x45570002, 0x45570003
"""First halves of the keys of advisory locks, so that other programs on the server use other keys."""


def is_sqlite(connection: Connection) -> bool:
    """Return whether this is a connection to SQLite."""
    return connection.dialect.name == "sqlite"


def insert_for(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Build an insert with `on_conflict_*` methods, which SQLAlchemy has in its dialects only."""
    return insert_in(connection.dialect.name, table)


def insert_in(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Build the same insert before there is a connection, for statements that are built once."""
    # Each with the drivers that it knows, of which a process needs the one or the other.
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)


def lock_person(connection: Connection, user: str) -> None:
    """Serialise changes to one person's rows, across tables and processes, until the transaction ends."""
    _lock(connection, _PERSON_LOCK, user)


def lock_campaign(connection: Connection, campaign: str) -> None:
    """Serialise what organisers decide about a campaign, across tables and processes, until the transaction ends."""
    _lock(connection, _CAMPAIGN_LOCK, campaign)


def lock_outbox(connection: Connection) -> None:
    """Wait until nobody else changes the outbox, and keep everybody from it until the transaction ends."""
    # Without it, a statement that began before a pause was committed could mark a row as leaving after it.
    if not is_sqlite(connection):
        connection.execute(text("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE"))


def _lock(connection: Connection, about: int, name: str) -> None:
    # On SQLite a transaction that writes begins with BEGIN IMMEDIATE, which already keeps every other writer out.
    if is_sqlite(connection):
        return
    # An advisory lock also holds for what has no row yet. Two names with one hash wait for each other: harmless.
    lock = text("SELECT pg_advisory_xact_lock(:about, hashtext(:name))")
    connection.execute(lock, {"about": about, "name": name})


def lock_schema(connection: Connection) -> None:
    """Lock the schema against other processes until the transaction ends."""
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:about, 0)"), {"about": SCHEMA_LOCK})


def locked(table: Table, which: ColumnElement[bool], *, skip_taken: bool = False) -> ColumnElement[bool]:
    """Return a condition that locks the rows it matches until the transaction ends.

    Rows are locked in the order of their keys, so that two transactions that want the same rows cannot deadlock. Rows
    that another transaction has locked can be skipped instead. SQLite ignores all this: its lock is the whole file.
    """
    key = tuple(table.primary_key)
    wanted = select(*key).where(which).with_for_update(skip_locked=skip_taken)
    whole = key[0] if len(key) == 1 else tuple_(*key)
    return whole.in_(wanted if skip_taken else wanted.order_by(*key))

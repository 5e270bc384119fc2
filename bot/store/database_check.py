"""Finds out whether a database can be used, and leaves it as it was."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.database import sqlite
from bot.database.errors import DatabaseUnusableError, failure_of
from bot.database.urls import is_sqlite, open_database, parse_url
from bot.database.worker_threads import Kind
from bot.store.schema import Schema, read_schema, schema_of


@dataclass(frozen=True)
class Inspection:
    """The result of an inspection. `is_readable` is True only where the schema is this version's."""

    ok: bool
    detail: str
    is_readable: bool = False


def inspect_database(url: str) -> Inspection:
    """Check that it opens, which schema it has, and that it takes writes; a trial write is rolled back."""
    parsed = parse_url(url)
    try:
        if not is_sqlite(parsed):
            return _on_postgresql(url)
        if not sqlite.is_file(parsed):
            return Inspection(ok=True, detail="it is in memory: nothing is kept")
        return _of_file(url, Path(parsed.database or ""))
    except DatabaseUnusableError as error:
        return Inspection(ok=False, detail=str(error))
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        return Inspection(ok=False, detail=f"it cannot be used ({failure_of(error).cause}); {failure_of(error).remedy}")


def _of_file(url: str, file: Path) -> Inspection:
    if missing := _without_file(file):
        return missing
    schema = read_schema(url)
    sqlite.try_writing(file)
    return _found(schema)


def _without_file(file: Path) -> Inspection | None:
    if file.exists():
        return None
    folder = file.absolute().parent
    # The bot makes missing folders, so what counts is the nearest one that is there.
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        return Inspection(ok=False, detail=f"the folder {folder} cannot be made, because {there} is a file")
    if there == folder:
        sqlite.try_room(folder)
    elif not os.access(there, os.W_OK | os.X_OK):
        return Inspection(ok=False, detail=f"the folder {folder} cannot be made; look at DATABASE_URL")
    return Inspection(ok=True, detail=f"there is none at {file} yet; earthweek run makes it")


def _on_postgresql(url: str) -> Inspection:
    database = open_database(url)
    try:
        with database.transaction(Kind.CHECK) as connection:
            schema = schema_of(connection)
            _try_writing(connection, schema)
            # PostgreSQL rolls back CREATE TABLE as well, so nothing is left behind.
            connection.rollback()
    finally:
        database.engine.dispose()
    return _found(schema)


def _try_writing(connection: Connection, schema: Schema) -> None:
    # With all tables in place, the bot needs no right to create any, so that right is not tested.
    if schema.is_current:
        connection.execute(text("INSERT INTO replicas (id, seen_at) VALUES ('doctor', now())"))
    else:
        connection.execute(text("CREATE TABLE earthweek_probe (x integer)"))


def _found(schema: Schema) -> Inspection:
    usable = schema.is_known or schema.revision is None
    detail = f"it can be written; {schema.sentence}" if usable else schema.sentence
    return Inspection(ok=usable, detail=detail, is_readable=schema.is_current)

"""`earthweek backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.console import fail
from bot.settings import read_settings
from bot.store.backup import BackupError
from bot.store.backup import backup as copy_database


def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; it must not be there yet.")]) -> None:
    """Copy a SQLite database into a file, also while the bot runs; for PostgreSQL it says what to do instead."""
    try:
        # A plain copy of the file could miss what is still in the write-ahead log.
        copy_database(read_settings().database_url, file)
    except BackupError as error:
        fail(str(error))
    typer.echo(f"The database is in {file}. What people did is in it too: keep it as safe as the database.")

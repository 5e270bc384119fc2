"""`earthweek move`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.console import fail
from bot.clock import SystemClock
from bot.settings import read_settings
from bot.store.transfer import transfer as copy_everything


def move(
    origin: Annotated[str, typer.Option("--from", help="The database to leave, such as sqlite:///earthweek.db.")],
) -> None:
    """Copy everything from another database into the empty one that DATABASE_URL names. No bot may run on either."""
    try:
        moved = copy_everything(origin, read_settings().database_url, SystemClock().now())
    except ValueError as error:
        fail(f"--from: {error}")
    for table, rows in moved.items():
        typer.echo(f"{table}: {rows:,} {'row' if rows == 1 else 'rows'}")
    typer.echo("All of it is there. The old database is as it was; remove it when the bot runs well on the new one.")

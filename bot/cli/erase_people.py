"""`earthweek people purge` and `earthweek people forget`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Annotated

import typer

from bot.cli.campaign_loader import settings_for, usable_campaign
from bot.cli.console import fail
from bot.cli.options import CampaignOption
from bot.database.urls import open_database
from bot.settings import Settings, read_settings
from bot.store.schema import require_current
from bot.store.store import Store
from bot.store.user_id_parsing import user_id

_CLEAN_UP_ATTEMPTS, _CLEAN_UP_INTERVAL = 50, 0.1
"""After some seconds it is left to the running bot, which does it the next day at the latest."""

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def people() -> None:
    """Remove what is kept of people."""


@app.command()
def purge(
    everything: Annotated[bool, typer.Option("--all", help="Every campaign, not only the one of the files.")] = False,
    campaign: CampaignOption = None,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove what people did in a campaign, now; by itself it goes 90 days after. Published figures stay."""
    settings = settings_for(campaign)
    name = None if everything else usable_campaign(settings.earthweek_campaign)[0].id
    whose = "every campaign" if everything else name
    if not sure:
        # Asked before the database is opened, so that nothing is held while somebody thinks.
        typer.confirm(f"Remove what people did in {whose}? It cannot be brought back.", abort=True)
    ended = asyncio.run(_purge(settings, name))
    typer.echo(f"Removed: {', '.join(ended)}." if ended else f"Nothing was kept of {whose}.")


@app.command()
def forget(user: Annotated[str, typer.Argument(help="The Slack user ID, such as U012ABC.")]) -> None:
    """Remove everything about one person who cannot type /earthweek forget, such as a colleague who has left."""
    try:
        who = user_id(user)
    except ValueError as error:
        fail(f"Nothing was removed: {error}")
    known = asyncio.run(_forget(read_settings(), who))
    typer.echo(f"Everything about {who} is removed." if known else f"Nothing was kept of {who}.")


async def _purge(settings: Settings, campaign: str | None) -> list[str]:
    async with _store(settings) as store:
        ended = await store.privacy.erase(campaign)
        await _clean_up(store)
        return ended


async def _forget(settings: Settings, user: str) -> bool:
    async with _store(settings) as store:
        known = await store.privacy.forget(user)
        await _clean_up(store)
        return known


async def _clean_up(store: Store) -> None:
    # A running bot that is just counting holds on to the database's log, where what was removed still is.
    for _ in range(_CLEAN_UP_ATTEMPTS):
        if await store.privacy.clean_up():
            return
        await asyncio.sleep(_CLEAN_UP_INTERVAL)


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    """Open the store for a command that changes it, perhaps while a bot runs."""
    # Before it is opened for writing: another version's schema could lose what this one does not know.
    require_current(settings.database_url)
    database = open_database(settings.database_url)
    try:
        # It claims no message, so its lease is never used.
        yield Store(database, replica="cli", lease=timedelta(0))
    finally:
        await database.close()

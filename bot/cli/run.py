"""`earthweek run`."""

from __future__ import annotations

import asyncio

import typer

from bot import logs
from bot.app import assemble
from bot.cli.campaign_loader import settings_for
from bot.cli.error_sentences import sentences
from bot.cli.options import CampaignOption, ExamplesOption
from bot.clock import SystemClock
from bot.run import serve
from bot.settings import LogFormat, Settings, read_logging


def run(campaign: CampaignOption = None, allow_examples: ExamplesOption = False) -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    logging = read_logging()
    # Before any other setting is read, so that errors in those are logged in the form that was asked for.
    logs.set_up(logging.log_level, as_json=logging.log_format is LogFormat.JSON)
    logs.catch_the_rest()
    try:
        asyncio.run(_run(settings_for(campaign), allow_examples=allow_examples))
    except Exception as error:  # noqa: BLE001 - the last edge
        # Logged like everything else, so that the log says why the process ended.
        logs.say_why_it_ended(error, sentences(error))
        raise typer.Exit(1) from None


async def _run(settings: Settings, *, allow_examples: bool) -> None:
    async with assemble(settings, SystemClock(), allow_examples=allow_examples) as bot:
        await serve(bot)

"""`earthweek doctor`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.cli.options import CampaignOption, ExamplesOption
from bot.cli.readiness_probe import probe
from bot.settings import read_address


def doctor(
    campaign: CampaignOption = None,
    allow_examples: ExamplesOption = False,
    ready: Annotated[bool, typer.Option("--ready", help="Ask the bot that runs here whether it is ready.")] = False,
) -> None:
    """Look at everything the bot needs before it runs; each line has a tick or says what to do."""
    if ready:
        _probe()
        return
    # The database, Slack and the campaign's reader, for which a probe has no time.
    from bot.cli.doctor_checks import diagnose  # noqa: PLC0415

    if not asyncio.run(diagnose(campaign, allow_examples=allow_examples)):
        raise typer.Exit(1)


def _probe() -> None:
    address = read_address()
    result = probe(address.host, address.port)
    typer.echo(result.summary)
    if not result.ready:
        raise typer.Exit(1)

"""`earthweek manifest`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.console import fail, print_json
from bot.slack.manifest import manifest as app_manifest


def manifest(
    url: Annotated[str | None, typer.Option("--url", help="The bot's public https address, for HTTP.")] = None,
) -> None:
    """Print the app manifest that Slack asks for, for Socket Mode or, with --url, for HTTP."""
    try:
        print_json(app_manifest(url))
    except ValueError as error:
        fail(f"--url: {error}")

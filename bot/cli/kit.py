"""`earthweek kit`."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from bot.cli.campaign_loader import settings_for
from bot.cli.options import CampaignOption, DraftOption, OutOption
from bot.cli.outside_files import outgoing_campaign, write_outside
from bot.clock import SystemClock
from bot.reports.outside.kit import kit_files

_ADDRESS = re.compile(r"https://[^\s/.]+\.[^\s<>\"'`]+")
_LONGEST = 200
"""Characters of an address; the squares of a code for a longer one are too small for a camera across a corridor."""


def _address(url: str) -> str:
    if len(url) > _LONGEST or not _ADDRESS.fullmatch(url):
        raise typer.BadParameter(f"write a whole address, such as https://example.com/earth-week, of up to {_LONGEST}")
    return url


UrlOption = Annotated[
    str, typer.Option("--url", help="Where there is more to read, https://….", metavar="URL", callback=_address)
]


def kit(out: OutOption, url: UrlOption, campaign: CampaignOption = None, allow_examples: DraftOption = False) -> None:
    """Write texts to hand on, a poster and Earth Hour's calendar file, in each language of the campaign."""
    now = SystemClock().now()
    found, _ = outgoing_campaign(settings_for(campaign), now, allow_examples=allow_examples)
    write_outside(out, kit_files(found, url, now))

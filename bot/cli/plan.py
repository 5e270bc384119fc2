"""`earthweek plan`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.campaign.overlay import apply
from bot.cli.campaign_loader import folder_to_try, read_decisions, settings_for, usable_campaign
from bot.cli.console import console, print_json
from bot.cli.options import CampaignOption, JsonOption
from bot.clock import SystemClock
from bot.reports import calendar_files, schedule, send_capacity
from bot.reports import held_messages as decisions_report


def plan(
    campaign: CampaignOption = None,
    as_json: JsonOption = False,
    ics: Annotated[bool, typer.Option("--ics", help="Print a calendar file instead.")] = False,
) -> None:
    """Show when everything is posted, in local time and UTC, with what organisers have decided in Slack."""
    files, _ = usable_campaign(folder_to_try(campaign))
    now = SystemClock().now()
    decisions = read_decisions(settings_for(campaign), files)
    found = apply(files, decisions, now)
    slots = schedule.plan(found)
    if as_json:
        print_json(schedule.as_json(found, slots, decisions))
    elif ics:
        # Written as it is: `typer.echo` would add a line, and a calendar ends with exactly one CRLF.
        sys.stdout.write(calendar_files.plan_as_ics(found, slots, now))
    else:
        table = console()
        table.print(schedule.as_table(found, slots))
        table.print(schedule.earth_hour(found.earth_hour))
        for sentence in decisions_report.sentences(found, decisions):
            table.print(f"Organisers: {sentence}.")
        per_minute = settings_for(campaign).earthweek_messages_per_minute
        for each in send_capacity.of_everybody(found, per_minute):
            table.print(f"If every colleague asks for it: {send_capacity.sentence(each, per_minute)}")

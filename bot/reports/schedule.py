"""The plan of a campaign: every post for everybody, in local time and in UTC."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import PEOPLE, Audience, Campaign
from bot.campaign.organiser_decisions import Decisions
from bot.campaign.schedule import Slot, everyone, lay_out
from bot.locales.catalogues import FALLBACK, campaign_words
from bot.messages.campaign_texts import campaign_title
from bot.reports.held_messages import held

_TIME_WIDTH = 12
"""The width of a time, which is never cut."""

_WHO = {
    Audience.JOINED: "who joined",
    Audience.EARTH_HOUR_REMINDER: "who asked for a reminder",
}


def plan(campaign: Campaign) -> list[Slot]:
    """Lay out all slots by due time. One slot a country stands for the people who will ask for messages."""
    return lay_out(campaign, everyone(campaign))


def as_json(campaign: Campaign, slots: list[Slot], decisions: Decisions) -> list[dict[str, Any]]:
    """Make plain objects of the plan. Times are ISO 8601: `local` is wall time in `zone`, the others are UTC."""
    return [
        {
            "key": slot.key,
            "post": slot.post,
            "kind": slot.kind,
            "audience": slot.audience,
            "country": slot.country,
            "language": slot.language,
            "local": slot.local.isoformat(),
            "zone": slot.zone,
            "due_at": slot.due_at.isoformat(),
            "deadline": slot.expires_at.isoformat(),
            "held": held(campaign, decisions, slot),
        }
        for slot in slots
    ]


def as_table(campaign: Campaign, slots: list[Slot]) -> Table:
    """Make a table of the plan for a terminal."""
    table = Table(title=campaign_title(campaign, campaign_words(campaign, FALLBACK)), box=SIMPLE_HEAD, pad_edge=False)
    for column in ("local time", "in", "UTC", "not after (UTC)"):
        table.add_column(column, no_wrap=True, min_width=_TIME_WIDTH)
    for column in ("to", "post", "kind"):
        table.add_column(column, no_wrap=True)
    for slot in slots:
        table.add_row(
            f"{slot.local:%a %d %b %H:%M}",
            # The city alone, so that the table fits a terminal.
            slot.zone.rpartition("/")[2],
            f"{slot.due_at:%d %b %H:%M}",
            f"{slot.expires_at:%d %b %H:%M}",
            whom(campaign, slot),
            slot.post,
            slot.kind,
        )
    return table


def whom(campaign: Campaign, slot: Slot) -> str:
    """Say for whom a slot is."""
    channel = campaign.channel(slot.audience, slot.recipient)
    if channel:
        return f"#{channel} ({slot.language})"
    if slot.audience in PEOPLE:
        return f"{_WHO[Audience(slot.audience)]}, {slot.recipient}"
    return f"{slot.recipient}, {slot.country}"


def earth_hour(this: EarthHour) -> str:
    """Say when Earth Hour is, and whether the date is confirmed."""
    when = f"Earth Hour: {this.day:%A %d %B %Y}, {this.starts:%H:%M} local time"
    return when if this.confirmed else f"{when} (not confirmed; look it up at earthhour.org)"

"""The plan as a calendar file (RFC 5545)."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Event

from bot.campaign.model import Campaign
from bot.campaign.schedule import Slot
from bot.reports import earth_hour_ics
from bot.reports.schedule import whom

_LENGTH = timedelta(minutes=15)


def as_ics(campaign: Campaign, slots: list[Slot], now: datetime) -> str:
    """Make a calendar with an event in UTC for every slot, and with Earth Hour."""
    calendar = earth_hour_ics.calendar(campaign)
    calendar.add_component(earth_hour_ics.event(campaign, now))
    for slot in slots:
        calendar.add_component(_event(campaign, slot, now))
    return bytes(calendar.to_ical()).decode()


def _event(campaign: Campaign, slot: Slot, now: datetime) -> Event:
    event = Event()
    text = campaign.text(slot.post, slot.language)
    # Stable: a calendar that imports the plan again updates its events instead of doubling them.
    event.add("uid", f"{slot.key}@earthweek")
    event.add("dtstamp", now)
    event.add("dtstart", slot.due_at)
    event.add("dtend", slot.due_at + _LENGTH)
    event.add("summary", f"{text.title} ({whom(campaign, slot)})")
    event.add("description", text.body)
    # A post makes nobody busy.
    event.add("transp", "TRANSPARENT")
    return event

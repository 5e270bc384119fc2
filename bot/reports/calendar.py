"""The plan as a calendar file (RFC 5545) that any calendar opens."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from bot.campaign.calendar import Slot
from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign
from bot.reports.schedule import whom

_LENGTH = timedelta(minutes=15)


def as_ics(campaign: Campaign, slots: list[Slot], now: datetime) -> str:
    """Every slot as an event in UTC, and Earth Hour at the same local time wherever the calendar is opened."""
    calendar = _calendar(campaign)
    calendar.add_component(_earth_hour(campaign, now))
    for slot in slots:
        calendar.add_component(_event(campaign, slot, now))
    return bytes(calendar.to_ical()).decode()


def earth_hour_ics(campaign: Campaign, now: datetime) -> str:
    """Earth Hour alone, for somebody's own calendar."""
    calendar = _calendar(campaign)
    calendar.add_component(_earth_hour(campaign, now))
    return bytes(calendar.to_ical()).decode()


def _calendar(campaign: Campaign) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//earthweek//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", campaign.title.get("en", campaign.id))
    return calendar


def _event(campaign: Campaign, slot: Slot, now: datetime) -> Event:
    event = Event()
    text = campaign.text(slot.post, slot.to.language)
    event.add("uid", f"{slot.key}@earthweek")
    event.add("dtstamp", now)
    event.add("dtstart", slot.due_at)
    event.add("dtend", slot.due_at + _LENGTH)
    event.add("summary", f"{text.title} ({whom(campaign, slot)})")
    event.add("description", text.body)
    event.add("transp", "TRANSPARENT")
    return event


def _earth_hour(campaign: Campaign, now: datetime) -> Event:
    hour = campaign.earth_hour
    # Without a zone the time is a floating one: 20:30 wherever one is.
    starts = datetime.combine(hour.day, hour.starts)
    event = Event()
    event.add("uid", f"{campaign.id}:earth-hour@earthweek")
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    event.add("dtend", starts + LASTS)
    event.add("summary", "Earth Hour" if hour.confirmed else "Earth Hour (date not confirmed)")
    return event

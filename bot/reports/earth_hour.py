"""Earth Hour as an event for a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign


def as_ics(campaign: Campaign, now: datetime) -> str:
    """Earth Hour alone, for somebody's own calendar."""
    made = calendar(campaign)
    made.add_component(event(campaign, now))
    return bytes(made.to_ical()).decode()


def calendar(campaign: Campaign) -> Calendar:
    """An empty calendar with the campaign's name."""
    made = Calendar()
    made.add("prodid", "-//earthweek//plan//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", campaign.title.get("en", campaign.id))
    return made


def event(campaign: Campaign, now: datetime) -> Event:
    """Earth Hour at the same local time wherever the calendar is opened."""
    hour = campaign.earth_hour
    # Without a zone the time is a floating one: 20:30 wherever one is.
    starts = datetime.combine(hour.day, hour.starts)
    made = Event()
    made.add("uid", f"{campaign.id}:earth-hour@earthweek")
    made.add("dtstamp", now)
    made.add("dtstart", starts)
    made.add("dtend", starts + LASTS)
    made.add("summary", "Earth Hour" if hour.confirmed else "Earth Hour (date not confirmed)")
    return made

"""Earth Hour as an event for a calendar (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign


def as_ics(campaign: Campaign, now: datetime) -> str:
    """Earth Hour alone, for somebody's own calendar."""
    built = calendar(campaign)
    built.add_component(event(campaign, now))
    return bytes(built.to_ical()).decode()


def calendar(campaign: Campaign) -> Calendar:
    """An empty calendar with the campaign's name."""
    built = Calendar()
    built.add("prodid", "-//earthweek//plan//EN")
    built.add("version", "2.0")
    built.add("x-wr-calname", campaign.title.get("en", campaign.id))
    return built


def event(campaign: Campaign, now: datetime) -> Event:
    """Earth Hour at the same local time wherever the calendar is opened."""
    hour = campaign.earth_hour
    # Without a zone the time is a floating one: 20:30 wherever one is.
    starts = datetime.combine(hour.day, hour.starts)
    built = Event()
    built.add("uid", f"{campaign.id}:earth-hour@earthweek")
    built.add("dtstamp", now)
    built.add("dtstart", starts)
    built.add("dtend", starts + LASTS)
    built.add("summary", "Earth Hour" if hour.confirmed else "Earth Hour (date not confirmed)")
    return built

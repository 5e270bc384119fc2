"""Earth Hour as a calendar file (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from icalendar import Calendar, Event

from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign


def as_ics(campaign: Campaign, now: datetime) -> str:
    """Make a calendar with Earth Hour alone, for people to import."""
    built = calendar(campaign)
    built.add_component(event(campaign, now))
    return bytes(built.to_ical()).decode()


def calendar(campaign: Campaign) -> Calendar:
    """Make an empty calendar with the campaign's name."""
    built = Calendar()
    built.add("prodid", "-//earthweek//plan//EN")
    built.add("version", "2.0")
    built.add("x-wr-calname", campaign.title.get("en", campaign.id))
    return built


def event(campaign: Campaign, now: datetime) -> Event:
    """Make the event, which is at the same local time wherever the calendar is opened."""
    hour = campaign.earth_hour
    # A time without a zone is a floating one: 20:30 wherever the reader is.
    starts = datetime.combine(hour.day, hour.starts)
    built = Event()
    # The same in both calendars, so that importing both makes one event.
    built.add("uid", f"{campaign.id}:earth-hour@earthweek")
    built.add("dtstamp", now)
    built.add("dtstart", starts)
    built.add("dtend", starts + LASTS)
    built.add("summary", "Earth Hour" if hour.confirmed else "Earth Hour (date not confirmed)")
    return built

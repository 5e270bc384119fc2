"""Calendar files (RFC 5545): Earth Hour alone, and the whole plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign
from bot.campaign.schedule import Slot
from bot.locales.catalogues import FALLBACK, campaign_words
from bot.messages.campaign_texts import campaign_title, post_text
from bot.reports.schedule import whom

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_LENGTH = timedelta(minutes=15)
"""Of a post's event, so that a calendar has room for its title."""


def earth_hour_as_ics(campaign: Campaign, now: datetime) -> str:
    """Make a calendar with Earth Hour alone, for people to import."""
    built = _calendar(campaign)
    built.add_component(_earth_hour(campaign, now))
    return bytes(built.to_ical()).decode()


def _calendar(campaign: Campaign) -> Calendar:
    """Make an empty calendar with the campaign's name."""
    from icalendar import Calendar  # noqa: PLC0415 - megabytes, for a file that few people ask for

    built = Calendar()
    built.add("prodid", "-//earthweek//plan//EN")
    built.add("version", "2.0")
    built.add("x-wr-calname", campaign_title(campaign, campaign_words(campaign, FALLBACK)))
    return built


def _earth_hour(campaign: Campaign, now: datetime) -> Event:
    """Make the event, which is at the same local time wherever the calendar is opened."""
    hour = campaign.earth_hour
    # A time without a zone is a floating one: 20:30 wherever the reader is.
    starts = datetime.combine(hour.day, hour.starts)
    from icalendar import Event  # noqa: PLC0415

    built = Event()
    # The same in both calendars, so that importing both makes one event.
    built.add("uid", f"{campaign.id}:earth-hour@earthweek")
    built.add("dtstamp", now)
    built.add("dtstart", starts)
    built.add("dtend", starts + LASTS)
    built.add("summary", "Earth Hour" if hour.confirmed else "Earth Hour (date not confirmed)")
    return built


def plan_as_ics(campaign: Campaign, slots: list[Slot], now: datetime) -> str:
    """Make a calendar with an event in UTC for every slot, and with Earth Hour."""
    built = _calendar(campaign)
    built.add_component(_earth_hour(campaign, now))
    for slot in slots:
        built.add_component(_post(campaign, slot, now))
    return bytes(built.to_ical()).decode()


def _post(campaign: Campaign, slot: Slot, now: datetime) -> Event:
    from icalendar import Event  # noqa: PLC0415

    event = Event()
    text = post_text(campaign, slot.post, campaign_words(campaign, slot.language), slot.country)
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

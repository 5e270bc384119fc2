"""Earth Hour, as `/earthweek earthhour` shows it."""

from __future__ import annotations

from datetime import date, datetime

from bot.campaign.earth_hour import LASTS
from bot.campaign.model import Campaign
from bot.messages.message import Message
from bot.messages.panels import said
from bot.messages.panels.rows import press
from bot.messages.words import Words

_BEFORE = ("earth_hour_join", "earth_hour_remind", "earth_hour_calendar")
_AFTER = ("earth_hour_did", "earth_hour_forgot", "earth_hour_other")


def draw(words: Words, campaign: Campaign, *, over: bool, begun: bool, may_join: bool) -> Message:
    """When it is in the reader's own time; and what can be done before it, or said after it."""
    hour = campaign.earth_hour
    ends = (datetime.combine(date.min, hour.starts) + LASTS).time()
    when = {"day": words.day(hour.day), "starts": words.time(hour.starts), "ends": words.time(ends)}
    text = words("earth_hour.over" if over else "earth_hour.when", **when)
    if not hour.confirmed:
        text = f"{text} {words('line.earth_hour_unconfirmed', date=words.day(hour.day))}"
    names = _AFTER if over else _BEFORE if may_join else () if begun else _BEFORE[2:]
    return said.told_with(text, *(press(words, name, campaign.id) for name in names))

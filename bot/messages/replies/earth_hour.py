"""The answer to `/earthweek earthhour`."""

from __future__ import annotations

from datetime import date, datetime

from bot.campaign.campaign_moment import Moment
from bot.campaign.earth_hour import LASTS
from bot.messages.button_availability import is_available
from bot.messages.message import Message
from bot.messages.replies.reply_blocks import action_button, text_message
from bot.messages.words import Words

_BUTTONS = (
    "earth_hour_join",
    "earth_hour_remind",
    "earth_hour_calendar",
    "earth_hour_did",
    "earth_hour_forgot",
    "earth_hour_other",
)


def draw(words: Words, at: Moment) -> Message:
    """Say when Earth Hour is, with the buttons that can be used before and after it."""
    campaign = at.campaign
    hour = campaign.earth_hour
    # `time` has no arithmetic of its own.
    ends = (datetime.combine(date.min, hour.starts) + LASTS).time()
    when = {"day": words.day(hour.day), "starts": words.time(hour.starts), "ends": words.time(ends)}
    text = words(_sentence_name(at), **when)
    if not hour.confirmed:
        text = f"{text} {words('line.earth_hour_unconfirmed', date=words.day(hour.day))}"
    return text_message(text, *(action_button(words, name, campaign.id) for name in _BUTTONS if is_available(name, at)))


def _sentence_name(at: Moment) -> str:
    if not at.hour_is_over:
        return "earth_hour.when"
    return "earth_hour.over" if at.is_open else "earth_hour.was"

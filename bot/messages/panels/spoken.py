"""Numbers, dates and places as sentences need them, in the form of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from babel.dates import format_date, get_timezone, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_percent

from bot.campaign.localtime import local
from bot.campaign.model import ANOTHER_COUNTRY, Campaign, Country
from bot.messages.blocks import escape
from bot.messages.words import Words

_HUNDRED = 100


def percent(words: Words, whole: int) -> str:
    """Whole per cent, such as 21 %."""
    return str(format_percent(whole / _HUNDRED, locale=words.locale))


def dated(words: Words, day: date) -> str:
    """A date with its year and without the weekday, such as 1 Jan 2027."""
    return str(format_date(day, "medium", locale=words.locale))


def listed(words: Words, names: Iterable[str]) -> str:
    """Names in a row, such as Denmark, Germany and Norway."""
    return str(format_list(list(names), locale=words.locale))


def days(words: Words, dates: Iterable[date]) -> str:
    """Dates in a row, such as Monday 15 March and Wednesday 17 March."""
    return listed(words, (words.short_day(day) for day in dates))


def place(words: Words, code: str | None) -> str:
    """The name of a place in mrkdwn: a country, another country, or none said."""
    if not code:
        return words("place.not_set")
    return words("place.another") if code == ANOTHER_COUNTRY else escape(words.country(code))


def named_representatives(words: Words, home: Country) -> str | None:
    """A sentence with the representatives of a country, mentioned; `None` where nobody is named."""
    if not home.representatives:
        return None
    names = listed(words, (f"<@{user}>" for user in home.representatives))
    return words.many("line.representatives", len(home.representatives), names=names)


def moment(words: Words, campaign: Campaign, at: datetime) -> dict[str, str]:
    """An instant as the placeholders `day`, `time` and `city`, on the company's clock."""
    wall = local(at, campaign.zone)
    city = get_timezone_location(get_timezone(campaign.zone), locale=words.locale, return_city=True)
    return {"day": words.day(wall.date()), "time": words.time(wall.time()), "city": str(city)}

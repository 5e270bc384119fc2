"""Numbers, dates, places and people as parts of sentences, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from unicodedata import combining, normalize

from babel.dates import format_date, get_timezone, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_percent

from bot.campaign.localtime import local
from bot.campaign.model import ANOTHER_COUNTRY, Campaign, Country
from bot.messages.blocks import escape
from bot.messages.words import Words
from bot.standings.published_figures import Band

_HUNDRED = 100
_AFTER_Z = {"da": "æøå", "fi": "åäö", "nb": "æøå", "nn": "æøå", "no": "æøå", "sv": "åäö"}
"""The letters that follow z in the North, in their order."""


def percent(words: Words, whole: int) -> str:
    """Format whole per cent, such as 21 %."""
    return str(format_percent(whole / _HUNDRED, locale=words.locale))


def medium_date(words: Words, day: date) -> str:
    """Format a date with its year and without the weekday, such as 1 Jan 2027."""
    return str(format_date(day, "medium", locale=words.locale))


def join_names(words: Words, names: Iterable[str]) -> str:
    """Join names, such as Denmark, Germany and Norway."""
    return str(format_list(list(names), locale=words.locale))


def sort_key(words: Words, name: str) -> str:
    """Return the key to sort names by: å and ö follow z in the North, and are an a and an o elsewhere, as é is an e."""
    last = _AFTER_Z.get(words.locale.language, "")
    return "".join(_sort_key(sign, last) for sign in normalize("NFC", name).casefold())


def _sort_key(letter: str, last: str) -> str:
    if letter in last:
        # The sign that follows z among the codes, the one after it, and the next.
        return chr(ord("z") + 1 + last.index(letter))
    return "".join(sign for sign in normalize("NFKD", letter) if not combining(sign))


def join_days(words: Words, dates: Iterable[date]) -> str:
    """Join dates, such as Monday 15 March and Wednesday 17 March."""
    return join_names(words, (words.short_day(day) for day in dates))


def place_name(words: Words, code: str | None) -> str:
    """Return the name of a country, escaped; also for another country, and for no country."""
    if not code:
        return words("place.not_set")
    return words("place.another") if code == ANOTHER_COUNTRY else escape(words.country(code))


def named_representatives(words: Words, home: Country) -> str | None:
    """Return a sentence that mentions the representatives of a country, or `None` if it has none."""
    if not home.representatives:
        return None
    names = join_names(words, (f"<@{user}>" for user in home.representatives))
    return words.plural("line.representatives", len(home.representatives), names=names)


def people_phrase(words: Words, figure: int | Band, smallest: int, headcount: int | None = None) -> str:
    """Return a number of colleagues within a sentence, such as "about 35 of 100 colleagues". It is never one."""
    of = {} if headcount is None else {"headcount": words.number(headcount)}
    match figure:
        case Band.FEW:
            return words("people.few_of" if of else "people.few", count=words.number(smallest), **of)
        case Band.NEARLY_ALL:
            return words("people.nearly_all_of" if of else "people.nearly_all", **of)
        case _:
            return words("people.about_of" if of else "people.about", count=words.number(figure), **of)


def capitalized(sentence: str) -> str:
    """Begin a sentence with a capital letter."""
    return sentence[:1].upper() + sentence[1:]


def moment_fields(words: Words, campaign: Campaign, at: datetime) -> dict[str, str]:
    """Return the values of the placeholders `day`, `time` and `city` for an instant, on the company's clock."""
    wall = local(at, campaign.zone)
    # The city says to readers in other zones on which clock the time is.
    city = get_timezone_location(get_timezone(campaign.zone), locale=words.locale, return_city=True)
    return {"day": words.day(wall.date()), "time": words.time(wall.time()), "city": str(city)}

"""Parses dates as people type them: 2026-12-01, 1.12., 1/12, 1 December, Monday, tomorrow, 2 weeks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from babel.dates import get_day_names, get_month_names

from bot.listeners.word_splitting import Token, key, phrases, plain, tokens, without
from bot.locales import catalogues

_WEEK = 7
_CENTURY = 2000
_HALF_A_YEAR = timedelta(days=183)
_MONTHS = 12

_ENDS = re.compile(r"^\W+|\W+$")
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})([-./])(?P<month>\d{1,2})\2(?P<day>\d{1,2})|(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})([-./])(?P<month>\d{1,2})(?:\2(?P<year>\d{4}|\d{2})?)?")
_ORDINAL = re.compile(r"(\d{1,2})(?::?(?:st|nd|rd|th|a|e|te))?")
_YEAR = re.compile(r"\d{4}")
_AMOUNT = re.compile(r"(\d{1,3})(\D+)")
_NUMBER = re.compile(r"\d{1,3}")
_NUMBERS = ("one", "two", "three", "four")
_UNITS = {"days": 1, "weeks": _WEEK}


def day(text: str, today: date) -> date | None:
    """Parse a date, as seen from a local `today`; `None` if it is ambiguous.

    The day stands before the month, as in all languages of the bot. Without a year it is the nearest such day, which
    can be in the past.
    """
    words = tokens(text)
    found = {
        meant
        for read in (_numeric, _named, _weekday, _from_now)
        for candidate in (words, without(words, "to", "please"))
        if (meant := _possible(read, candidate, today))
    }
    # Readings that differ make the date ambiguous.
    return found.pop() if len(found) == 1 else None


def _possible(read: Callable[[list[Token], date], date | None], words: list[Token], today: date) -> date | None:
    try:
        return read(words, today)
    except (ValueError, OverflowError):
        # There is no such day, such as 30 February.
        return None


def _numeric(words: list[Token], today: date) -> date | None:
    # Joined without spaces, because people write "1. 12. 2026".
    written = _ENDS.sub("", "".join(plain(token.written) for token in words))
    if found := _YEAR_FIRST.fullmatch(written):
        year, month, day_ = (int(found[name] or found[name[0]]) for name in ("year", "month", "day"))
        return date(year, month, day_)
    if found := _DAY_FIRST.fullmatch(written):
        first, second = int(found["day"]), int(found["month"])
        # 12/25 can only be meant as Americans write it.
        return _resolved(*((second, first) if second > _MONTHS else (first, second)), found["year"], today)
    return None


def _resolved(day_: int, month: int, year: str | None, today: date) -> date:
    if year:
        return date(int(year) if len(year) > len("26") else _CENTURY + int(year), month, day_)
    # In December "3 January" is next year's, in January "28 December" is the last one's.
    around = (today.year + more for more in (-1, 0, 1))
    return min(_in_years(day_, month, around), key=lambda each: abs(each - today))


def _in_years(day_: int, month: int, years: Iterator[int]) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, month, day_)
        except ValueError:
            # The 29th of February is not in every year.
            continue


def _named(words: list[Token], today: date) -> date | None:
    """Read dates such as 1 December, December 1st 2026."""
    figures = [token.clean.casefold() for token in words if token.clean[:1].isdigit()]
    months = [_months()[token.key] for token in words if token.key in _months()]
    rest = [token for token in words if not token.clean[:1].isdigit() and token.key not in _months()]
    weekdays = [_weekdays()[token.key] for token in rest if token.key in _weekdays()]
    if len(months) != 1 or any(token.key not in phrases("to") and token.key not in _weekdays() for token in rest):
        return None
    years = [figure for figure in figures if _YEAR.fullmatch(figure)]
    days = [found[1] for figure in figures if (found := _ORDINAL.fullmatch(figure))]
    if len(days) != 1 or len(days) + len(years) != len(figures) or len(years) > 1:
        return None
    found_day = _resolved(int(days[0]), months[0], years[0] if years else None, today)
    # A weekday that does not fit the date is a mistake in one of the two, and nobody knows in which.
    return found_day if all(weekday == found_day.weekday() for weekday in weekdays) else None


def _weekday(words: list[Token], today: date) -> date | None:
    """Read the name of a weekday as the next day of that name."""
    named = without(words, "to", "next")
    if len(named) != 1 or named[0].key not in _weekdays():
        return None
    # Always ahead: on a Monday, "Monday" is a week away, because nobody pauses until today.
    return today + timedelta(days=(_weekdays()[named[0].key] - today.weekday() - 1) % _WEEK + 1)


def _from_now(words: list[Token], today: date) -> date | None:
    """Read distances such as tomorrow, next week, 2 weeks, a week."""
    joined = "".join(token.key for token in words)
    named = {"today": 0, "tomorrow": 1, "after_tomorrow": 2, "next_week": _WEEK - today.weekday()}
    far = [days for name, days in named.items() if joined in phrases(name)]
    far += [days * times for name, days in _UNITS.items() for times, unit in _counted(words) if unit in phrases(name)]
    return today + timedelta(days=far[0]) if far else None


def _counted(words: list[Token]) -> Iterator[tuple[int, str]]:
    """Find numbers and units. In Norwegian, `to` is a little word and a number."""
    # As in "2weeks": no space between number and unit.
    if len(words) == 1 and (amount := _AMOUNT.fullmatch(words[0].key)):
        yield int(amount[1]), amount[2]
    if len(words) > 1 and all(token.key in phrases("to") for token in words[:-2]):
        number, unit = (token.key for token in words[-2:])
        yield from ((times, unit) for times, name in enumerate(_NUMBERS, 1) if number in phrases(name))
        if _NUMBER.fullmatch(number):
            yield int(number), unit


@cache
def _months() -> dict[str, int]:
    """Return the months by the keys of their long and short names, in every language."""
    return dict(_names(get_month_names))


@cache
def _weekdays() -> dict[str, int]:
    return dict(_names(get_day_names))


def _names(names: Callable[..., object]) -> Iterator[tuple[str, int]]:
    for language in catalogues.languages():
        for width in ("wide", "abbreviated"):
            # Some languages inflect months within a date, and people type either form.
            for context in ("format", "stand-alone"):
                found = names(width, context, locale=catalogues.words(language).locale)
                yield from ((key(str(name)), int(place)) for place, name in dict(found).items())  # type: ignore[call-overload]

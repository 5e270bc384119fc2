"""Parses dates as people type them: 2026-12-01, 1.12., 1/12, 1 December, Monday, tomorrow, 2 weeks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from babel import Locale
from babel.dates import get_day_names, get_month_names

from bot.listeners.typed_words import TypedWords
from bot.listeners.word_splitting import Token, key, plain, tokens

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


def day(text: str, today: date, known: TypedWords) -> date | None:
    """Parse a date, as seen from a local `today`; `None` if it is ambiguous.

    The day stands before the month, as in all languages of the bot. Without a year it is the nearest such day, which
    can be in the past.
    """
    words = tokens(text)
    found = {
        meant
        for read in (_numeric, _named, _weekday, _from_now)
        for candidate in (words, known.without(words, "to", "please"))
        if (meant := _possible(read, candidate, today, known))
    }
    # Readings that differ make the date ambiguous.
    return found.pop() if len(found) == 1 else None


_Read = Callable[[list[Token], date, TypedWords], date | None]


def _possible(read: _Read, words: list[Token], today: date, known: TypedWords) -> date | None:
    try:
        return read(words, today, known)
    except (ValueError, OverflowError):
        # There is no such day, such as 30 February.
        return None


def _numeric(words: list[Token], today: date, _known: TypedWords) -> date | None:
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


def _named(words: list[Token], today: date, known: TypedWords) -> date | None:
    """Read dates such as 1 December, December 1st 2026."""
    figures = [token.clean.casefold() for token in words if token.clean[:1].isdigit()]
    named_months, named_weekdays = _months(known.languages), _weekdays(known.languages)
    months = [named_months[token.key] for token in words if token.key in named_months]
    rest = [token for token in words if not token.clean[:1].isdigit() and token.key not in named_months]
    weekdays = [named_weekdays[token.key] for token in rest if token.key in named_weekdays]
    little = known.phrases("to") | named_weekdays.keys()
    if len(months) != 1 or any(token.key not in little for token in rest):
        return None
    years = [figure for figure in figures if _YEAR.fullmatch(figure)]
    days = [found[1] for figure in figures if (found := _ORDINAL.fullmatch(figure))]
    if len(days) != 1 or len(days) + len(years) != len(figures) or len(years) > 1:
        return None
    found_day = _resolved(int(days[0]), months[0], years[0] if years else None, today)
    # A weekday that does not fit the date is a mistake in one of the two, and nobody knows in which.
    return found_day if all(weekday == found_day.weekday() for weekday in weekdays) else None


def _weekday(words: list[Token], today: date, known: TypedWords) -> date | None:
    """Read the name of a weekday as the next day of that name."""
    named, weekdays = known.without(words, "to", "next"), _weekdays(known.languages)
    if len(named) != 1 or named[0].key not in weekdays:
        return None
    # Always ahead: on a Monday, "Monday" is a week away, because nobody pauses until today.
    return today + timedelta(days=(weekdays[named[0].key] - today.weekday() - 1) % _WEEK + 1)


def _from_now(words: list[Token], today: date, known: TypedWords) -> date | None:
    """Read distances such as tomorrow, next week, 2 weeks, a week."""
    joined = "".join(token.key for token in words)
    named = {"today": 0, "tomorrow": 1, "after_tomorrow": 2, "next_week": _WEEK - today.weekday()}
    far = [days for name, days in named.items() if joined in known.phrases(name)]
    counted = list(_counted(words, known))
    far += [days * times for name, days in _UNITS.items() for times, unit in counted if unit in known.phrases(name)]
    return today + timedelta(days=far[0]) if far else None


def _counted(words: list[Token], known: TypedWords) -> Iterator[tuple[int, str]]:
    """Find numbers and units. In Norwegian, `to` is a little word and a number."""
    # As in "2weeks": no space between number and unit.
    if len(words) == 1 and (amount := _AMOUNT.fullmatch(words[0].key)):
        yield int(amount[1]), amount[2]
    if len(words) > 1 and all(token.key in known.phrases("to") for token in words[:-2]):
        number, unit = (token.key for token in words[-2:])
        yield from ((times, unit) for times, name in enumerate(_NUMBERS, 1) if number in known.phrases(name))
        if _NUMBER.fullmatch(number):
            yield int(number), unit


@cache
def _months(languages: tuple[str, ...]) -> dict[str, int]:
    """Return the months by the keys of their long and short names, in every language."""
    return _by_key(get_month_names, languages)


@cache
def _weekdays(languages: tuple[str, ...]) -> dict[str, int]:
    return _by_key(get_day_names, languages)


def _by_key(names: Callable[..., object], languages: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, place in _names(names, languages):
        # The first language counts: short names in a language that a campaign brings may be words of the bot's own.
        found.setdefault(name, place)
    return found


def _names(names: Callable[..., object], languages: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for language in languages:
        locale = Locale.parse(language, sep="-")
        for width in ("wide", "abbreviated"):
            # Some languages inflect months within a date, and people type either form.
            for context in ("format", "stand-alone"):
                found = names(width, context, locale=locale)
                yield from ((key(str(name)), int(place)) for place, name in dict(found).items())  # type: ignore[call-overload]

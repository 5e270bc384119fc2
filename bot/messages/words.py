"""The bot's own words in one language, and numbers and dates as that language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from gettext import NullTranslations

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, match_skeleton
from babel.numbers import format_decimal

_ABBREVIATED = (("E+", "EEEE"), ("c+", "cccc"), ("MMM+", "MMMM"))
"""Fields of CLDR date patterns that abbreviate, and their full forms."""

_EUROPEAN = {"en": "en_GB"}
"""English dates and times are formatted as colleagues in Europe write them: the day before the month, and 24 hours."""

_CACHED = 4096
"""Numbers, dates or times that are kept as they are written; a campaign has some hundreds in all its languages."""


@dataclass(frozen=True)
class Words:
    """The words of a language, looked up by their name in the catalogue, such as `button.join`."""

    language: str
    locale: Locale
    catalogue: NullTranslations

    def __call__(self, name: str, **values: str) -> str:
        """Look up a message and fill in its placeholders."""
        return self.catalogue.gettext(name).format(**values)

    def plural(self, name: str, count: int, **values: str) -> str:
        """Look up a message in its plural form for `count`, which is also a placeholder."""
        # Without an entry gettext returns the name itself, which a test of the catalogues finds.
        return self.catalogue.ngettext(name, name, count).format(count=self.number(count), **values)

    def number(self, number: float) -> str:
        """Format a number."""
        return _number(self.locale, number)

    def day(self, day: date) -> str:
        """Format a date with its weekday and year."""
        return _date(self.locale, day, "full")

    def short_day(self, day: date) -> str:
        """Format a date with its weekday and without the year, such as Wednesday 17 March."""
        return _date(self.locale, day, _short(self.locale))

    def weekday(self, day: date) -> str:
        """Return the weekday of a date, such as Wednesday."""
        return _date(self.locale, day, "EEEE")

    def time(self, at: time) -> str:
        """Format a time of day in hours and minutes."""
        return _time(self.locale, at)

    def country(self, code: str) -> str:
        """Return the name of a country, or its code where the language has no name for it."""
        return str(self.locale.territories.get(code, code))

    def language_name(self, language: str) -> str:
        """Return the name of a language."""
        return str(self.locale.languages.get(language, language))


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """Return how a language writes dates, numbers and names; the English way where Babel does not know it."""
    try:
        return Locale.parse(_EUROPEAN.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        # A campaign may use a code that Babel does not know.
        return locale_of("en")


# Cached, because babel takes longer for the numbers and dates of a form than the database for what is in it.
@lru_cache(_CACHED)
def _number(locale: Locale, number: float) -> str:
    return format_decimal(number, locale=locale)


@lru_cache(_CACHED)
def _date(locale: Locale, day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=locale)


@lru_cache(_CACHED)
def _time(locale: Locale, at: time) -> str:
    return format_time(at, "short", locale=locale)


@lru_cache(_CACHED)
def _short(locale: Locale) -> str:
    """Return the pattern of a date with its weekday and without the year.

    Nothing is abbreviated: a sentence that ends with an abbreviation would end with two full stops.
    """
    known = locale.datetime_skeletons
    matched = match_skeleton("MMMMEd", known)
    pattern = str(known[matched].pattern) if matched else "full"
    for field, whole in _ABBREVIATED:
        pattern = re.sub(field, whole, pattern)
    return pattern

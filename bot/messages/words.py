"""The bot's own words in one language, and numbers and dates as that language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_time, match_skeleton
from babel.numbers import format_decimal

_ABBREVIATED = (("E+", "EEEE"), ("MMM+", "MMMM"))
"""Fields of CLDR date patterns that abbreviate, and their full forms."""


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
        return format_decimal(number, locale=self.locale)

    def day(self, day: date) -> str:
        """Format a date with its weekday and year."""
        return format_date(day, "full", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Format a date with its weekday and without the year, such as Wednesday 17 March.

        Nothing is abbreviated: a sentence that ends with an abbreviation would end with two full stops.
        """
        known = self.locale.datetime_skeletons
        matched = match_skeleton("MMMMEd", known)
        pattern = str(known[matched].pattern) if matched else "full"
        for field, whole in _ABBREVIATED:
            pattern = re.sub(field, whole, pattern)
        return format_date(day, pattern, locale=self.locale)

    def time(self, at: time) -> str:
        """Format a time of day in hours and minutes."""
        return format_time(at, "short", locale=self.locale)

    def country(self, code: str) -> str:
        """Return the name of a country, or its code where the language has no name for it."""
        return str(self.locale.territories.get(code, code))

    def language_name(self, language: str) -> str:
        """Return the name of a language."""
        return str(self.locale.languages.get(language, language))

"""The bot's own words in one language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_time, match_skeleton
from babel.numbers import format_decimal

_ABBREVIATED = (("E+", "EEEE"), ("MMM+", "MMMM"))
"""The fields of a date pattern that may be abbreviated, and how they are written out."""


@dataclass(frozen=True)
class Words:
    """Looks up a message by its name in the catalogue, such as `button.join`."""

    language: str
    locale: Locale
    catalogue: NullTranslations

    def __call__(self, name: str, **values: str) -> str:
        """The message with its placeholders filled in."""
        return self.catalogue.gettext(name).format(**values)

    def plural(self, name: str, count: int, **values: str) -> str:
        """The message in the form for this number, which is its placeholder `count`."""
        return self.catalogue.ngettext(name, name, count).format(count=self.number(count), **values)

    def number(self, number: float) -> str:
        """A number as people of this language write it."""
        return format_decimal(number, locale=self.locale)

    def day(self, day: date) -> str:
        """A date written out with its weekday."""
        return format_date(day, "full", locale=self.locale)

    def short_day(self, day: date) -> str:
        """A date with its weekday and without the year, such as Wednesday 17 March.

        Nothing in it is abbreviated: a sentence may end with it, and would end with two full stops.
        """
        known = self.locale.datetime_skeletons
        matched = match_skeleton("MMMMEd", known)
        pattern = str(known[matched].pattern) if matched else "full"
        for field, whole in _ABBREVIATED:
            pattern = re.sub(field, whole, pattern)
        return format_date(day, pattern, locale=self.locale)

    def time(self, at: time) -> str:
        """A time of day in hours and minutes."""
        return format_time(at, "short", locale=self.locale)

    def country(self, code: str) -> str:
        """The name of a country, or its code where the language has no name for it."""
        return str(self.locale.territories.get(code, code))

    def language_name(self, language: str) -> str:
        """The name of a language."""
        return str(self.locale.languages.get(language, language))

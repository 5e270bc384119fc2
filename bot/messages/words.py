"""The bot's own words in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date


@dataclass(frozen=True)
class Words:
    """Looks up a message by its name in the catalogue, such as `button.join`."""

    language: str
    locale: Locale
    catalogue: NullTranslations

    def __call__(self, name: str, **values: str) -> str:
        """The message with its placeholders filled in."""
        return self.catalogue.gettext(name).format(**values)

    def day(self, day: date) -> str:
        """A date written out with its weekday, as people of this language write it."""
        return format_date(day, "full", locale=self.locale)

"""Loads the gettext catalogues from the `.po` files, so that there are no compiled copies to keep up to date."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache, lru_cache
from gettext import GNUTranslations
from importlib import resources

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.messages.words import Words

FALLBACK = "en"

_NORWEGIAN = {"no": "nb", "nn": "nb"}
"""Slack says `no-NO` for Norwegian, and readers of Nynorsk read Bokmål more easily than English."""

_EUROPEAN = {"en": "en_GB"}
"""English dates and times are formatted as colleagues in Europe write them: the day before the month, and 24 hours."""


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a catalogue."""
    folder = resources.files("bot.locales")
    return tuple(sorted(item.name for item in folder.iterdir() if (item / "LC_MESSAGES").is_dir()))


@lru_cache(maxsize=64)
def words(language: str) -> Words:
    """Load the words of a language. Without a catalogue of its own, it gets a related language's, or English ones."""
    chosen = _nearest(language) or FALLBACK
    # The locale stays the reader's even without a catalogue: dates and numbers are right, and only words are English.
    return Words(language=language, locale=_locale(language), catalogue=_catalogue(chosen))


def speaks(language: str) -> bool:
    """Return whether a language has a catalogue, or a related one. Otherwise the bot's own words are English."""
    return _nearest(language) is not None


def _nearest(language: str) -> str | None:
    supported = languages()
    # Campaigns write `de-AT`, Babel `de_AT`.
    base = language.replace("-", "_").split("_")[0]
    return next((code for code in (language, base, _NORWEGIAN.get(base)) if code in supported), None)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_EUROPEAN.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        # A campaign may use a code that Babel does not know.
        return _locale(FALLBACK)


@cache
def _catalogue(language: str) -> GNUTranslations:
    whole = Catalog(locale=language)
    for text in _texts(language):
        part = read_po(io.BytesIO(text), locale=language)
        for message in part:
            # The message without an ID is the header of the file.
            if message.id:
                whole[message.id] = message
    # `gettext` reads only compiled catalogues, which are made in memory.
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _texts(language: str) -> Iterator[bytes]:
    folder = resources.files("bot.locales") / language / "LC_MESSAGES"
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".po"):
            yield item.read_bytes()

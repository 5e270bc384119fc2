"""Reads the catalogues as translators wrote them; there is no compiled copy to forget."""

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
"""Plain English is written with the day before the month and 24 hours, as colleagues in Europe read it."""


@cache
def languages() -> tuple[str, ...]:
    """The languages the bot itself speaks, by code."""
    folder = resources.files("bot.locales")
    return tuple(sorted(item.name for item in folder.iterdir() if (item / "LC_MESSAGES").is_dir()))


@lru_cache(maxsize=64)
def words(language: str) -> Words:
    """The bot's words in a language; a language the bot does not speak gets its parent's, then English ones."""
    chosen = _nearest(language) or FALLBACK
    return Words(language=language, locale=_locale(language), catalogue=_catalogue(chosen))


def speaks(language: str) -> bool:
    """Whether the bot has words of its own in a language; otherwise its buttons there are English."""
    return _nearest(language) is not None


def _nearest(language: str) -> str | None:
    spoken = languages()
    base = language.replace("-", "_").split("_")[0]
    return next((code for code in (language, base, _NORWEGIAN.get(base)) if code in spoken), None)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_EUROPEAN.get(language, language).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return _locale(FALLBACK)


@cache
def _catalogue(language: str) -> GNUTranslations:
    whole = Catalog(locale=language)
    for text in _texts(language):
        part = read_po(io.BytesIO(text), locale=language)
        for message in part:
            # The nameless one is a file's header.
            if message.id:
                whole[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _texts(language: str) -> Iterator[bytes]:
    folder = resources.files("bot.locales") / language / "LC_MESSAGES"
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".po"):
            yield item.read_bytes()

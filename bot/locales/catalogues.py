"""Loads the bot's own words: gettext catalogues in `.po` files, and what a campaign brings in `words/`.

There are no compiled copies to keep up to date.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.campaign.bot_words import BotWords, Sentence, Vocabulary, nearest, plural_forms
from bot.campaign.model import Campaign
from bot.messages.words import Words, locale_of

FALLBACK = "en"

_CACHED = 64


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a catalogue."""
    folder = resources.files("bot.locales")
    return tuple(sorted(item.name for item in folder.iterdir() if (item / "LC_MESSAGES").is_dir()))


@cache
def vocabulary() -> Vocabulary:
    """Return the bot's own sentences in English, and the languages that have a catalogue."""
    return Vocabulary(tuple(map(_sentence, _messages(FALLBACK))), languages())


def campaign_words(campaign: Campaign, language: str) -> Words:
    """Load the words of a language: the campaign's first, then the bot's own, or all in English."""
    own = nearest(language, campaign.bot_words.by_language)
    return _with_own(campaign.bot_words, own, language) if own else words(language)


@lru_cache(_CACHED)
def words(language: str) -> Words:
    """Load the bot's own words of a language. Without a catalogue, it gets a related language's, or English ones."""
    chosen = nearest(language, languages()) or FALLBACK
    # Dates and numbers are those of the words around them: a Polish date in an English sentence is neither.
    near = language if _base(language) == chosen else chosen
    return Words(language=language, locale=locale_of(near), catalogue=_catalogue(chosen))


@lru_cache(_CACHED)
def _with_own(brought: BotWords, own: str, language: str) -> Words:
    catalogue = _Brought(own, brought.by_language[own], words(own).catalogue)
    return Words(language=language, locale=locale_of(own), catalogue=catalogue)


class _Brought(NullTranslations):
    """Words that a campaign brings, before those that the bot has."""

    def __init__(self, language: str, texts: Mapping[str, str], others: NullTranslations) -> None:
        super().__init__()
        self._texts = texts
        self._form = Locale.parse(language, sep="-").plural_form
        self._last = list(plural_forms(language))[-1]
        self.add_fallback(others)

    def gettext(self, message: str) -> str:
        return self._texts.get(message) or super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = (self._form(n), self._last)
        found = next((text for form in forms if (text := self._texts.get(f"{msgid1}.{form}"))), None)
        return found or super().ngettext(msgid1, msgid2, n)


def _base(language: str) -> str:
    return language.replace("-", "_").split("_")[0]


@cache
def _catalogue(language: str) -> GNUTranslations:
    whole = Catalog(locale=language)
    for message in _messages(language):
        whole[message.id] = message
    # `gettext` reads only compiled catalogues, which are made in memory.
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _messages(language: str) -> Iterator[Message]:
    for text in _texts(language):
        # The message without an ID is the header of the file.
        yield from (message for message in read_po(io.BytesIO(text), locale=language) if message.id)


def _sentence(message: Message) -> Sentence:
    name, texts = (message.id, message.string)
    return Sentence(
        name=name if isinstance(name, str) else name[0],
        texts=(texts,) if isinstance(texts, str) else tuple(texts or ()),
        note="\n".join(message.auto_comments),
    )


def _texts(language: str) -> Iterator[bytes]:
    folder = resources.files("bot.locales") / language / "LC_MESSAGES"
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.name.endswith(".po"):
            yield item.read_bytes()

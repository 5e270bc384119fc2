"""Finds countries and languages by their codes, and by their names in their own and in the bot's languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from bot.campaign.model import ANOTHER_COUNTRY, Campaign
from bot.listeners.typed_words import TypedWords
from bot.listeners.word_splitting import key, plain, tokens
from bot.locales import catalogues

_LITTLE_WORDS = ("to", "please")
_MACROLANGUAGES = ("no",)
"""Languages of which the bot has one form: Norwegian is Bokmål."""

_LOCALE = re.compile(r"[a-z]{2,3}[-_][a-z]{2,4}", re.IGNORECASE)


def country(campaign: Campaign, text: str) -> str | None:
    """Find a country of the campaign by its name, or the choice of another country."""
    codes, known = [each.code for each in campaign.countries], TypedWords(campaign.bot_words)
    for asked in _readings(text, known):
        if asked in known.phrases("another_country") or asked == key(ANOTHER_COUNTRY):
            return ANOTHER_COUNTRY
        if found := next((code for code in codes if asked in _keys_of_country(code, campaign.languages)), None):
            return found
    return None


def language(campaign: Campaign, text: str) -> str | None:
    """Find a language of the campaign by its name. A related one, such as Nynorsk, stands for it."""
    known = TypedWords(campaign.bot_words)
    for asked in _readings(text, known):
        # One name can be that of several codes, of which the campaign may have one.
        for code in _codes_by_key(campaign.languages).get(asked, ()):
            if found := campaign.language_of(code):
                return found
    locale = plain(text).strip()
    if _LOCALE.fullmatch(locale):
        return campaign.language_of(locale.lower())
    # A flag is that of a country, and a Dane may type DK.
    asked_for = set(_readings(text, known))
    return next((each.languages[0] for each in campaign.countries if key(each.code) in asked_for), None)


@cache
def language_keys(speakers: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of the names of languages, in each of them.

    Codes are left out: `no` and `da` are words.
    """
    codes = (*(each.replace("-", "_") for each in speakers), *_MACROLANGUAGES)
    return frozenset(key(str(_locale(each).languages.get(code, code))) for each in speakers for code in codes)


def _readings(text: str, known: TypedWords) -> Iterator[str]:
    """Join the words into a key: first all of them, since a code can be a little word, then without little words."""
    words = tokens(text)
    for read in (words, known.without(words, *_LITTLE_WORDS)):
        yield "".join(token.key for token in read)


@cache
def _keys_of_country(code: str, offered: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of a country's names in the bot's languages, the offered ones and its own, and of its codes."""
    speakers = (*catalogues.languages(), *offered, *get_official_languages(code, de_facto=True))
    # Also in the country's own languages, which the bot may not speak.
    names = (str(_locale(each).territories.get(code, code)) for each in speakers)
    # Such as UK for GB, which many people type.
    aliases = (alias for alias, codes in get_global("territory_aliases").items() if codes == [code])
    return frozenset(map(key, (code, *names, *aliases)))


@cache
def _codes_by_key(offered: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Language codes by the keys of their names, in the languages of the bot and in the `offered` ones."""
    found: dict[str, list[str]] = {}
    for speaker in (*catalogues.languages(), *offered):
        for code, name in _locale(speaker).languages.items():
            found.setdefault(key(str(name)), []).append(str(code))
    for alias, code in get_global("language_aliases").items():
        found.setdefault(key(str(alias)), []).append(str(code))
    for code in _locale("en").languages:
        # A code beats the name of another language that is spelled the same.
        found.setdefault(key(str(code)), []).insert(0, str(code))
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale("en")

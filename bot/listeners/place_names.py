"""Countries and languages by what people call them: in any language of the bot, in their own, and by their codes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from bot.campaign.model import ANOTHER_COUNTRY, Campaign
from bot.listeners.tokens import key, phrases, plain, tokens, without
from bot.locales import catalogues

_LITTLE = ("to", "please")
_FAMILIES = ("no",)
"""What the bot has a form of: who asks for Norwegian gets Bokmål."""

_LOCALE = re.compile(r"[a-z]{2,3}[-_][a-z]{2,4}", re.IGNORECASE)


def country(campaign: Campaign, text: str) -> str | None:
    """The campaign's country of that name, or another country where somebody says so."""
    codes = [each.code for each in campaign.countries]
    for asked in _readings(text):
        if asked in phrases("another_country") or asked == key(ANOTHER_COUNTRY):
            return ANOTHER_COUNTRY
        if found := next((code for code in codes if asked in _called(code)), None):
            return found
    return None


def language(campaign: Campaign, text: str) -> str | None:
    """The campaign's language of that name; a form of it, such as Nynorsk, stands for the one there is."""
    for asked in _readings(text):
        for code in _tongues(campaign.languages).get(asked, ()):
            if found := campaign.language_of(code):
                return found
    locale = plain(text).strip()
    if _LOCALE.fullmatch(locale):
        return campaign.language_of(locale.lower())
    # A flag is a country's, and DK is what a Dane types.
    asked_for = set(_readings(text))
    return next((each.languages[0] for each in campaign.countries if key(each.code) in asked_for), None)


@cache
def spoken() -> frozenset[str]:
    """The keys of the names of the bot's own languages, in each of them; no codes: `no` and `da` say something else."""
    speakers, codes = catalogues.languages(), (*catalogues.languages(), *_FAMILIES)
    return frozenset(key(str(_locale(each).languages[code])) for each in speakers for code in codes)


def _readings(text: str) -> Iterator[str]:
    """What was typed as one key: as it is, since a code may be a little word elsewhere, then without little words."""
    words = tokens(text)
    for read in (words, without(words, *_LITTLE)):
        yield "".join(token.key for token in read)


@cache
def _called(code: str) -> frozenset[str]:
    """The keys of a country's names, in the languages of the bot and in its own, and of its codes."""
    speakers = (*catalogues.languages(), *get_official_languages(code, de_facto=True))
    names = (str(_locale(each).territories.get(code, code)) for each in speakers)
    aliases = (alias for alias, codes in get_global("territory_aliases").items() if codes == [code])
    return frozenset(map(key, (code, *names, *aliases)))


@cache
def _tongues(offered: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """The codes of the languages that have a name, by its key; those that are offered with their own name for each."""
    found: dict[str, list[str]] = {}
    for speaker in (*catalogues.languages(), *offered):
        for code, name in _locale(speaker).languages.items():
            found.setdefault(key(str(name)), []).append(str(code))
    for alias, code in get_global("language_aliases").items():
        found.setdefault(key(str(alias)), []).append(str(code))
    for code in _locale("en").languages:
        found.setdefault(key(str(code)), []).insert(0, str(code))
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-" if "-" in language else "_")
    except (UnknownLocaleError, ValueError):
        return Locale("en")

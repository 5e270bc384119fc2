"""Names of languages and countries, and the language of the page itself."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError

from bot.messages.words import Words

PAGE = "en-GB"
"""The language of the page's own labels: it is for the people who run the campaign."""


def language_name(language: str) -> str:
    """Return the name of a language in that language, such as Svenska, or its code where nobody knows it."""
    try:
        # Not the locale of the bot's words, which are English where it has none of its own.
        name = Locale.parse(language, sep="-").get_language_name() or language
    except (UnknownLocaleError, ValueError):
        name = language
    return name[:1].upper() + name[1:]


def country_name(spoken: Words, code: str) -> str:
    """Return the name of a country in a language."""
    return str(spoken.locale.territories.get(code, code))

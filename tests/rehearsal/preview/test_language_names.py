from __future__ import annotations

from bot.locales.catalogues import words
from rehearsal.preview.language_names import country_name, language_name


def test_languages_are_named_in_themselves() -> None:
    assert [language_name(each) for each in ("sv", "de", "fi", "xx")] == ["Svenska", "Deutsch", "Suomi", "Xx"]


def test_countries_are_named_in_the_readers_language() -> None:
    assert country_name(words("sv"), "DE") == "Tyskland"
    assert country_name(words("sv"), "XX") == "XX"

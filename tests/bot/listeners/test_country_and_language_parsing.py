from __future__ import annotations

import pytest

from bot.listeners import country_and_language_parsing
from bot.locales.catalogues import languages
from tests.campaigns import shipped_campaign


@pytest.mark.parametrize(
    ("text", "code"), [("Sverige", "SE"), ("to germany please", "DE"), ("no", "NO"), ("🇩🇰", "DK"), ("Atlantis", None)]
)
def test_countries_are_found_by_code_name_or_flag(text: str, code: str | None) -> None:
    assert country_and_language_parsing.country(shipped_campaign(), text) == code


@pytest.mark.parametrize(
    ("text", "code"), [("svenska", "sv"), ("German", "de"), ("nynorsk", "nb"), ("DK", "da"), ("Klingon!", None)]
)
def test_languages_are_found_by_name_or_country(text: str, code: str | None) -> None:
    assert country_and_language_parsing.language(shipped_campaign(), text) == code


def test_language_codes_that_are_words_are_left_out() -> None:
    assert "deutsch" in country_and_language_parsing.language_keys(languages())
    assert not {"no", "da"} & country_and_language_parsing.language_keys(languages())

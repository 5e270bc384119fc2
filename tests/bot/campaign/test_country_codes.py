from __future__ import annotations

from datetime import date

import pytest
from babel.core import get_global

from bot.campaign import country_codes

DAY = date(2028, 3, 20)


def test_country_groups_and_small_letters_are_no_country() -> None:
    known = [code for code in ("SE", "GB", "EU", "ZZ", "se", "150") if country_codes.is_country(code)]
    assert known == ["SE", "GB"]


@pytest.mark.parametrize(
    ("written", "code"), [("se", "SE"), ("sw", "SE"), ("UK", "GB"), ("da", "DK"), (" Norway ", "NO"), ("nowhere", None)]
)
def test_country_written_in_another_way_is_guessed(written: str, code: str | None) -> None:
    assert country_codes.meant(written) == code


def test_a_zone_belongs_to_its_country() -> None:
    assert country_codes.of_zone("Europe/Oslo") == "NO"
    assert country_codes.of_zone("UTC") is None
    assert "Europe/Berlin" in country_codes.zones("DE")


@pytest.mark.parametrize(
    ("code", "zone"),
    [("FI", "Europe/Helsinki"), ("IN", "Asia/Kolkata"), ("BR", "America/Sao_Paulo"), ("DE", "Europe/Berlin")],
)
def test_main_zone_is_where_most_people_live(code: str, zone: str) -> None:
    assert country_codes.main_zone(code) == zone


def test_main_zone_is_one_of_the_country() -> None:
    codes = [code for code in get_global("territory_zones") if country_codes.is_country(code)]
    assert [code for code in codes if country_codes.main_zone(code) not in country_codes.zones(code)] == []


def test_clocks_differ_in_some_countries() -> None:
    several = [code for code in ("BR", "US", "ES", "DE", "CY", "IN") if country_codes.has_several_clocks(code, DAY)]
    assert several == ["BR", "US", "ES"]


def test_languages_are_official_ones() -> None:
    assert country_codes.languages_of("FI", ["en", "sv", "fi"]) == ["fi", "sv"]
    assert country_codes.languages_of("BR", ["en", "pt-BR"]) == ["pt-BR"]
    assert country_codes.languages_of("US", ["en"]) == ["en"]
    assert country_codes.languages_of("PL", ["en", "fi"]) == []

from __future__ import annotations

import pytest

from bot.campaign import country_codes


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

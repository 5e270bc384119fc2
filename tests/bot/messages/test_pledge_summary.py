from __future__ import annotations

import pytest

from bot.campaign.model import Campaign
from bot.messages.modals.pledge_summary import draw_source

from .modal_samples import (
    BIKE,
    ENGLISH,
    text_of,
)


def reasons(campaign: Campaign, pledge: str, country: str | None) -> str:
    made = campaign.pledge(pledge)
    assert made
    return text_of(draw_source(ENGLISH, campaign, made, country))


def test_the_reasons_name_range_source_evidence_and_version(shipped: Campaign) -> None:
    said = reasons(shipped, BIKE, "SE")
    assert "0.07 to 1.7 kg CO₂e per 10 km" in said
    assert "Source: Klimatsmart Semester (Chalmers), 2017" in said
    assert "published sources" in said
    assert shipped.factors_version in said


def test_the_source_is_that_of_the_country(shipped: Campaign) -> None:
    common = "<https://www.gov.uk/government/collections/government-conversion-factors-for-company-reporting|UK DESNZ"
    assert "Source: Aarhus University, 2024" in reasons(shipped, BIKE, "DK")
    assert [common in reasons(shipped, BIKE, country) for country in ("DK", "FI", None)] == [False, True, True]


@pytest.mark.parametrize("country", ["SE", "NO", "DK", "DE", None])
def test_the_licence_of_the_grids_is_named(shipped: Campaign, country: str | None) -> None:
    said = reasons(shipped, "air_dry_one_load", country)
    assert "grid electricity 2025: Ember via Our World in Data, CC BY 4.0" in said


def test_what_is_partly_judgement_is_said_to_be(shipped: Campaign) -> None:
    assert "partly our own judgement" in reasons(shipped, "car_free_week", "SE")


def test_reasons_say_when_figure_is_the_countrys_own(shipped: Campaign) -> None:
    assert "Germany" in reasons(shipped, "air_dry_one_load", "DE")
    assert "from country to country" in reasons(shipped, "air_dry_one_load", None)
    assert "from country to country" not in reasons(shipped, BIKE, None)
    assert "in other countries" not in reasons(shipped, "vegetarian_day", "DE")


def test_what_is_symbolic_has_no_range(shipped: Campaign) -> None:
    assert "Range" not in reasons(shipped, "earth_hour_lights_off", "SE")

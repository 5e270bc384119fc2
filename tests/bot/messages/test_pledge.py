from __future__ import annotations

from bot.campaign.model import Campaign
from bot.messages.modals.pledge import draw_source

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
    assert "0.1 to 3.4 kg CO₂e per 10 km" in said
    assert "<https://www.gov.uk/government/collections/government-conversion-factors-for-company-reporting|" in said
    assert "published sources" in said
    assert "2027.2" in said


def test_what_is_partly_judgement_is_said_to_be(shipped: Campaign) -> None:
    assert "partly our own judgement" in reasons(shipped, "car_free_week", "SE")


def test_reasons_say_when_figure_is_the_countrys_own(shipped: Campaign) -> None:
    assert "for Germany" in reasons(shipped, "air_dry_one_load", "DE")
    assert "from country to country" in reasons(shipped, "air_dry_one_load", None)
    assert "in other countries" not in reasons(shipped, BIKE, "DE")


def test_what_is_symbolic_has_no_range(shipped: Campaign) -> None:
    assert "Range" not in reasons(shipped, "earth_hour_lights_off", "SE")

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.campaign.model import Campaign, Pledge
from bot.campaign.pledge_suggestions import suggested
from tests.campaigns import shipped_campaign


@pytest.fixture
def campaign() -> Campaign:
    """The shipped campaign with five pledges that differ in what they are."""
    first = shipped_campaign().pledge("bike_or_walk_10km")
    assert first
    made = (
        pledge(first, "cup", 1, easy=True, fun=True),
        pledge(first, "flight", 200),
        pledge(first, "heat", 5, easy=True, kg_by_country={"NO": 0.5}),
        pledge(first, "train", 60),
        pledge(first, "walk", 2, fun=True),
        pledge(first, "dark", 0, easy=True, low=0, high=0),
    )
    return replace(shipped_campaign(), pledges=made)


def pledge(like: Pledge, name: str, kg: float, **more: object) -> Pledge:
    usual = {"id": name, "kg": kg, "low": 0.0, "high": 300.0, "kg_by_country": {}, "easy": False, "fun": False}
    return like.model_copy(update={**usual, **more})


def names(campaign: Campaign, country: str | None, *own: str) -> dict[str, str]:
    return {name: each.id for name, each in suggested(campaign, country, own).items()}


def test_one_of_each_saves_most_in_the_country(campaign: Campaign) -> None:
    assert names(campaign, "SE") == {"big": "flight", "easy": "heat", "fun": "walk"}
    assert names(campaign, "NO") == {"big": "flight", "easy": "cup", "fun": "walk"}


def test_what_somebody_has_is_not_proposed(campaign: Campaign) -> None:
    assert names(campaign, "SE", "flight", "heat", "walk") == {"big": "train", "easy": "cup"}


def test_nothing_is_proposed_twice(campaign: Campaign) -> None:
    assert names(campaign, "SE", "flight", "train", "walk") == {"big": "heat", "easy": "cup"}


def test_what_saves_nothing_is_never_the_big_one(campaign: Campaign) -> None:
    own = ("cup", "flight", "heat", "train", "walk")
    assert names(campaign, "SE", *own) == {"easy": "dark"}
    assert names(campaign, "SE", *own, "dark") == {}


def test_what_a_country_leaves_out_is_not_proposed(campaign: Campaign) -> None:
    left_out = tuple(each.model_copy(update={"left_out": ("SE",)}) for each in campaign.pledges)
    assert names(replace(campaign, pledges=left_out), "SE") == {}

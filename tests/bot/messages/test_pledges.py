from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.campaign.model import Campaign, Pledge
from bot.messages.modals import pledges
from bot.messages.modals.modal import View
from rehearsal.slack.block_validation import view_problems

from .modal_samples import (
    BIKE,
    ENGLISH,
    LAPTOP,
    LARGEST_VIEW,
    block,
    crowded,
    text_of,
)


def offered(view: View) -> list[str]:
    return [str(each["block_id"]).removeprefix("pledge:") for each in view["blocks"] if each["type"] == "section"][1:]


def _label(pledge: Pledge, country: str | None) -> str:
    kilograms = pledge.weight(country)
    return "high" if kilograms >= 40 else "medium" if kilograms >= 1 else "low" if kilograms else "symbolic"


def pages(campaign: Campaign) -> Iterator[View]:
    """Every page, as somebody turns them."""
    page: str | None = "0"
    while page is not None:
        view = pledges.draw(ENGLISH, campaign, "SE", (), int(page))
        yield view
        page = next((turn for turn in turns(view) if int(turn) > int(page or 0)), None)


def turns(view: View) -> list[str]:
    found = [each for each in view["blocks"] if each["block_id"] == "pages"]
    return [each["value"] for row in found for each in row["elements"]]


@pytest.mark.parametrize("country", ["SE", "NO", "DK", "DE", "ZZ", None])
def test_largest_saving_in_the_readers_country_comes_first(shipped: Campaign, country: str | None) -> None:
    backwards = replace(shipped, pledges=tuple(reversed(shipped.pledges)))
    view = pledges.draw(ENGLISH, backwards, country, ())
    headings = [each["text"]["text"] for each in view["blocks"] if each["type"] == "header"]
    assert headings == ["High impact", "Medium impact", "Low impact", "Symbolic"]
    found = [pledge for name in offered(view) if (pledge := shipped.pledge(name))]
    assert len(found) == len(shipped.pledges)
    weights = [pledge.weight(country) for pledge in found]
    assert weights == sorted(weights, reverse=True)
    assert [each.impact(country) for each in found] == [_label(pledge, country) for pledge in found]


def test_pledge_impact_depends_on_the_country(shipped: Campaign) -> None:
    dryer = shipped.pledge("air_dry_one_load")
    assert dryer
    assert [dryer.impact(country) for country in ("DE", "DK", "SE", "NO", None)] == [
        "medium",
        "low",
        "low",
        "low",
        "low",
    ]


def test_reader_without_country_is_pointed_to_the_command(shipped: Campaign) -> None:
    assert "/earthweek country" in block(pledges.draw(ENGLISH, shipped, None, ()), "intro")["text"]["text"]
    assert "/earthweek country" not in block(pledges.draw(ENGLISH, shipped, "SE", ()), "intro")["text"]["text"]


def test_yearly_pledge_is_described_as_decided_now(shipped: Campaign) -> None:
    said = {
        name: block(pledges.draw(ENGLISH, shipped, "SE", ()), f"pledge:{name}")["text"]["text"]
        for name in (LAPTOP, BIKE)
    }
    assert ["You decide now" in said[name] for name in (LAPTOP, BIKE)] == [True, False]


def test_driving_pledge_is_not_compared_with_driving(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        said = block(pledges.draw(ENGLISH, shipped, "DE", ()), f"pledge:{pledge.id}")["text"]["text"]
        assert ("by car" in said.splitlines()[1]) == (pledge.by_car and pledge.high > 0), pledge.id


def test_pledge_shows_saving_goals_and_description(shipped: Campaign) -> None:
    said = block(pledges.draw(ENGLISH, shipped, "SE", ()), f"pledge:{BIKE}")["text"]["text"].splitlines()
    assert said[0] == f"*{shipped.pledge_words[BIKE, 'en'].title}*"
    assert said[1] == "about 1.6 kg CO₂e per 10 km not driven"
    assert said[2] == "UN goals: 11 Sustainable cities and communities · 13 Climate action"
    assert said[3] == shipped.pledge_words[BIKE, "en"].about


@pytest.mark.parametrize(
    ("country", "said"), [("SE", "about 0.14 kg CO₂e"), ("DE", "about 1.3 kg CO₂e"), (None, "0.051 to 1.6 kg CO₂e")]
)
def test_electricity_saving_follows_country_or_range_without_one(
    shipped: Campaign, country: str | None, said: str
) -> None:
    assert said in block(pledges.draw(ENGLISH, shipped, country, ()), "pledge:air_dry_one_load")["text"]["text"]


def test_a_pledge_is_missing_where_it_is_left_out(shipped: Campaign) -> None:
    bike = shipped.pledge(BIKE)
    assert bike
    left_out = bike.model_copy(update={"left_out": ("DE",)})
    campaign = replace(shipped, pledges=tuple(left_out if each is bike else each for each in shipped.pledges))
    shown = {country: json.dumps(pledges.draw(ENGLISH, campaign, country, ())) for country in ("SE", "DE", None)}
    there = {country: f"pledge:{BIKE}" in view for country, view in shown.items()}
    assert there == {"SE": True, "DE": False, None: True}


def test_symbolic_pledge_is_not_compared_with_driving(shipped: Campaign) -> None:
    said = block(pledges.draw(ENGLISH, shipped, "SE", ()), "pledge:earth_hour_lights_off")["text"]["text"]
    assert "symbolic" in said
    assert "by car" not in said


def test_pledge_made_offers_change_and_others_offer_pledging(shipped: Campaign) -> None:
    view = pledges.draw(ENGLISH, shipped, "SE", {BIKE})
    mine, other = (block(view, f"answers:{name}")["elements"][0] for name in (BIKE, "carpool_20km"))
    assert (mine["text"]["text"], mine.get("style")) == ("Change plan", None)
    assert (other["text"]["text"], other.get("style")) == ("I pledge this", "primary")
    assert "You have chosen this one." in block(view, f"pledge:{BIKE}")["text"]["text"]


def test_pledge_buttons_name_their_action_and_pledge(shipped: Campaign) -> None:
    row = block(pledges.draw(ENGLISH, shipped, "SE", ()), f"answers:{BIKE}")["elements"]
    assert [(each["action_id"], each["value"]) for each in row] == [
        (f"{action}:{BIKE}", BIKE) for action in ("pledge_choose", "pledge_already", "pledge_why")
    ]


@pytest.mark.parametrize("count", [1, 43, 44, 60, 86, 87, 300])
def test_every_pledge_is_on_exactly_one_fitting_page(shipped: Campaign, count: int) -> None:
    campaign = crowded(shipped, count)
    shown: list[str] = []
    for view in pages(campaign):
        assert len(view["blocks"]) <= 100
        assert view_problems(view, "modal") == []
        assert len(json.dumps(view)) <= LARGEST_VIEW
        shown += offered(view)
    assert sorted(shown) == sorted(pledge.id for pledge in campaign.pledges)


def test_sixty_pledges_take_two_pages(shipped: Campaign) -> None:
    first, second = pages(crowded(shipped))
    assert len(offered(first)) == 43
    assert len(offered(second)) == 17
    assert turns(first) == ["1"]
    assert turns(second) == ["0"]


@pytest.mark.parametrize(("asked", "same_as"), [(-5, 0), (2, 1), (10**9, 1)])
def test_missing_page_shows_the_nearest_one(shipped: Campaign, asked: int, same_as: int) -> None:
    campaign = crowded(shipped)
    pages = [pledges.draw(ENGLISH, campaign, "SE", (), page) for page in (asked, same_as)]
    assert pages[0] == pages[1]


def test_a_campaign_without_pledges_says_so(shipped: Campaign) -> None:
    view = pledges.draw(ENGLISH, replace(shipped, pledges=()), "SE", ())
    assert "no pledges" in text_of(view)
    assert view_problems(view, "modal") == []

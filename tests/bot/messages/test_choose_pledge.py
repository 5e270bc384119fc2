from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.campaign.model import Campaign
from bot.messages.modals import choose_pledge
from bot.messages.modals.modal import View
from rehearsal.slack.block_validation import view_problems

from .modal_samples import (
    BIKE,
    ENGLISH,
    LARGEST_VIEW,
    block,
    crowded,
    text_of,
)


def offered(view: View) -> list[str]:
    return [str(each["block_id"]).removeprefix("pledge:") for each in view["blocks"] if each["type"] == "section"][1:]


def pages(campaign: Campaign) -> Iterator[View]:
    """Every page, as somebody turns them."""
    page: str | None = "0"
    while page is not None:
        view = choose_pledge.draw(ENGLISH, campaign, "SE", (), int(page))
        yield view
        page = next((turn for turn in turns(view) if int(turn) > int(page or 0)), None)


def turns(view: View) -> list[str]:
    found = [each for each in view["blocks"] if each["block_id"] == "pages"]
    return [each["value"] for row in found for each in row["elements"]]


def headings(view: View) -> list[str]:
    return [each["text"]["text"] for each in view["blocks"] if each["type"] == "header"]


@pytest.mark.parametrize("country", ["SE", "NO", "DK", "DE", "ZZ", None])
def test_pledges_follow_by_theme_largest_saving_first(shipped: Campaign, country: str | None) -> None:
    backwards = replace(shipped, pledges=tuple(reversed(shipped.pledges)))
    view = choose_pledge.draw(ENGLISH, backwards, country, ())
    themes = [shipped.themes[theme]["en"] for theme in ("energy", "travel", "food", "things", "digital")]
    assert headings(view) == ["Good ones to start with", *themes, "More"]
    found = [pledge for name in offered(view) if (pledge := shipped.pledge(name))]
    assert len(found) == len(shipped.pledges)
    order = [*shipped.themes, None]
    ranks = [(order.index(each.theme), -each.weight(country)) for each in found[3:]]
    assert ranks == sorted(ranks)


def test_what_suits_stands_first_and_says_why(shipped: Campaign) -> None:
    view = choose_pledge.draw(ENGLISH, shipped, "SE", ())
    said = [text_of({"blocks": [block(view, f"pledge:{name}")]}) for name in offered(view)[:3]]
    assert [each.splitlines()[0] for each in said] == ["_Saves the most_", "_Easy to do_", "_Fun to do_"]
    assert offered(view)[:3] == ["video_not_flying_800km_return", "swap_beef_portion", "secondhand_garment"]


def test_campaign_of_one_pledge_proposes_it(shipped: Campaign) -> None:
    view = choose_pledge.draw(ENGLISH, replace(shipped, pledges=shipped.pledges[:1]), "SE", ())
    assert headings(view) == ["Good ones to start with"]
    assert view_problems(view, "modal") == []


def test_everybody_who_has_all_sees_all(shipped: Campaign) -> None:
    view = choose_pledge.draw(ENGLISH, shipped, "SE", {each.id for each in shipped.pledges})
    assert len(offered(view)) == len(shipped.pledges)
    assert "Good ones to start with" not in headings(view)


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
    assert "/earthweek country" in block(choose_pledge.draw(ENGLISH, shipped, None, ()), "intro")["text"]["text"]
    assert "/earthweek country" not in block(choose_pledge.draw(ENGLISH, shipped, "SE", ()), "intro")["text"]["text"]


@pytest.mark.parametrize(
    ("country", "said"), [("SE", "about 0.14 kg CO₂e"), ("DE", "about 1.3 kg CO₂e"), (None, "0.051 to 1.6 kg CO₂e")]
)
def test_electricity_saving_follows_country_or_range_without_one(
    shipped: Campaign, country: str | None, said: str
) -> None:
    assert said in block(choose_pledge.draw(ENGLISH, shipped, country, ()), "pledge:air_dry_one_load")["text"]["text"]


def test_a_pledge_is_missing_where_it_is_left_out(shipped: Campaign) -> None:
    bike = shipped.pledge(BIKE)
    assert bike
    left_out = bike.model_copy(update={"left_out": ("DE",)})
    campaign = replace(shipped, pledges=tuple(left_out if each is bike else each for each in shipped.pledges))
    shown = {country: json.dumps(choose_pledge.draw(ENGLISH, campaign, country, ())) for country in ("SE", "DE", None)}
    there = {country: f"pledge:{BIKE}" in view for country, view in shown.items()}
    assert there == {"SE": True, "DE": False, None: True}


def test_a_pledge_is_its_title_and_its_saving(shipped: Campaign) -> None:
    said = block(choose_pledge.draw(ENGLISH, shipped, "SE", ()), f"pledge:{BIKE}")["text"]["text"].splitlines()
    assert said == [f"*{shipped.pledge_words[BIKE, 'en'].title}*", "about 1.6 kg CO₂e per 10 km not driven"]


def test_pledge_made_offers_change_and_others_offer_choosing(shipped: Campaign) -> None:
    view = choose_pledge.draw(ENGLISH, shipped, "SE", {BIKE})
    mine, other = (block(view, f"pledge:{name}")["accessory"] for name in (BIKE, "carpool_20km"))
    assert (mine["text"]["text"], mine["action_id"], mine["value"]) == ("Change plan", f"pledge_choose:{BIKE}", BIKE)
    assert (other["text"]["text"], other["action_id"]) == ("Choose", "pledge_choose:carpool_20km")
    assert "You have chosen this one." in block(view, f"pledge:{BIKE}")["text"]["text"]


@pytest.mark.parametrize("count", [1, 60, 85, 86, 87, 88, 89, 300])
def test_every_pledge_is_on_exactly_one_fitting_page(shipped: Campaign, count: int) -> None:
    campaign = crowded(shipped, count)
    shown: list[str] = []
    for view in pages(campaign):
        assert len(view["blocks"]) <= 100
        assert view_problems(view, "modal") == []
        assert len(json.dumps(view)) <= LARGEST_VIEW
        shown += offered(view)
    assert sorted(shown) == sorted(pledge.id for pledge in campaign.pledges)


def test_a_hundred_pledges_take_two_pages(shipped: Campaign) -> None:
    first, second = pages(crowded(shipped, 100))
    assert len(offered(first)) == 85
    assert len(offered(second)) == 15
    assert turns(first) == ["1"]
    assert turns(second) == ["0"]


@pytest.mark.parametrize(("asked", "same_as"), [(-5, 0), (2, 1), (10**9, 1)])
def test_missing_page_shows_the_nearest_one(shipped: Campaign, asked: int, same_as: int) -> None:
    campaign = crowded(shipped, 100)
    pages = [choose_pledge.draw(ENGLISH, campaign, "SE", (), page) for page in (asked, same_as)]
    assert pages[0] == pages[1]


def test_a_campaign_without_pledges_says_so(shipped: Campaign) -> None:
    view = choose_pledge.draw(ENGLISH, replace(shipped, pledges=()), "SE", ())
    assert "no pledges" in text_of(view)
    assert view_problems(view, "modal") == []

"""The form with the plan of a pledge, what it shows and what is read from it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.modals import pledge_plan
from bot.messages.modals.modal import StaleViewError, View
from bot.messages.modals.pledge_plan import PlanAnswers

from .modal_samples import BIKE, DAYS, ENGLISH, LAPTOP, back, before, block, element, errors, labels, names, planned


def test_plan_offers_ready_plans_and_own_words(shipped: Campaign) -> None:
    plans = shipped.pledge_words[shipped.pledges[0].id, "en"].plans
    assert labels(planned(ENGLISH, shipped), "how") == [*plans, "In my own words"]


@pytest.mark.parametrize(("plan", "how", "own"), [(None, None, None), ("On foot", "own", "On foot")])
def test_the_plan_there_was_is_shown(shipped: Campaign, plan: str | None, how: str | None, own: str | None) -> None:
    view = planned(ENGLISH, shipped, plan=plan)
    assert (before(view, "how"), element(view, "own").get("initial_value")) == (how, own)


def test_ready_plan_is_preselected_and_not_copied(shipped: Campaign) -> None:
    plan = shipped.pledge_words[shipped.pledges[0].id, "en"].plans[1]
    view = planned(ENGLISH, shipped, plan=plan)
    assert (before(view, "how"), element(view, "own").get("initial_value")) == ("1", None)


def test_pledge_without_ready_plans_asks_for_own_words(shipped: Campaign) -> None:
    bare = {key: said.model_copy(update={"plans": ()}) for key, said in shipped.pledge_words.items()}
    view = planned(ENGLISH, replace(shipped, pledge_words=bare))
    assert names(view)[2] == "own"
    assert block(view, "own")["label"]["text"] == "When and where will you do it?"


def test_reminder_days_are_offered_with_earlier_ones_ticked(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, chosen=[DAYS[1], date(2020, 1, 1)])
    assert labels(view, "days") == ["Monday 15 March", "Sunday 14 March", "Saturday 13 March"]
    assert [each["value"] for each in element(view, "days")["initial_options"]] == ["2027-03-14"]


def test_without_days_nothing_is_said_of_reminders(shipped: Campaign) -> None:
    assert names(planned(ENGLISH, shipped, days=[])) == ["pledge", f"answers:{shipped.pledges[0].id}", "how", "own"]


def test_more_days_than_slack_takes_are_not_offered(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, days=[date(2027, 3, day) for day in range(1, 20)])
    assert len(labels(view, "days")) == 10


def details(campaign: Campaign, pledge: str, country: str | None = "SE") -> list[str]:
    view = planned(ENGLISH, campaign, campaign.pledge(pledge), country=country)
    return str(block(view, "pledge")["text"]["text"]).splitlines()


def test_form_shows_impact_saving_goals_and_description(shipped: Campaign) -> None:
    assert details(shipped, BIKE) == [
        f"*{shipped.pledge_words[BIKE, 'en'].title}*",
        "Medium impact · about 1.6 kg CO₂e per 10 km not driven",
        "UN goals: 11 Sustainable cities and communities · 13 Climate action",
        shipped.pledge_words[BIKE, "en"].about,
    ]


def test_impact_follows_the_readers_country(shipped: Campaign) -> None:
    said = [details(shipped, "air_dry_one_load", country)[1].partition(" · ")[0] for country in ("DE", "NO")]
    assert said == ["Medium impact", "Low impact"]


def test_yearly_pledge_is_described_as_decided_now(shipped: Campaign) -> None:
    assert ["You decide now" in details(shipped, name)[-1] for name in (LAPTOP, BIKE)] == [True, False]


def test_symbolic_pledge_has_no_impact_in_kilograms(shipped: Campaign) -> None:
    assert details(shipped, "earth_hour_lights_off")[1] == "symbolic: counted in people, not in CO₂e"


def test_driving_pledge_is_not_compared_with_driving(shipped: Campaign) -> None:
    for pledge in shipped.pledges:
        assert ("by car" in details(shipped, pledge.id, "DE")[1]) == (pledge.by_car and pledge.high > 0), pledge.id


@pytest.mark.parametrize(
    ("is_mine", "actions", "submit"),
    [(False, ["pledge_already", "pledge_why"], "Pledge this"), (True, ["pledge_why"], "Save")],
)
def test_form_offers_more_about_the_pledge(
    shipped: Campaign,
    is_mine: bool,  # noqa: FBT001
    actions: list[str],
    submit: str,
) -> None:
    view = planned(ENGLISH, shipped, shipped.pledge(BIKE), is_mine=is_mine)
    row = block(view, f"answers:{BIKE}")["elements"]
    assert [(each["action_id"], each["value"]) for each in row] == [
        *((f"{action}:{BIKE}", BIKE) for action in actions),
        ("pledges_page", "0"),
    ]
    assert view["submit"]["text"] == submit


# What is read


def test_plan_is_read_as_filled_in(shipped: Campaign) -> None:
    view = planned(words("sv"), shipped)
    sent = back(view, {"how": "1", "days": ["2027-03-15", "2027-03-13"], "at": time(7, 5), "any_hour": False})
    name = shipped.pledges[0].id
    chosen = shipped.pledge_words[name, "sv"].plans[1]
    assert pledge_plan.read(sent, shipped) == PlanAnswers(name, chosen, (DAYS[0], DAYS[2]), time(7, 5), any_hour=False)


@pytest.mark.parametrize(
    ("how", "own", "read_as"),
    [(None, None, None), (None, " On foot ", "On foot"), ("own", "On foot", "On foot"), (None, "\u200b", None)],
)
def test_plan_may_be_own_words_or_empty(
    shipped: Campaign, how: str | None, own: str | None, read_as: str | None
) -> None:
    assert pledge_plan.read(back(planned(ENGLISH, shipped), {"how": how, "own": own}), shipped).plan == read_as


def test_a_ready_plan_counts_where_both_were_given(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, plan="On foot")
    ready = shipped.pledge_words[shipped.pledges[0].id, "en"].plans[0]
    assert pledge_plan.read(back(view, {"how": "0"}), shipped).plan == ready


def test_own_words_have_to_be_written(shipped: Campaign) -> None:
    sent = back(planned(ENGLISH, shipped), {"how": "own", "own": "  "})
    assert errors(lambda view: pledge_plan.read(view, shipped), sent) == {"own": "form.plan.empty"}


def test_plan_without_days_keeps_the_earlier_time(shipped: Campaign) -> None:
    read = pledge_plan.read(back(planned(ENGLISH, shipped, days=[], at=time(16, 30))), shipped)
    assert (read.days, read.at, read.any_hour) == ((), time(16, 30), False)


def test_a_pledge_without_ready_plans_is_read(shipped: Campaign) -> None:
    bare = {key: said.model_copy(update={"plans": ()}) for key, said in shipped.pledge_words.items()}
    campaign = replace(shipped, pledge_words=bare)
    assert pledge_plan.read(back(planned(ENGLISH, campaign), {"own": "On foot"}), campaign).plan == "On foot"


def test_plan_for_removed_pledge_is_stale(shipped: Campaign) -> None:
    sent = back(planned(ENGLISH, shipped))
    with pytest.raises(StaleViewError):
        pledge_plan.read(sent, replace(shipped, pledges=shipped.pledges[1:]))


def test_plan_keeps_the_language_it_was_shown_in(shipped: Campaign) -> None:
    sent = back(planned(words("de"), shipped), {"how": "0"})
    assert pledge_plan.read(sent, shipped).plan == shipped.pledge_words[shipped.pledges[0].id, "de"].plans[0]
    spoken = {key: said for key, said in shipped.pledge_words.items() if key[1] != "de"}
    with pytest.raises(StaleViewError):
        pledge_plan.read(sent, replace(shipped, pledge_words=spoken))


def test_plan_of_more_than_there_are_is_forged(shipped: Campaign) -> None:
    sent = back(planned(ENGLISH, shipped))
    plans = len(shipped.pledge_words[shipped.pledges[0].id, "en"].plans)
    for forged in (str(plans), "-1", "00", "²"):
        sent["state"]["values"]["how"]["how"] = {"type": "radio_buttons", "selected_option": {"value": forged}}
        with pytest.raises(StaleViewError):
            pledge_plan.read(sent, shipped)


def with_metadata(view: View, **forged: object) -> View:
    return {**view, "private_metadata": json.dumps({**json.loads(view["private_metadata"]), **forged})}


def test_days_count_only_where_they_were_offered(shipped: Campaign) -> None:
    sent = back(planned(ENGLISH, shipped, chosen=DAYS), {"days": ["2027-03-13", "2027-03-15"]})
    assert pledge_plan.read(sent, shipped).days == (DAYS[0], DAYS[2])
    with pytest.raises(StaleViewError):
        pledge_plan.read(with_metadata(sent, days=["2027-03-15"]), shipped)


def test_long_earlier_plan_is_cut_to_the_field(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, plan="x" * 400)
    assert pledge_plan.read(back(view), shipped).plan == "x" * pledge_plan.MAX_PLAN_LENGTH
    sent = back(view, {"own": "x" * (pledge_plan.MAX_PLAN_LENGTH + 1)})
    assert errors(lambda view: pledge_plan.read(view, shipped), sent) == {"own": "form.too_long"}


def test_forged_time_without_days_is_stale(shipped: Campaign) -> None:
    sent = back(planned(ENGLISH, shipped, days=[]))
    for forged in ("25:00", "09:00:00", "9:00", None):
        with pytest.raises(StaleViewError):
            pledge_plan.read(with_metadata(sent, at=forged), shipped)

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.campaign.model import Campaign

from .modal_samples import (
    DAYS,
    ENGLISH,
    before,
    block,
    element,
    labels,
    names,
    planned,
)


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
    assert names(view)[1] == "own"
    assert block(view, "own")["label"]["text"] == "When and where will you do it?"


def test_reminder_days_are_offered_with_earlier_ones_ticked(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, chosen=[DAYS[1], date(2020, 1, 1)])
    assert labels(view, "days") == ["Monday 15 March", "Sunday 14 March", "Saturday 13 March"]
    assert [each["value"] for each in element(view, "days")["initial_options"]] == ["2027-03-14"]


def test_without_days_nothing_is_said_of_reminders(shipped: Campaign) -> None:
    assert names(planned(ENGLISH, shipped, days=[])) == ["pledge", "how", "own"]


def test_more_days_than_slack_takes_are_not_offered(shipped: Campaign) -> None:
    view = planned(ENGLISH, shipped, days=[date(2027, 3, day) for day in range(1, 20)])
    assert len(labels(view, "days")) == 10

from __future__ import annotations

from bot.campaign.model import Campaign
from rehearsal.slack.block_validation import view_problems

from .modal_samples import (
    BIKE,
    ENGLISH,
    LAPTOP,
    before,
    checked,
    crowded,
    labels,
    names,
)


def test_check_in_asks_about_each_pledge_by_title(shipped: Campaign) -> None:
    ids = [pledge.id for pledge in shipped.pledges[:2]]
    view = checked(ENGLISH, shipped, ids)
    assert [each["label"]["text"] for each in view["blocks"][:2]] == [
        shipped.pledge_words[name, "en"].title for name in ids
    ]
    assert before(view, f"answer:{ids[0]}") == "partly"
    assert labels(view, f"answer:{ids[0]}") == ["Done", "Partly", "Not yet", "Not this time"]


def test_check_in_asks_whether_yearly_pledge_is_decided(shipped: Campaign) -> None:
    view = checked(ENGLISH, shipped, [LAPTOP])
    assert labels(view, f"answer:{LAPTOP}") == ["Decided", "Partly", "Not yet", "Not this time"]


def test_check_in_says_when_an_answer_was_saved(shipped: Campaign) -> None:
    assert [names(checked(ENGLISH, shipped, [BIKE], saved=saved))[0] for saved in (True, False)] == [
        "saved",
        f"answer:{BIKE}",
    ]


def test_check_in_with_many_pledges_fits_slacks_limits(shipped: Campaign) -> None:
    campaign = crowded(shipped, 120)
    view = checked(ENGLISH, campaign, [pledge.id for pledge in campaign.pledges], saved=True)
    assert view_problems(view, "modal") == []

from __future__ import annotations

import pytest

from bot.campaign.model import Campaign
from bot.messages.modals import mark_done

from .modal_samples import (
    BIKE,
    DAYS,
    ENGLISH,
    before,
    element,
    labels,
)


def test_single_pledge_and_newest_day_are_preselected(shipped: Campaign) -> None:
    view = mark_done.draw(ENGLISH, shipped, [BIKE], DAYS)
    assert (before(view, "pledge"), before(view, "day")) == (BIKE, "2027-03-15")
    assert labels(view, "day") == ["Monday 15 March", "Sunday 14 March", "Saturday 13 March"]


@pytest.mark.parametrize(("count", "kind"), [(10, "radio_buttons"), (11, "static_select")])
def test_many_pledges_open_as_a_list(shipped: Campaign, count: int, kind: str) -> None:
    ids = [pledge.id for pledge in shipped.pledges[:count]]
    view = mark_done.draw(ENGLISH, shipped, ids, DAYS)
    assert element(view, "pledge")["type"] == kind
    assert before(view, "pledge") is None

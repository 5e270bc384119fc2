"""The form that marks a pledge as done on one of the last days, and what is read from it."""

from __future__ import annotations

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.modals import mark_done
from bot.messages.modals.modal import StaleViewError
from rehearsal.slack.block_validation import view_problems

from .modal_samples import BIKE, DAYS, ENGLISH, back, before, crowded, element, errors, labels


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


def test_more_pledges_than_slack_takes_are_left_out(shipped: Campaign) -> None:
    campaign = crowded(shipped, 120)
    view = mark_done.draw(ENGLISH, campaign, [each.id for each in campaign.pledges], DAYS)
    assert view_problems(view, "modal") == []
    assert len(labels(view, "pledge")) == mark_done.MAX_PLEDGES == 100


def test_titles_are_in_the_readers_language(shipped: Campaign) -> None:
    view = mark_done.draw(words("da"), shipped, [BIKE], DAYS[:1])
    assert labels(view, "pledge") == [shipped.pledge_words[BIKE, "da"].title]
    assert labels(view, "day") == ["mandag 15. marts"]


def test_done_form_is_read_as_filled_in(shipped: Campaign) -> None:
    view = mark_done.draw(ENGLISH, shipped, [pledge.id for pledge in shipped.pledges], DAYS)
    assert mark_done.read(back(view, {"pledge": BIKE, "day": "2027-03-13"})) == mark_done.DoneAnswers(BIKE, DAYS[2])
    assert errors(mark_done.read, back(view)) == {"pledge": "form.choose"}


def test_left_out_day_is_asked_for(shipped: Campaign) -> None:
    view = mark_done.draw(ENGLISH, shipped, [BIKE], DAYS)
    assert errors(mark_done.read, back(view, {"day": None})) == {"day": "form.choose"}


@pytest.mark.parametrize("day", ["2027-03-16", "2027-03-12", "15.3.2027", ""])
def test_a_day_that_was_not_offered_is_forged(shipped: Campaign, day: str) -> None:
    sent = back(mark_done.draw(ENGLISH, shipped, [BIKE], DAYS))
    sent["state"]["values"]["day"]["day"] = {"type": "radio_buttons", "selected_option": {"value": day}}
    with pytest.raises(StaleViewError):
        mark_done.read(sent)


@pytest.mark.parametrize("pledge", ["", "../etc", "bike ", "å", "x" * 61])
def test_impossible_pledge_is_forged(shipped: Campaign, pledge: str) -> None:
    sent = back(mark_done.draw(ENGLISH, shipped, [BIKE], DAYS))
    sent["state"]["values"]["pledge"]["pledge"] = {"type": "radio_buttons", "selected_option": {"value": pledge}}
    with pytest.raises(StaleViewError):
        mark_done.read(sent)


def test_what_is_wrong_never_repeats_what_somebody_wrote(shipped: Campaign) -> None:
    sent = back(mark_done.draw(ENGLISH, shipped, [BIKE], DAYS))
    sent["state"]["values"]["day"]["day"] = {"type": "radio_buttons", "selected_option": {"value": "secret"}}
    with pytest.raises(StaleViewError) as refused:
        mark_done.read(sent)
    assert "secret" not in str(refused.value)

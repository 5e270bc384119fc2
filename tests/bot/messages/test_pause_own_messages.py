"""The form that asks until when messages pause, and what is read from it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.modals import pause_own_messages
from bot.messages.modals.modal import StaleViewError

from .modal_samples import ENGLISH, MONDAY, back, element, errors


def test_a_pause_suggests_tomorrow() -> None:
    assert element(pause_own_messages.draw(ENGLISH, MONDAY), "day")["initial_date"] == "2027-03-15"


def test_a_pause_ends_tomorrow_or_later() -> None:
    view = pause_own_messages.draw(ENGLISH, MONDAY)
    assert pause_own_messages.read(back(view)) == MONDAY
    assert pause_own_messages.read(back(view, {"day": date(2027, 4, 6)})) == date(2027, 4, 6)
    assert errors(pause_own_messages.read, back(view, {"day": date(2027, 3, 14)})) == {"day": "form.pause.past"}
    assert errors(pause_own_messages.read, back(view, {"day": None})) == {"day": "form.choose"}


@given(st.dates(), st.dates())
def test_only_days_from_tomorrow_on_are_read(tomorrow: date, day: date) -> None:
    sent = back(pause_own_messages.draw(ENGLISH, tomorrow), {"day": day})
    if day >= tomorrow:
        assert pause_own_messages.read(sent) == day
    else:
        assert errors(pause_own_messages.read, sent) == {"day": "form.pause.past"}


@pytest.mark.parametrize("noted", [None, "20270315", "15.3.2027", "2027-3-15", 20270315])
def test_forged_first_day_is_stale(noted: object) -> None:
    view = pause_own_messages.draw(ENGLISH, MONDAY)
    metadata = json.dumps({**json.loads(view["private_metadata"]), "tomorrow": noted})
    with pytest.raises(StaleViewError):
        pause_own_messages.read({**back(view), "private_metadata": metadata})

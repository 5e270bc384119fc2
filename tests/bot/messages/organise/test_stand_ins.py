"""The form in which a manager names who stands in, and what is read from it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.organiser_decisions import StandIn
from bot.locales.catalogues import words
from bot.messages.modals.modal import InvalidFieldsError, StaleViewError
from bot.messages.organise import stand_ins
from rehearsal.slack.block_validation import view_problems
from tests.bot.messages.modal_samples import back, block, element, errors, names
from tests.bot.messages.organise_samples import NOW, TODAY, people

EN = words("en")
FRIDAY = date(2027, 3, 19)


def test_stand_in_is_read_as_filled_in() -> None:
    view = stand_ins.draw(words("sv"), "SE", people()[:2], today=TODAY, until=TODAY)
    sent = back(view, {"user": "U0ANN", "until": date(2027, 3, 19)})
    assert stand_ins.read(sent) == stand_ins.StandInAnswers("SE", "U0ANN", date(2027, 3, 19))
    with pytest.raises(InvalidFieldsError) as refused:
        stand_ins.read(back(view))
    assert refused.value.errors == {"user": "form.choose"}
    with pytest.raises(StaleViewError):
        stand_ins.read(back(view, {"user": "<!channel>"}))


@given(st.dates(), st.dates())
def test_last_day_is_today_or_later(today: date, until: date) -> None:
    view = stand_ins.draw(EN, "SE", [], today=today, until=today)
    sent = back(view, {"user": "U0ANN", "until": until})
    if until >= today:
        assert stand_ins.read(sent).until == until
    else:
        assert errors(stand_ins.read, sent) == {"until": "form.organise_stand_ins.past"}


def test_last_day_has_to_be_picked() -> None:
    view = stand_ins.draw(EN, "SE", [], today=TODAY, until=FRIDAY)
    assert element(view, "until")["initial_date"] == "2027-03-19"
    assert errors(stand_ins.read, back(view, {"user": "U0ANN", "until": None})) == {"until": "form.choose"}


def test_each_stand_in_can_be_ended() -> None:
    there = [StandIn("SE", "U0ANN", FRIDAY, "U0BOSS", NOW), StandIn("SE", "U0BO", TODAY, None, NOW)]
    view = stand_ins.draw(EN, "SE", there, today=TODAY, until=FRIDAY)
    first, second = (block(view, f"stand_in:{each.user}") for each in there)
    assert first["text"]["text"] == "<@U0ANN> stands in until Friday 19 March, named by <@U0BOSS>."
    assert second["text"]["text"] == "<@U0BO> stands in until Monday 15 March, named by an organiser."
    ends = first["accessory"]
    assert (ends["action_id"], ends["value"]) == (
        "organise_end_stand_in:U0ANN",
        stand_ins.stand_in_value("SE", "U0ANN"),
    )
    assert "nobody" not in names(view)


def test_form_says_when_nobody_stands_in() -> None:
    view = stand_ins.draw(EN, "SE", [], today=TODAY, until=FRIDAY, told="Ended.")
    assert names(view)[:3] == ["told", "about", "nobody"]


def test_very_many_stand_ins_fit_the_form() -> None:
    view = stand_ins.draw(EN, "SE", people(), today=TODAY, until=FRIDAY, told="Ended.")
    assert view_problems(view, "modal") == []
    assert names(view)[-2:] == ["user", "until"]

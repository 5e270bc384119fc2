"""The form that ends a pause, and what is read from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.campaign.organiser_decisions import ALL_COUNTRIES, Pause
from bot.locales.catalogues import words
from bot.messages.modals.modal import StaleViewError, View
from bot.messages.organise import resume
from bot.messages.organise.resume import MissedMessages, ResumeAnswers
from tests.bot.messages.modal_samples import back, block, errors, labels, names
from tests.bot.messages.organise_samples import NOW, STOCKHOLM

EN = words("en")
PAUSE = Pause("f" * 32, "SE", "U0BOSS", NOW)
LATE = MissedMessages("Late & <!here>", ["SE"], datetime(2027, 3, 15, 8, tzinfo=UTC), can_be_sent=False)
COMING = MissedMessages("Coming", ["NO", ""], datetime(2027, 3, 15, 12, tzinfo=UTC), can_be_sent=True)


def drawn(*missed: MissedMessages, pause: Pause = PAUSE, zone: str = STOCKHOLM) -> View:
    return resume.draw(EN, pause, missed, home="SE", zone=zone)


def test_form_says_what_has_been_missed() -> None:
    assert block(drawn(LATE, COMING), "missed_0")["text"]["text"].split("\n") == [
        "This has been missed:",
        "Monday 15 March, 09:00: Late &amp; &lt;!here&gt; (Sweden), too late to be sent",
        "Monday 15 March, 13:00: *Coming* (Norway and all countries)",
    ]


def test_times_are_those_of_the_organisers_zone() -> None:
    shown = drawn(COMING, zone="America/New_York")
    assert "07:00" in block(shown, "since")["text"]["text"]
    assert "08:00" in block(shown, "missed_0")["text"]["text"]


@pytest.mark.parametrize(("missed", "asks"), [((), False), ((LATE,), False), ((COMING,), True), ((LATE, COMING), True)])
def test_form_asks_only_where_there_is_a_choice(missed: tuple[MissedMessages, ...], *, asks: bool) -> None:
    view = drawn(*missed)
    assert ("choice" in names(view)) == asks
    assert ("nothing" in names(view)) == (not missed)
    assert resume.read(back(view)) == ResumeAnswers(PAUSE.id, is_left_out=False, home="SE")


def test_choice_is_read_as_made() -> None:
    view = drawn(COMING)
    assert labels(view, "choice") == ["Send it now", "Leave it out"]
    for choice in (resume.SEND, resume.LEAVE_OUT):
        assert resume.read(back(view, {"choice": choice})).is_left_out == (choice == resume.LEAVE_OUT)
    assert errors(resume.read, back(view, {"choice": None})) == {"choice": "form.choose"}


@pytest.mark.parametrize(
    ("by", "country", "said"),
    [
        ("U0BOSS", "NO", "Paused since Monday 15 March, 12:00, by <@U0BOSS>: *Norway*."),
        (None, ALL_COUNTRIES, "*Everything* has been paused since Monday 15 March, 12:00, by an organiser."),
    ],
)
def test_form_says_who_paused_what(by: str | None, country: str, said: str) -> None:
    assert block(drawn(pause=Pause("f", country, by, NOW)), "since")["text"]["text"] == said


@pytest.mark.parametrize("forged", [{"asks": None}, {"asks": 1}, {"asks": "yes"}, {"pause": None}, {"home": 7}])
def test_forged_metadata_is_stale(forged: dict[str, object]) -> None:
    view = drawn()
    metadata = json.dumps({**json.loads(view["private_metadata"]), **forged})
    with pytest.raises(StaleViewError):
        resume.read({**back(view), "private_metadata": metadata})


def test_form_that_asked_needs_its_field() -> None:
    asked, silent = drawn(COMING), back(drawn(LATE))
    with pytest.raises(StaleViewError):
        resume.read({**silent, "private_metadata": asked["private_metadata"]})

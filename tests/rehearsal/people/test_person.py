"""What a simulated colleague sees, knows of themselves, and takes for an answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.locales.catalogues import words
from bot.messages.blocks import overflow
from bot.messages.modals import join, message_modal
from rehearsal.people import person
from rehearsal.people.journal import DoesAlready, Forgot, Joined, MadePledge, Moved, Note, WithdrewPledge
from rehearsal.people.person import Person, UnansweredError, find_button

from .scripted_app import ANN, IN_SWEDEN, SILENCE, Scene, row

EN = words("en")
MENU = {
    "type": "actions",
    "block_id": "menu",
    "elements": [overflow("more", {"edit:tip": "Edit", "skip:tip": "Skip", "skip:idea": "Skip"})],
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for an answer that never comes."""
    monkeypatch.setattr(person, "ANSWER_WITHIN", 0.01)


def form(scene: Scene, **more: Any) -> Any:
    given: dict[str, Any] = {"country": "SE", "language": "sv", "messages": False, "pending": None}
    return join.draw(EN, scene.campaign, **given | more)


async def opened(scene: Scene, shown: Any) -> Person:
    one = scene.person()
    scene.app.shows["/join"] = shown
    await one.type("join")
    return one


# What they know of themselves


@pytest.mark.parametrize(
    ("said", "pledges", "country"),
    [
        ([], [], "SE"),
        ([MadePledge("bike"), MadePledge("train"), MadePledge("bike")], ["bike", "train"], "SE"),
        ([MadePledge("bike"), WithdrewPledge("bike"), MadePledge("train")], ["train"], "SE"),
        ([MadePledge("bike"), DoesAlready("bike")], [], "SE"),
        ([WithdrewPledge("bike"), DoesAlready("train")], [], "SE"),
        ([Moved("NO"), Moved("DE")], [], "DE"),
        ([Moved(None)], [], None),
        ([MadePledge("bike"), Forgot()], [], None),
        ([Forgot(), Joined("DK", "da", messages=False), MadePledge("train")], ["train"], "DK"),
    ],
)
async def test_they_know_what_they_have_said(
    scene: Scene, said: list[Note], pledges: list[str], country: str | None
) -> None:
    one = scene.person()
    one.write("act", *said)
    assert (one.pledges, one.country) == (pledges, country)
    assert one.activities == {"act": 1}


@pytest.mark.parametrize(
    ("said", "is_in"),
    [([], True), ([Forgot()], False), ([Forgot(), Moved("NO")], False), ([Forgot(), IN_SWEDEN], True)],
)
async def test_who_was_forgotten_is_no_longer_in(scene: Scene, said: list[Note], *, is_in: bool) -> None:
    one = scene.person()
    one.write("act", *said)
    assert one.is_in is is_in
    assert not scene.person(joined=False).is_in


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Stockholm", 15), ("Asia/Kolkata", 16), ("America/New_York", 15), ("UTC", 15)]
)
async def test_today_is_the_date_where_they_are(scene: Scene, zone: str, day: int) -> None:
    scene.clock.turn_to(datetime(2027, 3, 15, 22, 30, tzinfo=UTC))
    assert scene.person(zone=zone).today == date(2027, 3, day)


# What they see


async def test_newest_message_with_the_button_is_found(scene: Scene) -> None:
    scene.post(("did_this", "monday"))
    newer = scene.post(("did_this", "tuesday"))
    scene.post(("join", ""))
    scene.post(("did_this", "direct"), direct=True)
    one = scene.person()
    found = [one.find("did_this"), one.find("did_this", "monday"), one.find("did_this", direct=True)]
    assert [each and each[1].element["value"] for each in found] == ["tuesday", "monday", "direct"]
    assert found[0] is not None
    assert found[0][0] == newer
    assert (one.find("did_this", "wednesday"), one.find("did")) == (None, None)


async def test_only_newest_ephemeral_message_has_a_button(scene: Scene) -> None:
    one = scene.person()
    assert one.ephemeral_button("did_this") is None
    scene.app.shows["/tip"] = [row(("did_this", "monday"))]
    await one.type("tip")
    found = one.ephemeral_button("did_this", "monday")
    assert found is not None
    assert found[0].text == "/tip"
    await one.type("help")
    assert one.ephemeral_button("did_this") is None


@pytest.mark.parametrize(
    ("action", "value", "found"),
    [
        ("choose", None, ("choose:bike", "bike")),
        ("choose", "train", ("choose:train", "train")),
        ("choose", "car", None),
        ("choose:bike", None, None),
        ("skip", None, ("more", "skip:tip")),
        ("skip", "idea", ("more", "skip:idea")),
        ("edit", "tip", ("more", "edit:tip")),
        ("edit", "guess", None),
        ("more", None, None),
    ],
)
def test_buttons_and_menu_entries_are_found_alike(action: str, value: str | None, found: Any) -> None:
    blocks = [row(("choose:bike", "bike"), ("choose:train", "train")), {"type": "divider"}, MENU]
    control = find_button(blocks, action, value)
    assert (control and (control.action_id, control.element["value"])) == found


async def test_open_form_shows_its_fields_and_choices(scene: Scene) -> None:
    one = await opened(scene, form(scene))
    assert one.form == join.CALLBACK
    assert (one.initial_value("country"), one.initial_value("messages")) == ("SE", [])
    assert one.choices("country") == ["SE", "NO", "DK", "DE", "ZZ", join.NOT_SAID]
    assert (one.field("privacy"), one.choices("nothing"), one.initial_value("nothing")) == (None, [], None)


async def test_without_a_form_there_is_nothing_in_it(scene: Scene) -> None:
    one = scene.person()
    assert (one.form, one.blocks(), one.field("country")) == (None, [], None)
    await one.close_modal()
    one = await opened(scene, form(scene, country=None))
    assert one.initial_value("country") is None


# What they do, and how it is answered


async def test_menu_entry_is_chosen_and_button_pressed(scene: Scene) -> None:
    scene.post(blocks=[row(("did_this", "monday")), MENU])
    one = scene.person()
    for action in ("skip", "did_this"):
        found = one.find(action)
        assert found is not None
        await one.press(found)
    assert scene.app.heard == ["skip", "did_this"]


async def test_closing_takes_every_form_away(scene: Scene) -> None:
    one = await opened(scene, form(scene))
    scene.slack.workspace.views.push(ANN, form(scene), scene.clock.now())
    await one.close_modal()
    assert one.form is None


@pytest.mark.usefixtures("impatient")
async def test_silence_is_no_answer(scene: Scene) -> None:
    scene.app.shows["/pledge"] = SILENCE
    with pytest.raises(UnansweredError, match=f"{ANN} got no answer; open is None"):
        await scene.person().type("pledge")


@pytest.mark.usefixtures("impatient")
async def test_a_loading_form_is_no_answer_yet(scene: Scene) -> None:
    with pytest.raises(UnansweredError, match="open is loading"):
        await opened(scene, message_modal.loading(EN))


@pytest.mark.usefixtures("impatient")
async def test_old_form_is_no_answer_to_next_command(scene: Scene) -> None:
    one = await opened(scene, form(scene))
    scene.app.shows["/pledge"] = SILENCE
    with pytest.raises(UnansweredError, match="open is join"):
        await one.type("pledge")


@pytest.mark.parametrize(
    ("answer", "country", "why"),
    [
        (SILENCE, "NO", "http_500"),
        ({"response_action": "shut"}, "NO", "invalid_response_action"),
        ("", None, "require"),
    ],
)
async def test_form_that_was_not_taken_is_fault(scene: Scene, answer: Any, country: str | None, why: str) -> None:
    one = await opened(scene, form(scene))
    scene.app.shows["join!"] = answer
    with pytest.raises(UnansweredError, match=f"{ANN}: join was not taken: .*{why}"):
        await one.submit(country=country)


async def test_corrections_are_said_in_the_form(scene: Scene) -> None:
    one = await opened(scene, form(scene))
    scene.app.shows["join!"] = {"response_action": "errors", "errors": {"country": "Where?"}}
    sent = await one.submit(country="NO")
    assert (sent.outcome, sent.errors, one.form) == ("errors", {"country": "Where?"}, join.CALLBACK)


async def test_form_without_the_button_is_a_fault(scene: Scene) -> None:
    one = await opened(scene, {"type": "modal", "blocks": [row(("pledge_choose:bike", "bike"))]})
    with pytest.raises(UnansweredError, match="finds no pledge_choose for train"):
        await one.press_form("pledge_choose", "train")
    await one.press_form("pledge_choose", "bike")
    assert scene.app.heard == ["/join", "pledge_choose"]


async def test_same_seed_makes_the_same_choices(scene: Scene) -> None:
    drawn = [scene.person(seed=seed).random.random() for seed in ("1", "1", "2")]
    assert drawn[0] == drawn[1] != drawn[2]

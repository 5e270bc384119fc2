"""How colleagues join, move, stop and are forgotten, with the forms that the bot draws."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from bot.campaign.model import ANOTHER_COUNTRY
from bot.locales.catalogues import words
from bot.messages.modals import join as join_form
from bot.messages.modals import message_modal, my_data
from rehearsal.people import joining_and_leaving
from rehearsal.people.habits import Habit
from rehearsal.people.journal import Forgot, Joined, Moved, PausedMessages, StoppedMessages, WantedMessages
from rehearsal.people.person import Person

from .scripted_app import Scene, notes, row

SV = words("sv")


def form(scene: Scene, country: str | None = "SE", language: str = "sv") -> Any:
    return join_form.draw(SV, scene.campaign, country=country, language=language, messages=False, pending=None)


@pytest.mark.parametrize(
    ("habits", "suggested", "said"),
    [
        ([], "SE", Joined("SE", "sv", messages=False)),
        ([Habit.WANTS_MESSAGES], "SE", Joined("SE", "sv", messages=True)),
        ([Habit.WANTS_MESSAGES, Habit.ASKS_LATER], "SE", Joined("SE", "sv", messages=False)),
        ([Habit.READS_ENGLISH], "SE", Joined("SE", "en", messages=False)),
        ([Habit.WITHHOLDS], "SE", Joined(None, "sv", messages=False)),
        ([], None, Joined(ANOTHER_COUNTRY, "sv", messages=False)),
        ([Habit.WITHHOLDS, Habit.IS_ELSEWHERE], None, Joined(None, "sv", messages=False)),
    ],
)
async def test_form_is_filled_in_as_habits_say(
    scene: Scene, habits: list[Habit], suggested: str | None, said: Joined
) -> None:
    one = scene.person(*habits, joined=False)
    scene.post(("join", "tip"))
    scene.app.shows["join"] = form(scene, suggested)
    await joining_and_leaving.join(one)
    assert (scene.app.heard, notes(one), one.form) == (["join", "join!"], [said], None)
    [sent] = scene.app.forms
    assert (sent["country"], sent["language"]) == (said.country or join_form.NOT_SAID, said.language)
    assert sent["messages"] == (["yes"] if said.messages else [])


@pytest.mark.parametrize("seed", list("12345678"))
async def test_who_is_elsewhere_says_another_country(scene: Scene, seed: str) -> None:
    one = scene.person(Habit.IS_ELSEWHERE, joined=False, seed=seed)
    scene.app.shows["/join"] = form(scene)
    await joining_and_leaving.join(one)
    assert one.country in {"NO", "DK", "DE", ANOTHER_COUNTRY}


async def test_who_reads_english_takes_what_there_is(scene: Scene) -> None:
    one = scene.person(Habit.READS_ENGLISH, joined=False)
    drawn = form(scene)
    [field] = [block for block in drawn["blocks"] if block.get("block_id") == "language"]
    field["element"]["options"] = [each for each in field["element"]["options"] if each["value"] != "en"]
    scene.app.shows["/join"] = drawn
    await joining_and_leaving.join(one)
    assert notes(one) == [Joined("SE", "sv", messages=False)]


async def test_who_types_does_not_press(scene: Scene) -> None:
    scene.post(("did_this", "monday"))
    scene.app.shows["/tip"] = [row(("did_this", "monday"))]
    assert await joining_and_leaving.begin(scene.person(Habit.TYPES), "did_this", "tip", "monday")
    assert scene.app.heard == ["/tip", "did_this"]


async def test_command_without_its_button_does_nothing(scene: Scene) -> None:
    scene.post(("did_this", "monday"))
    assert not await joining_and_leaving.begin(scene.person(), "did_this", "tip", "tuesday")
    assert scene.app.heard == ["/tip"]


async def test_form_to_join_opens_before_what_was_pressed(scene: Scene) -> None:
    one = scene.person(joined=False)
    scene.post(("did_this", "monday"))
    scene.app.shows["did_this"] = form(scene)
    assert await joining_and_leaving.begin(one, "did_this", "tip")
    assert (scene.app.heard, one.is_in) == (["did_this", "join!"], True)


async def test_who_is_not_asked_to_join_stays_out(scene: Scene) -> None:
    one = scene.person(joined=False)
    scene.post(("did_this", "monday"))
    assert not await joining_and_leaving.begin(one, "did_this", "tip")
    assert notes(one) == []


async def test_form_to_change_settings_is_not_joining_again(scene: Scene) -> None:
    one = scene.person()
    scene.app.shows["/join"] = form(scene)
    await joining_and_leaving.join(one)
    assert (scene.app.heard, notes(one), one.form) == (["/join"], [], None)


Act = Callable[[Person], Awaitable[None]]


@pytest.mark.parametrize(
    ("act", "typed", "note"),
    [
        (partial(joining_and_leaving.move, countries=("NO",)), "/country NO", Moved("NO")),
        (joining_and_leaving.ask_for_messages, "/messages on", WantedMessages()),
        (
            partial(joining_and_leaving.pause, until=date(2027, 3, 22)),
            "/pause 2027-03-22",
            PausedMessages(date(2027, 3, 22)),
        ),
        (joining_and_leaving.stop, "/messages off", StoppedMessages()),
    ],
)
async def test_who_is_in_changes_settings_by_typing(scene: Scene, act: Act, typed: str, note: object) -> None:
    one = scene.person()
    await act(one)
    assert (scene.app.heard, notes(one)) == ([typed], [note])


@pytest.mark.parametrize(
    "act",
    [
        partial(joining_and_leaving.move, countries=("NO",)),
        joining_and_leaving.ask_for_messages,
        partial(joining_and_leaving.pause, until=date(2027, 3, 22)),
        joining_and_leaving.stop,
        joining_and_leaving.stop_questions,
        joining_and_leaving.forget,
        joining_and_leaving.come_back,
    ],
)
async def test_who_is_not_in_changes_nothing(scene: Scene, act: Act) -> None:
    one = scene.person(joined=False)
    scene.post(("messages_stop", ""), ("check_in_stop", ""), direct=True)
    await act(one)
    assert (scene.app.heard, notes(one)) == ([], [])


@pytest.mark.parametrize(("habits", "done"), [([], "messages_stop"), ([Habit.TYPES], "/messages off")])
async def test_messages_are_stopped_under_one_of_them(scene: Scene, habits: list[Habit], done: str) -> None:
    one = scene.person(*habits)
    scene.post(("messages_stop", ""), direct=True)
    await joining_and_leaving.stop(one)
    assert (scene.app.heard, notes(one)) == ([done], [StoppedMessages()])


async def test_questions_are_stopped_only_under_one(scene: Scene) -> None:
    one = scene.person()
    scene.post(("check_in_stop", ""))
    await joining_and_leaving.stop_questions(one)
    assert scene.app.heard == []
    scene.post(("check_in_stop", ""), direct=True)
    await joining_and_leaving.stop_questions(one)
    assert (scene.app.heard, notes(one)) == (["check_in_stop"], [StoppedMessages(everything=False)])


@pytest.mark.parametrize(
    ("shown", "is_gone"), [(my_data.draw_forget(SV), True), (message_modal.draw(SV, "Vänta"), False), ([], False)]
)
async def test_everything_is_removed_once_confirmed(scene: Scene, shown: Any, *, is_gone: bool) -> None:
    one = scene.person()
    scene.app.shows["/forget"] = shown
    await joining_and_leaving.forget(one)
    assert (notes(one), one.is_in, one.form) == ([Forgot()] if is_gone else [], not is_gone, None)


async def test_only_who_was_forgotten_comes_back(scene: Scene) -> None:
    one = scene.person()
    scene.app.shows |= {"/forget": my_data.draw_forget(SV), "/join": form(scene, "NO")}
    await joining_and_leaving.come_back(one)
    assert scene.app.heard == []
    await joining_and_leaving.forget(one)
    await joining_and_leaving.come_back(one)
    assert (one.country, one.activities["come back"]) == ("NO", 1)


async def test_looking_and_reading_leave_no_note(scene: Scene) -> None:
    one = scene.person(joined=False)
    scene.app.shows["/help"] = message_modal.draw(SV, "Hjälp")
    await joining_and_leaving.look_home(one)
    await joining_and_leaving.read(one, "help")
    assert (scene.app.heard, notes(one), one.form) == (["app_home_opened", "/help"], [], None)
    assert one.activities == {"look at the home": 1, "look": 1}

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.locales.catalogues import words
from rehearsal.slack.controls import controls
from rehearsal.slack.views import View
from rehearsal.slack.workspace import Ephemeral, PostedMessage
from rehearsal.web import user_requests
from rehearsal.web.session import Room
from tests.acceptance.rooms import GERMAN, GUEST, TIP, channel, go, opened
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")

SV = words("sv")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    """A room just after the first tip; the tests of this module are in it one after the other."""
    async with opened(tmp_path_factory.mktemp("week")) as made:
        await go(made, TIP)
        yield made


@pytest.fixture(autouse=True)
def clear(room: Room) -> Iterator[None]:
    yield
    for user in (GUEST, GERMAN):
        room.looks(user).restart_client()


async def act(room: Room, do: str, user: str = GUEST, place: str | None = None, **more: Any) -> str:
    body = {"as": user, "in": place or channel(room, "week-se"), "do": do, **more}
    return await user_requests.do(room, user_requests.read(body))


def tip(room: Room) -> PostedMessage:
    return room.stage.slack.workspace.messages(channel(room, "week-se"))[0]


async def press_tip(room: Room, do: str = "press", place: str | None = None, **more: Any) -> str:
    return await act(room, do, place=place, **{"on": "message", "ts": tip(room).ts, "action": "did_this", **more})


async def ask_to_join(room: Room) -> View:
    """The form that asks somebody for their country."""
    assert await act(room, "command", user=GERMAN, place=channel(room, "week-de"), text="/earthweek join") == ""
    return top(room, GERMAN)


def top(room: Room, user: str = GUEST) -> View:
    found = room.looks(user).top()
    assert found
    return found


def whispers(room: Room, user: str = GUEST) -> list[Ephemeral]:
    return room.stage.slack.workspace.ephemerals.of(user)


def state(room: Room) -> object:
    """Everything that somebody could have changed."""
    town = room.stage.slack.workspace
    return (len(town.log), list(town.ephemeral_messages), dict(town.views.modals), dict(town.views.homes))


# What can be done


async def test_a_command_is_answered_where_it_was_typed(room: Room) -> None:
    assert await act(room, "command", text="  /earthweek   help ") == ""
    assert whispers(room)[-1].channel == channel(room, "week-se")
    assert await act(room, "command", place="home", text="/earthweek help") == ""
    assert whispers(room)[-1].channel == room.looks(GUEST).direct


async def test_what_is_no_command_of_the_app_is_said_to_be_none(room: Room) -> None:
    before = state(room)
    assert (
        await act(room, "command", text="/weather")
        == "/weather is not a command here. The app's command is /earthweek."
    )
    assert await act(room, "say", text="/earthweekly hi") == (
        "/earthweekly is not a command here. The app's command is /earthweek."
    )
    assert state(room) == before


async def test_what_is_said_everybody_there_hears_as_it_was_typed(room: Room) -> None:
    assert await act(room, "say", text="<@U0REP> & <!here>") == ""
    said = room.stage.slack.workspace.messages(channel(room, "week-se"))[-1]
    assert (said.user, said.text) == (GUEST, "&lt;@U0REP&gt; &amp; &lt;!here&gt;")


async def test_saying_nothing_says_nothing(room: Room) -> None:
    before = state(room)
    assert await act(room, "say", text=" \n\t ") == ""
    assert state(room) == before


async def test_a_press_opens_a_form_and_sending_it_is_answered(room: Room) -> None:
    assert await press_tip(room, value=None) == ""
    form = top(room)
    [country] = [each for each in controls(form.content["blocks"]) if each.is_field and each.block_id == "country"]
    fields = {country.block_id: {country.action_id: "SE"}, "gone": {"away": "x"}}
    assert await act(room, "submit", view=form.id, fields=fields) == ""
    assert top(room).id == form.id
    assert top(room).hash != form.hash
    assert await act(room, "close", view=form.id) == ""
    assert room.looks(GUEST).top() is None


async def test_a_form_with_something_missing_says_so_and_stays(room: Room) -> None:
    form = await ask_to_join(room)
    [country] = [each for each in controls(form.content["blocks"]) if each.is_field and each.block_id == "country"]
    fields = {"country": {country.action_id: None}}
    assert await act(room, "submit", user=GERMAN, view=form.id, fields=fields) == ""
    assert top(room, GERMAN).errors == {"country": "Please complete this required field."}


async def test_a_button_of_the_home_is_pressed(room: Room) -> None:
    async with room.standing_still():
        await room.looks(GERMAN).open_home()
    assert await act(room, "press", user=GERMAN, place="home", on="home", action="join", view=None, fields={}) == ""
    assert top(room, GERMAN)


# What belongs to others


async def test_nobody_acts_as_the_app_or_as_nobody(room: Room) -> None:
    for user in (room.stage.slack.workspace.bot.id, "USLACKBOT", "U0NOBODY", ""):
        with pytest.raises(LookupError):
            await act(room, "say", user=user, text="hi")


async def test_nobody_writes_reads_or_presses_where_they_are_not(room: Room) -> None:
    town = room.stage.slack.workspace
    before = state(room)
    for place in (channel(room, "week-de"), town.im(GERMAN), "C0NOWHERE", "", "#week-se", "week-se"):
        for do, text in (("say", "hi"), ("command", "/earthweek")):
            with pytest.raises(LookupError):
                await act(room, do, place=place or "-", text=text)
    german = town.messages(channel(room, "week-de"))[0]
    with pytest.raises(LookupError):
        await press_tip(room, place=german.channel, ts=german.ts)
    assert state(room) == before


async def test_what_one_person_sees_alone_nobody_else_presses(room: Room) -> None:
    await act(room, "command", text="/earthweek help")
    said = whispers(room)[-1]
    button = next(each for each in controls(said.blocks) if each.kind == "button")
    where: dict[str, Any] = {"on": "message", "private": True, "ts": said.ts}
    pressed = {**where, "action": button.action_id, "block": button.block_id}
    town = room.stage.slack.workspace
    town.join(said.channel, GERMAN)
    before = state(room)
    with pytest.raises(LookupError):
        await act(room, "press", user=GERMAN, place=said.channel, **pressed)
    assert state(room) == before
    town.leave(said.channel, GERMAN)
    assert await act(room, "press", place=said.channel, **pressed) == ""


async def test_somebody_elses_form_is_not_sent_pressed_or_closed(room: Room) -> None:
    form = await ask_to_join(room)
    before = state(room)
    with pytest.raises(LookupError):
        await act(room, "submit", view=form.id, fields={})
    with pytest.raises(LookupError):
        await act(room, "press", on="view", view=form.id, action="join")
    assert await act(room, "close", view=form.id, all=True) == ""
    assert state(room) == before


async def test_a_form_that_another_has_covered_is_not_used(room: Room) -> None:
    old = await ask_to_join(room)
    await ask_to_join(room)
    before = state(room)
    for stale in (old.id, None):
        with pytest.raises(LookupError):
            await act(room, "press", user=GERMAN, on="view", view=stale, action="anything")
    with pytest.raises(LookupError):
        await act(room, "submit", user=GERMAN, view=old.id)
    assert state(room) == before


# What is not there, and what it should not hold


@pytest.mark.parametrize(
    "more",
    [
        {"action": "nothing"},
        {"value": "another-tip"},
        {"block": "nowhere"},
        {"ts": "1"},
        {"ts": "9" * 40},
        {"private": True},
        {"on": "view"},
        {"on": "home"},
    ],
)
async def test_what_is_not_on_the_screen_cannot_be_pressed(room: Room, more: dict[str, Any]) -> None:
    before = state(room)
    with pytest.raises(LookupError):
        await press_tip(room, **more)
    with pytest.raises(LookupError):
        await press_tip(room, do="choose", **more)
    assert state(room) == before


async def test_a_button_is_not_chosen_in(room: Room) -> None:
    with pytest.raises(LookupError):
        await act(room, "choose", on="message", ts=tip(room).ts, action="did_this", chosen="x")


@pytest.mark.parametrize("held", [["SE"], "XX", ["XX"]])
async def test_a_field_that_cannot_hold_this_leaves_the_form_as_it_was(room: Room, held: object) -> None:
    form = await ask_to_join(room)
    action = next(each.action_id for each in controls(form.content["blocks"]) if each.block_id == "country")
    before = state(room)
    with pytest.raises((LookupError, ValueError)):
        await act(room, "submit", user=GERMAN, view=form.id, fields={"country": {action: held}})
    assert state(room) == before


PLAIN = st.none() | st.text(max_size=8) | st.lists(st.text(max_size=8), max_size=3)
KNOWN = ("SE", "did_this", "country", "join", "home", "tip", "language", "")
NAMES = st.sampled_from(KNOWN) | st.text(max_size=6)


@st.composite
def bodies(draw: st.DrawFn, places: list[str], views: list[str]) -> dict[str, object]:
    """Acts that are nearly right: what they name may be there."""
    return {
        "as": draw(st.sampled_from([GUEST, GERMAN, "U0EARTHWEEK", "U0NOBODY"])),
        "in": draw(st.sampled_from(["home", *places])),
        "do": draw(st.sampled_from(["command", "say", "press", "choose", "submit", "close"])),
        "on": draw(st.sampled_from(["message", "view", "home"])),
        "text": draw(st.sampled_from(["/earthweek pledge", "/earthweek my", "/"]) | st.text(max_size=20)),
        "view": draw(st.sampled_from([*views, "V0"])),
        "ts": draw(NAMES),
        "private": draw(st.booleans()),
        "block": draw(st.none() | NAMES),
        "action": draw(NAMES),
        "value": draw(st.none() | NAMES),
        "chosen": draw(PLAIN),
        "fields": draw(st.dictionaries(NAMES, st.dictionaries(NAMES, PLAIN, max_size=2), max_size=2)),
        "all": draw(st.booleans()),
    }


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_whatever_the_page_asks_for_is_done_or_refused(room: Room, data: st.DataObject) -> None:
    town = room.stage.slack.workspace
    places = [channel(room, "week-se"), channel(room, "week-de"), town.im(GUEST), town.im(GERMAN)]
    views = [view.id for view in town.views.modals.values()] or ["V1"]
    body = data.draw(bodies(places, views))
    others = {
        user: (town.views.stack(user), town.ephemerals.of(user)) for user in (GUEST, GERMAN) if user != body["as"]
    }
    with suppress(ValueError, LookupError):
        assert isinstance(await user_requests.do(room, user_requests.read(body)), str)
    assert others == {user: (town.views.stack(user), town.ephemerals.of(user)) for user in others}


# When the app does not answer


@asynccontextmanager
async def silent(port: int) -> AsyncIterator[None]:
    """A program that takes every connection and never says anything."""

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", port)
    yield
    server.close()
    await server.wait_closed()


async def test_a_bot_that_is_away_or_silent_is_said_not_to_have_answered(room: Room) -> None:
    await room.mischief.kill()
    unanswered = "did not work, because the app did not answer (operation_timeout)."
    assert await press_tip(room) == f"This button {unanswered}"
    async with silent(room.stage._port):
        assert await act(room, "command", text="/earthweek") == f"/earthweek {unanswered}"
    assert await act(room, "say", text="Is anybody there?") == ""
    room.mischief.restart()
    room.nudge()
    async with asyncio.timeout(PATIENCE):
        while room.bot is None:
            await room.changed(room.changes, 1)
    assert await press_tip(room) == ""


async def test_while_slack_is_away_nothing_reaches_the_app(room: Room) -> None:
    room.mischief.down()
    try:
        assert "Slack is down" in await press_tip(room)
        assert "Slack is down" in await act(room, "say", text="hi")
    finally:
        room.mischief.clear()


async def test_nobody_writes_in_an_archived_channel(room: Room) -> None:
    here = channel(room, "week-se")
    room.mischief.archive(here)
    before = state(room)
    for do, text in (("say", "hi"), ("command", "/earthweek")):
        assert await act(room, do, text=text) == "#week-se is archived: nobody can write in it."
    assert state(room) == before
    room.mischief.reopen(here)

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
from rehearsal.slack.interactive_elements import controls
from rehearsal.slack.open_views import View
from rehearsal.slack.workspace import BOT, Ephemeral, PostedMessage
from rehearsal.web import user_requests
from rehearsal.web.session import Session
from tests.acceptance.rooms import GERMAN, GUEST, TIP, channel, go, opened
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")

SV = words("sv")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Session]:
    """A room just after the first tip; the tests of this module are in it one after the other."""
    async with opened(tmp_path_factory.mktemp("week")) as made:
        await go(made, TIP)
        yield made


@pytest.fixture(autouse=True)
def clear(session: Session) -> Iterator[None]:
    yield
    for user in (GUEST, GERMAN):
        session.user(user).restart_client()


async def act(session: Session, do: str, user: str = GUEST, place: str | None = None, **more: Any) -> str:
    body = {"as": user, "in": place or channel(session, "week-se"), "do": do, **more}
    return await user_requests.carry_out(session, user_requests.read(body))


def tip(session: Session) -> PostedMessage:
    return session.simulation.slack.workspace.messages(channel(session, "week-se"))[0]


async def press_tip(session: Session, do: str = "press", place: str | None = None, **more: Any) -> str:
    return await act(session, do, place=place, **{"on": "message", "ts": tip(session).ts, "action": "did_this", **more})


async def ask_to_join(session: Session) -> View:
    """The form that asks somebody for their country."""
    assert await act(session, "command", user=GERMAN, place=channel(session, "week-de"), text="/earthweek join") == ""
    return top(session, GERMAN)


def top(session: Session, user: str = GUEST) -> View:
    found = session.user(user).top()
    assert found
    return found


def whispers(session: Session, user: str = GUEST) -> list[Ephemeral]:
    return session.simulation.slack.workspace.ephemerals.of(user)


def state(session: Session) -> object:
    """Everything that somebody could have changed."""
    town = session.simulation.slack.workspace
    return (len(town.log), list(town.ephemeral_messages), dict(town.views.modals), dict(town.views.homes))


# What can be done


async def test_a_command_is_answered_where_it_was_typed(session: Session) -> None:
    assert await act(session, "command", text="  /earthweek   help ") == ""
    assert whispers(session)[-1].channel == channel(session, "week-se")
    assert await act(session, "command", place="home", text="/earthweek help") == ""
    assert whispers(session)[-1].channel == session.user(GUEST).direct


async def test_unknown_command_is_reported_as_such(session: Session) -> None:
    before = state(session)
    assert (
        await act(session, "command", text="/weather")
        == "/weather is not a command here. The app's command is /earthweek."
    )
    assert await act(session, "say", text="/earthweekly hi") == (
        "/earthweekly is not a command here. The app's command is /earthweek."
    )
    assert state(session) == before


async def test_message_is_heard_by_everybody_there_as_typed(session: Session) -> None:
    assert await act(session, "say", text="<@U0REP> & <!here>") == ""
    said = session.simulation.slack.workspace.messages(channel(session, "week-se"))[-1]
    assert (said.user, said.text) == (GUEST, "&lt;@U0REP&gt; &amp; &lt;!here&gt;")


async def test_a_reply_stands_below_its_message(session: Session) -> None:
    town, here = session.simulation.slack.workspace, channel(session, "week-se")
    parent = tip(session)
    before = len(town.conversation(here).messages)
    assert await act(session, "say", text="well said", thread=parent.ts) == ""
    assert [said.text for said in town.conversation(here).replies(parent)] == ["well said"]
    assert len(town.conversation(here).messages) == before


async def test_the_app_reads_a_reply_to_itself(session: Session) -> None:
    direct = session.user(GUEST).direct
    parent = session.simulation.slack.workspace.post(direct, BOT.id, "Hello", session.now)
    heard = len(session.simulation.slack.workspace.log)
    assert await act(session, "say", place=direct, text="help", thread=parent.ts) == ""
    reply, *answers = session.simulation.slack.workspace.log[heard:]
    assert (reply.text, reply.parent_ts) == ("help", parent.ts)
    assert answers


async def test_what_cannot_be_said_in_a_thread(session: Session) -> None:
    parent = tip(session)
    before = state(session)
    refused = await act(session, "command", text="/earthweek help", thread=parent.ts)
    assert refused == "/earthweek is not supported in threads. Sorry!"
    with pytest.raises(LookupError):
        await act(session, "say", text="a", thread="1.000000")
    assert state(session) == before


async def test_saying_nothing_says_nothing(session: Session) -> None:
    before = state(session)
    assert await act(session, "say", text=" \n\t ") == ""
    assert state(session) == before


async def test_press_opens_form_and_submission_is_answered(session: Session) -> None:
    assert await press_tip(session, value=None) == ""
    form = top(session)
    [country] = [each for each in controls(form.content["blocks"]) if each.is_field and each.block_id == "country"]
    fields = {country.block_id: {country.action_id: "SE"}, "gone": {"away": "x"}}
    assert await act(session, "submit", view=form.id, fields=fields) == ""
    assert top(session).id == form.id
    assert top(session).hash != form.hash
    assert await act(session, "close", view=form.id) == ""
    assert session.user(GUEST).top() is None


async def test_incomplete_form_reports_missing_field_and_stays(session: Session) -> None:
    form = await ask_to_join(session)
    [country] = [each for each in controls(form.content["blocks"]) if each.is_field and each.block_id == "country"]
    fields = {"country": {country.action_id: None}}
    assert await act(session, "submit", user=GERMAN, view=form.id, fields=fields) == ""
    assert top(session, GERMAN).errors == {"country": "Please complete this required field."}


async def test_a_button_of_the_home_is_pressed(session: Session) -> None:
    async with session.clock_held():
        await session.user(GERMAN).open_home()
    assert await act(session, "press", user=GERMAN, place="home", on="home", action="join", view=None, fields={}) == ""
    assert top(session, GERMAN)


# What belongs to others


async def test_nobody_acts_as_the_app_or_as_nobody(session: Session) -> None:
    for user in (session.simulation.slack.workspace.bot.id, "USLACKBOT", "U0NOBODY", ""):
        with pytest.raises(LookupError):
            await act(session, "say", user=user, text="hi")


async def test_nobody_acts_in_conversations_they_are_not_in(session: Session) -> None:
    town = session.simulation.slack.workspace
    before = state(session)
    for place in (channel(session, "week-de"), town.im(GERMAN), "C0NOWHERE", "", "#week-se", "week-se"):
        for do, text in (("say", "hi"), ("command", "/earthweek")):
            with pytest.raises(LookupError):
                await act(session, do, place=place or "-", text=text)
    german = town.messages(channel(session, "week-de"))[0]
    with pytest.raises(LookupError):
        await press_tip(session, place=german.channel, ts=german.ts)
    assert state(session) == before


async def test_what_one_person_sees_alone_nobody_else_presses(session: Session) -> None:
    await act(session, "command", text="/earthweek help")
    said = whispers(session)[-1]
    button = next(each for each in controls(said.blocks) if each.kind == "button")
    where: dict[str, Any] = {"on": "message", "private": True, "ts": said.ts}
    pressed = {**where, "action": button.action_id, "block": button.block_id}
    town = session.simulation.slack.workspace
    town.join(said.channel, GERMAN)
    before = state(session)
    with pytest.raises(LookupError):
        await act(session, "press", user=GERMAN, place=said.channel, **pressed)
    assert state(session) == before
    town.leave(said.channel, GERMAN)
    assert await act(session, "press", place=said.channel, **pressed) == ""


async def test_form_of_another_person_cannot_be_used(session: Session) -> None:
    form = await ask_to_join(session)
    before = state(session)
    with pytest.raises(LookupError):
        await act(session, "submit", view=form.id, fields={})
    with pytest.raises(LookupError):
        await act(session, "press", on="view", view=form.id, action="join")
    assert await act(session, "close", view=form.id, all=True) == ""
    assert state(session) == before


async def test_covered_form_cannot_be_used(session: Session) -> None:
    old = await ask_to_join(session)
    await ask_to_join(session)
    before = state(session)
    for stale in (old.id, None):
        with pytest.raises(LookupError):
            await act(session, "press", user=GERMAN, on="view", view=stale, action="anything")
    with pytest.raises(LookupError):
        await act(session, "submit", user=GERMAN, view=old.id)
    assert state(session) == before


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
async def test_controls_not_on_screen_cannot_be_pressed(session: Session, more: dict[str, Any]) -> None:
    before = state(session)
    with pytest.raises(LookupError):
        await press_tip(session, **more)
    with pytest.raises(LookupError):
        await press_tip(session, do="choose", **more)
    assert state(session) == before


async def test_a_button_is_not_chosen_in(session: Session) -> None:
    with pytest.raises(LookupError):
        await act(session, "choose", on="message", ts=tip(session).ts, action="did_this", chosen="x")


@pytest.mark.parametrize("held", [["SE"], "XX", ["XX"]])
async def test_value_unfit_for_field_leaves_form_unchanged(session: Session, held: object) -> None:
    form = await ask_to_join(session)
    action = next(each.action_id for each in controls(form.content["blocks"]) if each.block_id == "country")
    before = state(session)
    with pytest.raises((LookupError, ValueError)):
        await act(session, "submit", user=GERMAN, view=form.id, fields={"country": {action: held}})
    assert state(session) == before


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
async def test_every_page_request_is_done_or_refused(session: Session, data: st.DataObject) -> None:
    town = session.simulation.slack.workspace
    places = [channel(session, "week-se"), channel(session, "week-de"), town.im(GUEST), town.im(GERMAN)]
    views = [view.id for view in town.views.modals.values()] or ["V1"]
    body = data.draw(bodies(places, views))
    others = {
        user: (town.views.stack(user), town.ephemerals.of(user)) for user in (GUEST, GERMAN) if user != body["as"]
    }
    with suppress(ValueError, LookupError):
        assert isinstance(await user_requests.carry_out(session, user_requests.read(body)), str)
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


async def test_absent_or_silent_bot_is_reported_as_unresponsive(session: Session) -> None:
    await session.faults.kill()
    unanswered = "did not work, because the app did not answer (operation_timeout)."
    assert await press_tip(session) == f"This button {unanswered}"
    async with silent(session.simulation._port):
        assert await act(session, "command", text="/earthweek") == f"/earthweek {unanswered}"
    assert await act(session, "say", text="Is anybody there?") == ""
    session.faults.restart()
    session.wake()
    async with asyncio.timeout(PATIENCE):
        while session.bot is None:
            await session.changed(session.changes, 1)
    assert await press_tip(session) == ""


async def test_while_slack_is_away_nothing_reaches_the_app(session: Session) -> None:
    session.faults.down()
    try:
        assert "Slack is down" in await press_tip(session)
        assert "Slack is down" in await act(session, "say", text="hi")
    finally:
        session.faults.clear()


async def test_nobody_writes_in_an_archived_channel(session: Session) -> None:
    here = channel(session, "week-se")
    session.faults.archive(here)
    before = state(session)
    for do, text in (("say", "hi"), ("command", "/earthweek")):
        assert await act(session, do, text=text) == "#week-se is archived: nobody can write in it."
    assert state(session) == before
    session.faults.reopen(here)

"""A person's hand, against an app that only takes down what Slack sends it, and against the real Bolt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import SCOPES
from rehearsal.clock import VirtualClock
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import BOT, Channel, User, Workspace

START = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Block:
    return {"text": plain(value.upper()), "value": value}


def button(action_id: str, value: str | None = None) -> Block:
    valued = {} if value is None else {"value": value}
    return {"type": "button", "action_id": action_id, "text": plain("Press"), **valued}


def row(block_id: str, *elements: Block) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def menu(action_id: str = "menu") -> Block:
    return {"type": "overflow", "action_id": action_id, "options": [option("pause"), option("stop")]}


def field_(block_id: str, kind: str = "plain_text_input", *, optional: bool = False, **more: Any) -> Block:
    element = {"type": kind, "action_id": f"{block_id}_value", **more}
    return {"type": "input", "block_id": block_id, "label": plain("Label"), "optional": optional, "element": element}


def modal(*blocks: Block, **more: Any) -> Block:
    return {"type": "modal", "title": plain("Pledge"), "submit": plain("Send"), "blocks": [*blocks], **more}


@dataclass
class RecordingApp:
    """The app's side: what it was sent, and what it answers next."""

    heard: list[tuple[dict[str, str], str]] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append(({name.lower(): value for name, value in request.headers.items()}, await request.text()))
        answer = self.answers.pop(0) if self.answers else ""
        return web.Response(text=answer) if isinstance(answer, str) else web.json_response(answer)

    @property
    def last(self) -> dict[str, Any]:
        headers, body = self.heard[-1]
        if headers["content-type"] == "application/json":
            return dict(json.loads(body))
        fields = dict(parse_qsl(body, keep_blank_values=True))
        return dict(json.loads(fields["payload"])) if "payload" in fields else fields


@dataclass
class Scene:
    """A Slack, two people in it, and the app."""

    slack: RehearsalSlack
    clock: VirtualClock
    app: RecordingApp
    ann: SlackUser
    bo: SlackUser

    def forward(self, **more: float) -> None:
        self.clock.turn_to(self.clock.now() + timedelta(**more))

    async def say(self, *blocks: Block, text: str = "Hello", channel: str = "C1") -> None:
        await self.call("chat.postMessage", channel=channel, text=text, blocks=blocks)

    async def open(self, hand: SlackUser, view: Block) -> None:
        await self.call("views.open", trigger_id=self.slack.trigger(hand.id), view=view)

    async def publish(self, hand: SlackUser, *blocks: Block) -> None:
        await self.call("views.publish", user_id=hand.id, view={"type": "home", "blocks": blocks})

    async def call(self, method: str, **body: Any) -> dict[str, Any]:
        """What the app asks of Slack."""
        headers = {"Authorization": f"Bearer {self.slack.bot_token}"}
        url = self.slack.api_url + method
        async with aiohttp.ClientSession(headers=headers) as session, session.post(url, json=body) as response:
            answer = dict(await response.json())
        assert answer["ok"], answer
        return answer

    async def respond(self, **body: Any) -> int:
        """Use the response URL of what was sent last."""
        async with aiohttp.ClientSession() as session, session.post(self.app.last["response_url"], json=body) as answer:
            return answer.status


def town() -> Workspace:
    people = [User("U1", "ann"), User("U2", "bo")]
    channels = [Channel("C1", "earth-week"), Channel("C2", "secret", is_private=True)]
    return Workspace(people, channels, members={"C1": [BOT.id, "U1"], "C2": [BOT.id, "U1"]})


async def served(stack: AsyncExitStack, take: Any) -> str:
    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
async def slack(clock: VirtualClock) -> AsyncIterator[RehearsalSlack]:
    known = RehearsalSlack(town(), clock.now, app=App(SCOPES), limits=RateLimits.none())
    await known.start()
    yield known
    await known.stop()


@pytest.fixture
async def scene(slack: RehearsalSlack, clock: VirtualClock) -> AsyncIterator[Scene]:
    app = RecordingApp()
    async with AsyncExitStack() as stack:
        transport = await stack.enter_async_context(HttpTransport(await served(stack, app.take), slack.sign))
        yield Scene(slack, clock, app, SlackUser(slack, transport, "U1"), SlackUser(slack, transport, "U2"))


# Commands


async def test_a_command_has_everything_that_slack_sends(scene: Scene) -> None:
    reply = await scene.ann.command("pledge now", "earth-week")
    assert (reply.status, reply.body) == (200, "")
    sent = scene.app.last
    assert sent.pop("response_url").startswith(scene.slack.api_url.replace("/api/", "/response/"))
    assert scene.slack.workspace.views.triggers.user(sent.pop("trigger_id"), START) == "U1"
    assert sent == {
        "token": "rehearsal-verification-token",
        "team_id": "T0REHEARSAL",
        "team_domain": "rehearsal",
        "channel_id": "C1",
        "channel_name": "earth-week",
        "user_id": "U1",
        "user_name": "ann",
        "command": "/earthweek",
        "text": "pledge now",
        "api_app_id": "A0EARTHWEEK",
        "is_enterprise_install": "false",
    }


async def test_what_is_sent_is_signed_as_slack_signs(scene: Scene) -> None:
    await scene.ann.command("help")
    await scene.ann.open_home()
    verifier = SignatureVerifier(scene.slack.signing_secret)
    assert all(verifier.is_valid_request(body, headers) for headers, body in scene.app.heard)


@pytest.mark.parametrize(
    ("channel", "name"),
    [(None, "directmessage"), ("C1", "earth-week"), ("#earth-week", "earth-week"), ("C2", "privategroup")],
)
async def test_a_command_is_typed_where_the_person_is(scene: Scene, channel: str | None, name: str) -> None:
    await scene.ann.command("help", channel)
    assert scene.app.last["channel_name"] == name
    assert scene.app.last["channel_id"] == (channel if channel in {"C1", "C2"} else scene.app.last["channel_id"])


@pytest.mark.parametrize("channel", ["C2", "secret", "nowhere"])
async def test_nobody_types_where_they_are_not(scene: Scene, channel: str) -> None:
    with pytest.raises(LookupError, match="sees no channel"):
        await scene.bo.command("help", channel)
    assert scene.app.heard == []


@pytest.mark.parametrize("answer", ["psst", {"text": "psst"}, {"response_type": "ephemeral", "text": "psst"}])
async def test_answer_to_command_is_shown_to_person(scene: Scene, answer: object) -> None:
    scene.app.answers = [answer]
    await scene.ann.command("help", "C1")
    assert [(said.channel, said.text) for said in scene.ann.ephemerals()] == [("C1", "psst")]
    assert (scene.bo.ephemerals(), scene.ann.messages("C1")) == ([], [])


async def test_answer_to_command_may_be_public_or_unusable(scene: Scene) -> None:
    scene.app.answers = [{"response_type": "in_channel", "text": "hear"}, {"blocks": [{"type": "section"}]}]
    await scene.ann.command("help", "C1")
    await scene.ann.command("help", "C1")
    assert [message.text for message in scene.bo.messages("C1")] == ["hear"]
    assert scene.slack.errors == {"invalid_blocks": 1}


async def test_a_command_is_answered_through_its_response_url(scene: Scene) -> None:
    await scene.ann.command("help", "C1")
    assert await scene.respond(text="psst", blocks=[row("one", button("join"))]) == 200
    (said,) = scene.ann.ephemerals()
    await scene.ann.press(said, "join")
    assert await scene.respond(text="joined", replace_original=True) == 200
    assert [known.text for known in scene.ann.ephemerals()] == ["joined"]


# Messages


async def test_press_on_message_has_everything_slack_sends(scene: Scene) -> None:
    await scene.say(row("one", button("did", "tip-1")), field_("note", initial_value="a"))
    (message,) = scene.ann.messages("C1")
    await scene.ann.press(message, "did")
    sent = scene.app.last
    shown = sent.pop("message")
    assert scene.slack.workspace.views.triggers.user(sent.pop("trigger_id"), START) == "U1"
    assert sent.pop("response_url").startswith("http://127.0.0.1:")
    assert sent == {
        "type": "block_actions",
        "team": {"id": "T0REHEARSAL", "domain": "rehearsal"},
        "user": {"id": "U1", "username": "ann", "name": "ann", "team_id": "T0REHEARSAL"},
        "api_app_id": "A0EARTHWEEK",
        "token": "rehearsal-verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": message.ts, "channel_id": "C1", "is_ephemeral": False},
        "channel": {"id": "C1", "name": "earth-week"},
        "state": {"values": {"note": {"note_value": {"type": "plain_text_input", "value": "a"}}}},
        "actions": [
            {
                "type": "button",
                "action_id": "did",
                "block_id": "one",
                "text": plain("Press"),
                "value": "tip-1",
                "action_ts": "1805702400.000000",
            }
        ],
    }
    assert (shown["ts"], shown["bot_id"], len(shown["blocks"])) == (message.ts, "B0EARTHWEEK", 2)


async def test_press_in_a_thread_says_in_which(scene: Scene) -> None:
    await scene.say(text="one")
    (parent,) = scene.ann.messages("C1")
    await scene.call(
        "chat.postMessage", channel="C1", text="a", thread_ts=parent.ts, blocks=[row("one", button("did"))]
    )
    (reply,) = scene.ann.replies(parent)
    await scene.ann.press(reply, "did")
    assert scene.app.last["container"]["thread_ts"] == scene.app.last["message"]["thread_ts"] == parent.ts


async def test_press_on_ephemeral_message_sends_only_its_place(scene: Scene) -> None:
    said = scene.slack.workspace.post_ephemeral("C1", "U1", "psst", START, blocks=[row("one", button("join"))])
    await scene.ann.press(said, "join")
    assert "message" not in scene.app.last
    assert scene.app.last["container"]["is_ephemeral"] is True
    with pytest.raises(LookupError, match="does not see"):
        await scene.bo.press(said, "join")


async def test_direct_message_is_pressed_only_by_its_recipient(scene: Scene) -> None:
    await scene.say(row("one", button("stop")), channel="U1")
    (message,) = scene.ann.messages()
    await scene.ann.press(message, "stop")
    assert scene.app.last["channel"] == {"id": scene.ann.direct, "name": "directmessage"}
    with pytest.raises(LookupError, match="sees no channel"):
        await scene.bo.press(message, "stop")


async def test_choice_in_message_is_sent_at_once(scene: Scene) -> None:
    lengths = {"type": "static_select", "action_id": "len", "options": [option("a")], "placeholder": plain("How")}
    await scene.say(row("one", menu(), lengths))
    (message,) = scene.ann.messages("C1")
    await scene.ann.choose(message, "menu", "stop")
    (action,) = scene.app.last["actions"]
    assert (action["type"], action["selected_option"]) == ("overflow", option("stop"))
    assert "menu" not in scene.app.last["state"]["values"]["one"]
    await scene.ann.choose(message, "len", "a")
    (action,) = scene.app.last["actions"]
    assert (action["selected_option"], action["placeholder"]) == (option("a"), plain("How"))
    assert scene.app.last["state"]["values"]["one"]["len"]["selected_option"] == option("a")


async def test_controls_missing_from_message_cannot_be_pressed(scene: Scene) -> None:
    await scene.say(row("one", button("did", "tip-1"), menu()))
    (message,) = scene.ann.messages("C1")
    with pytest.raises(LookupError, match="0 controls"):
        await scene.ann.press(message, "join")
    with pytest.raises(LookupError, match="0 controls"):
        await scene.ann.press(message, "did", "tip-2")
    with pytest.raises(LookupError, match="is no button"):
        await scene.ann.press(message, "menu")
    with pytest.raises(LookupError, match="is a button"):
        await scene.ann.choose(message, "did", "tip-1")
    with pytest.raises(LookupError, match="offers no"):
        await scene.ann.choose(message, "menu", "leave")
    assert scene.app.heard == []


async def test_a_message_is_pressed_as_it_stands_now(scene: Scene) -> None:
    await scene.say(row("one", button("did")))
    (message,) = scene.ann.messages("C1")
    await scene.call("chat.update", channel="C1", ts=message.ts, text="a", blocks=[row("one", button("undo"))])
    with pytest.raises(LookupError, match=r"there are .*undo"):
        await scene.ann.press(message, "did")
    await scene.ann.press(message, "undo")
    await scene.respond(delete_original=True)
    with pytest.raises(LookupError, match="any more"):
        await scene.ann.press(message, "undo")


# What people write


async def test_app_hears_what_is_written_to_it(scene: Scene) -> None:
    await scene.ann.write("a < b")
    event = scene.app.last["event"]
    assert (event["type"], event["text"], event["channel"]) == ("message", "a &lt; b", scene.ann.direct)
    assert (event["channel_type"], event["user"]) == ("im", "U1")
    assert not {"thread_ts", "subtype", "parent_user_id"} & set(event)


async def test_app_hears_to_what_somebody_replied(scene: Scene) -> None:
    await scene.say(text="Hello", channel="U1")
    (parent,) = scene.ann.messages()
    await scene.ann.write("thanks", to=parent)
    event = scene.app.last["event"]
    assert (event["thread_ts"], event["parent_user_id"], event["text"]) == (parent.ts, BOT.id, "thanks")
    (reply,) = scene.ann.replies(parent)
    await scene.ann.write("again", to=reply, broadcast=True)
    event = scene.app.last["event"]
    assert (event["thread_ts"], event["subtype"], event["root"]["ts"]) == (parent.ts, "thread_broadcast", parent.ts)
    assert [said.text for said in scene.ann.messages()] == ["Hello", "again"]


async def test_replies_in_a_channel_reach_everybody_there(scene: Scene) -> None:
    await scene.say(text="one")
    (parent,) = scene.ann.messages("C1")
    scene.ann.say("two", "C1", to=parent)
    assert [said.text for said in scene.ann.replies(parent)] == ["two"]
    assert scene.app.heard == []
    notice = scene.slack.workspace.post("C1", "U1", "<@U1> has joined", START, subtype="channel_join")
    scene.slack.workspace.conversation("C1").remove(scene.ann.replies(parent)[0])
    scene.slack.workspace.conversation("C1").remove(parent)
    for gone in (parent, notice):
        with pytest.raises(LookupError, match="cannot reply"):
            scene.ann.say("three", "C1", to=gone)


# The App Home


async def test_looking_at_the_home_tells_the_app(scene: Scene) -> None:
    await scene.ann.open_home()
    first = scene.app.last
    assert first["event"] == {
        "type": "app_home_opened",
        "user": "U1",
        "channel": scene.ann.direct,
        "tab": "home",
        "event_ts": "1805702400.000000",
    }
    assert (first["type"], first["event_time"], first["team_id"]) == ("event_callback", 1805702400, "T0REHEARSAL")
    await scene.publish(scene.ann, row("one", button("my")))
    await scene.ann.open_home()
    assert scene.app.last["event"]["view"]["type"] == "home"
    assert scene.app.last["event_id"] != first["event_id"]


async def test_home_is_pressed_and_remembers_choices(scene: Scene) -> None:
    when = {"type": "timepicker", "action_id": "when", "initial_time": "09:00"}
    await scene.publish(scene.ann, row("one", button("my", "p1"), when, menu()))
    await scene.ann.choose_home("when", time(20, 15))
    (action,) = scene.app.last["actions"]
    assert (action["selected_time"], action["initial_time"]) == ("20:15", "09:00")
    await scene.ann.choose_home("menu", "stop")
    await scene.ann.press_home("my")
    sent = scene.app.last
    assert sent["container"] == {"type": "view", "view_id": sent["view"]["id"]}
    assert sent["view"]["state"]["values"] == {"one": {"when": {"type": "timepicker", "selected_time": "20:15"}}}
    assert sent["actions"][0]["value"] == "p1"
    assert not {"channel", "message", "response_url"} & set(sent)


async def test_unpublished_home_has_nothing_to_press(scene: Scene) -> None:
    assert scene.ann.home() is None
    with pytest.raises(LookupError, match="nothing is on the App Home"):
        await scene.ann.press_home("my")


# Modals


FORM = (
    field_("why"),
    field_("day", "datepicker", initial_date="2027-03-22"),
    field_("at", "timepicker", optional=True),
    field_("days", "checkboxes", options=[option("mon"), option("tue")], optional=True),
    field_("named", "checkboxes", options=[option("yes")], optional=True),
    field_("where", "static_select", options=[option("se"), option("no")], initial_option=option("se")),
)


async def test_form_is_sent_with_its_entered_values(scene: Scene) -> None:
    await scene.open(scene.ann, modal(*FORM, private_metadata="m", callback_id="pledge"))
    scene.ann.fill(why="because", at=time(7, 30))
    came = await scene.ann.submit({"days": ["tue"], "named_value": True}, day=date(2027, 3, 23))
    assert (came.outcome, scene.ann.modal()) == ("closed", None)
    sent = scene.app.last
    assert (sent["type"], sent["view"]["private_metadata"], sent["response_urls"]) == ("view_submission", "m", [])
    values = {block: next(iter(held.values())) for block, held in sent["view"]["state"]["values"].items()}
    assert values == {
        "why": {"type": "plain_text_input", "value": "because"},
        "day": {"type": "datepicker", "selected_date": "2027-03-23"},
        "at": {"type": "timepicker", "selected_time": "07:30"},
        "days": {"type": "checkboxes", "selected_options": [option("tue")]},
        "named": {"type": "checkboxes", "selected_options": [option("yes")]},
        "where": {"type": "static_select", "selected_option": option("se")},
    }


async def test_incomplete_form_is_not_sent(scene: Scene) -> None:
    await scene.open(scene.ann, modal(*FORM))
    came = await scene.ann.submit(day=None)
    assert (came.outcome, came.errors) == ("incomplete", {"why": "required", "day": "required"})
    assert (came.reply, scene.app.heard) == (None, [])
    assert scene.ann.modal() is not None


async def test_form_with_errors_stays_and_is_sent_again(scene: Scene) -> None:
    await scene.open(scene.ann, modal(field_("why")))
    scene.app.answers = [{"response_action": "errors", "errors": {"why": "Too short"}}]
    came = await scene.ann.submit(why="a")
    assert (came.outcome, came.errors) == ("errors", {"why": "Too short"})
    assert (await scene.ann.submit(why="a reason")).outcome == "closed"


async def test_a_form_can_be_replaced_covered_and_cleared(scene: Scene) -> None:
    await scene.open(scene.ann, modal(field_("why")))
    scene.app.answers = [
        {"response_action": "update", "view": modal(field_("why"), callback_id="two")},
        {"response_action": "push", "view": modal(callback_id="three")},
        {"response_action": "clear"},
    ]
    outcomes: list[str] = []
    for values in ({"why": "a"}, {}, {}):
        outcomes.append((await scene.ann.submit(values)).outcome)
        shown = scene.ann.modal()
        outcomes.append(shown["callback_id"] if shown else "")
    assert outcomes == ["updated", "two", "pushed", "three", "cleared", ""]


async def test_unusable_answer_to_form_is_counted_as_failure(scene: Scene) -> None:
    await scene.open(scene.ann, modal())
    scene.app.answers = [{"response_action": "update", "view": {"type": "modal"}}]
    came = await scene.ann.submit()
    assert (came.outcome, scene.slack.errors) == ("failed", {"invalid_arguments": 1})
    assert "missing required field: title" in came.why
    assert scene.ann.modal() is not None


async def test_app_hears_immediately_of_controls_outside_input_fields(scene: Scene) -> None:
    lively = {**field_("lively"), "dispatch_action": True}
    when = {"type": "datepicker", "action_id": "when"}
    await scene.open(scene.ann, modal(row("one", button("more"), when), lively, field_("why")))
    await scene.ann.press_view("more")
    assert scene.app.last["container"]["type"] == "view"
    await scene.ann.choose_view("when", date(2027, 3, 22))
    assert scene.app.last["view"]["state"]["values"]["one"]["when"]["selected_date"] == "2027-03-22"
    await scene.ann.choose_view("lively_value", "now")
    assert scene.app.last["actions"][0]["value"] == "now"
    with pytest.raises(LookupError, match="is a field"):
        await scene.ann.choose_view("why_value", "now")
    with pytest.raises(LookupError, match="0 fields"):
        scene.ann.fill(when="2027-03-22")


async def test_acting_without_modal_or_submit_button_is_refused(scene: Scene) -> None:
    with pytest.raises(LookupError, match="no modal open"):
        await scene.ann.submit()
    with pytest.raises(LookupError, match="no modal open"):
        await scene.ann.close()
    only_to_read = modal(row("one", button("more")))
    del only_to_read["submit"]
    await scene.open(scene.ann, only_to_read)
    with pytest.raises(LookupError, match="nothing to send"):
        await scene.ann.submit()


async def test_closing_is_reported_only_at_request_of_app(scene: Scene) -> None:
    await scene.open(scene.ann, modal(callback_id="quiet"))
    assert await scene.ann.close() is None
    assert (scene.ann.modal(), scene.app.heard) == (None, [])
    await scene.open(scene.ann, modal(callback_id="below"))
    loud = modal(callback_id="loud", notify_on_close=True)
    await scene.call("views.push", trigger_id=scene.slack.trigger("U1"), view=loud)
    await scene.ann.close()
    sent, below = scene.app.last, scene.ann.modal()
    assert (sent["type"], sent["view"]["callback_id"], sent["is_cleared"]) == ("view_closed", "loud", False)
    assert below is not None
    assert below["callback_id"] == "below"


@pytest.mark.parametrize(("everything", "clear_on_close"), [(True, False), (False, True)])
async def test_all_modals_can_be_closed_together(scene: Scene, *, everything: bool, clear_on_close: bool) -> None:
    await scene.open(scene.ann, modal())
    pushed = modal(notify_on_close=True, clear_on_close=clear_on_close)
    await scene.call("views.push", trigger_id=scene.slack.trigger("U1"), view=pushed)
    await scene.ann.close(everything=everything)
    assert (scene.ann.modal(), scene.app.last["is_cleared"]) == (None, True)


async def test_a_form_sent_twice_at_once_closes_once(scene: Scene) -> None:
    await scene.open(scene.ann, modal(field_("why", initial_value="a")))
    came = await asyncio.gather(scene.ann.submit(), scene.ann.submit())
    assert [each.outcome for each in came] == ["closed", "closed"]
    assert len(scene.app.heard) == 2


# Time, forgeries, repetitions, and many people


async def test_time_runs_out_for_triggers_and_addresses(scene: Scene) -> None:
    await scene.ann.command("help", "C1")
    scene.forward(seconds=3)
    with pytest.raises(AssertionError, match="expired_trigger_id"):
        await scene.call("views.open", trigger_id=scene.app.last["trigger_id"], view=modal())
    assert await scene.respond(text="in time") == 200
    scene.forward(minutes=30)
    assert await scene.respond(text="late") == 404


async def test_anything_can_be_sent_again_or_forged(scene: Scene) -> None:
    await scene.say(row("one", button("did", "tip-1")))
    pressed = await scene.ann.press(scene.ann.messages("C1")[0], "did")
    await scene.ann.send(pressed.sent)
    assert scene.app.heard[0][1] == scene.app.heard[1][1]
    await scene.ann.send({**pressed.sent, "actions": [{"value": "forged"}]})
    assert scene.app.last["actions"] == [{"value": "forged"}]
    typed = await scene.ann.command("help")
    await scene.bo.send_command(typed.sent, {"X-Slack-Signature": "v0=0"})
    assert scene.app.last["user_id"] == "U1"
    opened = await scene.ann.open_home()
    await scene.ann.send_event(opened.sent, retry=(1, "http_timeout"))
    headers, body = scene.app.heard[-1]
    assert (headers["x-slack-retry-num"], headers["x-slack-retry-reason"]) == ("1", "http_timeout")
    assert body == scene.app.heard[-2][1]


async def test_a_stranger_has_no_hand(scene: Scene) -> None:
    with pytest.raises(KeyError):
        SlackUser(scene.slack, scene.ann._transport, "U9")


async def test_thousands_of_presses_leave_little_behind(scene: Scene) -> None:
    town = scene.slack.workspace
    for number in range(3000):
        scene.forward(seconds=2)
        said = town.post_ephemeral("C1", "U1", str(number), START, blocks=[row("one", button("join"))])
        if number % 100 == 0:
            await scene.ann.press(said, "join")
        scene.slack.trigger("U1")
    assert len(town.views.triggers) <= 3
    assert len(scene.slack.responses) <= 30 * 60 / 200 + 1
    assert len(scene.ann.ephemerals()) < 100


# The real Bolt


async def test_the_real_bolt_takes_what_the_hand_sends(slack: RehearsalSlack) -> None:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        app = echo(AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session), slack.signing_secret)

        async def take(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

        transport = await stack.enter_async_context(HttpTransport(await served(stack, take), slack.sign))
        hand = SlackUser(slack, transport, "U1")
        assert (await hand.command("hello", "C1")).ok
        await hand.until(hand.ephemerals)
        (said,) = hand.ephemerals()
        assert said.text == "hello"

        assert (await hand.press(said, "join")).ok
        await hand.until(hand.modal)
        wrong = await hand.submit(why="no")
        assert (wrong.outcome, wrong.errors) == ("errors", {"why": "no"})
        assert (await hand.submit(why="yes")).outcome == "updated"
        shown = hand.modal()
        assert shown is not None
        assert shown["callback_id"] == "thanks"
        assert (await hand.submit()).outcome == "closed"

        assert (await hand.open_home()).ok
        await hand.until(hand.home)
        assert (await hand.send_event({"type": "event_callback"}, {"X-Slack-Signature": "v0=forged"})).status == 401
    assert slack.errors == {}


def echo(client: AsyncWebClient, secret: str) -> AsyncApp:
    """A small app: it repeats a command, opens a form for a press, and takes one answer only."""
    app = AsyncApp(client=client, signing_secret=secret)

    @app.command("/earthweek")
    async def repeat(ack: Any, respond: Any, command: dict[str, str]) -> None:
        await ack()
        await respond(text=command["text"], blocks=[row("one", button("join"))])

    @app.action("join")
    async def join(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field_("why"), callback_id="form"))

    @app.view("form")
    async def check(ack: Any, view: dict[str, Any]) -> None:
        why = view["state"]["values"]["why"]["why_value"]["value"]
        if why == "yes":
            await ack(response_action="update", view=modal(callback_id="thanks"))
        else:
            await ack(response_action="errors", errors={"why": why})

    @app.view("thanks")
    async def close(ack: Any) -> None:
        await ack()

    @app.event("app_home_opened")
    async def greet(event: dict[str, Any]) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": []})

    return app


async def test_answer_to_form_replaces_earlier_view_update(scene: Scene) -> None:
    await scene.open(scene.ann, modal(field_("note")))
    shown = scene.ann.modal()
    assert shown

    async def late(request: web.Request) -> web.Response:
        await scene.call("views.update", view_id=shown["id"], view=modal(field_("newer")))
        return await scene.app.take(request)

    scene.app.answers = [{"response_action": "update", "view": modal(field_("older"))}]
    async with AsyncExitStack() as stack:
        transport = await stack.enter_async_context(HttpTransport(await served(stack, late), scene.slack.sign))
        submitted = await SlackUser(scene.slack, transport, "U1").submit(note="a")
    assert submitted.outcome == "updated"
    after = scene.ann.modal()
    assert after
    assert [block["block_id"] for block in after["blocks"]] == ["older"]

"""What somebody writes to the bot itself, as in a chat: it is answered there, and kept nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.slack import payloads
from rehearsal.slack.payloads import Actor
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.workspace import PostedMessage
from tests.simulation import Simulation

from .conftest import RunBot, over_http
from .participants import MANAGER, SV, VISITED, Participant, member, participant

SECRET = "my boss never turns the lights off"


async def writes(simulation: Simulation, who: Participant, text: str) -> PostedMessage:
    """Write to the bot, and wait for its answer."""
    before = len(simulation.messages(who.user))
    await who.hand.write(text)
    await who.hand.until(lambda: len(simulation.messages(who.user)) > before + 1)
    return simulation.messages(who.user)[-1]


def event(simulation: Simulation, who: Participant, event_id: str = "EvAGAIN", **more: Any) -> dict[str, Any]:
    town = simulation.slack.workspace
    said = {
        "type": "message",
        "user": who.user,
        "channel": who.hand.direct,
        "channel_type": "im",
        "text": "help",
        "ts": "1.1",
    }
    act = Actor(town, town.users[who.user], simulation.clock.now())
    return dict(payloads.envelope(act, {name: value for name, value in {**said, **more}.items() if value}, event_id))


def labels(message: PostedMessage) -> list[str]:
    rows = (block for block in message.blocks if block["type"] == "actions")
    return [button["action_id"] for row in rows for button in row["elements"]]


@pytest.mark.parametrize(
    "text", ["stop", "STOPP!", "please stop sending me this", "unsubscribe", "\u201cabmelden\u201d"]
)
async def test_a_wish_to_stop_is_carried_out(run_bot: RunBot, text: str) -> None:
    week = await run_bot(VISITED)
    ann = await member(week, messages=True)
    assert (await writes(week, ann, text)).text == SV("messages.stopped")
    person = await ann.person()
    assert person is not None
    assert not person.direct_messages


@over_http
async def test_who_takes_no_part_is_answered_too(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann, boss = await participant(week), await participant(week, MANAGER)
    assert (await writes(week, ann, "stop")).text == SV("messages.none")
    assert (await writes(week, boss, "stop")).text == SV("messages.duty")


@over_http
async def test_commands_are_answered_in_the_conversation(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, limits=RateLimits.none())
    ann = await member(week)
    for text, button in {"pledge": "pledge", "idé": "idea", "country": "settings", "pausa": "messages_pause"}.items():
        offered = await writes(week, ann, text)
        assert (offered.text, labels(offered)) == (SV("direct.press"), [button])
    assert (await writes(week, ann, "language sv")).text == SV("language.changed", language="svenska")
    assert SV("help.title") in str((await writes(week, ann, "hej")).blocks)
    form = await ann.presses(await writes(week, ann, "idea: bikes"), "idea")
    assert form.form == "idea"


@over_http
async def test_newcomer_who_writes_gets_join_button(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    offered = await writes(week, ann, "my pledges")
    assert (offered.text, labels(offered)) == (SV("direct.press"), ["my"])
    assert (await ann.presses(offered, "my")).form == "join"


@over_http
async def test_anything_else_is_neither_repeated_nor_kept(run_bot: RunBot, capsys: pytest.CaptureFixture[str]) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    answer = await writes(week, ann, SECRET)
    assert answer.text == SV("direct.not_understood")
    assert "boss" not in str(answer.blocks)
    assert "boss" not in str(await ann.stored())
    assert "boss" not in "".join(capsys.readouterr())


@over_http
async def test_only_messages_of_people_are_answered_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    unanswered: tuple[dict[str, Any], ...] = (
        {"bot_id": "B1"}, {"subtype": "message_changed"}, {"subtype": "bot_message"}, {"subtype": "message_deleted"},
        {"user": None}, {"user": "USLACKBOT"}, {"channel_type": "channel"}, {"channel": None},
    )  # fmt: skip
    for number, more in enumerate(unanswered):
        assert (await ann.hand.send_event(event(week, ann, f"Ev{number}", **more))).ok
    await week.settle()
    assert week.messages(ann.user) == []
    for _ in range(3):
        assert (await ann.hand.send_event(event(week, ann))).ok
        await week.settle()
    assert len(week.messages(ann.user)) == 1

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.pins import MOST_PINS
from rehearsal.slack.workspace import BOT

from .helpers import START, Desk, refusal, word


@pytest.fixture(autouse=True)
def granted(desk: Desk) -> None:
    desk.slack.scopes |= {"pins:read", "pins:write"}


async def pinned(desk: Desk, text: str = "Hello", channel: str = "C1") -> str:
    """Post and pin a message; its timestamp."""
    ts = str((await desk.client.chat_postMessage(channel=channel, text=text))["ts"])
    assert (await desk.client.pins_add(channel=channel, timestamp=ts)).data == {"ok": True}
    return ts


async def test_pins_are_listed_newest_first(desk: Desk) -> None:
    first = await pinned(desk, "one")
    desk.clock.forward(60)
    second = await pinned(desk, "two")
    items = (await desk.client.pins_list(channel="C1"))["items"]
    assert [(each["type"], each["message"]["ts"], each["message"]["text"]) for each in items] == [
        ("message", second, "two"),
        ("message", first, "one"),
    ]
    assert (items[1]["channel"], items[1]["created_by"], items[1]["created"]) == ("C1", BOT.id, int(START.timestamp()))
    assert items[1]["message"]["pinned_to"] == ["C1"]


async def test_history_says_what_is_pinned(desk: Desk) -> None:
    await pinned(desk)
    await desk.client.chat_postMessage(channel="C1", text="plain")
    history = await desk.client.conversations_history(channel="C1")
    plain, shown = history["messages"]
    assert history["pin_count"] == 1
    expected = {"channel": "C1", "pinned_by": BOT.id, "pinned_ts": int(START.timestamp())}
    assert (shown["pinned_info"], "pinned_info" in plain) == (expected, False)


async def test_a_changed_message_stays_pinned(desk: Desk) -> None:
    ts = await pinned(desk, "old")
    await desk.client.chat_update(channel="C1", ts=ts, text="new")
    (item,) = (await desk.client.pins_list(channel="C1"))["items"]
    assert item["message"]["text"] == "new"


async def test_a_pin_is_removed_once(desk: Desk) -> None:
    ts = await pinned(desk)
    await desk.client.pins_remove(channel="C1", timestamp=ts)
    assert (await desk.client.pins_list(channel="C1"))["items"] == []
    assert await word(desk.client.pins_remove(channel="C1", timestamp=ts)) == "no_pin"


async def test_a_message_is_pinned_once(desk: Desk) -> None:
    ts = await pinned(desk)
    assert await word(desk.client.pins_add(channel="C1", timestamp=ts)) == "already_pinned"
    assert len((await desk.client.pins_list(channel="C1"))["items"]) == 1


async def test_replies_and_direct_messages_can_be_pinned(desk: Desk) -> None:
    parent = (await desk.client.chat_postMessage(channel="C1", text="one"))["ts"]
    reply = (await desk.client.chat_postMessage(channel="C1", text="two", thread_ts=parent))["ts"]
    assert (await desk.client.pins_add(channel="C1", timestamp=reply))["ok"]
    direct = await desk.client.chat_postMessage(channel="U1", text="Hello")
    assert (await desk.client.pins_add(channel=direct["channel"], timestamp=direct["ts"]))["ok"]


async def test_what_slack_writes_itself_is_not_pinnable(desk: Desk) -> None:
    joined = desk.slack.workspace.post("C1", "U1", "<@U1> has joined the channel", START, subtype="channel_join")
    assert await word(desk.client.pins_add(channel="C1", timestamp=joined.ts)) == "not_pinnable"


async def test_what_was_deleted_is_pinned_no_more(desk: Desk) -> None:
    ts = await pinned(desk)
    await desk.client.chat_postMessage(channel="C1", text="reply", thread_ts=ts)
    town = desk.slack.workspace.conversation("C1")
    town.remove(town.messages[0])
    assert (await desk.client.pins_list(channel="C1"))["items"] == []
    assert await word(desk.client.pins_add(channel="C1", timestamp=ts)) == "message_not_found"


async def test_a_channel_has_room_for_so_many_pins(desk: Desk) -> None:
    for place in range(MOST_PINS):
        await pinned(desk, str(place))
    one_more = (await desk.client.chat_postMessage(channel="C1", text="more"))["ts"]
    assert await word(desk.client.pins_add(channel="C1", timestamp=one_more)) == "too_many_pins"


@pytest.mark.parametrize("method", ["pins.add", "pins.remove"])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"channel": "C9"}, "channel_not_found"),
        ({"channel": "C3"}, "channel_not_found"),
        ({"channel": "#earth-week"}, "channel_not_found"),
        ({"channel": "C2"}, "not_in_channel"),
        ({"channel": None}, "invalid_arguments"),
        ({"timestamp": "1.000000"}, "message_not_found"),
        ({"timestamp": "soon"}, "bad_timestamp"),
        ({"timestamp": None}, "no_item_specified"),
    ],
)
async def test_a_bad_pin_is_refused(
    client: AsyncWebClient, method: str, changes: dict[str, Any], expected: str
) -> None:
    posted = await client.chat_postMessage(channel="C1", text="Hello")
    good = {"channel": "C1", "timestamp": posted["ts"]}
    assert await word(client.api_call(method, json=good | changes)) == expected


@pytest.mark.parametrize(("channel", "expected"), [("C9", "channel_not_found"), ("C2", "not_in_channel")])
async def test_pins_are_listed_for_members_alone(client: AsyncWebClient, channel: str, expected: str) -> None:
    assert await word(client.pins_list(channel=channel)) == expected


async def test_reading_and_writing_pins_need_their_scopes(desk: Desk) -> None:
    ts = await pinned(desk)
    desk.slack.scopes.remove("pins:write")
    assert (await desk.client.pins_list(channel="C1"))["ok"]
    for refused in (desk.client.pins_add, desk.client.pins_remove):
        body = await refusal(refused(channel="C1", timestamp=ts))
        assert (body["error"], body["needed"]) == ("missing_scope", "pins:write")
    desk.slack.scopes.remove("pins:read")
    assert (await refusal(desk.client.pins_list(channel="C1")))["needed"] == "pins:read"

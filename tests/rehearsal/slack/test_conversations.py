from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.workspace import BOT, Channel

from .helpers import EVENT, START, Desk, word


def speak(desk: Desk, count: int, channel: str = "C1") -> list[str]:
    """Some messages a second apart; their timestamps."""
    post = desk.slack.workspace.post
    return [
        post(channel, BOT.id, str(place), START + timedelta(seconds=place), metadata=EVENT).ts for place in range(count)
    ]


async def texts(client: AsyncWebClient, **arguments: Any) -> str:
    answer = await client.conversations_history(channel="C1", **arguments)
    return "".join(message["text"] for message in answer["messages"])


async def test_history_is_newest_first_and_silent_about_metadata(desk: Desk) -> None:
    speak(desk, 3)
    answer = await desk.client.conversations_history(channel="C1")
    assert [message["text"] for message in answer["messages"]] == ["2", "1", "0"]
    assert not any("metadata" in message for message in answer["messages"])
    assert (answer["has_more"], answer["response_metadata"]["next_cursor"]) == (False, "")


async def test_history_shows_metadata_when_it_is_asked_to(desk: Desk) -> None:
    speak(desk, 1)
    desk.slack.workspace.post("C1", "U1", "plain", START + timedelta(seconds=9))
    answer = await desk.client.conversations_history(channel="C1", include_all_metadata=True)
    plain, posted = answer["messages"]
    assert posted["metadata"] == EVENT
    assert "metadata" not in plain
    assert "bot_id" not in plain


async def test_history_is_bounded(desk: Desk) -> None:
    stamps = speak(desk, 5)
    first, last = stamps[1], stamps[3]
    assert await texts(desk.client, oldest=first) == "432"
    assert await texts(desk.client, oldest=first, inclusive=True) == "4321"
    assert await texts(desk.client, latest=last) == "210"
    assert await texts(desk.client, oldest=first, latest=last) == "2"
    assert await texts(desk.client, oldest=first, latest=last, inclusive=True) == "321"
    assert await texts(desk.client, latest=last, inclusive=True, limit=1) == "3"


@pytest.mark.parametrize("bounds", [{}, {"inclusive": True}, {"latest": "1900000000.000000"}])
async def test_history_is_paged_without_gap_or_repetition(desk: Desk, bounds: dict[str, Any]) -> None:
    speak(desk, 10)
    shown, cursor = "", ""
    while True:
        answer = await desk.client.conversations_history(channel="C1", limit=3, cursor=cursor, **bounds)
        shown += "".join(message["text"] for message in answer["messages"])
        cursor = answer["response_metadata"]["next_cursor"]
        assert answer["has_more"] == bool(cursor)
        if not cursor:
            break
    assert shown == "9876543210"


async def test_the_sdk_walks_the_pages_by_itself(desk: Desk) -> None:
    speak(desk, 7)
    walk = await desk.client.conversations_history(channel="C1", limit=3)
    assert [len(page["messages"]) async for page in walk] == [3, 3, 1]


async def test_what_is_said_meanwhile_moves_no_page(desk: Desk) -> None:
    speak(desk, 4)
    first = await desk.client.conversations_history(channel="C1", limit=2)
    await desk.client.chat_postMessage(channel="C1", text="new")
    assert await texts(desk.client, limit=2, cursor=first["response_metadata"]["next_cursor"]) == "10"


async def test_page_has_100_messages_usually_999_at_most(desk: Desk) -> None:
    speak(desk, 1200)
    usual = await desk.client.conversations_history(channel="C1")
    assert len(usual["messages"]) == 100
    most = await desk.client.conversations_history(channel="C1", limit=5000)
    assert len(most["messages"]) == 999


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"channel": "C2"}, "not_in_channel"),
        ({"channel": "C3"}, "channel_not_found"),
        ({"channel": "C9"}, "channel_not_found"),
        ({"channel": "U1"}, "channel_not_found"),
        ({"channel": "#earth-week"}, "channel_not_found"),
        ({}, "invalid_arguments"),
        ({"channel": "C1", "cursor": "nonsense"}, "invalid_cursor"),
        ({"channel": "C1", "cursor": base64.b64encode(b"user:1").decode()}, "invalid_cursor"),
        ({"channel": "C1", "cursor": base64.b64encode(b"next_ts:x").decode()}, "invalid_cursor"),
        ({"channel": "C1", "cursor": base64.b64encode(b"\xff").decode()}, "invalid_cursor"),
        ({"channel": "C1", "limit": "many"}, "invalid_limit"),
        ({"channel": "C1", "oldest": "soon"}, "invalid_ts_oldest"),
        ({"channel": "C1", "latest": "soon"}, "invalid_ts_latest"),
    ],
)
async def test_a_bad_question_about_history_is_refused(
    client: AsyncWebClient, arguments: dict[str, Any], expected: str
) -> None:
    assert await word(client.api_call("conversations.history", http_verb="GET", params=arguments)) == expected


async def test_the_history_of_a_direct_conversation_is_readable(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="U1", text="Hello")
    answer = await client.conversations_history(channel=posted["channel"])
    assert [message["ts"] for message in answer["messages"]] == [posted["ts"]]


@pytest.mark.parametrize(("channel", "scope"), [("C1", "channels"), ("C4", "groups"), ("U1", "im")])
async def test_each_kind_of_conversation_has_its_own_scope(desk: Desk, channel: str, scope: str) -> None:
    posted = await desk.client.chat_postMessage(channel=channel, text="Hello")
    desk.slack.scopes -= {f"{scope}:history", f"{scope}:read"}
    assert await word(desk.client.conversations_history(channel=posted["channel"])) == "missing_scope"
    assert await word(desk.client.conversations_info(channel=posted["channel"])) == "missing_scope"
    assert await word(desk.client.conversations_members(channel=posted["channel"])) == "missing_scope"


async def thread(desk: Desk, *texts: str) -> str:
    """A message with replies by the bot a second apart, and another message; the timestamp of the first."""
    parent, _ = speak(desk, 2)
    desk.clock.forward(60)
    for text in texts:
        desk.clock.forward(1)
        await desk.client.chat_postMessage(channel="C1", thread_ts=parent, text=text, metadata=EVENT)
    return parent


async def test_parent_counts_its_replies_and_history_hides_them(desk: Desk) -> None:
    parent = await thread(desk, "a")
    last = desk.slack.workspace.post("C1", "U1", "b", START + timedelta(minutes=5), parent_ts=parent)
    alone, shown = (await desk.client.conversations_history(channel="C1"))["messages"]
    assert (shown["ts"], shown["thread_ts"]) == (parent, parent)
    assert (shown["reply_count"], shown["reply_users_count"], shown["latest_reply"]) == (2, 2, last.ts)
    assert shown["reply_users"] == [BOT.id, "U1"]
    assert not {"thread_ts", "reply_count", "latest_reply", "parent_user_id"} & set(alone)


async def test_a_thread_is_read_from_its_parent_on(desk: Desk) -> None:
    parent = await thread(desk, "a", "b")
    answer = await desk.client.conversations_replies(channel="C1", ts=parent, include_all_metadata=True)
    first, *replies = answer["messages"]
    assert (first["reply_count"], first["metadata"]) == (2, EVENT)
    assert [(each["text"], each["thread_ts"], each["parent_user_id"]) for each in replies] == [
        ("a", parent, BOT.id),
        ("b", parent, BOT.id),
    ]
    assert replies[0]["metadata"] == EVENT
    assert "metadata" not in (await desk.client.conversations_replies(channel="C1", ts=parent))["messages"][1]


async def test_a_message_without_replies_is_its_own_thread(desk: Desk) -> None:
    (only,) = speak(desk, 1)
    (found,) = (await desk.client.conversations_replies(channel="C1", ts=only))["messages"]
    assert (found["ts"], "thread_ts" in found) == (only, False)


@pytest.mark.parametrize("bounds", [{}, {"inclusive": True}, {"oldest": "1.000000"}])
async def test_a_thread_is_paged_without_gap_or_repetition(desk: Desk, bounds: dict[str, Any]) -> None:
    parent = await thread(desk, *"abcdefg")
    shown, cursor = "", ""
    while True:
        answer = await desk.client.conversations_replies(channel="C1", ts=parent, limit=3, cursor=cursor, **bounds)
        shown += "".join(message["text"] for message in answer["messages"])
        cursor = answer["response_metadata"]["next_cursor"]
        assert answer["has_more"] == bool(cursor)
        if not cursor:
            break
    assert shown == "0abcdefg"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"ts": "1.000000"}, "thread_not_found"),
        ({"ts": "soon"}, "thread_not_found"),
        ({"ts": ""}, "invalid_arguments"),
        ({"ts": "reply"}, "invalid_arguments"),
        ({"ts": "notice"}, "thread_not_found"),
        ({"channel": "C2"}, "not_in_channel"),
        ({"channel": "C3"}, "channel_not_found"),
        ({"cursor": "nonsense"}, "invalid_cursor"),
        ({"oldest": "soon"}, "invalid_ts_oldest"),
    ],
)
async def test_a_bad_question_about_a_thread_is_refused(desk: Desk, arguments: dict[str, Any], expected: str) -> None:
    parent = await thread(desk, "a")
    town = desk.slack.workspace
    notice = town.post("C1", "U1", "<@U1> has joined the channel", desk.clock(), subtype="channel_join")
    named = {"reply": town.conversation("C1").replies(town.messages("C1")[0])[0].ts, "notice": notice.ts}
    question = {"channel": "C1", "ts": parent, **arguments}
    question["ts"] = named.get(question["ts"], question["ts"])
    assert await word(desk.client.api_call("conversations.replies", http_verb="GET", params=question)) == expected


async def test_reading_a_thread_needs_the_scope_of_history(desk: Desk) -> None:
    parent = await thread(desk, "a")
    desk.slack.scopes.remove("channels:history")
    assert await word(desk.client.conversations_replies(channel="C1", ts=parent)) == "missing_scope"


async def listed(client: AsyncWebClient, **arguments: Any) -> list[str]:
    answer = await client.conversations_list(**arguments)
    return [channel["id"] for channel in answer["channels"]]


async def test_channels_are_listed_by_type(client: AsyncWebClient) -> None:
    assert await listed(client) == ["C1", "C2", "C5"]
    assert await listed(client, exclude_archived=True) == ["C1", "C2"]
    assert await listed(client, types="public_channel, private_channel") == ["C1", "C2", "C4", "C5"]
    direct = (await client.chat_postMessage(channel="U1", text="Hello"))["channel"]
    assert await listed(client, types="im") == [direct]
    assert await word(client.conversations_list(types="club")) == "invalid_types"


async def test_channels_are_listed_in_pages(client: AsyncWebClient) -> None:
    walk = await client.conversations_list(limit=2)
    assert [[channel["id"] for channel in page["channels"]] async for page in walk] == [["C1", "C2"], ["C5"]]


async def test_each_listed_type_needs_its_scope(desk: Desk) -> None:
    desk.slack.scopes -= {"groups:read"}
    assert await listed(desk.client)
    assert await word(desk.client.conversations_list(types="public_channel,private_channel")) == "missing_scope"


async def test_channel_tells_whether_bot_is_member(client: AsyncWebClient) -> None:
    inside, outside = [(await client.conversations_info(channel=id_))["channel"] for id_ in ("C1", "C2")]
    assert (inside["is_member"], inside["name"], inside["num_members"]) == (True, "earth-week", 3)
    assert outside["is_member"] is False
    assert await word(client.conversations_info(channel="C3")) == "channel_not_found"


async def test_the_bot_joins_public_channels(desk: Desk) -> None:
    joined = await desk.client.conversations_join(channel="C2")
    assert joined["channel"]["is_member"]
    assert "warning" not in joined.data
    assert (await desk.client.chat_postMessage(channel="C2", text="Hello"))["ok"]


async def test_joining_twice_is_a_warning(client: AsyncWebClient) -> None:
    assert (await client.conversations_join(channel="C1"))["warning"] == "already_in_channel"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C3", "channel_not_found"),
        ("C4", "method_not_supported_for_channel_type"),
        ("C5", "is_archived"),
        ("C9", "channel_not_found"),
    ],
)
async def test_the_bot_cannot_join_everywhere(client: AsyncWebClient, channel: str, expected: str) -> None:
    assert await word(client.conversations_join(channel=channel)) == expected


async def test_a_direct_conversation_is_opened_and_found_again(client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users="U1")
    again = await client.conversations_open(users=["U1"], return_im=True)
    assert opened["channel"] == {"id": again["channel"]["id"]}
    assert (again["already_open"], again["channel"]["user"]) == (True, "U1")
    assert (await client.chat_postMessage(channel="U1", text="Hello"))["channel"] == opened["channel"]["id"]


@pytest.mark.parametrize(
    ("users", "expected"), [("U9", "user_not_found"), ("U1,U2", "invalid_arguments"), ("", "invalid_arguments")]
)
async def test_a_bad_conversation_is_not_opened(client: AsyncWebClient, users: str, expected: str) -> None:
    assert await word(client.conversations_open(users=users)) == expected


async def test_members_are_paged(client: AsyncWebClient) -> None:
    first = await client.conversations_members(channel="C1", limit=2)
    assert first["members"] == [BOT.id, "U1"]
    rest = await client.conversations_members(channel="C1", cursor=first["response_metadata"]["next_cursor"])
    assert rest["members"] == ["U2"]


async def test_bot_is_member_of_all_its_listed_conversations(desk: Desk) -> None:
    town = desk.slack.workspace
    for number in range(3):
        town.add_channel(Channel(f"C9{number}", f"own-{number}"), [BOT.id])
    town.add_channel(Channel("C99", "others"))
    shown, cursor = [], ""
    while True:
        page = await desk.client.users_conversations(limit=2, cursor=cursor)
        shown += [each["name"] for each in page["channels"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert "others" not in shown
    assert [name for name in shown if name.startswith("own-")] == ["own-0", "own-1", "own-2"]


async def test_a_renamed_channel_remembers_its_names(desk: Desk) -> None:
    desk.slack.workspace.rename("C1", "another")
    found = (await desk.client.conversations_info(channel="C1"))["channel"]
    assert found["name"] == "another"
    assert len(found["previous_names"]) == 1

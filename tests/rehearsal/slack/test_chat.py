from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.workspace import BOT

from .helpers import EVENT, HELLO, START, Desk, refusal, word


async def test_post_answers_with_everything_that_was_stored(desk: Desk, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="C1", text="Hello", blocks=[HELLO], metadata=EVENT)
    assert (answer["ok"], answer["channel"]) == (True, "C1")
    assert answer["ts"] == f"{int(START.timestamp())}.000000"
    shown = answer["message"]
    assert (shown["text"], shown["user"], shown["metadata"]) == ("Hello", BOT.id, EVENT)
    assert shown["blocks"] == [{"block_id": "rehearsal-0", **HELLO}]
    (stored,) = desk.slack.workspace.messages("C1")
    assert (stored.ts, stored.text, stored.metadata, stored.user, stored.posted_at) == (
        answer["ts"],
        "Hello",
        EVENT,
        BOT.id,
        START,
    )


@pytest.mark.parametrize("name", ["C1", "#earth-week", "earth-week"])
async def test_a_channel_is_addressed_by_id_or_name(client: AsyncWebClient, name: str) -> None:
    assert (await client.chat_postMessage(channel=name, text="Hello"))["channel"] == "C1"


async def test_post_to_person_opens_conversation_and_answers_id(client: AsyncWebClient) -> None:
    first = await client.chat_postMessage(channel="U1", text="one")
    second = await client.chat_postMessage(channel="U1", text="two")
    third = await client.chat_postMessage(channel=first["channel"], text="three")
    assert first["channel"].startswith("D")
    assert first["channel"] == second["channel"] == third["channel"]
    assert (await client.chat_postMessage(channel="U2", text="one"))["channel"] != first["channel"]


async def test_post_to_deactivated_person_succeeds_as_in_slack(client: AsyncWebClient) -> None:
    assert (await client.chat_postMessage(channel="U4", text="Hello"))["ok"]


async def test_a_form_carries_blocks_and_metadata_as_json(desk: Desk) -> None:
    form = {"channel": "C1", "text": "Hello", "blocks": json.dumps([HELLO]), "metadata": json.dumps(EVENT)}
    status, answer = await desk.raw("chat.postMessage", data=form)
    assert (status, answer["message"]["metadata"]) == (200, EVENT)
    assert answer["message"]["blocks"][0]["text"] == HELLO["text"]


async def test_json_carries_blocks_as_json_text_too(desk: Desk) -> None:
    _, answer = await desk.raw("chat.postMessage", json={"channel": "C1", "text": "a", "blocks": json.dumps([HELLO])})
    assert answer["message"]["blocks"][0]["text"] == HELLO["text"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"channel": "C9", "text": "a"}, "channel_not_found"),
        ({"channel": "#nowhere", "text": "a"}, "channel_not_found"),
        ({"channel": "U9", "text": "a"}, "channel_not_found"),
        ({"channel": "C2", "text": "a"}, "not_in_channel"),
        ({"channel": "C3", "text": "a"}, "channel_not_found"),
        ({"channel": "C5", "text": "a"}, "is_archived"),
        ({"channel": "C1"}, "no_text"),
        ({"channel": "C1", "text": "", "blocks": []}, "no_text"),
        ({"channel": "C1", "text": "t" * 40_001}, "msg_too_long"),
        ({"channel": "C1", "text": "a", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C1", "text": "a", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"channel": "C1", "text": "a", "blocks": [{"type": "sparkle"}]}, "invalid_blocks"),
        ({"channel": "C1", "text": "a", "blocks": [{"type": "markdown", "text": "m" * 12_001}]}, "msg_blocks_too_long"),
        ({"channel": "C1", "text": "a", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": "C1", "text": "a", "metadata": ["x"]}, "invalid_metadata_format"),
        ({"channel": "C1", "text": "a", "metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ({"channel": "C1", "text": "a", "metadata": {"event_payload": {}}}, "invalid_metadata_schema"),
        ({"channel": "C1", "text": "a", "attachments": []}, "invalid_arguments"),
        ({"channel": "C1", "text": "a", "thread_ts": "0"}, "invalid_thread_ts"),
        ({"channel": "C1", "text": "a", "thread_ts": "soon"}, "invalid_thread_ts"),
        ({"channel": "C1", "text": ["a"]}, "invalid_arguments"),
        ({"text": "a"}, "invalid_arguments"),
    ],
)
async def test_a_bad_post_is_refused_in_slacks_words(desk: Desk, arguments: dict[str, Any], expected: str) -> None:
    assert await word(desk.client.api_call("chat.postMessage", json=arguments)) == expected
    assert desk.slack.workspace.messages() == []
    assert desk.slack.errors == {expected: 1}


async def test_refused_blocks_come_with_their_places(client: AsyncWebClient) -> None:
    bad = {"type": "header", "text": {"type": "plain_text", "text": "h" * 151}}
    body = await refusal(client.chat_postMessage(channel="C1", text="a", blocks=[bad]))
    said = "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    assert body["errors"] == [said]
    assert body["response_metadata"] == {"messages": [f"[ERROR] {said}"]}


async def test_public_scope_lets_bot_post_outside_its_channels(desk: Desk) -> None:
    desk.slack.scopes.add("chat:write.public")
    assert (await desk.client.chat_postMessage(channel="C2", text="a"))["ok"]
    assert await word(desk.client.chat_postMessage(channel="C3", text="a")) == "channel_not_found"


async def test_a_channel_archived_meanwhile_takes_no_more_posts(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel="C1", text="a")
    desk.slack.workspace.archive("C1")
    assert await word(desk.client.chat_postMessage(channel="C1", text="b")) == "is_archived"
    assert await word(desk.client.chat_update(channel="C1", ts=posted["ts"], text="b")) == "is_inactive"


async def test_a_reply_stays_in_the_thread(desk: Desk, client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel="C1", text="one"))["ts"]
    answer = await client.chat_postMessage(channel="C1", text="two", thread_ts=parent)
    assert answer["message"]["thread_ts"] == parent
    town = desk.slack.workspace.conversation("C1")
    assert [said.text for said in town.messages] == ["one"]
    assert [said.text for said in town.replies(town.messages[0])] == ["two"]


async def test_a_broadcast_reply_is_seen_in_the_channel(client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel="C1", text="one"))["ts"]
    await client.chat_postMessage(channel="C1", text="two", thread_ts=parent, reply_broadcast=True)
    await client.chat_postMessage(channel="C1", text="three", reply_broadcast=True)
    three, two, one = (await client.conversations_history(channel="C1"))["messages"]
    assert (two["subtype"], two["thread_ts"], two["root"]["ts"]) == ("thread_broadcast", parent, parent)
    assert one["reply_count"] == 1
    assert "subtype" not in three


async def test_reply_to_a_deleted_message_falls_into_the_channel(desk: Desk, client: AsyncWebClient) -> None:
    parent = await client.chat_postMessage(channel="C1", text="one")
    town = desk.slack.workspace.conversation("C1")
    town.remove(town.messages[0])
    answer = await client.chat_postMessage(channel="C1", text="two", thread_ts=parent["ts"])
    assert "thread_ts" not in answer["message"]
    assert [said.text for said in town.messages] == ["two"]


async def test_not_everything_can_be_replied_to(desk: Desk, client: AsyncWebClient) -> None:
    notice = desk.slack.workspace.post("C1", "U1", "<@U1> has joined", START, subtype="channel_join")
    refused = word(client.chat_postMessage(channel="C1", text="a", thread_ts=notice.ts))
    assert await refused == "cannot_reply_to_message"
    parent = (await client.chat_postMessage(channel="C1", text="one"))["ts"]
    reply = (await client.chat_postMessage(channel="C1", text="two", thread_ts=parent))["ts"]
    assert await word(client.chat_postMessage(channel="C1", text="a", thread_ts=reply)) == "invalid_arguments"


async def test_an_update_changes_the_message_in_its_place(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel="C1", text="old", blocks=[HELLO], metadata=EVENT)
    await desk.client.chat_postMessage(channel="C1", text="later")
    desk.clock.forward(60)
    answer = await desk.client.chat_update(channel="C1", ts=posted["ts"], text="new", blocks=[HELLO])
    assert (answer["channel"], answer["ts"], answer["text"]) == ("C1", posted["ts"], "new")
    assert desk.says() == ["new", "later"]
    (changed, _) = desk.slack.workspace.messages("C1")
    assert (changed.metadata, changed.blocks[0]["text"]) == (EVENT, HELLO["text"])
    assert answer["message"]["edited"]["ts"] == f"{int(START.timestamp()) + 60}.000000"


async def test_text_alone_takes_the_blocks_away(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel="C1", text="old", blocks=[HELLO])
    await desk.client.chat_update(channel="C1", ts=posted["ts"], text="new")
    (changed,) = desk.slack.workspace.messages("C1")
    assert (changed.text, changed.blocks) == ("new", ())


async def test_a_reply_is_changed_in_its_thread(desk: Desk) -> None:
    parent = await desk.client.chat_postMessage(channel="C1", text="one")
    reply = await desk.client.chat_postMessage(channel="C1", text="two", thread_ts=parent["ts"])
    answer = await desk.client.chat_update(channel="C1", ts=reply["ts"], text="three")
    assert (answer["message"]["thread_ts"], answer["text"]) == (parent["ts"], "three")
    assert [said.text for said in desk.slack.workspace.messages("C1")] == ["one", "three"]


async def test_an_update_takes_away_what_is_sent_empty(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel="C1", text="old", blocks=[HELLO], metadata=EVENT)
    await desk.client.chat_update(channel="C1", ts=posted["ts"], text="new", blocks=[], metadata={})
    (changed,) = desk.slack.workspace.messages("C1")
    assert (changed.blocks, changed.metadata) == ((), None)


async def test_an_update_may_bring_blocks_only(desk: Desk) -> None:
    posted = await desk.client.chat_postMessage(channel="C1", text="old")
    await desk.client.api_call("chat.update", json={"channel": "C1", "ts": posted["ts"], "blocks": [HELLO]})
    (changed,) = desk.slack.workspace.messages("C1")
    assert (changed.text, len(changed.blocks)) == ("old", 1)


async def test_updating_direct_message_needs_its_conversation_id(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="U1", text="old")
    assert await word(client.chat_update(channel="U1", ts=posted["ts"], text="new")) == "channel_not_found"
    assert (await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="new"))["ok"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ts": "1.000000"}, "message_not_found"),
        ({"channel": "C9"}, "channel_not_found"),
        ({"channel": "#earth-week"}, "channel_not_found"),
        ({"text": ""}, "no_text"),
        ({"text": "t" * 4001}, "msg_too_long"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"ts": None}, "invalid_arguments"),
        ({"reply_broadcast": True}, "invalid_arguments"),
    ],
)
async def test_a_bad_update_is_refused(client: AsyncWebClient, changes: dict[str, Any], expected: str) -> None:
    posted = await client.chat_postMessage(channel="C1", text="old")
    good = {"channel": "C1", "ts": posted["ts"], "text": "new"}
    assert await word(client.api_call("chat.update", json=good | changes)) == expected


async def test_the_bot_cannot_change_what_others_said(desk: Desk) -> None:
    said = desk.slack.workspace.post("C1", "U1", "mine", START)
    assert await word(desk.client.chat_update(channel="C1", ts=said.ts, text="yours")) == "cant_update_message"


async def test_what_slack_writes_about_the_bot_is_slacks(desk: Desk) -> None:
    joined = desk.slack.workspace.post("C1", BOT.id, "<@U0EARTHWEEK> has joined", START, subtype="channel_join")
    assert await word(desk.client.chat_update(channel="C1", ts=joined.ts, text="a")) == "cant_update_message"


async def test_what_was_deleted_is_not_found(desk: Desk, client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel="C1", text="one"))["ts"]
    await client.chat_postMessage(channel="C1", text="two", thread_ts=parent)
    town = desk.slack.workspace.conversation("C1")
    town.remove(town.messages[0])
    assert await word(client.chat_update(channel="C1", ts=parent, text="new")) == "message_not_found"
    assert (await client.chat_postMessage(channel="C1", text="three", thread_ts=parent))["message"][
        "thread_ts"
    ] == parent


async def test_messages_are_changed_until_the_window_closes(desk: Desk) -> None:
    desk.slack.workspace.edit_window = timedelta(minutes=5)
    posted = await desk.client.chat_postMessage(channel="C1", text="old")
    desk.clock.forward(300)
    assert (await desk.client.chat_update(channel="C1", ts=posted["ts"], text="new"))["ok"]
    desk.clock.forward(1)
    assert await word(desk.client.chat_update(channel="C1", ts=posted["ts"], text="newer")) == "edit_window_closed"
    assert desk.says() == ["new"]


async def test_an_ephemeral_message_is_in_no_history(desk: Desk) -> None:
    answer = await desk.client.chat_postEphemeral(channel="C1", user="U1", text="psst", blocks=[HELLO])
    (said,) = desk.slack.workspace.ephemeral_messages
    assert (said.ts, said.user, said.text, len(said.blocks)) == (answer["message_ts"], "U1", "psst", 1)
    assert desk.slack.workspace.messages() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"user": "U9"}, "user_not_found"),
        ({"user": "U3"}, "user_not_in_channel"),
        ({"channel": "C2"}, "not_in_channel"),
        ({"text": ""}, "no_text"),
        ({"user": None}, "invalid_arguments"),
        ({"thread_ts": "1.000000"}, "invalid_arguments"),
    ],
)
async def test_a_bad_ephemeral_message_is_refused(
    client: AsyncWebClient, changes: dict[str, Any], expected: str
) -> None:
    good = {"channel": "C1", "user": "U1", "text": "psst"}
    assert await word(client.api_call("chat.postEphemeral", json=good | changes)) == expected


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


async def uploaded(client: AsyncWebClient, content: bytes = PNG) -> str:
    return str((await client.files_upload_v2(content=content, filename="line.png", title="line"))["files"][0]["id"])


def image(file: Any) -> list[dict[str, Any]]:
    return [{"type": "image", "slack_file": file, "alt_text": "Laundry"}]


async def test_uploaded_image_is_shown_after_some_seconds(desk: Desk, client: AsyncWebClient) -> None:
    file = await uploaded(client)
    assert desk.says() == [], "it is shared with nobody"
    said = await refusal(client.chat_postMessage(channel="C1", text="a", blocks=image({"id": file})))
    assert (said["error"], said["errors"]) == (
        "invalid_blocks",
        ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
    )
    desk.clock.forward(5)
    posted = await client.chat_postMessage(channel="C1", text="a", blocks=image({"id": file}))
    assert posted["message"]["blocks"][0]["slack_file"] == {"id": file}
    await client.chat_update(channel="C1", ts=posted["ts"], text="b", blocks=image({"id": file}))


async def test_file_that_is_no_image_is_not_shown(desk: Desk, client: AsyncWebClient) -> None:
    files = [await uploaded(client, b"BEGIN:VCALENDAR"), await uploaded(client), "F0000000099"]
    desk.clock.forward(60)
    desk.slack.workspace.uploads.delete(files[1])
    for file in files:
        assert await word(client.chat_postMessage(channel="C1", text="a", blocks=image({"id": file}))) == (
            "invalid_blocks"
        )


@pytest.mark.parametrize("file", [{"id": "https://files.example/x"}, {"id": "F1"}, {}, {"id": 7}, "F0000000001"])
async def test_file_is_named_by_its_id(client: AsyncWebClient, file: Any) -> None:
    assert await word(client.chat_postMessage(channel="C1", text="a", blocks=image(file))) == "invalid_blocks"

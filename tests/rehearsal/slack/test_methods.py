"""Uploading a file as slack_sdk does it, and what Slack refuses of it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.workspace import BOT, SLACKBOT, User

from .helpers import Desk, word


async def test_file_appears_in_conversation_with_its_comment(desk: Desk, client: AsyncWebClient) -> None:
    channel = (await client.conversations_open(users=["U1"]))["channel"]["id"]
    answer = await client.files_upload_v2(
        channel=channel, content="BEGIN:VCALENDAR", filename="hour.ics", title="Earth Hour", initial_comment="Here"
    )
    [message] = desk.slack.workspace.messages(channel)
    [file] = message.files
    assert (message.text, file.name, file.title, file.content) == ("Here", "hour.ics", "Earth Hour", b"BEGIN:VCALENDAR")
    assert answer["file"] == {"id": file.id, "title": "Earth Hour"}
    assert desk.slack.workspace.files == [file]
    assert desk.slack.workspace.log == [message]
    assert desk.slack.errors == {}


async def test_what_is_read_back_names_the_file(client: AsyncWebClient) -> None:
    await client.files_upload_v2(channel="C1", content="abc", filename="a.txt", initial_comment="Here")
    [shown] = (await client.conversations_history(channel="C1"))["messages"]
    assert [(file["name"], file["size"]) for file in shown["files"]] == [("a.txt", 3)]


async def test_a_file_without_the_scope_is_refused(desk: Desk, client: AsyncWebClient) -> None:
    desk.slack.scopes.discard("files:write")
    assert await word(client.files_getUploadURLExternal(filename="a.txt", length=3)) == "missing_scope"
    assert await word(client.files_completeUploadExternal(files=[{"id": "F1"}])) == "missing_scope"


async def test_upload_without_its_content_cannot_be_completed(desk: Desk, client: AsyncWebClient) -> None:
    begun = await client.files_getUploadURLExternal(filename="a.txt", length=3)

    def finish() -> Awaitable[Any]:
        return client.files_completeUploadExternal(files=[{"id": begun["file_id"], "title": "A"}], channel_id="C1")

    assert await word(finish()) == "file_not_found"
    async with desk.session.post(begun["upload_url"], data=b"too long") as response:
        assert response.status == 400
    assert await word(finish()) == "file_not_found"
    async with desk.session.post(begun["upload_url"], data=b"abc") as response:
        assert (response.status, await response.text()) == (200, "OK - 3")
    await finish()
    assert await word(finish()) == "file_not_found"
    assert len(desk.slack.workspace.files) == 1


async def test_file_is_shared_only_where_bot_is_member(client: AsyncWebClient) -> None:
    for channel, refused in (("C2", "not_in_channel"), ("C9", "channel_not_found")):
        upload = client.files_upload_v2(channel=channel, content="abc", filename="a.txt")
        assert await word(upload) == refused


async def test_arguments_that_say_nothing_are_refused(client: AsyncWebClient) -> None:
    assert await word(client.files_getUploadURLExternal(filename="a.txt", length=0)) == "invalid_arguments"
    assert await word(client.files_completeUploadExternal(files=[])) == "invalid_arguments"


async def test_a_web_page_cannot_upload(desk: Desk, client: AsyncWebClient) -> None:
    begun = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    headers = {"Origin": "https://example.com"}
    async with desk.session.post(begun["upload_url"], data=b"abc", headers=headers) as response:
        assert response.status == 403


async def test_person_has_zone_and_locale_only_on_request(client: AsyncWebClient) -> None:
    asked = (await client.users_info(user="U1", include_locale=True))["user"]
    assert (asked["name"], asked["tz"], asked["tz_offset"], asked["locale"]) == ("ann", "Europe/Oslo", 3600, "nb-NO")
    assert "locale" not in (await client.users_info(user="U1"))["user"]


@pytest.mark.parametrize(
    ("user", "zone", "offset"),
    [("U2", "Asia/Calcutta", 19_800), ("U3", None, None), ("U4", None, None), ("U5", "Mars/Phobos", 0)],
)
async def test_zone_may_be_alias_missing_or_unknown(
    desk: Desk, user: str, zone: str | None, offset: int | None
) -> None:
    desk.slack.workspace.add_user(User("U5", "eva", tz="Mars/Phobos"))
    shown = (await desk.client.users_info(user=user))["user"]
    assert (shown.get("tz"), shown.get("tz_offset")) == (zone, offset)


async def test_deactivated_people_and_bots_are_marked(client: AsyncWebClient) -> None:
    assert (await client.users_info(user="U4"))["user"]["deleted"] is True
    assert (await client.users_info(user=BOT.id))["user"]["is_bot"] is True


async def test_everybody_is_listed_in_pages(client: AsyncWebClient) -> None:
    pages = [page["members"] async for page in await client.users_list(limit=4, include_locale=True)]
    assert [[user["id"] for user in page] for page in pages] == [[SLACKBOT.id, BOT.id, "U1", "U2"], ["U3", "U4"]]
    assert pages[0][2]["locale"] == "nb-NO"


async def test_slackbot_does_not_look_like_a_bot(client: AsyncWebClient) -> None:
    everyone = (await client.users_list())["members"]
    assert [user["is_bot"] for user in everyone if user["id"] == SLACKBOT.id] == [False]


async def test_an_unknown_person_or_page_is_refused(client: AsyncWebClient) -> None:
    assert await word(client.users_info(user="U9")) == "user_not_found"
    assert await word(client.users_list(cursor="x")) == "invalid_cursor"


async def test_people_are_not_shown_without_the_scope(desk: Desk) -> None:
    desk.slack.scopes.remove("users:read")
    assert await word(desk.client.users_list()) == "missing_scope"
    assert await word(desk.client.users_info(user="U1")) == "missing_scope"

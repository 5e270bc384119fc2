"""Uploading a file as slack_sdk does it, and what Slack refuses of it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

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

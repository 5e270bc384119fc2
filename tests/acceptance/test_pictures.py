"""The pictures of posts in a running bot: uploaded once, shown in channels, and never waited for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.delivery.pictures import SETTLES, TRY_AGAIN
from bot.store.outbox import State
from rehearsal.slack.conversation import Block, PostedMessage
from tests.campaigns import GERMANY, SWEDEN, Folder, Post, Week, png, said, seen
from tests.simulation import Simulation, channel_id

from .conftest import RunBot, over_http

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY = date(2027, 3, 15)
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
TIP = Post("tip", MONDAY, time(9), kind="tip", picture="line")
NOTE = Post("note", MONDAY, time(11), picture="line")
WEEK = Week((TIP, NOTE), (SWEDEN, GERMANY))
LATER = DUE + timedelta(hours=3)
UPLOAD = "files.getUploadURLExternal"


def picture_of(message: PostedMessage) -> Block | None:
    return next((block for block in message.blocks if block["type"] == "image"), None)


def pictures(week: Simulation, channel: str = "week-se") -> list[Block | None]:
    """The picture of each message of a channel."""
    return [picture_of(each) for each in week.slack.workspace.messages(channel_id(channel))]


def uploads(week: Simulation) -> int:
    return sum(call.method == UPLOAD and call.ok for call in week.slack.calls)


async def all_once(week: Simulation) -> None:
    for place in WEEK.places:
        assert week.texts(place.channel) == [said(post.name, place.language) for post in WEEK.posts]
    assert set(await week.states()) == {State.SENT}


async def test_picture_is_uploaded_once_and_shown(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(LATER)
    await all_once(week)
    assert uploads(week) == 1, "for two posts in two channels"
    [file] = week.slack.workspace.uploads.images().values()
    assert (file.name, file.content) == ("line.png", png())
    shown = {"type": "image", "block_id": "picture", "slack_file": {"id": file.id}}
    assert pictures(week) == [{**shown, "alt_text": seen("line", "sv")}] * 2
    assert pictures(week, "week-de") == [{**shown, "alt_text": seen("line", "de")}] * 2
    assert not week.slack.errors


async def test_picture_is_known_after_a_restart(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE - timedelta(seconds=5))
    await week.stop()
    await week.start()
    await week.run_until(LATER)
    await all_once(week)
    assert uploads(week) == 1
    assert all(pictures(week))


async def test_changed_picture_is_uploaded_and_shown(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE + timedelta(minutes=1))
    Folder(week.folder).write("pictures/line.png", png(shade=7))
    await week.run_until(LATER)
    assert uploads(week) == 2
    before, after = (block["slack_file"]["id"] for block in pictures(week) if block)
    files = week.slack.workspace.uploads.images()
    assert [files[before].content, files[after].content] == [png(), png(shade=7)]


async def test_posts_go_out_without_permission_to_upload(run_bot: RunBot, capsys: pytest.CaptureFixture[str]) -> None:
    week = await run_bot(WEEK, start=DUE - timedelta(hours=1))
    week.slack.scopes.discard("files:write")
    await week.run_until(LATER)
    await all_once(week)
    assert pictures(week) == [None, None]
    assert Counter(call.at for call in week.slack.calls if call.method == UPLOAD).most_common(1)[0][1] == 1
    assert capsys.readouterr().out.count("pictures.missing") == 1, "said once"


async def test_failed_upload_is_tried_again_later(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=DUE - timedelta(minutes=5))
    week.slack.faults.status(503, method=UPLOAD)
    await week.run_until(DUE + TRY_AGAIN)
    await week.run_until(LATER)
    await all_once(week)
    first, second = pictures(week)
    assert first is None, "the post did not wait"
    assert second
    asked = [call.at for call in week.slack.calls if call.method == UPLOAD]
    assert asked[1] - asked[0] >= TRY_AGAIN


async def test_post_goes_without_a_picture_that_is_too_new(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=DUE - SETTLES / 2)
    await week.run_until(LATER)
    await all_once(week)
    assert [bool(each) for each in pictures(week)] == [False, True]


async def test_deleted_file_is_left_out_and_replaced(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE - timedelta(minutes=5))
    files = week.slack.workspace.uploads
    files.delete(next(iter(files.images())))
    await week.run_until(DUE)
    await week.run_until(DUE + timedelta(minutes=1))
    await week.run_until(LATER)
    await all_once(week)
    assert [bool(each) for each in pictures(week)] == [False, True], "the second post has another file"
    assert uploads(week) == 2


async def test_workspace_that_takes_no_image_gets_words(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    week.slack.faults.answer("invalid_blocks", method="chat.postMessage")
    await week.run_until(LATER)
    await all_once(week)
    shown = [bool(each) for channel in ("week-se", "week-de") for each in pictures(week, channel)]
    assert shown.count(False) == 1
    assert uploads(week) == 1, "Slack did not say that it was because of the file"


async def test_upload_without_an_answer_is_repeated(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    week.slack.faults.reset(accepted=True, method="files.completeUploadExternal")
    await week.run_until(DUE - timedelta(hours=1))
    await week.run_until(LATER)
    await all_once(week)
    assert uploads(week) == 2, "the first was never heard of"
    assert all(pictures(week))


async def test_direct_message_has_no_picture(run_bot: RunBot) -> None:
    brief = replace(NOTE, audience="representatives")
    week = await run_bot(replace(WEEK, posts=(brief,), places=(replace(SWEDEN, representative="U0REP"),)))
    await week.run_until(LATER)
    [message] = week.slack.workspace.messages()
    assert message.text == said("note", "sv")
    assert picture_of(message) is None

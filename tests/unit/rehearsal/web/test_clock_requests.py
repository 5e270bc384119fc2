from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.web import clock_requests
from rehearsal.web.clock_requests import Fault
from rehearsal.web.clock_speed import Paused, Playing, Running
from rehearsal.web.session import Room
from tests.acceptance.rooms import TIP, arrival, channel, opened
from tests.acceptance.visitors import MONDAY, moment


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as made:
        yield made


async def turn(room: Room, do: str, **more: object) -> str:
    return await clock_requests.turn(room, clock_requests.read({"do": do, **more}))


def spoil(room: Room, do: str, **more: object) -> str:
    return clock_requests.spoil(room, Fault.model_validate({"do": do, **more}))


async def test_the_clock_plays_and_is_paused(room: Room) -> None:
    assert await turn(room, "play") == ""
    assert isinstance(room.playhead, Playing)
    assert await turn(room, "pause") == ""
    assert room.playhead.is_there(room.now)


async def test_another_speed_counts_at_once_and_starts_nothing(room: Room) -> None:
    await turn(room, "speed", speed=60)
    assert (room.speed, room.playhead) == (60, Paused())
    await turn(room, "play")
    await turn(room, "speed", speed=None)
    assert isinstance(room.playhead, Playing)
    assert room.playhead.speed is None


async def test_from_post_to_post(room: Room) -> None:
    for due in (TIP, moment(MONDAY, 13)):
        assert await turn(room, "next") == ""
        await arrival(room)
        assert room.now == due
    posts = room.stage.slack.workspace.messages(channel(room, "week-de"))
    assert [post.posted_at for post in posts] == [TIP, moment(MONDAY, 13)]


async def test_after_the_last_post_there_is_no_next(room: Room) -> None:
    await turn(room, "go", at=room.stage.end.isoformat())
    await arrival(room)
    assert room.over
    assert await turn(room, "next") == "No more posts are planned."


async def test_a_time_on_the_wall_is_the_companys(room: Room) -> None:
    await turn(room, "go", wall="2027-03-15T09:30")
    assert room.playhead == Running(datetime(2027, 3, 15, 8, 30, tzinfo=UTC))


async def test_what_has_passed_is_gone_to_from_the_start(room: Room) -> None:
    await turn(room, "next")
    await arrival(room)
    stage = room.stage
    await turn(room, "go", at=(TIP - timedelta(minutes=30)).isoformat())
    await arrival(room)
    assert room.now == TIP - timedelta(minutes=30)
    assert room.stage is not stage
    assert await turn(room, "start") == ""
    assert room.now == room.stage.start


async def test_where_the_clock_is_already_nothing_happens(room: Room) -> None:
    stage = room.stage
    assert await turn(room, "go", at=room.now.isoformat()) == ""
    await arrival(room)
    assert room.stage is stage


@given(at=st.datetimes(timezones=st.just(UTC)), wall=st.datetimes())
def test_any_moment_is_brought_into_the_rehearsal(at: datetime, wall: datetime) -> None:
    assert clock_requests.read({"do": "go", "at": at.isoformat(), "wall": wall.isoformat()})
    assert clock_requests._instant(wall, "Europe/Stockholm").tzinfo


async def test_faults_are_asked_for_by_name(room: Room) -> None:
    here = channel(room, "week-se")
    town = room.stage.slack.workspace
    assert spoil(room, "archive", channel=here) == ""
    assert town.channels[here].is_archived
    assert spoil(room, "reopen", channel=here) == ""
    assert not town.channels[here].is_archived
    for do in ("archive", "reopen"):
        assert spoil(room, do, channel="C0NOWHERE") == "There is no such channel."
    for do in ("limits", "kill", "down"):
        assert spoil(room, do) == ""
    assert len(list(room.mischief.waiting())) == 3
    assert spoil(room, "clear") == ""
    assert list(room.mischief.waiting()) == []


async def test_the_bot_is_killed_and_started(room: Room) -> None:
    spoil(room, "kill_now")
    while room.bot:
        await room.changed(room.changes, 1)
    spoil(room, "restart")
    while room.bot is None:
        await room.changed(room.changes, 1)
    assert room.now == room.stage.start

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.web import control_requests
from rehearsal.web.clock_modes import FastForward, Paused, Playing
from rehearsal.web.control_requests import FaultRequest
from rehearsal.web.session import Session
from tests.acceptance.participants import MONDAY, moment
from tests.acceptance.rooms import TIP, arrival, channel, opened


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    async with opened(tmp_path) as made:
        yield made


async def turn(session: Session, do: str, **more: object) -> str:
    return await control_requests.carry_out(session, control_requests.read({"do": do, **more}))


def spoil(session: Session, do: str, **more: object) -> str:
    return control_requests.inject(session, FaultRequest.model_validate({"do": do, **more}))


async def test_the_clock_plays_and_is_paused(session: Session) -> None:
    assert await turn(session, "play") == ""
    assert isinstance(session.clock_mode, Playing)
    assert await turn(session, "pause") == ""
    assert session.clock_mode.is_done(session.now)


async def test_another_speed_counts_at_once_and_starts_nothing(session: Session) -> None:
    await turn(session, "speed", speed=60)
    assert (session.speed, session.clock_mode) == (60, Paused())
    await turn(session, "play")
    await turn(session, "speed", speed=None)
    assert isinstance(session.clock_mode, Playing)
    assert session.clock_mode.speed is None


async def test_from_post_to_post(session: Session) -> None:
    for due in (TIP, moment(MONDAY, 13)):
        assert await turn(session, "next") == ""
        await arrival(session)
        assert session.now == due
    posts = session.simulation.slack.workspace.messages(channel(session, "week-de"))
    assert [post.posted_at for post in posts] == [TIP, moment(MONDAY, 13)]


async def test_after_the_last_post_there_is_no_next(session: Session) -> None:
    await turn(session, "go", at=session.simulation.end.isoformat())
    await arrival(session)
    assert session.over
    assert await turn(session, "next") == "No more posts are planned."


async def test_a_time_on_the_wall_is_the_companys(session: Session) -> None:
    await turn(session, "go", wall="2027-03-15T09:30")
    assert session.clock_mode == FastForward(datetime(2027, 3, 15, 8, 30, tzinfo=UTC))


async def test_going_to_past_moment_restarts_simulation(session: Session) -> None:
    await turn(session, "next")
    await arrival(session)
    simulation = session.simulation
    await turn(session, "go", at=(TIP - timedelta(minutes=30)).isoformat())
    await arrival(session)
    assert session.now == TIP - timedelta(minutes=30)
    assert session.simulation is not simulation
    assert await turn(session, "start") == ""
    assert session.now == session.simulation.start


async def test_where_the_clock_is_already_nothing_happens(session: Session) -> None:
    simulation = session.simulation
    assert await turn(session, "go", at=session.now.isoformat()) == ""
    await arrival(session)
    assert session.simulation is simulation


@given(at=st.datetimes(timezones=st.just(UTC)), wall=st.datetimes())
def test_any_moment_is_brought_into_the_rehearsal(at: datetime, wall: datetime) -> None:
    assert control_requests.read({"do": "go", "at": at.isoformat(), "wall": wall.isoformat()})
    assert control_requests._instant(wall, "Europe/Stockholm").tzinfo


async def test_faults_are_asked_for_by_name(session: Session) -> None:
    here = channel(session, "week-se")
    town = session.simulation.slack.workspace
    assert spoil(session, "archive", channel=here) == ""
    assert town.channels[here].is_archived
    assert spoil(session, "reopen", channel=here) == ""
    assert not town.channels[here].is_archived
    for do in ("archive", "reopen"):
        assert spoil(session, do, channel="C0NOWHERE") == "There is no such channel."
    for do in ("limits", "kill", "down", "edit_window_closed", "cant_update_message", "message_not_found"):
        assert spoil(session, do) == ""
    assert len(list(session.faults.waiting())) == 6
    assert spoil(session, "clear") == ""
    assert list(session.faults.waiting()) == []


async def test_the_bot_is_killed_and_started(session: Session) -> None:
    spoil(session, "kill_now")
    while session.bot:
        await session.changed(session.changes, 1)
    spoil(session, "restart")
    while session.bot is None:
        await session.changed(session.changes, 1)
    assert session.now == session.simulation.start

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from rehearsal.web.page import Panel
from rehearsal.web.panel import EVERY, Board
from rehearsal.web.session import Room
from rehearsal.web.view_models import Tab
from tests.acceptance.rooms import TIP, go, opened
from tests.patience import PATIENCE


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
async def board(room: Room) -> AsyncIterator[Board]:
    made = Board(room)
    yield made
    await made.stop()


async def shows(room: Room, board: Board, tab: Tab, true: Callable[[Panel], object]) -> Panel:
    """The panel as soon as it shows something."""
    async with asyncio.timeout(PATIENCE):
        while not true(board.panel(tab)):
            await room.changed(room.changes, 0.05)
    return board.panel(tab)


async def test_nobody_waits_for_what_is_being_worked_out(board: Board) -> None:
    assert board.panel("week") == Panel()


async def test_each_tab_has_its_own(room: Room, board: Board) -> None:
    week = await shows(room, board, "week", lambda panel: panel.progress)
    assert week.kept
    assert (await shows(room, board, "figures", lambda panel: panel.figures)).progress is None
    assert (await shows(room, board, "faults", lambda panel: panel.faults)).kept
    log = await shows(room, board, "log", lambda panel: panel.log)
    assert log.log
    assert log.log.calls == len(room.stage.slack.calls)
    assert board.panel("none") == Panel()


async def test_it_is_worked_out_once_a_second_and_at_once_after_a_press(room: Room, board: Board) -> None:
    real = 100.0
    room.real = lambda: real
    first = await shows(room, board, "week", lambda panel: panel.progress)
    for _ in range(3):
        assert board.panel("week") is first
        await room.changed(room.changes, 0.02)
    board.forget()
    second = await shows(room, board, "week", lambda panel: panel is not first)
    real += EVERY
    await shows(room, board, "week", lambda panel: panel is not second)


async def test_while_the_bot_is_away_the_panel_is_as_it_was_and_says_so(room: Room, board: Board) -> None:
    week = await shows(room, board, "week", lambda panel: panel.progress)
    await room.mischief.kill()
    board.forget()
    faults = await shows(room, board, "faults", lambda panel: panel.faults)
    assert faults.faults
    assert not faults.faults.running
    assert board.panel("week").progress == week.progress


async def test_a_kill_in_the_middle_of_a_question_harms_nobody(room: Room, board: Board) -> None:
    board.panel("week")
    board.panel("figures")
    await room.mischief.kill()
    await shows(room, board, "log", lambda panel: panel.log)
    room.mischief.restart()
    room.nudge()
    board.forget()
    while room.bot is None:
        await room.changed(room.changes, 1)
    room.real = lambda: 1e12
    await shows(room, board, "figures", lambda panel: panel.figures)


async def test_back_at_the_start_nothing_of_before_is_shown(room: Room, board: Board) -> None:
    await go(room, TIP)
    board.forget()
    await shows(room, board, "week", lambda panel: panel.progress and panel.progress.together.sent)
    board.forget()
    board.panel("week")
    await room.begin_again()
    assert board.panel("week") == Panel()
    fresh = await shows(room, board, "week", lambda panel: panel.progress)
    assert fresh.progress
    assert fresh.progress.together.sent == 0


async def test_posts_that_arrived_are_counted(room: Room, board: Board) -> None:
    await go(room, TIP)
    panel = await shows(room, board, "week", lambda panel: panel.kept and panel.kept.arrived)
    assert panel.kept
    assert (panel.kept.arrived, panel.kept.is_well) == (3, True)


async def test_while_the_bot_is_down_every_tab_tells_the_same(room: Room, board: Board) -> None:
    await shows(room, board, "week", lambda panel: panel.kept)
    await go(room, TIP)
    await room.mischief.kill()
    board.forget()
    faults = await shows(room, board, "faults", lambda panel: panel.faults and panel.kept and panel.kept.arrived)
    week = await shows(room, board, "week", lambda panel: panel.progress)
    assert week.kept == faults.kept
    assert week.down
    assert week.down == faults.down
    assert (await shows(room, board, "figures", lambda panel: panel.figures)).figures
    assert board.panel("week").kept == board.panel("faults").kept

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from rehearsal.web.page import PanelView
from rehearsal.web.panel_content import EVERY, Panel
from rehearsal.web.session import Session
from rehearsal.web.view_models import Tab
from tests.acceptance.rooms import TIP, go, opened
from tests.patience import PATIENCE


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    async with opened(tmp_path) as made:
        yield made


@pytest.fixture
async def board(session: Session) -> AsyncIterator[Panel]:
    made = Panel(session)
    yield made
    await made.stop()


async def shows(session: Session, board: Panel, tab: Tab, true: Callable[[PanelView], object]) -> PanelView:
    """The panel as soon as it shows something."""
    async with asyncio.timeout(PATIENCE):
        while not true(board.view(tab)):
            await session.changed(session.changes, 0.05)
    return board.view(tab)


async def test_nobody_waits_for_what_is_being_worked_out(board: Panel) -> None:
    assert board.view("week") == PanelView()


async def test_each_tab_has_its_own(session: Session, board: Panel) -> None:
    week = await shows(session, board, "week", lambda panel: panel.progress)
    assert week.kept
    assert (await shows(session, board, "figures", lambda panel: panel.figures)).progress is None
    assert (await shows(session, board, "faults", lambda panel: panel.faults)).kept
    log = await shows(session, board, "log", lambda panel: panel.log)
    assert log.log
    assert log.log.calls == len(session.simulation.slack.calls)
    assert board.view("none") == PanelView()


async def test_panel_refreshes_every_second_and_after_press(session: Session, board: Panel) -> None:
    real = 100.0
    session.real = lambda: real
    first = await shows(session, board, "week", lambda panel: panel.progress)
    for _ in range(3):
        assert board.view("week") is first
        await session.changed(session.changes, 0.02)
    board.forget()
    second = await shows(session, board, "week", lambda panel: panel is not first)
    real += EVERY
    await shows(session, board, "week", lambda panel: panel is not second)


async def test_panel_stays_unchanged_and_reports_bot_as_away(session: Session, board: Panel) -> None:
    week = await shows(session, board, "week", lambda panel: panel.progress)
    await session.faults.kill()
    board.forget()
    faults = await shows(session, board, "faults", lambda panel: panel.faults)
    assert faults.faults
    assert not faults.faults.running
    assert board.view("week").progress == week.progress


async def test_kill_during_database_query_harms_nobody(session: Session, board: Panel) -> None:
    board.view("week")
    board.view("figures")
    await session.faults.kill()
    await shows(session, board, "log", lambda panel: panel.log)
    session.faults.restart()
    session.wake()
    board.forget()
    while session.bot is None:
        await session.changed(session.changes, 1)
    session.real = lambda: 1e12
    await shows(session, board, "figures", lambda panel: panel.figures)


async def test_restart_shows_nothing_of_earlier_run(session: Session, board: Panel) -> None:
    await go(session, TIP)
    board.forget()
    await shows(session, board, "week", lambda panel: panel.progress and panel.progress.together.sent)
    board.forget()
    board.view("week")
    await session.restart()
    assert board.view("week") == PanelView()
    fresh = await shows(session, board, "week", lambda panel: panel.progress)
    assert fresh.progress
    assert fresh.progress.together.sent == 0


async def test_posts_that_arrived_are_counted(session: Session, board: Panel) -> None:
    await go(session, TIP)
    panel = await shows(session, board, "week", lambda panel: panel.kept and panel.kept.arrived)
    assert panel.kept
    assert (panel.kept.arrived, panel.kept.is_well) == (3, True)


async def test_every_tab_agrees_while_bot_is_down(session: Session, board: Panel) -> None:
    await shows(session, board, "week", lambda panel: panel.kept)
    await go(session, TIP)
    await session.faults.kill()
    board.forget()
    faults = await shows(session, board, "faults", lambda panel: panel.faults and panel.kept and panel.kept.arrived)
    week = await shows(session, board, "week", lambda panel: panel.progress)
    assert week.kept == faults.kept
    assert week.down
    assert week.down == faults.down
    assert (await shows(session, board, "figures", lambda panel: panel.figures)).figures
    assert board.view("week").kept == board.view("faults").kept

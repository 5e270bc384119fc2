from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.campaign.live_reload import UnusableCampaignError
from bot.database.urls import sole_process
from rehearsal.simulation import Rehearsal, Simulation, SimulationEndedError, open_simulation
from rehearsal.slack.faults import Phase as Point
from rehearsal.slack.rate_limits import POST
from tests.acceptance.participants import CLOSES, FRIDAY, MONDAY, VISITED, moment
from tests.acceptance.rooms import TIP, again
from tests.campaigns import SWEDEN, Post, Week, said, write
from tests.patience import PATIENCE

AWAY = timedelta(seconds=40)
FINLAND = replace(SWEDEN, code="FI", zone="Europe/Helsinki", language="fi", channel="week-fi")


@asynccontextmanager
async def opened(
    folder: Path, people: int = 0, week: Week = VISITED, *, guests: bool = False
) -> AsyncIterator[Simulation]:
    """A simulation that is open; when it is closed, nothing is left running."""
    write(folder / "campaign", week)
    before = asyncio.all_tasks()
    async with AsyncExitStack() as stack:
        simulation = Simulation(Rehearsal(folder / "campaign", people, 5, guests=guests), folder)
        await simulation.open(stack)
        yield simulation
    # Of what was interrupted, Bolt waits three seconds for the answer.
    left = asyncio.all_tasks() - before
    if left:
        await asyncio.wait(left, timeout=PATIENCE)
    assert asyncio.all_tasks() <= before


async def play(simulation: Simulation, until: datetime) -> None:
    """Turn the clock as the player does, and do what is due at the end, too."""
    while (following := await simulation.advance()) and following <= until:
        simulation.clock.turn_to(following)
    simulation.clock.turn_to(until)
    await simulation.advance()


def texts(simulation: Simulation, channel: str) -> list[str]:
    found = simulation.slack.workspace.channel_named(channel)
    assert found
    return [message.text for message in simulation.slack.workspace.messages(found.id)]


async def test_advance_does_due_work_and_returns_next_moment(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        assert simulation.start == TIP - timedelta(hours=1)
        assert await simulation.advance() == TIP
        assert simulation.slack.workspace.log == []
        simulation.clock.turn_to(TIP)
        following = await simulation.advance()
        assert texts(simulation, "week-se") == [said("tip", "sv")]
        assert following
        assert following > TIP


async def test_after_the_end_nothing_is_left_to_do(tmp_path: Path) -> None:
    async with opened(tmp_path, week=Week((Post("only", MONDAY, time(9)),))) as simulation:
        await play(simulation, simulation.end)
        simulation.clock.turn_to(simulation.end + timedelta(days=60))
        assert await simulation.advance() is None


@pytest.mark.parametrize("point", ["before", "after"])
async def test_bot_killed_while_sending_sends_each_message_once(tmp_path: Path, point: Point) -> None:
    killing: list[asyncio.Task[None]] = []
    async with opened(tmp_path) as simulation:

        async def callback(at: Point) -> None:
            if at == point and not killing:
                killing.append(asyncio.create_task(simulation.kill(AWAY)))
                await asyncio.wait(killing)

        simulation.slack.faults.call(callback, times=3)
        simulation.clock.turn_to(TIP)
        assert await simulation.advance() == TIP + AWAY
        await killing[0]
        assert simulation.bot is None
        lock = sole_process(f"sqlite:///{tmp_path / 'rehearsal.db'}")
        assert lock
        lock.release()
        await play(simulation, moment(MONDAY, 12))
        assert [texts(simulation, name) for name in ("week-se", "week-de", "week-no")] == [
            [said("tip", "sv")], [said("tip", "de")], [said("tip", "nb")],
        ]  # fmt: skip
        assert again(simulation.slack.workspace) == []


async def test_bot_killed_while_starting_comes_back(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        killing: list[asyncio.Task[None]] = []

        async def callback(at: Point) -> None:
            if at == "before":
                killing.append(asyncio.create_task(simulation.kill(AWAY)))

        simulation.slack.faults.call(callback, method="conversations.info")
        await simulation.kill(timedelta(0))
        assert await simulation.advance() == simulation.start + AWAY
        await killing[0]
        assert simulation.bot is None
        simulation.clock.turn_to(simulation.back_at)
        await play(simulation, TIP)
        assert simulation.bot
        assert texts(simulation, "week-se") == [said("tip", "sv")]


async def test_a_kill_while_it_is_away_changes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        await asyncio.gather(simulation.kill(AWAY), simulation.kill(2 * AWAY))
        await simulation.kill(3 * AWAY)
        assert simulation.back_at == simulation.start + AWAY
        await play(simulation, TIP)
        assert texts(simulation, "week-se") == [said("tip", "sv")]


@pytest.mark.parametrize("method", ["views.open", "response_url", "views.update"])
async def test_colleagues_interrupted_by_kill_continue_their_week(tmp_path: Path, method: str) -> None:
    killing: list[asyncio.Task[None]] = []
    async with opened(tmp_path, people=8) as simulation:

        async def callback(at: Point) -> None:
            if at == "after" and not killing:
                killing.append(asyncio.create_task(simulation.kill(AWAY)))
                await asyncio.wait(killing)

        simulation.slack.faults.call(callback, method=method)
        await play(simulation, moment(MONDAY, 23))
        assert killing
        done = simulation.population.activities.total()
        await play(simulation, moment(FRIDAY, 23))
        assert simulation.population.activities.total() > done
        assert again(simulation.slack.workspace) == []


async def test_whoever_is_interrupted_leaves_no_form_open(tmp_path: Path) -> None:
    async with opened(tmp_path, people=8) as simulation:
        killing: list[asyncio.Task[None]] = []

        async def callback(at: Point) -> None:
            if at == "after":
                killing.append(asyncio.create_task(simulation.kill(AWAY)))
                await asyncio.wait(killing)

        simulation.slack.faults.call(callback, method="views.open")
        while not killing:
            following = await simulation.advance()
            assert following
            simulation.clock.turn_to(following)
        await killing[0]
        assert simulation.slack.workspace.views.modals == {}


async def test_taken_over_colleagues_finish_then_do_nothing_more(tmp_path: Path) -> None:
    async with opened(tmp_path, people=8) as simulation:
        ends: list[int] = []

        async def hand_over() -> None:
            await asyncio.gather(
                *(simulation.population.take_over(each.user) for each in simulation.population.journals)
            )
            ends.append(simulation.population.activities.total())

        handing: list[asyncio.Task[None]] = []

        async def callback(at: Point) -> None:
            if at == "before":
                handing.append(asyncio.create_task(hand_over()))

        simulation.slack.faults.call(callback, method="views.open")
        await play(simulation, moment(FRIDAY, 12))
        await handing[0]
        assert ends == [simulation.population.activities.total()]
        assert ends[0] > 0
        assert simulation.population.next_at() is None


async def test_kill_at_any_moment_leaves_nothing_running(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        simulation.clock.turn_to(TIP)
        for moments in range(0, 60, 4):
            simulation.request_plan()
            step = asyncio.create_task(simulation.advance())
            for _ in range(moments):
                await asyncio.sleep(0)
            await simulation.kill(timedelta(0))
            await step
        await play(simulation, moment(MONDAY, 12))
        assert texts(simulation, "week-se") == [said("tip", "sv")]
        assert again(simulation.slack.workspace) == []


async def test_while_slack_is_down_colleagues_wait(tmp_path: Path) -> None:
    async with opened(tmp_path, people=8) as simulation:
        await play(simulation, TIP)
        acting = simulation.population.next_at()
        assert acting
        simulation.slack.faults.down(acting + timedelta(hours=3))
        done = simulation.population.activities.total()
        await play(simulation, acting + timedelta(hours=2))
        assert simulation.population.activities.total() == done
        await play(simulation, acting + timedelta(hours=4))
        assert simulation.population.activities.total() > done


async def test_idle_callback_runs_between_acts_of_colleagues(tmp_path: Path) -> None:
    granted: list[bool] = []
    async with opened(tmp_path, people=4) as simulation:

        async def callback(_at: Point) -> None:
            simulation.when_idle(lambda: granted.append(simulation.population.activities.total() > 0))
            assert granted == []

        simulation.slack.faults.call(callback, method="views.open")
        await play(simulation, moment(MONDAY, 20))
        assert granted
        assert all(granted)
        granted.clear()
        simulation.when_idle(lambda: granted.append(True))
        assert granted == [True]


async def test_edited_files_count_from_next_step(tmp_path: Path) -> None:
    async with opened(tmp_path, guests=True) as simulation:
        later = Post("more", CLOSES + timedelta(days=5), time(10))
        write(
            tmp_path / "campaign",
            replace(VISITED, posts=(*VISITED.posts, later), places=(*VISITED.places, FINLAND), closes=later.day),
        )
        ended = simulation.end
        simulation.request_plan()
        await play(simulation, TIP)
        town = simulation.slack.workspace
        assert simulation.end > ended
        assert simulation.campaign is (simulation.bot and simulation.bot.delivery.live.campaign)
        assert texts(simulation, "week-fi") == [said("tip", "fi")]
        finn = town.users["U0GUESTFI"]
        found = town.channel_named("week-fi")
        assert found
        assert (finn.tz, town.members(found.id)) == ("Europe/Helsinki", ["U0GUESTFI", town.bot.id])
        assert len({each.id for each in town.channels.values()}) == len(town.channels)


async def test_bot_with_campaign_errors_returns_once_mended(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        await simulation.kill(AWAY)
        plan = tmp_path / "campaign" / "campaign.toml"
        right = plan.read_text("utf-8")
        plan.write_text("nonsense", "utf-8")
        simulation.clock.turn_to(simulation.back_at)
        for _ in range(2):
            with pytest.raises(UnusableCampaignError):
                await simulation.advance()
        plan.write_text(right, "utf-8")
        await play(simulation, TIP)
        assert texts(simulation, "week-se") == [said("tip", "sv")]


async def test_waiting_for_step_is_cancellable_during_bot_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        await simulation.kill(timedelta(0))
        starting = asyncio.Event()

        async def callback(_at: Point) -> None:
            starting.set()

        simulation.slack.faults.call(callback, method="conversations.info")
        step = asyncio.create_task(simulation.advance())
        await starting.wait()
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        await play(simulation, TIP)
        assert texts(simulation, "week-se") == [said("tip", "sv")]


async def test_database_reader_keeps_records_while_bot_is_killed(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        async with simulation.open_records() as records:
            killing = asyncio.create_task(simulation.kill(AWAY))
            await asyncio.sleep(0)
            assert simulation.bot is None
            rows = await records.store.read(records.store.outbox.entries, simulation.campaign.id)
            assert rows
            assert not killing.done()
        await killing
        async with simulation.open_records() as left:
            assert await left.store.read(left.store.outbox.entries, simulation.campaign.id) == rows


async def test_posts_that_slack_throttles_arrive_later_and_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as simulation:
        simulation.slack.faults.throttle(30, method=POST, times=5)
        await play(simulation, moment(MONDAY, 10))
        assert texts(simulation, "week-no") == [said("tip", "nb")]
        assert again(simulation.slack.workspace) == []


async def test_a_campaign_without_posts_is_not_played(tmp_path: Path) -> None:
    write(tmp_path, Week(()))
    with pytest.raises(UnusableCampaignError):
        Simulation(Rehearsal(tmp_path), tmp_path)


async def test_nobody_reads_what_is_being_removed(tmp_path: Path) -> None:
    """A database that is opened once more would make its file anew, in a folder that goes away."""
    write(tmp_path / "campaign", VISITED)

    async def read(simulation: Simulation) -> list[object]:
        async with simulation.open_records() as records:
            return list(await records.store.read(records.store.outbox.entries, simulation.campaign.id))

    async with open_simulation(Rehearsal(tmp_path / "campaign")) as simulation:
        folder = simulation._folder
        assert await read(simulation)
        await simulation.kill(AWAY)
        assert await read(simulation), "also while the bot is away"
    with pytest.raises(SimulationEndedError):
        await read(simulation)
    assert not folder.exists()

"""The nightly directory: what Slack knows of those who take part, at Slack's pace, and nothing of anybody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.campaign.model import Campaign
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.content import Cancelled, Content
from bot.delivery.outage_log import Outages
from bot.delivery.outbox_planner import Planner
from bot.delivery.unscheduled_messages import Notifications
from bot.delivery.user_sync import BEGINS, ENDS, EVERY, LEASE, PAGE, UserSync, sync_night
from bot.locales.catalogues import words
from bot.slack.client import slack_client
from bot.slack.installation import Installation
from bot.slack.manifest import SCOPES
from bot.standings.publisher import Publisher
from bot.store.actions import Action, ActionKind
from bot.store.ideas import IdeaState
from bot.store.outbox import Entry, State
from bot.store.people import LEFT, People
from bot.store.store import Store
from bot.store.tables import metadata
from rehearsal.clock import VirtualClock
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import User, Workspace
from tests.patience import PATIENCE

from .correspondence import CAMPAIGN, NOW, idea, person, pledged

NIGHT = datetime(2027, 3, 16, 2, tzinfo=UTC)
"""Tuesday at three in Stockholm."""

MORNING = datetime(2027, 3, 16, 5, tzinfo=UTC)
"""The same day at six."""

MANY = 2 * PAGE + 50
LIST = "users.list"


@dataclass(frozen=True)
class Office:
    """A Slack, a store, a clock, and everything that is planned for people."""

    slack: RehearsalSlack
    store: Store
    clock: VirtualClock
    planner: Planner
    client: AsyncWebClient
    campaign: Campaign

    def directory(self, owner: str = "me", clock: Clock | None = None) -> UserSync:
        """The directory as a process of that name has it; with a clock of its own it goes on by itself."""
        store = Store(self.store.database, owner, timedelta(0))
        touch, outages, now = self.planner.mark_changed, Outages(), clock or self.clock
        return UserSync(Installation(self.client), store, now, touch, outages)

    def asked(self) -> list[datetime]:
        """When a page was asked for."""
        return [call.at for call in self.slack.calls if call.method == LIST]

    async def go_through(self, directory: UserSync | None = None) -> None:
        """Turn the clock from page to page until there is none."""
        walker = directory or self.directory()
        while next_at := await walker.advance(self.campaign):
            self.clock.turn_to(next_at)

    async def plan(self) -> None:
        """Plan for those of whom something has changed."""
        await self.planner.plan_due(self.campaign, self.clock.now())

    async def rows(self, user: str = "U0ANN") -> list[Entry]:
        """What is planned for somebody and not in the past."""
        rows = await self.store.read(self.store.outbox.entries, CAMPAIGN)
        return [row for row in rows if row.slot.recipient == user and row.slot.due_at > MORNING]

    async def states(self, user: str = "U0ANN") -> set[tuple[State, str | None]]:
        return {(row.state, row.reason) for row in await self.rows(user)}


@pytest.fixture
async def office(store: Store, campaign: Campaign) -> AsyncIterator[Office]:
    clock = VirtualClock(NIGHT)
    slack = RehearsalSlack(Workspace([User("U0ANN", "ann")]), clock.now, app=App(SCOPES), limits=RateLimits())
    letters = Notifications(store, words)
    planner = Planner(store, letters)
    async with AsyncExitStack() as stack:
        await slack.start()
        stack.push_async_callback(slack.stop)
        client = await stack.enter_async_context(slack_client(slack.bot_token, slack.api_url, 120))
        yield Office(slack, store, clock, planner, client, campaign)


@pytest.fixture
async def ann(office: Office) -> None:
    """Ann takes part, wants messages and a reminder on Tuesday, and all of it is planned."""
    await office.store.write(office.store.people.keep, [person(direct_messages=True, earth_hour_reminder=True)])
    await office.store.write(office.store.actions.record, Action(CAMPAIGN, "U0ANN", ActionKind.JOINED, "", "SE", NOW))
    await office.store.write(office.store.pledges.make, pledged())
    await office.plan()
    assert {row.slot.kind for row in await office.rows()} >= {"reminder", "earth_hour_reminder", "check_in"}
    assert await office.states() == {(State.DUE, None)}


def crowd(slack: RehearsalSlack, people: int = MANY) -> None:
    for number in range(people - len(slack.workspace.users)):
        slack.workspace.add_user(User(f"U0MANY{number:04d}", "many"))


# What is learnt of people


@pytest.mark.usefixtures("ann")
async def test_person_who_moved_is_planned_in_new_zone(office: Office) -> None:
    before = await office.store.read(office.store.people.get, "U0ANN")
    due = {row.slot.key: row.slot.due_at for row in await office.rows()}
    office.slack.workspace.add_user(User("U0ANN", "ann", tz="Asia/Tokyo", locale="ja-JP"))
    await office.go_through()
    assert before is not None
    assert await office.store.read(office.store.people.get, "U0ANN") == replace(before, zone="Asia/Tokyo")
    await office.plan()
    moved = await office.rows()
    assert {row.slot.zone for row in moved} == {"Asia/Tokyo"}
    assert {due[row.slot.key] - row.slot.due_at for row in moved} == {timedelta(hours=8), timedelta(hours=7)}


@pytest.mark.usefixtures("ann")
async def test_renamed_zones_count_and_unknown_zones_change_nothing(office: Office) -> None:
    zones = []
    for night, shown in enumerate(("Asia/Calcutta", "Mars/Phobos", "", None, "Europe/Oslo")):
        office.clock.turn_to(NIGHT + timedelta(days=night))
        office.slack.workspace.users["U0ANN"] = User("U0ANN", "ann", tz=shown)
        await office.go_through()
        found = await office.store.read(office.store.people.get, "U0ANN")
        zones.append(found and found.zone)
    assert zones == [*["Asia/Calcutta"] * 4, "Europe/Oslo"]


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("become", [{"deleted": True}, {"is_bot": True}, {"is_guest": True}, {"team_id": "T0THEIRS"}])
async def test_messages_waiting_for_departed_people_stay_cancelled(office: Office, become: dict[str, Any]) -> None:
    office.slack.workspace.add_user(User("U0ANN", "ann", **become))
    await office.go_through()
    assert await office.states() == {(State.CANCELLED, LEFT)}
    await office.plan()
    await office.planner.plan_everybody(office.campaign, office.clock.now())
    assert await office.states() == {(State.CANCELLED, LEFT)}
    assert await office.store.read(office.store.people.demand, CAMPAIGN) == []


@pytest.mark.usefixtures("ann")
async def test_where_guests_take_part_who_becomes_one_stays(office: Office) -> None:
    office.slack.workspace.add_user(User("U0ANN", "ann", is_guest=True))
    await replace(office, campaign=replace(office.campaign, guests=True)).go_through()
    assert await office.states() == {(State.DUE, None)}


@pytest.mark.usefixtures("ann")
async def test_departed_person_is_planned_nothing_new(office: Office) -> None:
    mine = await office.rows()
    office.slack.workspace.add_user(User("U0ANN", "ann", deleted=True))
    await office.go_through()
    await office.store.write(office.store.ideas.submit, idea())
    assert await office.store.write(office.store.ideas.decide, "1dea", IdeaState.APPROVED, office.clock.now())
    await office.plan()
    assert {row.slot.key for row in await office.rows()} == {row.slot.key for row in mine}
    letters = Notifications(office.store, words)
    publisher = Publisher(office.store)
    channels = Channels(office.client, office.clock)
    content = Content(lambda: office.campaign, office.store, channels, letters, publisher, words)
    for row in mine:
        assert isinstance(await content.of(row.slot, office.clock.now()), Cancelled), row.slot.key


@pytest.mark.usefixtures("ann")
async def test_who_comes_back_is_reachable_as_before(office: Office) -> None:
    before, planned = await office.store.read(office.store.people.get, "U0ANN"), await office.rows()
    for gone in (True, False):
        office.slack.workspace.add_user(User("U0ANN", "ann", deleted=gone))
        await office.go_through()
        await office.plan()
        office.clock.turn_to(NIGHT + timedelta(days=1))
    assert await office.store.read(office.store.people.get, "U0ANN") == before
    now = office.clock.now()
    in_time = {row.slot.key for row in planned if row.slot.expires_at > now}
    assert in_time
    assert {row.slot.key for row in await office.rows() if row.state is State.DUE} == in_time


@pytest.mark.usefixtures("ann")
async def test_returning_person_who_stopped_messages_gets_none(office: Office) -> None:
    await office.store.write(office.store.people.stop, Action(CAMPAIGN, "U0ANN", ActionKind.OPTED_OUT, "", "SE", NOW))
    for gone in (True, False):
        office.slack.workspace.add_user(User("U0ANN", "ann", deleted=gone))
        await office.go_through()
        office.clock.turn_to(NIGHT + timedelta(days=1))
    await office.plan()
    found = await office.store.read(office.store.people.get, "U0ANN")
    assert found is not None
    assert (found.stopped_at, found.left_at, found.direct_messages) == (NOW, None, False)
    assert {row.state for row in await office.rows()} == {State.CANCELLED}


@pytest.mark.usefixtures("ann")
async def test_nothing_is_stored_about_people_who_never_joined(office: Office) -> None:
    office.slack.workspace.add_user(User("U0BO", "bo", tz="Asia/Tokyo"))
    office.slack.workspace.add_user(User("U0CAI", "cai", deleted=True))
    await office.go_through()
    with office.store.database.transaction() as connection:
        kept = [repr((connection.execute(select(table))).all()) for table in metadata.sorted_tables]
    assert "U0ANN" in "".join(kept)
    assert not [each for each in kept if "U0BO" in each or "U0CAI" in each]


# When, and how fast


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (NIGHT - timedelta(seconds=1), None),
        (NIGHT, date(2027, 3, 16)),
        (MORNING - timedelta(seconds=1), date(2027, 3, 16)),
        (MORNING, None),
        (datetime(2027, 3, 8, 2, tzinfo=UTC), date(2027, 3, 8)),
        (datetime(2027, 3, 7, 2, tzinfo=UTC), None),
        (datetime(2027, 3, 20, 2, tzinfo=UTC), date(2027, 3, 20)),
        (datetime(2027, 3, 21, 2, tzinfo=UTC), None),
    ],
)
def test_nights_are_three_to_six_around_the_campaign(campaign: Campaign, at: datetime, night: date | None) -> None:
    assert (campaign.zone, BEGINS.hour, ENDS.hour) == ("Europe/Stockholm", 3, 6)
    assert sync_night(campaign, at) == night


async def test_pages_are_requested_at_pace_once_a_night(office: Office) -> None:
    crowd(office.slack, 22 * PAGE)
    directory = office.directory()
    await office.go_through(directory)
    await office.go_through(directory)
    await office.go_through(office.directory())
    assert len(office.asked()) == 22
    gaps = {later - earlier for earlier, later in zip(office.asked(), office.asked()[1:], strict=False)}
    assert gaps == {EVERY}
    assert office.slack.errors == {}
    office.slack.workspace.users.clear()
    office.clock.turn_to(NIGHT + timedelta(days=1))
    await office.go_through(directory)
    assert len(office.asked()) == 23


async def test_frequent_rounds_request_no_page_too_soon(office: Office) -> None:
    crowd(office.slack)
    directory = office.directory()
    for second in range(8):
        office.clock.turn_to(NIGHT + timedelta(seconds=second))
        await directory.run(office.campaign)
        await directory.run(office.campaign)
    assert [at - NIGHT for at in office.asked()] == [0 * EVERY, EVERY, 2 * EVERY]


async def test_outside_the_night_slack_is_not_asked(office: Office) -> None:
    office.clock.turn_to(MORNING)
    await office.go_through()
    assert office.asked() == []


async def test_unfinished_night_is_logged_and_restarts_next_night(office: Office) -> None:
    crowd(office.slack)
    office.clock.turn_to(MORNING - timedelta(seconds=4))
    directory = office.directory()
    with capture_logs() as told:
        await office.go_through(directory)
    assert [(line["action"], line["pages"]) for line in told] == [("user_sync.unfinished", 2)]
    office.clock.turn_to(NIGHT + timedelta(days=1))
    with capture_logs() as told:
        await office.go_through(directory)
    assert [(line["action"], line["pages"]) for line in told] == [("user_sync.done", 3)]


@pytest.mark.usefixtures("ann")
async def test_the_log_says_what_came_of_a_night(office: Office) -> None:
    crowd(office.slack)
    office.slack.workspace.add_user(User("U0ANN", "ann", tz="Asia/Tokyo"))
    with capture_logs() as told:
        await office.go_through()
    [line] = told
    counts = {name: line[name] for name in ("pages", "people", "moved", "left", "back", "seconds", "night")}
    assert counts == {
        "pages": 3, "people": MANY, "moved": 1, "left": 0, "back": 0, "seconds": 6, "night": "2027-03-16",
    }  # fmt: skip


# Faults


async def test_rate_limit_delays_the_next_request(office: Office) -> None:
    crowd(office.slack)
    office.slack.faults.throttle(45, method=LIST)
    await office.go_through()
    assert [at - NIGHT for at in office.asked()] == [timedelta(seconds=each) for each in (0, 45, 48, 51)]


Spoil = Callable[[RehearsalSlack], None]


@pytest.mark.parametrize(
    ("spoil", "wait", "pages"),
    [
        (lambda slack: slack.faults.answer("fatal_error", method=LIST), timedelta(minutes=1), 3),
        (lambda slack: slack.faults.status(502, "<html>", method=LIST), timedelta(minutes=1), 3),
        (lambda slack: slack.faults.answer("missing_scope", method=LIST), timedelta(minutes=30), 3),
        (lambda slack: slack.faults.answer("invalid_cursor", method=LIST), timedelta(minutes=1), 4),
    ],
    ids=["an error", "a proxy", "no permission", "the cursor is lost"],
)
async def test_fault_resumes_the_page_or_starts_over(office: Office, spoil: Spoil, wait: timedelta, pages: int) -> None:
    crowd(office.slack)
    directory = office.directory()
    await directory.advance(office.campaign)
    office.clock.turn_to(NIGHT + EVERY)
    spoil(office.slack)
    with capture_logs() as told:
        await office.go_through(directory)
    assert [line["action"] for line in told] == ["user_sync.delayed", "user_sync.done"]
    assert told[1]["pages"] == pages
    assert office.asked()[2] - office.asked()[1] == wait


async def test_second_process_takes_over_after_the_lease(office: Office) -> None:
    crowd(office.slack)
    mine, theirs = office.directory("me"), office.directory("you")
    assert await mine.advance(office.campaign) == NIGHT + EVERY
    assert await theirs.advance(office.campaign) is None
    office.clock.turn_to(NIGHT + EVERY + LEASE - timedelta(seconds=1))
    assert await theirs.advance(office.campaign) is None
    office.clock.turn_to(NIGHT + EVERY + LEASE)
    with capture_logs() as told:
        await office.go_through(theirs)
    assert [line["pages"] for line in told] == [2]
    assert await mine.advance(office.campaign) is None
    assert len(office.asked()) == 3


@pytest.mark.usefixtures("ann")
async def test_page_that_was_not_stored_is_requested_again(office: Office) -> None:
    office.slack.workspace.add_user(User("U0ANN", "ann", tz="Asia/Tokyo"))
    directory = office.directory()
    with pytest.MonkeyPatch.context() as broken, capture_logs() as told:
        broken.setattr(People, "apply", _fails)
        await directory.run(office.campaign)
    assert [(line["action"], line["loop"]) for line in told] == [("outage.began", "directory")]
    await directory.run(office.campaign)
    assert len(office.asked()) == 1
    office.clock.turn_to(NIGHT + EVERY)
    await directory.run(office.campaign)
    found = await office.store.read(office.store.people.get, "U0ANN")
    assert found is not None
    assert found.zone == "Asia/Tokyo"


def _fails(*_: object) -> None:
    raise OSError("the database is away")


# By itself


class Running:
    """A clock that runs from the night on, so many times as fast as time."""

    is_manual = False

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._begun = time.monotonic()

    def now(self) -> datetime:
        return NIGHT + timedelta(seconds=(time.monotonic() - self._begun) * self._speed)


@pytest.mark.thorough
async def test_pages_are_requested_in_background_without_blocking_rounds(office: Office) -> None:
    crowd(office.slack, PAGE + 1)
    directory = office.directory(clock=Running(speed=30))
    await directory.run(office.campaign)
    assert office.asked() == []
    await directory.run(office.campaign)
    await office.slack.until(lambda: len(office.asked()) == 2)
    await directory.stop()


@pytest.mark.parametrize("silent", [False, True], ids=["between pages", "while Slack is silent"])
async def test_stopping_is_immediate_and_final(office: Office, *, silent: bool) -> None:
    crowd(office.slack)
    if silent:
        office.slack.faults.silence(method=LIST)
    directory = office.directory(clock=Running(speed=0.01))
    await directory.run(office.campaign)
    await office.slack.until(lambda: len(office.asked()) == 1)
    # Neither the wait for the next page nor Slack would be over by then.
    async with asyncio.timeout(PATIENCE):
        await directory.stop()
    await directory.run(office.campaign)
    assert not [task for task in asyncio.all_tasks() if "_guard" in repr(task)]

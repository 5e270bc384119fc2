"""The delivery loop: plan, find channels, send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.campaign.figure_publication_times import next_at
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.organiser_decisions import Decisions, Ending
from bot.campaign.overlay import outdated
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.outage_log import Outages
from bot.delivery.outbox_planner import Planned, Planner
from bot.delivery.periodic_tasks import Maintenance
from bot.delivery.rate_limit import ReplicaShare
from bot.delivery.token_check import TokenCheck
from bot.delivery.user_sync import UserSync
from bot.store.store import Store

PLAN_EVERY = timedelta(minutes=1)
_AFTER_A_FAULT = timedelta(seconds=5)
_STOPS_WITHIN = 1.0
"""Seconds for a plan that is in progress."""

log = structlog.get_logger()


@dataclass
class Delivery:
    """Everything between the campaign's files and a message in Slack.

    It never sleeps: `advance` does what is due and returns when to be called again. The scheduler calls it in real
    time, and a rehearsal in virtual time. `wake` is set whenever it is to be called earlier: when a plan is requested
    or has ended, and when a send has ended.
    """

    live: LiveCampaign
    store: Store
    planner: Planner
    dispatcher: Dispatcher
    channels: Channels
    maintenance: Maintenance
    user_sync: UserSync
    replica_share: ReplicaShare
    token_check: TokenCheck
    clock: Clock
    outages: Outages
    wake: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _is_plan_requested: bool = field(default=False, init=False)
    _is_personal_plan_requested: bool = field(default=False, init=False)
    _is_open: bool = field(default=False, init=False)
    _planned_at: datetime | None = field(default=None, init=False)
    _figures_at: datetime | None = field(default=None, init=False)
    _planning: asyncio.Task[bool] | None = field(default=None, init=False)
    _deciding: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __post_init__(self) -> None:
        """Wake up when a send has ended, since another one may be possible."""
        self.dispatcher.on_sent = self.wake.set
        self.dispatcher.waiting = lambda: self.live.waiting

    async def open(self) -> None:
        """Prepare at startup: find the channels, plan, and retry what had failed."""
        now = self.clock.now()
        # First, so that other processes know this one as alive and share the rate limit with it.
        await self.replica_share.announce()
        await self._read_decisions()
        await self.channels.refresh(self.live.campaign)
        self.planner.request_everybody()
        await self._write_down()
        revived = await self.store.write(self.store.outbox.revive_failed, now)
        if revived:
            log.info("what had failed is tried again", action="delivery.revived", rows=revived)
        await self.store.write(self.store.failed_messages.give_up, now)
        self._note_plan(now)
        self._is_open = True

    async def stop(self) -> None:
        """Begin no more plans, and let one in progress end, for a second at most.

        The dispatcher has a `stop` of its own.
        """
        self._is_open = False
        if plan := self._planning:
            # Cancelling it while it uses SQLite's only connection would lose that, and the process would hang.
            await asyncio.wait({plan}, timeout=_STOPS_WITHIN)
            plan.cancel()
            await asyncio.gather(plan, return_exceptions=True)
        await self.user_sync.stop()

    @property
    def tasks(self) -> set[asyncio.Task[Any]]:
        """The plan and the sends that are in progress."""
        return {*self.dispatcher.tasks, *([self._planning] if self._planning else [])}

    async def idle(self) -> None:
        """Wait until no plan and no send is in progress."""
        while tasks := self.tasks:
            await asyncio.wait(tasks)

    def request_plan(self) -> None:
        """Ask for a plan because something has changed. Several requests lead to one plan."""
        self._is_plan_requested = True
        self.wake.set()

    def request_personal_plan(self) -> None:
        """Ask for a plan for people with a change alone: most presses change nothing for anybody else.

        It begins at once, and wakes the loop only if it changes what is to be sent.
        """
        self._is_personal_plan_requested = True
        self._begin_personal_plan()

    async def advance(self, now: datetime) -> datetime | None:
        """Do what is due. Returns when to be called again, or None if nothing is coming.

        1. Start a plan if one is due, and return at once, so that in virtual time it ends before anything is sent.
        2. Otherwise send, skip what is too late, and look up what is unclear, also while a plan is in progress.
        """
        if self._planning is None and self._is_plan_due(now):
            self._note_plan(now)
            self._start(self.plan)
            # The end of the plan sets `wake`.
            return None
        return min(filter(None, (await self._send(now), self._figures_at)), default=None)

    async def _send(self, now: datetime) -> datetime | None:
        try:
            await self.dispatcher.step()
            wake_at = await self.dispatcher.wake_at()
        except Exception as error:  # noqa: BLE001 - the edge
            self.outages.task_failed("dispatch", error)
            return now + _AFTER_A_FAULT
        self.outages.task_succeeded("dispatch")
        return wake_at

    def _is_plan_due(self, now: datetime) -> bool:
        if self._is_plan_requested or self._planned_at is None or (self._figures_at and self._figures_at <= now):
            return True
        # The lower bound is for a clock that was set back, which must not stop planning until it has caught up.
        return not self._planned_at <= now < self._planned_at + PLAN_EVERY

    def _note_plan(self, now: datetime) -> None:
        self._is_plan_requested = self._is_personal_plan_requested = False
        self._planned_at = now
        self._figures_at = next_at(self.live.campaign, now)

    def _start(self, plan: Callable[[], Awaitable[bool]]) -> None:
        self._planning = asyncio.create_task(self._guard(plan))
        self._planning.add_done_callback(self._end_plan)

    def _begin_personal_plan(self) -> None:
        # Before `open` the database may not have its tables yet.
        if not self._is_open or self._planning:
            return
        if self._is_plan_due(self.clock.now()):
            # `advance` begins a plan, which includes these people.
            self.wake.set()
        else:
            self._start(self._plan_touched)

    async def _guard(self, plan: Callable[[], Awaitable[bool]]) -> bool:
        """Make a plan, and log an unforeseen error. Returns whether there may be something else to send now."""
        try:
            # Called here, because a task that is cancelled before it began would leave a coroutine behind.
            is_changed = await plan()
        except Exception as error:  # noqa: BLE001 - the edge
            self.outages.task_failed("plan", error)
            return True
        self.outages.task_succeeded("plan")
        return is_changed

    def _end_plan(self, plan: asyncio.Task[bool]) -> None:
        self._planning = None
        if plan.cancelled():
            return
        # Due by now: `advance` did not begin another plan while this one was in progress.
        if plan.result() or self._is_plan_due(self.clock.now()):
            self.wake.set()
        # Requested meanwhile, for somebody whom this plan may have left out.
        if self._is_personal_plan_requested:
            self._begin_personal_plan()

    async def plan(self) -> bool:
        """Bring the outbox up to date with the campaign's files, and look for missing channels again. Returns True."""
        known = self.live.problems
        anew = self.live.refresh()
        if await self._read_decisions() or anew:
            self.planner.request_everybody()
        if anew:
            self._figures_at = next_at(self.live.campaign, self.clock.now())
            log.info("the campaign was read again", action="campaign.read")
        # `refresh` makes a new list only when it has read the files, so each edit is reported once.
        for problem in self.live.problems if self.live.problems is not known else ():
            log.error(str(problem), action="campaign.unusable")
        if anew or self.channels.is_due:
            await self.channels.refresh(self.live.campaign)
        await self.user_sync.run(self.live.campaign)
        await self._write_down()
        await self.maintenance.run(self.live.campaign, self.clock.now())
        return True

    async def refresh_decisions(self) -> None:
        """Take over at once what an organiser has just decided in this process. Others do in their next plan."""
        if await self._read_decisions():
            self.planner.request_everybody()
        self.request_plan()

    async def _read_decisions(self) -> bool:
        """Read what organisers have decided. Returns whether the campaign is another one for it."""
        # One after another, so that what was read first is never taken for the newest.
        async with self._deciding:
            now, campaign = self.clock.now(), self.live.files
            decisions = await self.store.read(self.store.decisions, campaign.id)
            if ended := outdated(campaign, decisions):
                decisions = await self.store.write(self._end_revisions, ended, now)
                log.info("files have overtaken words of organisers", action="revisions.ended", revisions=len(ended))
            return self.live.decide(decisions, now)

    def _end_revisions(self, connection: Connection, ended: Mapping[str, Ending], now: datetime) -> Decisions:
        for revision, how in ended.items():
            self.store.revisions.end(connection, revision, how, now)
        return self.store.decisions(connection, self.live.files.id)

    async def _write_down(self) -> None:
        _log_plan(await self.planner.plan_due(self.live.campaign, self.clock.now()))

    async def _plan_touched(self) -> bool:
        """Plan for people with a change. Returns whether anything is to be sent at another time than before."""
        self._is_personal_plan_requested = False
        planned = await self.planner.plan_touched(self.live.campaign, self.clock.now())
        _log_plan(planned)
        return bool(planned)


def _log_plan(planned: Planned) -> None:
    if planned:
        log.info(
            "planned",
            action="delivery.planned",
            added=planned.added,
            moved=planned.moved,
            withdrawn=planned.withdrawn,
            refused=planned.refused,
        )

"""Delivery as a whole: plan, look for channels, send."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.campaign.live_reload import LiveCampaign
from bot.campaign.publications import next_at
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.maintenance import Maintenance
from bot.delivery.outages import Outages
from bot.delivery.outbox_planner import Planner
from bot.delivery.rate_limit import ReplicaShare
from bot.delivery.token_check import TokenCheck
from bot.delivery.user_sync import UserSync
from bot.store.failed_messages import FailedMessages
from bot.store.outbox import Outbox

PLAN_EVERY = timedelta(minutes=1)
_AFTER_A_FAULT = timedelta(seconds=5)
_STOPS_WITHIN = 1.0
"""Seconds for the plan that is under way."""

log = structlog.get_logger()


@dataclass
class Delivery:
    """Everything between the campaign's files and a message in Slack.

    It never sleeps: `advance` does what is due and returns when to be called again. The scheduler calls it on the
    machine's clock, a rehearsal on one that is turned. `wake` is set whenever it is to be called before that.
    """

    live: LiveCampaign
    outbox: Outbox
    failed_messages: FailedMessages
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
    _planned_at: datetime | None = field(default=None, init=False)
    _figures_at: datetime | None = field(default=None, init=False)
    _planning: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Have the dispatcher tell when a send has ended."""
        self.dispatcher.on_sent = self.wake.set

    async def open(self) -> None:
        """Begin after a start: find the channels, plan, and give what had failed another chance."""
        now = self.clock.now()
        await self.replica_share.heartbeat()
        await self.channels.refresh(self.live.campaign)
        await self._write_down(anew=True)
        revived = await self.outbox.revive_failed(now)
        if revived:
            log.info("what had failed is tried again", action="delivery.revived", rows=revived)
        await self.failed_messages.give_up(now)
        self._note_plan(now)

    async def stop(self) -> None:
        """Let the plan that is under way end, for a second at most. The dispatcher is stopped for itself."""
        if plan := self._planning:
            # Cancelled while it uses the database's only connection, that would be lost, and the process would not end.
            await asyncio.wait({plan}, timeout=_STOPS_WITHIN)
            plan.cancel()
            await asyncio.gather(plan, return_exceptions=True)
        await self.user_sync.stop()

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """Everything that is under way."""
        return {*self.dispatcher.tasks, *([self._planning] if self._planning else [])}

    async def idle(self) -> None:
        """Wait until nothing is planned or sent."""
        while tasks := self.tasks:
            await asyncio.wait(tasks)

    def request_plan(self) -> None:
        """Plan soon: what is to be sent has changed. Many requests at once are one."""
        self._is_plan_requested = True
        self.wake.set()

    async def advance(self, now: datetime) -> datetime | None:
        """Do what is due; return when to be called again, or `None` when nothing is waited for.

        1. Begin a plan where one is due, and return at once, so that in virtual time it ends before anything is sent.
        2. Otherwise send, give up what is too late and ask about what is unclear, also while a plan is under way.
        """
        if self._planning is None and self._is_plan_due(now):
            self._note_plan(now)
            self._planning = asyncio.create_task(self._plan())
            self._planning.add_done_callback(self._end_plan)
            return now
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
        # A clock that was set back must not silence it.
        return not self._planned_at <= now < self._planned_at + PLAN_EVERY

    def _note_plan(self, now: datetime) -> None:
        self._is_plan_requested = False
        self._planned_at = now
        self._figures_at = next_at(self.live.campaign, now)

    async def _plan(self) -> None:
        try:
            await self.plan()
        except Exception as error:  # noqa: BLE001 - the edge
            self.outages.task_failed("plan", error)
        else:
            self.outages.task_succeeded("plan")

    def _end_plan(self, _plan: asyncio.Task[None]) -> None:
        self._planning = None
        self.wake.set()

    async def plan(self) -> None:
        """Bring the outbox up to the campaign's files, and look again for channels that were missing."""
        known = self.live.problems
        anew = self.live.refresh()
        if anew:
            self._figures_at = next_at(self.live.campaign, self.clock.now())
            log.info("the campaign was read again", action="campaign.read")
        # The files are read again when they change.
        for problem in self.live.problems if self.live.problems is not known else ():
            log.error(str(problem), action="campaign.unusable")
        if anew or self.channels.is_due:
            await self.channels.refresh(self.live.campaign)
        await self.user_sync.run(self.live.campaign)
        await self._write_down(anew=anew)
        await self.maintenance.run(self.live.campaign, self.clock.now())

    async def _write_down(self, *, anew: bool) -> None:
        plan = self.planner.plan_everybody if anew else self.planner.plan_due
        planned = await plan(self.live.campaign, self.clock.now())
        if planned:
            log.info(
                "planned",
                action="delivery.planned",
                added=planned.added,
                moved=planned.moved,
                withdrawn=planned.withdrawn,
                refused=planned.refused,
            )

"""The scheduler: APScheduler wakes the delivery, and nothing that matters depends on how often.

A job here never sends anything. It wakes the one loop that calls `Delivery.advance`, so a job that runs twice, late or
never in a night costs nothing but time.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.delivery.delivery_loop import PLAN_EVERY, Delivery
from bot.delivery.outages import Outages

TICK = timedelta(seconds=5)
_CHECK_TOKEN_EVERY = timedelta(seconds=15)
"""How often it is looked whether it is time to ask Slack about the token."""

_STOPS_WITHIN = 1.0
"""Seconds for the step that is under way."""


log = structlog.get_logger()


class Scheduler:
    """Calls a `Delivery` on the machine's clock, from `start` until `stop`."""

    def __init__(self, delivery: Delivery, clock: Clock, outages: Outages) -> None:
        self._delivery = delivery
        self._clock = clock
        self._outages = outages
        self._is_stopping = False
        self._watching: set[asyncio.Task[None]] = set()
        self._loop: set[asyncio.Task[None]] = set()
        self.ticked_at: datetime | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The loops that are running."""
        return {*self._watching, *self._loop}

    def start(self) -> None:
        """Begin to call it."""
        self._add_jobs()
        self._scheduler.start()
        self._loop = {asyncio.create_task(self._run())}
        self._watching = {asyncio.create_task(each) for each in (self._watch_clock(), self._check_token())}
        self.ticked_at = self._clock.now()
        self._delivery.wake.set()

    async def stop(self) -> None:
        """Call it no more. The dispatcher is stopped by whoever started it."""
        if not self._loop:
            return
        self._scheduler.shutdown(wait=False)
        for task in self._watching:
            task.cancel()
        self._is_stopping = True
        self._delivery.wake.set()
        # Cancelled while it uses the database's only connection, that would be lost, and the process would not end.
        await asyncio.gather(asyncio.wait(self._loop, timeout=_STOPS_WITHIN), self._delivery.stop())
        for task in self._loop:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _add_jobs(self) -> None:
        for name, job, every in (("tick", self._tick, TICK), ("plan", self._request_plan, PLAN_EVERY)):
            self._scheduler.add_job(job, "interval", seconds=every.total_seconds(), id=name, replace_existing=True)

    async def _watch_clock(self) -> None:
        """Add the jobs anew when the machine's clock was set back: they would be silent until it has caught up.

        The loop's own time goes on whatever the clock says.
        """
        while True:
            before = self._clock.now()
            await asyncio.sleep(TICK.total_seconds())
            if self._clock.now() < before:
                log.warning("the machine's clock was set back", action="scheduler.clock_set_back")
                self._add_jobs()
                self._delivery.wake.set()

    async def _check_token(self) -> None:
        """Look every now and then whether Slack still takes the token.

        A job of the scheduler would be cut off at the end, with an error in the log.
        """
        while True:
            try:
                await self._delivery.token_check.check_if_due()
            except Exception as error:  # noqa: BLE001 - the edge
                self._outages.task_failed("token check", error)
            else:
                self._outages.task_succeeded("token check")
            await asyncio.sleep(_CHECK_TOKEN_EVERY.total_seconds())

    async def _tick(self) -> None:
        """Show that the scheduler lives, and tell the other replicas that this process does."""
        self.ticked_at = self._clock.now()
        try:
            if await self._delivery.replica_share.heartbeat():
                # What the one that has gone was sending has to be taken over.
                self._delivery.wake.set()
        except Exception as error:  # noqa: BLE001 - the edge
            self._outages.task_failed("replicas", error)
        else:
            self._outages.task_succeeded("replicas")

    async def _request_plan(self) -> None:
        self._delivery.request_plan()

    async def _run(self) -> None:
        while True:
            await self._delivery.wake.wait()
            self._delivery.wake.clear()
            if self._is_stopping:
                return
            wake_at = await self._delivery.advance(self._clock.now())
            if wake_at and not self._is_stopping:
                self._scheduler.add_job(self._wake, "date", run_date=wake_at, id="due", replace_existing=True)

    async def _wake(self) -> None:
        self._delivery.wake.set()

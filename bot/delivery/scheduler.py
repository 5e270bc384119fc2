"""The scheduler: APScheduler wakes the delivery loop, and nothing that matters depends on how often.

A job here never sends anything. It wakes the one loop that calls `Delivery.advance`, so a job that runs twice, late or
not at all costs nothing but time.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.delivery.delivery_loop import PLAN_EVERY, Delivery
from bot.delivery.outage_log import Outages

TICK = timedelta(seconds=5)
_CHECK_TOKEN_EVERY = timedelta(seconds=15)
"""The interval at which to look whether a check of the token is due."""

_STOPS_WITHIN = 1.0
"""Seconds for a step that is in progress."""


log = structlog.get_logger()


class Scheduler:
    """Calls a `Delivery` in real time, from `start` until `stop`."""

    def __init__(self, delivery: Delivery, clock: Clock, outages: Outages) -> None:
        self._delivery = delivery
        self._clock = clock
        self._outages = outages
        self._is_stopping = False
        self._watching: set[asyncio.Task[None]] = set()
        self._loop: set[asyncio.Task[None]] = set()
        self.ticked_at: datetime | None = None
        # Without a grace time APScheduler drops jobs that are a second late, as after the machine was suspended.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """The loops that are running."""
        return {*self._watching, *self._loop}

    def start(self) -> None:
        """Start the jobs and loops."""
        self._add_jobs()
        self._scheduler.start()
        self._loop = {asyncio.create_task(self._run())}
        self._watching = {asyncio.create_task(each) for each in (self._watch_clock(), self._check_token())}
        self.ticked_at = self._clock.now()
        self._delivery.wake.set()

    async def stop(self) -> None:
        """Stop the jobs and loops. The caller stops the dispatcher."""
        if not self._loop:
            return
        self._scheduler.shutdown(wait=False)
        for task in self._watching:
            task.cancel()
        self._is_stopping = True
        self._delivery.wake.set()
        # Cancelling it while it uses SQLite's only connection would lose that, and the process would hang.
        await asyncio.gather(asyncio.wait(self._loop, timeout=_STOPS_WITHIN), self._delivery.stop())
        for task in self._loop:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _add_jobs(self) -> None:
        for name, job, every in (("tick", self._tick, TICK), ("plan", self._request_plan, PLAN_EVERY)):
            self._scheduler.add_job(job, "interval", seconds=every.total_seconds(), id=name, replace_existing=True)

    async def _watch_clock(self) -> None:
        """Add the jobs again when the machine's clock was set back: they would not run until it has caught up.

        `asyncio.sleep` is not affected, because the event loop's time is monotonic.
        """
        while True:
            before = self._clock.now()
            await asyncio.sleep(TICK.total_seconds())
            if self._clock.now() < before:
                log.warning("the machine's clock was set back", action="scheduler.clock_set_back")
                self._add_jobs()
                self._delivery.wake.set()

    async def _check_token(self) -> None:
        """Check regularly that Slack accepts the token.

        This is no job of the scheduler, because shutting that down would log an error for a check in progress.
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
        """Record that the scheduler runs, for readiness, and that this process does, for the other replicas."""
        self.ticked_at = self._clock.now()
        try:
            if await self._delivery.replica_share.announce():
                # The messages of a process that has gone are to be reclaimed.
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

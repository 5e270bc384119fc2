"""The bells: APScheduler rings them, and nothing that matters depends on how often.

A job here never sends anything. It wakes the one loop that calls the dispatcher, so a bell that rings twice, late or
never in a night costs nothing but time.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.delivery.delivery import Delivery
from bot.delivery.outages import Outages

TICK = timedelta(seconds=5)
PLAN_EVERY = timedelta(minutes=1)
_LOOK_EVERY = timedelta(seconds=15)
"""How often it is looked whether it is time to ask Slack about the token."""

_AFTER_A_FAULT = timedelta(seconds=5)
_LEAVES_WITHIN = 1.0
"""Seconds for the step or the plan that is under way."""


log = structlog.get_logger()


class Bells:
    """Rings for a `Delivery` on the machine's clock, from `start` until `stop`."""

    def __init__(self, delivery: Delivery, clock: Clock, outages: Outages) -> None:
        self._delivery = delivery
        self._clock = clock
        self._outages = outages
        self._bell = asyncio.Event()
        self._asked = asyncio.Event()
        self._leaving = False
        self._watching: list[asyncio.Task[None]] = []
        self._work: set[asyncio.Task[None]] = set()
        self.ticked_at: datetime | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to ring."""
        self._delivery.dispatcher.landed = self._bell.set
        self._hang()
        self._scheduler.start()
        self._work = {asyncio.create_task(self._answer()), asyncio.create_task(self._plan_when_asked())}
        self._watching = [asyncio.create_task(each) for each in (self._watch(), self._ask_slack())]
        self.ticked_at = self._clock.now()
        self._bell.set()

    async def stop(self) -> None:
        """Ring no more. The dispatcher is stopped by whoever started it."""
        if not self._watching:
            return
        self._scheduler.shutdown(wait=False)
        for task in self._watching:
            task.cancel()
        self._leaving = True
        self._bell.set()
        self._asked.set()
        # Interrupted with the database's connection in the hand, that would be lost, and the process would not end.
        await asyncio.wait(self._work, timeout=_LEAVES_WITHIN)
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._watching, *self._work, return_exceptions=True)

    def ask(self) -> None:
        """Plan soon: somebody has just done what changes what is to be sent. Many asks at once are one."""
        self._asked.set()

    def note(self, user: str) -> None:
        """Note that something about somebody may have changed, for the next plan."""
        self._delivery.planner.touch(user)

    def _hang(self) -> None:
        for name, job, every in (("tick", self._tick, TICK), ("plan", self._remind, PLAN_EVERY)):
            self._scheduler.add_job(job, "interval", seconds=every.total_seconds(), id=name, replace_existing=True)

    async def _watch(self) -> None:
        """Hang the bells anew when the machine's clock was set back: they would be silent until it has caught up.

        The loop's own time goes on whatever the clock says.
        """
        while True:
            before = self._clock.now()
            await asyncio.sleep(TICK.total_seconds())
            if self._clock.now() < before:
                log.warning("the machine's clock was set back", action="bells.set_back")
                self._hang()
                self._bell.set()

    async def _ask_slack(self) -> None:
        """Look every now and then whether Slack still takes the token.

        A job of the scheduler would be cut off at the end, with an error in the log.
        """
        while True:
            try:
                await self._delivery.access.keep_up()
            except Exception as error:  # noqa: BLE001 - the edge
                self._outages.failed("ask Slack", error)
            else:
                self._outages.worked("ask Slack")
            await asyncio.sleep(_LOOK_EVERY.total_seconds())

    async def _tick(self) -> None:
        """Shows that the scheduler lives; and after a machine has slept, it notices within one tick what is due."""
        self.ticked_at = self._clock.now()
        try:
            if await self._delivery.fleet.greet():
                # What it was sending has to be taken over.
                self._bell.set()
        except Exception as error:  # noqa: BLE001 - the edge
            self._outages.failed("replicas", error)
        else:
            self._outages.worked("replicas")

    async def _remind(self) -> None:
        self.ask()

    async def _plan(self) -> None:
        try:
            await self._delivery.plan()
        except Exception as error:  # noqa: BLE001 - the edge
            self._outages.failed("plan", error)
        else:
            self._outages.worked("plan")
        self._bell.set()

    async def _plan_when_asked(self) -> None:
        # A job of the scheduler would be left out while the one before it is under way, and cut off at the end.
        while True:
            await self._asked.wait()
            self._asked.clear()
            if self._leaving:
                return
            await self._plan()

    async def _answer(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            if self._leaving:
                return
            try:
                await self._delivery.dispatcher.step()
                wake_at = await self._delivery.dispatcher.wake_at()
            except Exception as error:  # noqa: BLE001 - the edge
                self._outages.failed("dispatch", error)
                wake_at = self._clock.now() + _AFTER_A_FAULT
            else:
                self._outages.worked("dispatch")
            if wake_at and not self._leaving:
                self._scheduler.add_job(self._ring, "date", run_date=wake_at, id="due", replace_existing=True)

    async def _ring(self) -> None:
        self._bell.set()

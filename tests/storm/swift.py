"""The bot's own command on a swift clock, with shorter patience, as `acceptance/patient.py` has it.

Only the clock that the bot is given is swift: processes, database, network and the scheduler's own tick are real. So
every length of time that stands for something real is told in real seconds here: two leases stay longer than
two answers can take, and whoever is silent counts as gone only after three of the scheduler's ticks. Lengths that stand
for the week, such as due times and late limits, are the campaign's own. The pace of posting is not held to: a minute of
the storm is a few thousandths of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from types import ModuleType
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

import bot.app
import bot.cli.main
import bot.cli.run
import bot.delivery.delivery_loop
import bot.delivery.dispatcher
import bot.delivery.rate_limit
import bot.delivery.scheduler

from .clock import SwiftClock


class SwiftScheduler(AsyncIOScheduler):  # type: ignore[misc]
    """The real scheduler; the moments that the bot names are on the swift clock."""

    def __init__(self, clock: SwiftClock, **options: Any) -> None:
        super().__init__(**options)
        self._clock = clock

    def add_job(self, *what: Any, **how: Any) -> Any:
        """Add a job at the real moment."""
        if "run_date" in how:
            how["run_date"] = self._clock.real(how["run_date"])
        return super().add_job(*what, **how)


def main() -> None:
    """Run the command."""
    clock = SwiftClock.of()
    for module, name, value in _instead(clock):
        if not hasattr(module, name):
            raise AttributeError(f"{module.__name__} has no {name} any more")
        setattr(module, name, value)
    bot.cli.main.main()


def _instead(clock: SwiftClock) -> Iterator[tuple[ModuleType, str, Any]]:
    yield bot.cli.run, "SystemClock", lambda: clock
    yield bot.delivery.scheduler, "AsyncIOScheduler", partial(SwiftScheduler, clock)
    yield bot.delivery.scheduler, "PLAN_EVERY", timedelta(seconds=2)
    yield bot.delivery.delivery_loop, "_AFTER_A_FAULT", clock.lasting(1)
    yield bot.app, "ANSWER_WITHIN", 1
    yield bot.app, "LEASE", clock.lasting(2)
    yield bot.delivery.dispatcher, "ASK_AFTER", clock.lasting(1)
    yield bot.delivery.dispatcher, "ASK_AGAIN", clock.lasting(2)
    yield bot.delivery.dispatcher, "_SHORTEST", clock.lasting(0.2)
    yield bot.delivery.dispatcher, "_LONGEST", clock.lasting(2)
    yield bot.delivery.scheduler, "TICK", timedelta(seconds=1)
    yield bot.delivery.rate_limit, "GONE_AFTER", clock.lasting(3)


if __name__ == "__main__":
    main()

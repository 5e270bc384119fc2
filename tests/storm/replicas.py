"""The processes that are killed and started again."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random

from tests.acceptance.process import Machine, Process

RUNNING_WITHIN = 20.0
"""Real seconds until somebody runs, on a machine that has other things to do."""

_PAUSE = (1.0, 2.0)
_AT_WORK = (0.1, 1.0)
_IN_THE_START = 0.2
"""How many of the kills do not wait for anybody to have started: starting is a good moment to die, too."""


@dataclass
class Replicas:
    """Some processes of the bot on one machine; `fallen` says which ended by themselves, which none ever should."""

    machine: Machine
    count: int
    random: Random
    living: list[Process] = field(default_factory=list)
    fallen: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start all of them."""
        self.living = [self.machine.run() for _ in range(self.count)]

    def suffer(self, kills: int) -> None:
        """Lose a random one so many times, every second or two; it is started again at once.

        A start takes longer than that, so that a single process would never get to work: the kill then comes a moment
        after it runs.
        """
        for _ in range(kills):
            time.sleep(self.random.uniform(*_PAUSE))
            patient, moment = self.random.random() >= _IN_THE_START, self.random.uniform(*_AT_WORK)
            if patient and not self._any_runs():
                self._until_any_runs()
                time.sleep(moment)
            self._strike(self.random.randrange(self.count))

    def _strike(self, place: int) -> None:
        self._look_at(self.living[place])
        self.living[place].kill()
        self.living[place] = self.machine.run()

    def _any_runs(self) -> bool:
        return any(each.popen.poll() is None and each.logged("service.running") for each in self.living)

    def _until_any_runs(self) -> None:
        deadline = time.monotonic() + RUNNING_WITHIN
        while not self._any_runs() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _look_at(self, run: Process) -> None:
        if run.popen.poll() is not None:
            self.fallen.append(f"a replica ended by itself: {run.output()[-500:]}")

    def end(self) -> None:
        """Kill all of them for good."""
        for run in self.living:
            self._look_at(run)
        for run in self.machine.runs:
            run.kill()

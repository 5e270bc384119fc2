"""A Slack that takes its time over every post, so that many a kill falls into the middle of one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random

from rehearsal.slack.faults import Exchange, Fault, FaultResponse, Phase
from rehearsal.slack.rate_limits import POST
from rehearsal.slack.server import RehearsalSlack

LONGEST = 0.3
"""Real seconds before a post is accepted, and again before that is answered: together less than the bot waits."""

_ALWAYS = 1_000_000


@dataclass
class Sluggishness:
    """Makes a server wait; `inside` is how many posts have come and are not answered."""

    random: Random
    inside: int = field(default=0)

    def take(self, slack: RehearsalSlack) -> None:
        """Begin."""
        slack.faults.add(POST, Fault("sluggish", ("before", "after"), self._wait, _ALWAYS))

    async def _wait(self, _exchange: Exchange, stage: Phase) -> FaultResponse:
        self.inside += stage == "before"
        await asyncio.sleep(self.random.uniform(0, LONGEST))
        self.inside -= stage == "after"
        return None

"""Delivery as a whole: plan, look for channels, send."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.campaign.live import Edition
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.fleet import Fleet
from bot.delivery.maintenance import Upkeep
from bot.delivery.planner import Planner
from bot.delivery.token_check import SlackAccess
from bot.delivery.user_sync import Directory
from bot.store.failed_messages import FailedMessages
from bot.store.outbox import Outbox

log = structlog.get_logger()


@dataclass(frozen=True)
class Delivery:
    """What the bells ring for. Each of its methods may be called at any time and any number of times."""

    edition: Edition
    outbox: Outbox
    failed: FailedMessages
    planner: Planner
    dispatcher: Dispatcher
    channels: Channels
    upkeep: Upkeep
    directory: Directory
    fleet: Fleet
    access: SlackAccess
    clock: Clock

    async def open(self) -> None:
        """Begin after a start: find the channels, plan, and give what had failed another chance."""
        await self.fleet.greet()
        await self.channels.refresh(self.edition.campaign)
        await self._write_down(anew=True)
        revived = await self.outbox.revive_failed(self.clock.now())
        if revived:
            log.info("what had failed is tried again", action="delivery.revived", rows=revived)
        await self.failed.give_up(self.clock.now())

    async def plan(self) -> None:
        """Bring the outbox up to the campaign's files, and look again for channels that were missing."""
        known = self.edition.problems
        anew = self.edition.refresh()
        if anew:
            log.info("the campaign was read again", action="campaign.read")
        # The files are read again when they change.
        for problem in self.edition.problems if self.edition.problems is not known else ():
            log.error(str(problem), action="campaign.unusable")
        if anew or self.channels.is_due:
            await self.channels.refresh(self.edition.campaign)
        await self.directory.go_round(self.edition.campaign)
        await self._write_down(anew=anew)
        await self.upkeep.go_round(self.edition.campaign, self.clock.now())

    async def _write_down(self, *, anew: bool) -> None:
        plan = self.planner.plan if anew else self.planner.keep_up
        planned = await plan(self.edition.campaign, self.clock.now())
        if planned:
            log.info(
                "planned",
                action="delivery.planned",
                added=planned.added,
                moved=planned.moved,
                withdrawn=planned.withdrawn,
                refused=planned.refused,
            )

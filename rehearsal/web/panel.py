"""What the panel at the side shows, worked out at most once a second."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import structlog

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from rehearsal.simulation import Records, Simulation
from rehearsal.verify.stored import measures
from rehearsal.web import log as calls
from rehearsal.web.delivery_check import Kept, Promises
from rehearsal.web.figures import Table, figures
from rehearsal.web.page import Faults, Panel
from rehearsal.web.progress import progress
from rehearsal.web.session import Room
from rehearsal.web.view_models import Place, Tab

EVERY = 1.0
"""Seconds between two looks at the database."""

_MOST_CALLS = 80

log = structlog.get_logger()


class Board:
    """The panel of one room, by its tab; everybody who looks shares it.

    A page never waits for it: while the bot is at its database, the panel is as it was a moment ago.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._stage = room.stage
        self._known: dict[Tab, Panel] = {}
        self._fresh_until: dict[Tab, float] = {}
        self._work: dict[Tab, asyncio.Task[None]] = {}
        self._kept: Kept | None = None
        self._promises: tuple[Campaign, Promises] | None = None

    def panel(self, tab: Tab) -> Panel:
        """The panel with one tab open, as it was known last; it is worked out anew where that is too long ago."""
        if self._stage is not self._room.stage:
            self._stage = self._room.stage
            self._known.clear()
            self.forget()
        if tab != "none" and tab not in self._work and self._room.real() >= self._fresh_until.get(tab, 0.0):
            self._work[tab] = asyncio.create_task(self._refresh(tab, self._stage))
        known = self._known.get(tab, Panel())
        down = _down(self._stage)
        if known.kept and (known.kept is not self._kept or known.down != down):
            # However long ago this tab was open: what became of the promises is one figure.
            known = self._known[tab] = replace(known, kept=self._kept, down=down)
        return known

    def forget(self) -> None:
        """Work everything out anew the next time."""
        self._fresh_until.clear()

    async def stop(self) -> None:
        """Let what is being worked out end; whoever looks no more asks for no more."""
        if self._work:
            await asyncio.wait(self._work.values())

    async def _refresh(self, tab: Tab, stage: Simulation) -> None:
        self._fresh_until[tab] = self._room.real() + EVERY
        try:
            panel = await self._work_out(tab, stage)
            if stage is self._stage:
                self._known[tab], self._kept = panel, panel.kept or self._kept
        except Exception:
            # The panel is not worth more than the page.
            log.exception("the panel was not worked out", action="room.no_panel", reference=uuid.uuid4().hex[:8])
        finally:
            del self._work[tab]
        self._room.beat()

    async def _work_out(self, tab: Tab, stage: Simulation) -> Panel:
        if tab == "log":
            return Panel(log=calls.log(stage.slack.calls, _MOST_CALLS, stage.campaign.zone))
        async with stage.looked_into() as records:
            panel = await self._asked(tab, stage, records)
        return replace(panel, faults=self._faults(stage)) if tab == "faults" else panel

    async def _asked(self, tab: Tab, stage: Simulation, records: Records) -> Panel:
        """What the bot's database knows."""
        if tab == "figures":
            return Panel(figures=await self._figures(stage, records))
        campaign, now = stage.campaign, stage.clock.now()
        rows = await records.store.outbox.entries(campaign.id)
        kept = self._promised(campaign).kept(rows, stage.slack.workspace, now)
        return Panel(progress=progress(campaign, rows, now) if tab == "week" else None, kept=kept)

    def _promised(self, campaign: Campaign) -> Promises:
        if self._promises is None or self._promises[0] is not campaign:
            self._promises = campaign, Promises(campaign)
        return self._promises[1]

    async def _figures(self, stage: Simulation, records: Records) -> Table:
        campaign = stage.campaign
        published = await records.publisher.newest(campaign)
        return figures(campaign, await measures(records.store, campaign), published, stage.clock.now())

    def _faults(self, stage: Simulation) -> Faults:
        channels = stage.slack.workspace.channels.values()
        places = [Place(each.id, each.name, "channel", 0, archived=each.is_archived) for each in channels]
        return Faults(places, list(self._room.mischief.waiting()), running=stage.bot is not None)


def _down(stage: Simulation) -> str | None:
    """Since when the bot is away, on the company's clock."""
    return None if stage.bot else f"{local(stage.away_since, stage.campaign.zone):%H:%M:%S}"

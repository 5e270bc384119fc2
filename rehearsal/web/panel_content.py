"""The content of the panel at the side, computed at most once a second."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import structlog

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from rehearsal.simulation import Records, Simulation, SimulationEndedError
from rehearsal.verify.stored_totals import measures
from rehearsal.web import api_call_log as calls
from rehearsal.web.delivery_progress import progress
from rehearsal.web.figures import FigureTable, figures
from rehearsal.web.live_delivery_check import DeliveryCheck, DeliveryReport
from rehearsal.web.page import FaultsView, PanelView
from rehearsal.web.session import Session
from rehearsal.web.view_models import SidebarItem, Tab

EVERY = 1.0
"""Seconds between two looks at the database."""

_MOST_CALLS = 80

log = structlog.get_logger()


class Panel:
    """The panel of one session, by its tab; all open pages share it.

    A page never waits for it: while the bot uses its database, the panel shows what was known a moment ago.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._simulation = session.simulation
        self._known: dict[Tab, PanelView] = {}
        self._fresh_until: dict[Tab, float] = {}
        self._work: dict[Tab, asyncio.Task[None]] = {}
        self._kept: DeliveryReport | None = None
        self._check: tuple[Campaign, DeliveryCheck] | None = None

    def view(self, tab: Tab) -> PanelView:
        """Return the panel with one tab open, as it was known last, and refresh it where that is too long ago."""
        if self._simulation is not self._session.simulation:
            self._simulation = self._session.simulation
            self._known.clear()
            self.forget()
        if tab != "none" and tab not in self._work and self._session.real() >= self._fresh_until.get(tab, 0.0):
            # Not awaited: the page is drawn with what was known last, and again when this is done.
            self._work[tab] = asyncio.create_task(self._refresh(tab, self._simulation))
        known = self._known.get(tab, PanelView())
        down = _down(self._simulation)
        if known.kept and (known.kept is not self._kept or known.down != down):
            # The delivery check is the same on every tab, however long ago this one was open.
            known = self._known[tab] = replace(known, kept=self._kept, down=down)
        return known

    def forget(self) -> None:
        """Compute everything anew the next time."""
        self._fresh_until.clear()

    async def stop(self) -> None:
        """Wait for computations that are under way."""
        if self._work:
            await asyncio.wait(self._work.values())

    async def _refresh(self, tab: Tab, simulation: Simulation) -> None:
        # Before the work, so that a query that takes long does not start again at once.
        self._fresh_until[tab] = self._session.real() + EVERY
        try:
            panel = await self._work_out(tab, simulation)
            # A restart may have replaced the simulation meanwhile, and its figures are no longer of interest.
            if simulation is self._simulation:
                self._known[tab], self._kept = panel, panel.kept or self._kept
        except SimulationEndedError:
            # The rehearsal began anew meanwhile, and the page asks for the new one's.
            pass
        except Exception:
            # A panel that cannot be computed must not take the page down with it.
            log.exception("the panel was not worked out", action="rehearsal.no_panel", reference=uuid.uuid4().hex[:8])
        finally:
            del self._work[tab]
        self._session.notify()

    async def _work_out(self, tab: Tab, simulation: Simulation) -> PanelView:
        if tab == "log":
            return PanelView(log=calls.summarize(simulation.slack.calls, _MOST_CALLS, simulation.campaign.zone))
        async with simulation.open_records() as records:
            panel = await self._asked(tab, simulation, records)
        return replace(panel, faults=self._faults(simulation)) if tab == "faults" else panel

    async def _asked(self, tab: Tab, simulation: Simulation, records: Records) -> PanelView:
        """Query what the tab needs of the bot's database."""
        if tab == "figures":
            return PanelView(figures=await self._figures(simulation, records))
        campaign, now = simulation.campaign, simulation.clock.now()
        rows = await records.store.read(records.store.outbox.entries, campaign.id)
        kept = self._delivery_check(campaign).check(rows, simulation.slack.workspace, now)
        return PanelView(progress=progress(campaign, rows, now) if tab == "week" else None, kept=kept)

    def _delivery_check(self, campaign: Campaign) -> DeliveryCheck:
        # Laying out a campaign takes long, so it is done once for each version of it.
        if self._check is None or self._check[0] is not campaign:
            self._check = campaign, DeliveryCheck(campaign)
        return self._check[1]

    async def _figures(self, simulation: Simulation, records: Records) -> FigureTable:
        campaign = simulation.campaign
        published = await records.publisher.newest(campaign)
        return figures(campaign, await measures(records.store, campaign), published, simulation.clock.now())

    def _faults(self, simulation: Simulation) -> FaultsView:
        channels = simulation.slack.workspace.channels.values()
        places = [SidebarItem(each.id, each.name, "channel", 0, archived=each.is_archived) for each in channels]
        return FaultsView(places, list(self._session.faults.waiting()), running=simulation.bot is not None)


def _down(simulation: Simulation) -> str | None:
    """Return the time since when the bot is away, on the company's clock."""
    return None if simulation.bot else f"{local(simulation.away_since, simulation.campaign.zone):%H:%M:%S}"

"""Plays a whole campaign in virtual time, from its first hour until nothing is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.model import Campaign
from bot.standings.published_figures import Standings
from bot.store.outbox import Entry
from rehearsal.people.journal import Journal
from rehearsal.simulation import Rehearsal, Simulation, open_simulation
from rehearsal.slack.workspace import PostedMessage, Workspace
from rehearsal.verify.delivery_audit import AuditResult, audit
from rehearsal.verify.expected_messages import expected_messages
from rehearsal.verify.journal_totals import Acts, journal_totals
from rehearsal.verify.stored_totals import stored_acts, stored_totals

Participation = Mapping[str | None, Mapping[str, int]]
"""Figures by country; `None` for people who said none."""


@dataclass(frozen=True)
class RehearsalResult:
    """The end of a rehearsal: the bot's rows, what Slack received, and what people did by both accounts.

    `activities` says how often what was done, `organised` has the acts of organisers as the bot stored them,
    and `published` the figures that were shown last.
    """

    campaign: Campaign
    entries: tuple[Entry, ...]
    audit: AuditResult
    errors: Counter[str]
    activities: Counter[str]
    journals: tuple[Journal, ...]
    stored: Participation
    organised: Acts
    published: Standings | None

    @property
    def totals(self) -> Participation:
        """The figures by the colleagues' journals, as `stored` has them by the bot's database."""
        return journal_totals(self.journals, [pledge.id for pledge in self.campaign.pledges if pledge.lasting])


@dataclass(frozen=True)
class Step:
    """An instant of the rehearsal: what was said, and how often colleagues did what until then."""

    at: datetime
    messages: Sequence[PostedMessage]
    activities: Counter[str]
    share: float
    workspace: Workspace


OnStep = Callable[[Step], None]


async def play(rehearsal: Rehearsal, watch: OnStep = lambda _: None) -> RehearsalResult:
    """Play the campaign from an hour before its first post until nothing is left to do.

    Raises:
        UnusableCampaignError: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody, or was played in the same database before.
        OSError: The folder for the database cannot be made.
        UnansweredError: The bot did not answer a colleague.
    """
    async with open_simulation(rehearsal) as simulation:
        told, over = 0, False
        while not over:
            now, following = simulation.clock.now(), await simulation.advance()
            # After the end only retention is left, which would go on for ninety days.
            over = following is None or following > simulation.end
            share = 1.0 if over else (now - simulation.start) / (simulation.end - simulation.start)
            told = _tell(simulation, told, share, watch)
            simulation.clock.turn_to(now if following is None or over else following)
        return await _result(simulation)


def _tell(simulation: Simulation, told: int, share: float, watch: OnStep) -> int:
    """Tell the watcher what is new in Slack; return how much of it is told by now."""
    workspace, now = simulation.slack.workspace, simulation.clock.now()
    # Sorted, because messages that share an instant are logged in the order in which the network delivered them.
    new = sorted(workspace.log[told:], key=lambda message: (message.posted_at, message.channel, message.ts))
    watch(Step(now, new, Counter(simulation.population.activities), share, workspace))
    return len(workspace.log)


async def _result(simulation: Simulation) -> RehearsalResult:
    if simulation.bot is None:
        raise RuntimeError("the bot is away")
    store, publisher = simulation.bot.store, simulation.bot.publisher
    campaign, population, workspace = simulation.campaign, simulation.population, simulation.slack.workspace
    # From the calendar and the journals alone: the bot's own rows must not decide what it should have sent.
    expected = expected_messages(campaign, population.journals, workspace, simulation.start)
    return RehearsalResult(
        campaign=campaign,
        entries=tuple(await store.read(store.outbox.entries, campaign.id)),
        audit=audit(expected, workspace.messages()),
        errors=simulation.slack.errors,
        activities=population.activities,
        journals=tuple(population.journals),
        stored=await stored_totals(store, campaign),
        organised=await stored_acts(store, campaign),
        published=await publisher.newest(campaign),
    )

"""Plays a whole campaign in virtual time, from its first hour until nothing is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import Bot
from bot.campaign.model import Campaign
from bot.standings.figures import Standings
from bot.store.outbox import Entry
from rehearsal.people.journal import Journal
from rehearsal.simulation import Rehearsal, Simulation, open_simulation
from rehearsal.slack.workspace import PostedMessage, Workspace
from rehearsal.verify import audit, expected
from rehearsal.verify.stored import stored_totals
from rehearsal.verify.totals import journal_totals

Participation = Mapping[str | None, Mapping[str, int]]
"""Figures by country; `None` is whoever said none."""


@dataclass(frozen=True)
class Outcome:
    """How it went: the bot's rows, what Slack counted, and what people did by their own `books` and by the store.

    `acts` says how often what was done, `published` has the figures that were shown last.
    """

    campaign: Campaign
    rows: tuple[Entry, ...]
    count: audit.AuditResult
    errors: Counter[str]
    activities: Counter[str]
    journals: tuple[Journal, ...]
    stored: Participation
    published: Standings | None

    @property
    def totals(self) -> Participation:
        """What people did, by their own books."""
        return journal_totals(self.journals, [pledge.id for pledge in self.campaign.pledges if pledge.lasting])


@dataclass(frozen=True)
class Moment:
    """An instant of the rehearsal: what was said, and how often colleagues did what until then."""

    at: datetime
    messages: Sequence[PostedMessage]
    acts: Counter[str]
    share: float
    town: Workspace


Watch = Callable[[Moment], None]


async def play(rehearsal: Rehearsal, watch: Watch = lambda _: None) -> Outcome:
    """Play the campaign from an hour before its first post until nothing is left to do.

    Raises:
        UnusableCampaignError: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
        UnansweredError: The bot did not answer a colleague.
    """
    async with open_simulation(rehearsal) as simulation:
        told, over = 0, False
        while not over:
            now, following = simulation.clock.now(), await simulation.go_on()
            over = following is None or following > simulation.end
            share = 1.0 if over else (now - simulation.start) / (simulation.end - simulation.start)
            told = _tell(simulation, told, share, watch)
            simulation.clock.turn_to(now if following is None or over else following)
        return await _outcome(simulation)


def _tell(simulation: Simulation, told: int, share: float, watch: Watch) -> int:
    """Tell the watcher what is new in Slack; how much of it is told by now."""
    town = simulation.slack.workspace
    new = sorted(town.log[told:], key=lambda message: (message.posted_at, message.channel, message.ts))
    watch(Moment(simulation.clock.now(), new, Counter(simulation.population.activities), share, town))
    return len(town.log)


async def _outcome(simulation: Simulation) -> Outcome:
    bot, population, town, campaign = (
        _here(simulation),
        simulation.population,
        simulation.slack.workspace,
        simulation.campaign,
    )
    promised = expected.expected_messages(campaign, population.journals, town, simulation.start)
    return Outcome(
        campaign=campaign,
        rows=tuple(await bot.store.outbox.entries(campaign.id)),
        count=audit.audit(promised, town.messages()),
        errors=simulation.slack.errors,
        activities=population.activities,
        journals=tuple(population.journals),
        stored=await stored_totals(bot.store, campaign),
        published=await bot.publisher.newest(campaign),
    )


def _here(simulation: Simulation) -> Bot:
    if simulation.bot is None:
        raise RuntimeError("the bot is away")
    return simulation.bot

"""Plays a whole campaign in virtual time, from its first hour until nothing is left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import Bot
from bot.campaign.model import Campaign
from bot.standings.figures import Standings
from bot.store.outbox import Row
from rehearsal.people.journal import Books
from rehearsal.simulation import Rehearsal, Stage, opened
from rehearsal.slack.workspace import PostedMessage, Workspace
from rehearsal.verify import audit, expected
from rehearsal.verify.stored import counted
from rehearsal.verify.totals import acted

Participation = Mapping[str | None, Mapping[str, int]]
"""Figures by country; `None` is whoever said none."""


@dataclass(frozen=True)
class Outcome:
    """How it went: the bot's rows, what Slack counted, and what people did by their own `books` and by the store.

    `acts` says how often what was done, `published` has the figures that were shown last.
    """

    campaign: Campaign
    rows: tuple[Row, ...]
    count: audit.Count
    errors: Counter[str]
    acts: Counter[str]
    books: tuple[Books, ...]
    counted: Participation
    published: Standings | None

    @property
    def acted(self) -> Participation:
        """What people did, by their own books."""
        return acted(self.books, [pledge.id for pledge in self.campaign.pledges if pledge.lasting])


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
        UnusableCampaign: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
        UnansweredError: The bot did not answer a colleague.
    """
    async with opened(rehearsal) as stage:
        told, over = 0, False
        while not over:
            now, following = stage.clock.now(), await stage.go_on()
            over = following is None or following > stage.end
            share = 1.0 if over else (now - stage.start) / (stage.end - stage.start)
            told = _tell(stage, told, share, watch)
            stage.clock.turn_to(now if following is None or over else following)
        return await _outcome(stage)


def _tell(stage: Stage, told: int, share: float, watch: Watch) -> int:
    """Tell the watcher what is new in Slack; how much of it is told by now."""
    town = stage.slack.workspace
    new = sorted(town.log[told:], key=lambda message: (message.posted_at, message.channel, message.ts))
    watch(Moment(stage.clock.now(), new, Counter(stage.crowd.acts), share, town))
    return len(town.log)


async def _outcome(stage: Stage) -> Outcome:
    bot, crowd, town, campaign = _here(stage), stage.crowd, stage.slack.workspace, stage.campaign
    promised = expected.expect(campaign, crowd.books, town, stage.start)
    return Outcome(
        campaign=campaign,
        rows=tuple(await bot.store.outbox.rows(campaign.id)),
        count=audit.count(promised, town.messages()),
        errors=stage.slack.errors,
        acts=crowd.acts,
        books=tuple(crowd.books),
        counted=await counted(bot.store, campaign),
        published=await bot.publisher.newest(campaign),
    )


def _here(stage: Stage) -> Bot:
    if stage.bot is None:
        raise RuntimeError("the bot is away")
    return stage.bot

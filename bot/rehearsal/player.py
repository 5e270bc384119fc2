"""Plays a whole campaign in virtual time: the bot that `run` starts, with another Slack and another clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.app import Bot, build
from bot.campaign.calendar import everyone, lay_out
from bot.campaign.edition import Edition
from bot.campaign.model import Campaign
from bot.messages.kinds import KINDS
from bot.rehearsal import audit, cast, promised
from bot.rehearsal.clock import VirtualClock
from bot.rehearsal.colleagues.acted import acted
from bot.rehearsal.colleagues.character import characters
from bot.rehearsal.colleagues.crowd import Crowd, gather
from bot.rehearsal.colleagues.notes import Books
from bot.rehearsal.counted import counted
from bot.rehearsal.slack.courier import Courier
from bot.rehearsal.slack.limits import Limits
from bot.rehearsal.slack.server import RehearsalSlack
from bot.rehearsal.slack.workspace import Message, Workspace
from bot.settings import Settings
from bot.standings.figures import Standings
from bot.standings.register import Register, next_at
from bot.store.outbox import Row

BEFORE = timedelta(hours=1)
"""How long before the first post the rehearsal begins."""

Participation = Mapping[str | None, Mapping[str, int]]
"""Figures by country; `None` is whoever said none."""


@dataclass(frozen=True)
class Rehearsal:
    """What is to be played: a folder, how many colleagues, and the seed that makes them."""

    folder: Path
    people: int = 0
    seed: int = 1
    limits: Limits = field(default_factory=Limits)


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
        return acted(self.books)


@dataclass(frozen=True)
class Moment:
    """An instant of the rehearsal: what was said, and how often colleagues did what until then."""

    at: datetime
    messages: Sequence[Message]
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
    campaign = Edition(rehearsal.folder, KINDS, allow_examples=True).campaign
    start, end = _span(campaign)
    people = list(characters(campaign, rehearsal.people, rehearsal.seed))
    town = cast.workspace(campaign, people)
    clock = VirtualClock(start)
    slack = RehearsalSlack(town, clock.now, limits=rehearsal.limits)
    async with AsyncExitStack() as stack:
        await slack.start()
        stack.push_async_callback(slack.stop)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="earthweek-rehearsal-")))
        bot = await stack.enter_async_context(
            build(_settings(slack, rehearsal.folder, folder), clock, allow_examples=True)
        )
        crowd = gather(campaign, people, rehearsal.seed, slack, await _way_in(bot, slack, stack))
        await _Run(bot, clock, slack, crowd, end, watch).play()
        return await _outcome(bot, slack, crowd, campaign, start)


async def _way_in(bot: Bot, slack: RehearsalSlack, stack: AsyncExitStack) -> Courier:
    port = await bot.web.start("127.0.0.1", 0)
    stack.push_async_callback(bot.web.stop)
    return await stack.enter_async_context(Courier(f"http://127.0.0.1:{port}/slack/events", slack.sign))


async def _outcome(bot: Bot, slack: RehearsalSlack, crowd: Crowd, campaign: Campaign, start: datetime) -> Outcome:
    town, users = slack.workspace, [books.user for books in crowd.books]
    expected = promised.expect(campaign, crowd.books, town, start)
    return Outcome(
        campaign=campaign,
        rows=tuple(await bot.store.outbox.rows(campaign.id)),
        count=audit.count(expected, town.messages()),
        errors=slack.errors,
        acts=crowd.acts,
        books=tuple(crowd.books),
        counted=await counted(bot.store, campaign.id, users),
        published=await Register(bot.store.participation, bot.store.snapshots).newest(campaign.id),
    )


def _span(campaign: Campaign) -> tuple[datetime, datetime]:
    slots = lay_out(campaign, everyone(campaign))
    if not slots:
        raise ValueError("the campaign has no posts for anybody")
    return slots[0].due_at - BEFORE, max(slot.late_until for slot in slots)


def _settings(slack: RehearsalSlack, campaign: Path, folder: Path) -> Settings:
    """Settings of the rehearsal's own; the environment may hold the real workspace's tokens, which stay out of it."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=None,
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{folder / 'rehearsal.db'}",
        earthweek_campaign=campaign,
        host="127.0.0.1",
        port=0,
    )


@dataclass
class _Run:
    """Turns the clock to whatever comes next: a message, an act of somebody, or the time at which figures are taken."""

    bot: Bot
    clock: VirtualClock
    slack: RehearsalSlack
    crowd: Crowd
    end: datetime
    watch: Watch
    _told: int = 0

    async def play(self) -> None:
        start, campaign = self.clock.now(), self.bot.delivery.edition.campaign
        figures_at = next_at(campaign, start)
        await self.bot.delivery.open()
        while True:
            now = self.clock.now()
            if figures_at and figures_at <= now:
                await self.bot.delivery.plan()
                figures_at = next_at(campaign, now)
            await self._send()
            if await self.crowd.act(now):
                # What the bell does in the running bot: somebody has just done what changes what is to be sent.
                await self.bot.delivery.plan()
                await self._send()
            following = await self._next(figures_at)
            over = following is None or following > self.end
            self._tell(1.0 if over else (now - start) / (self.end - start))
            if following is None or over:
                return
            self.clock.turn_to(following)

    async def _send(self) -> None:
        await self.bot.delivery.dispatcher.step()
        await self.bot.delivery.dispatcher.settle()

    async def _next(self, figures_at: datetime | None) -> datetime | None:
        coming = (await self.bot.delivery.dispatcher.wake_at(), self.crowd.next_at(), figures_at)
        return min(filter(None, coming), default=None)

    def _tell(self, share: float) -> None:
        log = self.slack.workspace.log
        new = sorted(log[self._told :], key=lambda message: (message.posted_at, message.channel, message.ts))
        self._told = len(log)
        self.watch(Moment(self.clock.now(), new, Counter(self.crowd.acts), share, self.slack.workspace))

"""The bot and a Slack for it, with colleagues, on a clock that is turned: what is played, and what is watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import SecretStr

from bot.app import Bot, build
from bot.campaign.live import Edition
from bot.campaign.model import Campaign
from bot.campaign.publications import next_at
from bot.campaign.schedule import everyone, lay_out
from bot.delivery.dispatcher import Dispatcher
from bot.listeners.handlers import Handlers
from bot.messages.posts import KINDS
from bot.settings import Settings
from bot.slack.manifest import COMMAND, SCOPES
from bot.standings.publisher import Publisher
from bot.store.database import inserting, open_database, single
from bot.store.store import Store
from bot.store.tables import campaigns
from rehearsal import workspace
from rehearsal.clock import VirtualClock
from rehearsal.people.persona import characters
from rehearsal.people.population import Crowd, gather
from rehearsal.slack.http_transport import ANSWER_WITHIN, HttpTransport
from rehearsal.slack.limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack

BEFORE = timedelta(hours=1)
"""How long before the first post a rehearsal begins."""

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Rehearsal:
    """What is to be played: a folder, how many colleagues, and the seed that makes them.

    With `guests` the cast has a colleague in each country who does nothing by themselves: whoever watches can be them.
    """

    folder: Path
    people: int = 0
    seed: int = 1
    limits: RateLimits = field(default_factory=RateLimits)
    guests: bool = False


@dataclass(frozen=True)
class Records:
    """What a bot has written down, whether it runs or not."""

    store: Store
    publisher: Publisher


class Stage:
    """A rehearsal at an instant: `go_on` does everything that is due then, and says when something comes next.

    The bot is the one that `run` starts, with another Slack and another clock. `bot` is None while it is away, and
    `campaign` is the campaign as the bot knew it last.
    """

    def __init__(self, rehearsal: Rehearsal, folder: Path) -> None:
        """Set everything up; nothing listens before `open`. The bot's database is kept in the folder."""
        self.campaign = Edition(rehearsal.folder, KINDS, allow_examples=True).campaign
        self.start, self.end = _span(self.campaign)
        self.clock = VirtualClock(self.start)
        self._people = list(characters(self.campaign, rehearsal.people, rehearsal.seed))
        town = workspace.workspace(self.campaign, self._people, _guests(rehearsal, self.campaign))
        self.slack = RehearsalSlack(town, self.clock.now, limits=rehearsal.limits, app=App(SCOPES, COMMAND))
        self.crowd = Crowd()
        self.bot: Bot | None = None
        self.away_since = self.back_at = self.start
        self._rehearsal = rehearsal
        self._folder = folder
        self._port = 0
        self._awake = AsyncExitStack()
        self._work: asyncio.Task[datetime | None] | None = None
        self._acting = False
        self._wishes: list[Callable[[], None]] = []
        self._figures_at: datetime | None = None
        self._asked = False
        # Whoever starts the bot, or asks its database, waits until the one that was killed has let go of it.
        self._changing = asyncio.Lock()

    def way(self, within: float = ANSWER_WITHIN) -> HttpTransport:
        """A way to the bot, wherever it is; its answers may take `within` real seconds."""
        return HttpTransport(f"http://{_HOST}:{self._port}/slack/events", self.slack.sign, within=within)

    async def open(self, stack: AsyncExitStack) -> None:
        """Start Slack and the bot; the stack stops them.

        Raises:
            UnusableCampaign: The campaign has errors; examples are played.
        """
        await self.slack.start()
        stack.push_async_callback(self.slack.stop)
        stack.push_async_callback(self._sleep)
        await self._wake()
        way = await stack.enter_async_context(self.way())
        self.crowd = gather(self.campaign, self._people, self._rehearsal.seed, self.slack, way)

    def ask(self) -> None:
        """Plan before anything else is done: somebody has just done what changes what is to be sent.

        It is what the bell does in the running bot.
        """
        self._asked = True

    def between(self, wish: Callable[[], None]) -> None:
        """Do something when no colleague is in the middle of an act: at once, or as soon as all have been answered."""
        if self._acting:
            self._wishes.append(wish)
        else:
            wish()

    async def settle(self, within: float) -> None:
        """Wait until the bot has done what people asked for, also what comes after its answers, or for real seconds."""
        begun = _begun()
        if begun:
            await asyncio.wait(begun, timeout=within)

    @asynccontextmanager
    async def looked_into(self) -> AsyncIterator[Records]:
        """What the bot has written down, which is the same while it is away; none is started meanwhile."""
        async with self._changing:
            if self.bot:
                yield Records(self.bot.store, self.bot.publisher)
                return
            engine = open_database(self._settings.database_url)
            try:
                store = Store(engine, owner="the room", lease=timedelta(0))
                yield Records(store, Publisher(store.participation, store.snapshots))
            finally:
                await engine.dispose()

    @property
    def _settings(self) -> Settings:
        return towards(self.slack, self._rehearsal.folder, self._folder)

    async def go_on(self) -> datetime | None:
        """Do what is due now; when something is due next, None when nothing is left to do.

        Raises:
            UnansweredError: The bot did not answer a colleague.
            UnusableCampaign: The bot was to be started again, and the campaign has errors by now.
        """
        work = self._work = asyncio.create_task(self._go_on())
        try:
            await asyncio.wait({work})
        finally:
            if not work.done():
                await self._sleep()
                await asyncio.gather(work, return_exceptions=True)
            self._work = None
        return self.back_at if work.cancelled() else work.result()

    async def kill(self, away: timedelta) -> None:
        """Have the bot gone from one moment to the next, as `kill -9` would, and started anew after a while.

        Nothing that it was about to write is written: its claims run out, and Slack is asked about its messages. One
        that is just being started is killed as soon as it is there.
        """
        if self.bot is None and self._work is None:
            return
        self.bot, self.away_since = None, self.clock.now()
        self.back_at = self.away_since + away
        await self._sleep()

    async def _go_on(self) -> datetime | None:
        now = self.clock.now()
        if self.bot is None and now < self.back_at:
            return self.back_at
        bot = self.bot or await self._wake()
        if await self._is_to_plan(bot, now):
            await self._plan(bot)
        await _send(bot)
        # Nobody can press anything while Slack is away.
        if not self.slack.faults.is_down(now) and await self._let_act(now):
            await self._plan(bot)
            await _send(bot)
        return await self._next(bot)

    async def _is_to_plan(self, bot: Bot, now: datetime) -> bool:
        if self._asked or (self._figures_at and self._figures_at <= now):
            return True
        # The running bot looks for such channels every minute; here it does when a post waits for one.
        if not bot.delivery.channels.missing:
            return False
        waits_since = (await bot.store.outbox.next_attention()).due
        return waits_since is not None and waits_since <= now

    async def _let_act(self, now: datetime) -> bool:
        self._acting = True
        try:
            return await self.crowd.act(now)
        finally:
            self._acting = False
            wishes, self._wishes = self._wishes, []
            for wish in wishes:
                wish()

    async def _plan(self, bot: Bot) -> None:
        self._asked = False
        await bot.delivery.plan()
        if bot.delivery.edition.campaign is not self.campaign:
            self._adopt(bot.delivery.edition.campaign)
            # Channels that were looked for in vain are there now.
            await bot.delivery.plan()
        self._figures_at = next_at(self.campaign, self.clock.now())

    def _adopt(self, campaign: Campaign) -> None:
        """Take over a campaign whose files were edited: its last hour, and whoever and whatever it names anew."""
        self.campaign = campaign
        slots = lay_out(campaign, everyone(campaign))
        self.end = max((slot.late_until for slot in slots), default=self.end)
        workspace.furnish(self.slack.workspace, campaign, _guests(self._rehearsal, campaign))

    async def _next(self, bot: Bot) -> datetime | None:
        acting = self.crowd.next_at()
        if acting and self.slack.faults.is_down(acting):
            acting = self.slack.faults.down_until
        coming = (await bot.delivery.dispatcher.wake_at(), acting, self._figures_at)
        return min(filter(None, coming), default=None)

    async def _wake(self) -> Bot:
        async with self._changing, AsyncExitStack() as awake:
            bot = await awake.enter_async_context(build(self._settings, self.clock, allow_examples=True))
            awake.push_async_callback(self._dismiss, bot)
            self._port = await bot.web.start(_HOST, self._port)
            self._adopt(bot.delivery.edition.campaign)
            await self._seed_the_blur(bot)
            await bot.delivery.open()
            self.bot, self._awake = bot, awake.pop_all()
        self._figures_at = next_at(self.campaign, self.clock.now())
        return bot

    async def _seed_the_blur(self, bot: Bot) -> None:
        """Make the campaign's secret from the seed, so that one seed publishes the same figures each time."""
        secret = sha256(f"rehearsal {self._rehearsal.seed}".encode()).hexdigest()
        known = {"id": self.campaign.id, "keep_until": self.campaign.kept_until, "secret": secret}
        async with single(bot.engine) as connection:
            await connection.execute(inserting(bot.engine, campaigns).values(known).on_conflict_do_nothing())

    async def _sleep(self) -> None:
        async with self._changing:
            self.bot = None
            awake, self._awake = self._awake, AsyncExitStack()
            await awake.aclose()

    async def _dismiss(self, bot: Bot) -> None:
        """Have a bot stop in the middle of everything, and do nothing of what it is asked for at the last moment."""
        # A connection would be lost for good, and a thread with it, if somebody were interrupted while they use it:
        # whoever has a connection in the hand knows that nobody else has.
        counting = bot.store.participation._engine  # noqa: SLF001 - there is no other way to it
        async with bot.engine.connect(), counting.connect():
            await _break_off([*_begun(), *filter(None, [self._work])])
            await bot.delivery.dispatcher.stop(0)
            await bot.web.stop()
            await _break_off(_begun())


async def _send(bot: Bot) -> None:
    await bot.delivery.dispatcher.step()
    await bot.delivery.dispatcher.settle()


def _begun() -> list[asyncio.Task[Any]]:
    """Everything that a bot does on the side: what it sends, and the presses it answers."""
    return [task for task in asyncio.all_tasks() if _is_bots(getattr(task.get_coro(), "__qualname__", ""))]


def _is_bots(name: str) -> bool:
    return name.startswith((f"{Handlers.__name__}.", f"{Dispatcher.__name__}."))


async def _break_off(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def opened(rehearsal: Rehearsal) -> AsyncIterator[Stage]:
    """A stage that is open, with all its state in a folder that goes with it.

    Raises:
        UnusableCampaign: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="earthweek-rehearsal-")))
        stage = Stage(rehearsal, folder)
        await stage.open(stack)
        yield stage


def _guests(rehearsal: Rehearsal, campaign: Campaign) -> Sequence[workspace.Guest]:
    return list(workspace.guests(campaign)) if rehearsal.guests else []


def _span(campaign: Campaign) -> tuple[datetime, datetime]:
    slots = lay_out(campaign, everyone(campaign))
    if not slots:
        raise ValueError("the campaign has no posts for anybody")
    return slots[0].due_at - BEFORE, max(slot.late_until for slot in slots)


def towards(slack: RehearsalSlack, campaign: Path, folder: Path) -> Settings:
    """Settings of a bot in that Slack, with its database in a folder.

    The environment may hold the real workspace's tokens, which stay out of it.
    """
    return Settings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=None,
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{folder / 'rehearsal.db'}",
        earthweek_campaign=campaign,
        host=_HOST,
        port=0,
    )

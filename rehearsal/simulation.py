"""Run the bot against a rehearsed Slack, with simulated colleagues, in virtual time.

One step of the simulation:

1. Start the bot if it is to be back by now.
2. Let it plan and send everything that is due.
3. Let colleagues do what they mean to do, wait for the answers, and let the bot plan and send once more.
4. Return the instant at which something is due next; the caller sets the clock to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import Connection

from bot.app import Bot, build
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.campaign.schedule import everyone, lay_out
from bot.database.dialect_statements import insert_for
from bot.database.urls import open_database
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from bot.settings import Settings, Transport
from bot.slack.manifest import COMMAND, SCOPES
from bot.standings.publisher import Publisher
from bot.store.store import Store
from bot.store.tables import campaigns
from rehearsal.clock import VirtualClock
from rehearsal.people.persona import personas
from rehearsal.people.population import Population, populate
from rehearsal.slack.http_transport import ANSWER_WITHIN, HttpTransport
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.workspace_builder import Guest, build_workspace, furnish, guests

BEFORE = timedelta(hours=1)
"""Time between the start of a rehearsal and its first post."""

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Rehearsal:
    """The parameters of a rehearsal: a campaign's folder, the number of colleagues, and the seed that makes them.

    With `guests` there is also a colleague in each country who does nothing alone, for the person who watches to be.
    The bot's database is kept in the folder `keep`, where campaigns may have been played before.
    """

    folder: Path
    people: int = 0
    seed: int = 1
    limits: RateLimits = field(default_factory=RateLimits)
    guests: bool = False
    keep: Path | None = None


@dataclass(frozen=True)
class Records:
    """Read access to the bot's database, whether the bot runs or not."""

    store: Store
    publisher: Publisher


class SimulationEndedError(Exception):
    """The simulation is closed: there is nothing to read any more."""


class Simulation:
    """A rehearsal at an instant: `advance` does everything that is due then and returns when something is due next.

    The bot is the one that `run` starts, with another Slack and another clock. `bot` is None while it is away, and
    `campaign` is the campaign as the bot knew it last.
    """

    def __init__(self, rehearsal: Rehearsal, folder: Path) -> None:
        """Set everything up; nothing listens before `open`. The bot's database is kept in the folder."""
        self.campaign = LiveCampaign(rehearsal.folder, KINDS, vocabulary(), allow_examples=True).campaign
        self.start, self.end = _span(self.campaign)
        self.clock = VirtualClock(self.start)
        self._people = list(personas(self.campaign, rehearsal.people, rehearsal.seed))
        workspace = build_workspace(self.campaign, self._people, _guests(rehearsal, self.campaign))
        if rehearsal.keep:
            # Every rehearsal makes a Slack anew, and what the database says to be uploaded was for another one.
            workspace.team_id = f"T0{sha256(self.campaign.id.encode()).hexdigest()[:8].upper()}"
        self.slack = RehearsalSlack(workspace, self.clock.now, limits=rehearsal.limits, app=App(SCOPES, COMMAND))
        self.population = Population()
        self.bot: Bot | None = None
        self.away_since = self.back_at = self.start
        self._rehearsal = rehearsal
        self._folder = folder
        self._port = 0
        self._awake = AsyncExitStack()
        self._work: asyncio.Task[datetime | None] | None = None
        self._acting = False
        self._plan_requested = False
        self._when_idle: list[Callable[[], None]] = []
        self._has_ended = False
        # Starting a bot and reading its database have to wait until the one that was killed has closed it.
        self._changing = asyncio.Lock()

    def transport(self, within: float = ANSWER_WITHIN) -> HttpTransport:
        """Return a transport to the bot; its answers may take `within` real seconds."""
        return HttpTransport(f"http://{_HOST}:{self._port}/slack/events", self.slack.sign, within=within)

    async def open(self, stack: AsyncExitStack) -> None:
        """Start Slack and the bot; the stack stops them.

        Raises:
            UnusableCampaignError: The campaign has errors; examples are played.
            ValueError: The campaign was played in the same database before.
        """
        # Slack first: the bot's settings need its address.
        await self.slack.start()
        stack.push_async_callback(self.slack.stop)
        stack.push_async_callback(self._end)
        bot = await self._start_bot()
        # It has planned already, but sends nothing before the first step.
        if any(entry.sent_at for entry in await bot.store.read(bot.store.outbox.entries, self.campaign.id)):
            raise ValueError(f"{self.campaign.id} was played in {self._folder} before; take another folder for --keep")
        way = await stack.enter_async_context(self.transport())
        self.population = populate(self.campaign, self._people, self._rehearsal.seed, self.slack, way)

    def request_plan(self) -> None:
        """Plan at the next step before anything else is done: what is to be sent may have changed.

        The step that is under way ignores it, since constant requests would keep it from ever ending.
        """
        self._plan_requested = True

    def when_idle(self, wish: Callable[[], None]) -> None:
        """Call `wish` while no colleague waits for an answer: at once, or as soon as all have been answered."""
        if self._acting:
            self._when_idle.append(wish)
        else:
            wish()

    async def wait_for_bot(self, within: float) -> None:
        """Wait until the bot has finished its work, and what follows it, at most for `within` real seconds."""
        if self.bot:
            await self.bot.idle(within)

    @asynccontextmanager
    async def open_records(self) -> AsyncIterator[Records]:
        """Open the bot's database for reading, also while the bot is away; none is started meanwhile.

        Raises:
            SimulationEndedError: The simulation is closed, and its folder is being removed.
        """
        async with self._changing:
            if self._has_ended:
                raise SimulationEndedError
            if self.bot:
                yield Records(self.bot.store, self.bot.publisher)
                return
            database = open_database(self._settings.database_url)
            try:
                store = Store(database, replica="the room", lease=timedelta(0))
                yield Records(store, Publisher(store))
            finally:
                await database.close()

    @property
    def _settings(self) -> Settings:
        return bot_settings(self.slack, self._rehearsal.folder, database_url(self._folder))

    async def advance(self) -> datetime | None:
        """Do what is due now. Returns the instant at which something is due next, or None when nothing is left.

        Raises:
            UnansweredError: The bot did not answer a colleague.
            UnusableCampaignError: The bot was to be started again, and the campaign has errors by now.
        """
        work = self._work = asyncio.create_task(self._advance())
        try:
            # `wait` leaves the work running when the caller is cancelled; it is then stopped with the bot, below.
            await asyncio.wait({work})
        finally:
            if not work.done():
                await self._stop_bot()
                await asyncio.gather(work, return_exceptions=True)
            self._work = None
        return self.back_at if work.cancelled() else work.result()

    async def kill(self, away: timedelta) -> None:
        """Kill the bot as `kill -9` would, and start it again after `away`.

        Nothing that it was about to write is written: its claims expire, and Slack is asked about its messages. A bot
        that is being started is killed as soon as it is up.
        """
        # A second kill while the bot is away would only prolong its absence.
        if self.bot is None and self._work is None:
            return
        # Before anything is awaited, so that nobody uses a bot that is about to be killed.
        self.bot, self.away_since = None, self.clock.now()
        self.back_at = self.away_since + away
        await self._stop_bot()

    async def _advance(self) -> datetime | None:
        now = self.clock.now()
        if self.bot is None and now < self.back_at:
            return self.back_at
        bot = self.bot or await self._start_bot()
        if self._plan_requested:
            self._plan_requested = False
            bot.delivery.request_plan()
        wake_at = await self._deliver(bot)
        # Nobody can press anything while Slack is away.
        if not self.slack.faults.is_down(now) and await self._let_people_act(now):
            await bot.idle()
            # A minute from now the running bot would look at what they did; here it may be the last thing for hours.
            bot.delivery.request_plan()
            wake_at = await self._deliver(bot)
        return self._next(wake_at)

    async def _let_people_act(self, now: datetime) -> bool:
        self._acting = True
        try:
            return await self.population.act(now)
        finally:
            self._acting = False
            wishes, self._when_idle = self._when_idle, []
            for wish in wishes:
                wish()

    async def _deliver(self, bot: Bot) -> datetime | None:
        wake_at = await finish(bot)
        if bot.delivery.live.campaign is not self.campaign:
            self._adopt(bot.delivery.live.campaign)
            # Channels that were looked for in vain are there now.
            bot.delivery.request_plan()
            wake_at = await finish(bot)
        return wake_at

    def _adopt(self, campaign: Campaign) -> None:
        """Adopt a campaign whose files were edited: its end, and the people and channels that it names now."""
        self.campaign = campaign
        slots = lay_out(campaign, everyone(campaign))
        self.end = max((slot.expires_at for slot in slots), default=self.end)
        furnish(self.slack.workspace, campaign, _guests(self._rehearsal, campaign))

    def _next(self, wake_at: datetime | None) -> datetime | None:
        acting = self.population.next_at()
        if acting and self.slack.faults.is_down(acting):
            acting = self.slack.faults.down_until
        return min(filter(None, (wake_at, acting)), default=None)

    async def _start_bot(self) -> Bot:
        async with self._changing, AsyncExitStack() as awake:
            if self._has_ended:
                raise SimulationEndedError
            bot = await awake.enter_async_context(build(self._settings, self.clock, allow_examples=True))
            # Pushed before anything can fail, so that a bot that is half started is stopped as well.
            awake.push_async_callback(self._kill, bot)
            # The same port after each start, because colleagues keep one transport for the whole week.
            self._port = await bot.http_server.start(_HOST, self._port)
            self._adopt(bot.delivery.live.campaign)
            await self._seed_noise(bot)
            await bot.delivery.open()
            self.bot, self._awake = bot, awake.pop_all()
        return bot

    async def _seed_noise(self, bot: Bot) -> None:
        """Make the campaign's secret from the seed, so that one seed publishes the same figures each time."""
        secret = sha256(f"rehearsal {self._rehearsal.seed}".encode()).hexdigest()
        known = {"id": self.campaign.id, "keep_until": self.campaign.kept_until, "secret": secret}

        def keep(connection: Connection) -> None:
            connection.execute(insert_for(connection, campaigns).values(known).on_conflict_do_nothing())

        await bot.store.write(keep)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Start no bot meanwhile, nor read the records of one."""
        async with self._changing:
            yield

    async def _end(self) -> None:
        try:
            await self._stop_bot()
        finally:
            # Whoever reads the records has finished once this is held, and nobody opens a database in a folder that
            # goes away.
            async with self._changing:
                self._has_ended = True

    async def _stop_bot(self) -> None:
        async with self._changing:
            self.bot = None
            awake, self._awake = self._awake, AsyncExitStack()
            await awake.aclose()

    async def _kill(self, bot: Bot) -> None:
        await bot.kill(*filter(None, [self._work]))


async def finish(bot: Bot) -> datetime | None:
    """Let the bot do everything that is due at its clock's instant. Returns when something is due next."""
    delivery, now = bot.delivery, bot.clock.now()
    while True:
        # Cleared before the work, so that a request made during it is not lost.
        delivery.wake.clear()
        wake_at = await delivery.advance(now)
        await delivery.idle()
        if not delivery.wake.is_set() and (wake_at is None or wake_at > now):
            return wake_at


@asynccontextmanager
async def open_simulation(rehearsal: Rehearsal) -> AsyncIterator[Simulation]:
    """Open a simulation, with all its state in a temporary folder unless it is to be kept.

    Raises:
        UnusableCampaignError: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody, or was played in the same database before.
        OSError: The folder cannot be made.
    """
    async with AsyncExitStack() as stack:
        folder = rehearsal.keep or Path(stack.enter_context(TemporaryDirectory(prefix="earthweek-rehearsal-")))
        folder.mkdir(parents=True, exist_ok=True)
        simulation = Simulation(rehearsal, folder)
        await simulation.open(stack)
        yield simulation


def _guests(rehearsal: Rehearsal, campaign: Campaign) -> Sequence[Guest]:
    return list(guests(campaign)) if rehearsal.guests else []


def _span(campaign: Campaign) -> tuple[datetime, datetime]:
    slots = lay_out(campaign, everyone(campaign))
    if not slots:
        raise ValueError("the campaign has no posts for anybody")
    return slots[0].due_at - BEFORE, max(slot.expires_at for slot in slots)


def database_url(folder: Path) -> str:
    """Return the address of the database of rehearsals in a folder."""
    return f"sqlite:///{folder.absolute() / 'rehearsal.db'}"


def bot_settings(
    slack: RehearsalSlack, campaign: Path, database_url: str, transport: Transport = Transport.HTTP
) -> Settings:
    """Return settings for a bot in that Slack.

    They are built without the environment, which may hold the real workspace's tokens.
    """
    over_http = transport is Transport.HTTP
    return Settings(
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=None if over_http else SecretStr(slack.app_token),
        slack_signing_secret=SecretStr(slack.signing_secret) if over_http else None,
        slack_api_url=slack.api_url,
        database_url=database_url,
        earthweek_campaign=campaign,
        host=_HOST,
        port=0,
    )

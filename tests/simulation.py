"""The bot in a Slack of its own, in time that is turned by hand: the one simulation in which tests run it."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.app import Bot, build
from bot.campaign.model import Campaign
from bot.clock import SystemClock
from bot.settings import Transport
from bot.slack.manifest import SCOPES
from bot.slack.socket_mode import CONNECTIONS, SocketMode
from bot.store.actions import Action, ActionKind
from bot.store.outbox import Entry, State
from bot.store.people import Person
from bot.store.pledges import Factor, Pledged
from rehearsal.clock import VirtualClock
from rehearsal.simulation import bot_settings, finish
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.http_transport import EventTransport, HttpTransport
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.socket_transport import SocketTransport
from rehearsal.slack.workspace import BOT, Channel, PostedMessage, User, Workspace
from rehearsal.workspace_builder import build_workspace
from tests.bot.store.databases import file_up_to_date
from tests.campaigns import WALK, Folder, Week, write
from tests.patience import PATIENCE

MIDNIGHT = datetime(2027, 3, 15, tzinfo=UTC)
"""The Monday on which nearly every test begins."""

ANSWERED_WITHIN = PATIENCE
"""Real seconds, on a machine that has other things to do."""

MOST_STEPS = 2000
"""Between two instants of a test; a bot that does the same thing for ever is to fail and not to hang."""


class MachineClock(VirtualClock):
    """The clock of the bot's machine. It can be set, and then it is wrong: what Slack's says is the time."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.wrong_by = timedelta(0)

    def true(self) -> datetime:
        """The instant that it is."""
        return super().now()

    def now(self) -> datetime:
        """The instant that the machine takes it for."""
        return self.true() + self.wrong_by

    def turn_to(self, moment: datetime) -> None:
        """Let time pass until the machine takes it for this instant."""
        super().turn_to(moment - self.wrong_by)


class RunningClock(MachineClock):
    """A clock that runs by itself and can be set all the same."""

    def __init__(self) -> None:
        super().__init__(SystemClock().now())

    def true(self) -> datetime:
        return SystemClock().now()


@dataclass(frozen=True)
class Heard:
    """A message as somebody in the channel saw it arrive."""

    at: datetime
    text: str


@dataclass
class Simulation:
    """A campaign's folder, a Slack, a database and a clock that outlive the bot, and the bot.

    Its Slack and its steps are those of `rehearsal.simulation`. That one plays a campaign with everything that it
    names; a test leaves things out, sets the machine's clock wrong, stops the bot in order, runs several on one
    database, and reaches them in both ways.

    `address` is that of another database than the file. `others` have replicas that people
    reach at the same place. `carrier` is the way to the bot once its door is open.
    """

    folder: Path
    database: Path
    week: Week
    clock: MachineClock
    slack: RehearsalSlack
    transport: Transport
    examples: bool = False
    address: str = ""
    carrier: EventTransport | None = None
    others: list[Simulation] = field(default_factory=list)
    _bot: Bot | None = None
    _port: int = 0
    _run: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def bot(self) -> Bot:
        assert self._bot is not None, "the bot is not running"
        return self._bot

    @property
    def campaign(self) -> Campaign:
        """The campaign as the bot knows it."""
        return self.bot.delivery.live.campaign

    async def start(self, people: Iterable[Person] = ()) -> None:
        """Start the bot on whatever the database holds."""
        if not self.address and not self.database.exists():
            # The bot would make its tables itself, as it does in the tests of processes; it takes longer than all else.
            self.database.touch(0o600)
            self.database.write_bytes(file_up_to_date())
        url = self.address or f"sqlite:///{self.database}"
        settings = bot_settings(self.slack, self.folder, url, self.transport)
        built = build(settings, self.clock, allow_examples=self.examples)
        self._bot = await self._run.enter_async_context(built)
        await self.keep(*people)
        await self.bot.delivery.open()

    async def stop(self) -> None:
        """Stop the bot, once it has done what it was asked for; Slack, the database and time go on."""
        await self.settle()
        if self._bot:
            await self._bot.delivery.dispatcher.stop(5)
        self._bot = self.carrier = None
        await self._run.aclose()
        self._run = AsyncExitStack()

    async def settle(self) -> None:
        """Wait until the bot has done what people asked for, also after its answers, and the others as well."""
        for each in (self, *self.others):
            if each._bot:
                await each._bot.idle()

    async def restart(self) -> None:
        """Stop the bot and start it anew."""
        await self.stop()
        await self.start()

    async def keep(self, *people: Person) -> None:
        """Store people as they are now, as a press would."""
        if people:
            await self.bot.store.write(self.bot.store.people.keep, people)
            for person in people:
                joined = Action(self.campaign.id, person.user, ActionKind.JOINED, "", person.country, person.joined_at)
                await self.bot.store.write(self.bot.store.actions.record, joined)
                self.bot.delivery.planner.mark_changed(person.user)
                if self.campaign.pledge(WALK.name):
                    factor = Factor(WALK.kg, WALK.kg, WALK.kg, "1")
                    await self.bot.store.write(
                        self.bot.store.pledges.make,
                        Pledged(self.campaign.id, person.user, WALK.name, person.country, person.joined_at, factor),
                    )
        for person in people:
            self.slack.workspace.add_user(User(person.user, person.user.lower(), tz=person.zone))

    async def open_door(self) -> None:
        """Let the bot be reached from here on, until it is stopped."""
        if self.carrier is None:
            over_http = self.transport is Transport.HTTP
            self.carrier = await (self._listen() if over_http else self._connect())

    async def _listen(self) -> EventTransport:
        self._port = await self.bot.http_server.start("127.0.0.1", 0)
        self._run.push_async_callback(self.bot.http_server.stop)
        way = HttpTransport(_url(self._port, "slack/events"), self.slack.sign, within=ANSWERED_WITHIN)
        return await self._run.enter_async_context(way)

    async def _connect(self) -> EventTransport:
        assert self.bot.socket_mode is not None
        there = len(self.slack.sockets.connections)
        self._run.push_async_callback(self._hang_up, self.bot.socket_mode)
        self.bot.socket_mode.start()
        await self.until_connected(there + CONNECTIONS)
        return SocketTransport(self.slack.sockets, within=ANSWERED_WITHIN)

    async def _hang_up(self, sockets: SocketMode) -> None:
        connections = self.slack.sockets.connections
        left = max(0, len(connections) - CONNECTIONS)
        await sockets.stop()
        await self.slack.until(lambda: len(connections) <= left, ANSWERED_WITHIN)

    async def until_connected(self, connections: int = CONNECTIONS) -> None:
        """Wait until so many of the app's connections are open."""
        await self.slack.until(lambda: len(self.slack.sockets.connections) == connections, ANSWERED_WITHIN)

    async def posts_raw(self, body: str) -> int:
        """Post any body to where Slack's requests arrive, signed as Slack would; the status of the answer."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self.slack.sign(body, int(time.time()))}
        async with aiohttp.ClientSession() as session:
            posted = session.post(_url(self._port, "slack/events"), data=body.encode(), headers=headers)
            async with posted as response:
                return response.status

    def hand(self, user: str) -> SlackUser:
        """What this person does in Slack; the door is open."""
        assert self.carrier is not None, "nobody has opened the door"
        return SlackUser(self.slack, self.carrier, user)

    def say(self, week: Week) -> None:
        """Edit the campaign's files."""
        self.week = week
        write(self.folder, week)

    async def run_until(self, moment: datetime) -> None:
        """Turn the clock to a moment, doing what is due on the way, and plan at its beginning and its end."""
        self.bot.delivery.request_plan()
        for _ in range(MOST_STEPS):
            wake_at = await finish(self.bot)
            if wake_at is None or wake_at > moment:
                break
            self.clock.turn_to(wake_at)
        else:
            raise AssertionError("the bot would not come to rest")
        self.clock.turn_to(moment)
        self.bot.delivery.request_plan()
        await finish(self.bot)

    def add_channel(self, name: str, *, private: bool = False) -> None:
        """Make a channel in Slack; the bot is not in it."""
        self.slack.workspace.add_channel(Channel(channel_id(name), name, is_private=private))

    def heard(self, where: str) -> list[Heard]:
        """What was said in a channel, or to a person."""
        return [Heard(message.posted_at, message.text) for message in self.messages(where)]

    def messages(self, where: str) -> list[PostedMessage]:
        """The same with their blocks, as they stand now."""
        town = self.slack.workspace
        named = town.channel_named(where)
        return town.messages(town.im(where) if where in town.users else named.id if named else channel_id(where))

    def texts(self, where: str) -> list[str]:
        """What was said there, without its times."""
        return [heard.text for heard in self.heard(where)]

    async def rows(self) -> list[Entry]:
        """The bot's own books."""
        return await self.bot.store.read(self.bot.store.outbox.entries, self.campaign.id)

    async def row(self, post: str, recipient: str = "SE") -> Entry:
        """The only row of a post for an addressee."""
        [found] = [row for row in await self.rows() if (row.slot.post, row.slot.recipient) == (post, recipient)]
        return found

    async def states(self) -> dict[State, int]:
        """How many rows are in which state, without those in which there are none."""
        return dict(Counter(row.state for row in await self.rows()))

    async def readiness(self) -> dict[str, dict[str, Any]]:
        """The parts of the readiness answer by name, as whoever watches over the bot gets them."""
        return (await self.judged())[1]

    async def judged(self) -> tuple[bool, dict[str, dict[str, Any]]]:
        """Whether the bot is ready but for its scheduler, which does not run here, and its parts by name."""
        status, body = await self._asked("health/ready")
        said = json.loads(body)
        assert status == (200 if said["ready"] else 503)
        amiss = {part["name"] for part in said["parts"] if part["essential"] and not part["ok"]}
        assert said["ready"] == (not amiss)
        return amiss <= {"scheduler"}, {part["name"]: part for part in said["parts"]}

    async def metrics(self) -> dict[str, float]:
        """Every figure by its name and labels."""
        status, body = await self._asked("metrics")
        assert status == 200
        lines = [line for line in body.splitlines() if not line.startswith("#")]
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    async def _asked(self, path: str) -> tuple[int, str]:
        port = await self.bot.http_server.start("127.0.0.1", 0)
        try:
            async with aiohttp.ClientSession() as session, session.get(_url(port, path)) as response:
                return response.status, await response.text()
        finally:
            await self.bot.http_server.stop()


def _url(port: int, path: str) -> str:
    return f"http://127.0.0.1:{port}/{path}"


def channel_id(name: str) -> str:
    """The ID that a channel has in these tests."""
    return f"C0{name.upper().replace('-', '')}"


def workspace_of(week: Week) -> Workspace:
    """A Slack that has the campaign's channels and representatives."""
    names = ["week-all", *(name for place in week.places for name in (place.channel, *place.more_channels))]
    named = (user for place in week.places for user in (place.representative, place.deputy) if user)
    users = [User(user, "rep") for user in (*named, *week.managers)]
    town = Workspace(users, [Channel(channel_id(name), name) for name in names])
    if week.organisers_channel:
        town.add_channel(Channel(week.organisers_channel, "organisers", is_private=True))
        town.join(week.organisers_channel, BOT.id)
    return town


def person(user: str, zone: str = "Europe/Stockholm", **more: Any) -> Person:
    """Somebody who joined before the week, and asked for nothing unless told."""
    known = Person("T0REHEARSAL", user, zone, joined_at=MIDNIGHT - timedelta(days=3), country="SE", language="sv")
    return replace(known, **more)


@asynccontextmanager
async def simulate(
    folder: Path,
    campaign: Week | Path,
    clock: MachineClock | None = None,
    limits: RateLimits | None = None,
    transport: Transport = Transport.HTTP,
) -> AsyncIterator[Simulation]:
    """Everything but the bot, which is started by whoever needs it. At the end both are stopped.

    The campaign is made of a few words, or is one that has a folder, which is played with its examples.
    """
    clock = clock or MachineClock(MIDNIGHT)
    if isinstance(campaign, Path):
        week, files, workspace = Week(()), campaign, build_workspace(Folder(campaign).campaign(), [])
    else:
        week, files, workspace = campaign, folder / "campaign", workspace_of(campaign)
        write(files, week)
    slack = RehearsalSlack(workspace, clock.true, app=App(SCOPES), limits=limits or RateLimits())
    await slack.start()
    made = Simulation(files, folder / "bot.db", week, clock, slack, transport, examples=files == campaign)
    try:
        yield made
    finally:
        for each in (*made.others, made):
            await each.stop()
        await slack.stop()

"""How long somebody who pledges waits for the reply, beside a plain synchronous Bolt app that keeps the same pledge.

Measured is what comes after the form is sent: checking the request, keeping the pledge, and the reply that Slack has
then. Both write to the same disk or the same server, and both are asked in turns.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from benchmarks import past, plain
from benchmarks.bot import bot, known_to, slack
from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from benchmarks.past import COUNTRIES, Past
from benchmarks.postgresql import postgresql
from benchmarks.process import HOST, Process, free_port, running
from bot.messages.modals import choose_pledge, message_modal, pledge_plan
from bot.store.transfer import transfer
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import RehearsalSlack
from rehearsal.slack.workspace import User

_ACTIONS = 20_000
"""What has been done before, by a thousand people."""

_WITHIN = 60.0
_AFTERWARDS = 0.05
_LATE = 0.95
_PLEDGE = "laptop_plus_one_year"

_Pledging = Callable[[SlackUser], Awaitable[float]]
"""Has somebody fill a form in and send it; milliseconds from then until Slack has the reply."""


@dataclass
class _App:
    """One of the two, and how long people waited, by how many of them pledged at once."""

    name: str
    process: Process
    transport: HttpTransport
    pledging: _Pledging
    waits: defaultdict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))

    async def by(self, town: RehearsalSlack, users: Sequence[str]) -> None:
        """Have some people pledge at once."""
        before = self.process.cpu_seconds()
        hands = [SlackUser(town, self.transport, user) for user in users]
        self.waits[len(users)] += await asyncio.gather(*map(self.pledging, hands))
        # What an app does once it has answered, such as planning, is part of a pledge.
        await asyncio.sleep(_AFTERWARDS)
        after = self.process.cpu_seconds()
        self.cpu[len(users)] += (after or 0) - (before or 0)

    def cpu_each(self, at_once: int) -> float:
        """Milliseconds of processor time for one whole pledge, from the command on."""
        return self.cpu[at_once] / len(self.waits[at_once]) * 1000


def run(scale: Scale) -> Sequence[Value]:
    """Pledge one by one, and many at once, with SQLite."""
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as name:
        known = past.make(Path(name) / "bot", _ACTIONS)
        return _pledged(scale, known, f"sqlite:///{known.folder / 'bot.db'}", f"sqlite:///{Path(name) / 'plain.db'}")


def run_on_postgresql(scale: Scale) -> Sequence[Value]:
    """Pledge one by one, and many at once, with a database for each of the two on one server."""
    with postgresql() as server, tempfile.TemporaryDirectory(prefix="earthweek-bench-") as name:
        known = past.make(Path(name) / "bot", _ACTIONS)
        ours, theirs = (_database(server, each) for each in ("bot", "plain"))
        transfer(f"sqlite:///{known.folder / 'bot.db'}", ours, datetime.now(UTC))
        values = _pledged(scale, known, ours, theirs)
    return [replace(each, what=f"PostgreSQL: {each.what}") for each in values]


def _database(server: str, name: str) -> str:
    """Make a new database on a server; its URL."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return url.set(database=name).render_as_string(hide_password=False)


def _pledged(scale: Scale, known: Past, ours: str, theirs: str) -> Sequence[Value]:
    """Have people pledge with the bot and with the plain app, each of which has one of the databases."""
    with ExitStack() as stack:
        users = known.users(max(scale.at_once))
        serving = stack.enter_context(slack(COUNTRIES, [User(name, name) for name in users], RateLimits.none()))
        bots = stack.enter_context(bot(known.folder, known.campaign, serving, ours))
        others = stack.enter_context(_plain(known.folder, serving, theirs))
        bots.until("/health/ready")
        others.until("/")
        asked, plainly = serving.run(_measured(serving.slack, bots, others, users, scale))
        return list(_values(asked, plainly, scale.at_once))


@contextmanager
def _plain(folder: Path, serving: RunningSlack, database: str) -> Iterator[Process]:
    port = free_port()
    with running([plain.__file__, HOST, str(port), database], folder, port, known_to(serving)) as process:
        yield process


async def _measured(
    town: RehearsalSlack, ours: Process, theirs: Process, users: Sequence[str], scale: Scale
) -> Sequence[_App]:
    """In turns; what the first ones have to wait for, such as new connections, is not measured."""
    async with AsyncExitStack() as stack:
        apps = [
            _App(name, process, await stack.enter_async_context(_transport(town, process)), pledging)
            for name, process, pledging in (("bot", ours, _with_us), ("plain", theirs, _with_them))
        ]
        for app in apps:
            await app.by(town, users)
            app.waits.clear()
            app.cpu.clear()
        for at_once in scale.at_once:
            for number in range(max(1, scale.rounds // at_once)):
                for app in apps:
                    await app.by(town, [users[(number + each) % len(users)] for each in range(at_once)])
        return apps


def _transport(town: RehearsalSlack, process: Process) -> HttpTransport:
    return HttpTransport(f"http://{HOST}:{process.port}/slack/events", town.sign, within=_WITHIN)


async def _with_us(hand: SlackUser) -> float:
    await _opened(hand, "pledge", choose_pledge.CALLBACK)
    await hand.press_view(f"pledge_choose:{_PLEDGE}")
    await _until(hand, pledge_plan.CALLBACK)
    started = time.perf_counter()
    sending = asyncio.create_task(hand.submit())
    await _until(hand, message_modal.CALLBACK)
    waited = _milliseconds(started)
    await sending
    return waited


async def _with_them(hand: SlackUser) -> float:
    await _opened(hand, "", plain.CALLBACK)
    before = len(hand.messages())
    started = time.perf_counter()
    sending = asyncio.create_task(hand.submit())
    await hand.until(lambda: len(hand.messages()) > before, _WITHIN)
    waited = _milliseconds(started)
    await sending
    return waited


async def _opened(hand: SlackUser, text: str, name: str) -> None:
    hand.restart_client()
    reply = await hand.command(text)
    if not reply.ok:
        raise NotMeasured(f"{text!r} was answered with {reply.status}: {reply.body}")
    await _until(hand, name)


async def _until(hand: SlackUser, name: str) -> None:
    await hand.until(lambda: (top := hand.top()) is not None and top.content.get("callback_id") == name, _WITHIN)


def _milliseconds(started: float) -> float:
    return (time.perf_counter() - started) * 1000


def _values(ours: _App, theirs: _App, sizes: Sequence[int]) -> Iterator[Value]:
    for at_once in sizes:
        for app in (ours, theirs):
            waits = sorted(app.waits[at_once])
            what = f"{_NAMES[app.name]}until the reply, {at_once} at once"
            yield Value(f"{what}, median", statistics.median(waits), "ms")
            yield Value(f"{what}, 95th percentile", waits[int(len(waits) * _LATE)], "ms")
        yield Value(f"bot to plain app, {at_once} at once", _ratio(ours, theirs, at_once), "times")
        if ours.process.cpu_seconds() is not None:
            for app in (ours, theirs):
                yield Value(f"{_NAMES[app.name]}processor time, {at_once} at once", app.cpu_each(at_once), "ms")
            times = ours.cpu_each(at_once) / theirs.cpu_each(at_once)
            yield Value(f"processor time, bot to plain app, {at_once} at once", times, "times")


def _ratio(ours: _App, theirs: _App, at_once: int) -> float:
    return statistics.median(ours.waits[at_once]) / statistics.median(theirs.waits[at_once])


_NAMES = {"bot": "", "plain": "plain synchronous Bolt app, "}

PLEDGE = Benchmark("pledge", run)
PLEDGE_ON_POSTGRESQL = Benchmark("pledge, PostgreSQL", run_on_postgresql)

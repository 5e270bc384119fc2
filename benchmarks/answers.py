"""How long people wait for an answer: from their command until Slack has it, next to the least that Bolt does.

Bots with few and with many actions in their databases and a bare Bolt app are asked in turns, so that a busy moment of
the machine strikes all of them.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import bare, past
from benchmarks.asking import Asker
from benchmarks.bot import bot, known_to, slack
from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from benchmarks.past import COUNTRIES, Past
from benchmarks.process import HOST, Process, free_port, running
from bot.messages.modals import choose_pledge
from bot.messages.organise import overview
from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import RehearsalSlack
from rehearsal.slack.workspace import User

_MANY = 50
"""People who ask at once, when it is more than one."""

_BURSTS = 4
"""How often so many ask."""

_LINE, _ACKNOWLEDGED = "a line", "acknowledged"
_FLOORS = {_LINE: "line", _ACKNOWLEDGED: "acknowledgement"}
_OPEN, _FILLED, _MY, _STANDINGS = "pledge, form open", "pledge, form filled", "my", "standings"
_ORGANISE = "organise"

_Answers = Mapping[str, float]
"""Milliseconds until each thing was there, by its name."""
_Question = Callable[[Asker, str], Awaitable[_Answers]]


@dataclass(frozen=True)
class _Asked:
    """An app, who asks it what, and how long each answer took: by its name and by how many asked at once."""

    asker: Asker
    users: Sequence[str]
    questions: Sequence[_Question]
    organiser: str | None = None
    waits: defaultdict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))

    async def by(self, users: Sequence[str]) -> None:
        """Have some people ask everything, one question after the other and each of them all at once."""
        for question in self.questions:
            for answers in await asyncio.gather(*(question(self.asker, user) for user in users)):
                for what, wait in answers.items():
                    self.waits[what, len(users)].append(wait)

    async def organises(self) -> None:
        """Have whoever speaks for every country open the organisers' page."""
        if self.organiser:
            times = await self.asker.form(self.organiser, "organise", overview.CALLBACK)
            self.waits[_ORGANISE, 1].append(times.answered[-1])

    def median(self, what: str, at_once: int = 1) -> float:
        """The middle of what people waited."""
        return statistics.median(self.waits[what, at_once])


def run(scale: Scale) -> Sequence[Value]:
    """Ask one by one and many at once, and also while the figures are taken."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="earthweek-bench-")))
        pasts = [past.make(folder / str(actions), actions) for actions in scale.actions]
        names = {name for each in pasts for name in each.users(_MANY)}
        serving = stack.enter_context(slack(COUNTRIES, [User(name, name) for name in names], RateLimits.none()))
        floor = stack.enter_context(_bare(folder, serving))
        bots = [stack.enter_context(_bot(each, serving)) for each in pasts]
        values = _measure(serving.slack, [floor, *bots], pasts, scale.rounds)
        return serving.run(values)


@contextmanager
def _bare(folder: Path, serving: RunningSlack) -> Iterator[Process]:
    port = free_port()
    with running([bare.__file__, HOST, str(port)], folder, port, known_to(serving)) as process:
        process.until("/health/live")
        yield process


@contextmanager
def _bot(known: Past, serving: RunningSlack) -> Iterator[Process]:
    with bot(known.folder, known.campaign, serving) as process:
        process.until("/health/ready")
        yield process


async def _measure(
    town: RehearsalSlack, processes: Sequence[Process], pasts: Sequence[Past], rounds: int
) -> Sequence[Value]:
    """Ask the bare app, which comes first, and the bots, each of which has one of the pasts."""
    async with AsyncExitStack() as stack:
        floor, *askers = [await stack.enter_async_context(_asker(town, process)) for process in processes]
        least = _Asked(floor, pasts[0].users(_MANY), [_line])
        bots = [
            _Asked(asker, users := known.users(_MANY), _QUESTIONS, users[0])
            for asker, known in zip(askers, pasts, strict=True)
        ]
        held_up = [await _held_up(known, app) for known, app in zip(pasts, bots, strict=True)]
        await _ask([least, *bots], rounds)
    return [*_floor(least), *_answers(pasts, bots), *_compared(least, pasts, bots), *_figures(pasts, held_up)]


@asynccontextmanager
async def _asker(town: RehearsalSlack, process: Process) -> AsyncIterator[Asker]:
    async with HttpTransport(f"http://{HOST}:{process.port}/slack/events", town.sign) as transport:
        yield Asker(town, transport)


async def _line(asker: Asker, user: str) -> _Answers:
    times = await asker.message(user, "")
    return {_LINE: times.first, _ACKNOWLEDGED: times.acknowledged}


async def _pledge(asker: Asker, user: str) -> _Answers:
    times = await asker.form(user, "pledge", choose_pledge.CALLBACK)
    return dict(zip((_OPEN, _FILLED), times.answered, strict=True))


async def _my(asker: Asker, user: str) -> _Answers:
    return {_MY: (await asker.message(user, "my", "title")).first}


async def _standings(asker: Asker, user: str) -> _Answers:
    return {_STANDINGS: (await asker.message(user, "standings", "title")).first}


_QUESTIONS: Sequence[_Question] = (_pledge, _my, _standings)


async def _held_up(known: Past, app: _Asked) -> float:
    """The longest that somebody waits for `my` while the figures are taken."""
    # The bot meets them all: whoever it does not know yet is asked to wait in a modal.
    await asyncio.gather(*(_standings(app.asker, user) for user in app.users))
    if known.has_figures():
        raise NotMeasured("the figures were taken before anybody looked: this machine is too busy")
    somebody, another = app.users[:2]
    # What is changed lets the bot plan, and planning takes the figures that are due.
    changing = asyncio.create_task(app.asker.message(another, "language en", "said_0"))
    waits = []
    while not known.has_figures():
        waits.append((await _my(app.asker, somebody))[_MY])
    await changing
    return max(waits)


async def _ask(apps: Sequence[_Asked], rounds: int) -> None:
    """In turns; what the first of many have to wait for, such as new connections, is not measured."""
    for app in apps:
        await app.by(app.users)
        app.waits.clear()
    for number in range(rounds):
        for app in apps:
            await app.by([app.users[number % _MANY]])
            await app.organises()
    for _ in range(_BURSTS):
        for app in apps:
            await app.by(app.users)


def _floor(app: _Asked) -> Iterator[Value]:
    for what, at_once in app.waits:
        yield Value(f"bare Bolt app, {what}, {at_once} at once", app.median(what, at_once), "ms")


def _answers(pasts: Sequence[Past], bots: Sequence[_Asked]) -> Iterator[Value]:
    for what, at_once in bots[0].waits:
        for known, app in zip(pasts, bots, strict=True):
            yield Value(f"{what}, {at_once} at once, {known.actions:,} actions", app.median(what, at_once), "ms")


def _compared(least: _Asked, pasts: Sequence[Past], bots: Sequence[_Asked]) -> Iterator[Value]:
    """The aims: how far above the floor, and how much more with many actions than with few."""
    few, many = bots[0], bots[-1]
    for what in (_OPEN, _FILLED, _MY, _STANDINGS):
        for floor in (_ACKNOWLEDGED, _LINE):
            name = f"{what}, to the bare Bolt app's {_FLOORS[floor]}"
            yield Value(name, many.median(what) / least.median(floor), "times")
    yield Value("organise, to my", many.median(_ORGANISE) / many.median(_MY), "times")
    growth = many.median(_STANDINGS) / few.median(_STANDINGS)
    yield Value(f"standings, {pasts[-1].actions:,} to {pasts[0].actions:,} actions", growth, "times")


def _figures(pasts: Sequence[Past], held_up: Sequence[float]) -> Iterator[Value]:
    for known, longest in zip(pasts, held_up, strict=True):
        yield Value(f"taking the figures of {known.actions:,} actions", known.taken, "ms")
        yield Value(f"longest wait for my meanwhile, {known.actions:,} actions", longest, "ms")


ANSWERS = Benchmark("answers", run)

"""A Monday on which everything happens to two replicas on one PostgreSQL while a week plays.

At each step the operator's screen is read: readiness, doctor and alerts say what is wrong and what to do, and say
nothing once it is mended. In the end every post has been sent once.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot.cli import doctor_checks
from bot.clock import SystemClock
from bot.settings import Settings, Transport
from bot.store.backup import BackupError, backup
from bot.store.outbox import State
from bot.store.tables import metadata
from rehearsal.simulation import finish
from tests.bot.store.databases import Server, server
from tests.bot.store.test_backup import run, said
from tests.campaigns import GERMANY, SWEDEN, Post, Promise, Week
from tests.campaigns import said as text_of
from tests.deploy.test_alerts import RULES
from tests.simulation import MachineClock, Simulation, simulate

from .participants import MONDAY, SV, Participant, member, moment

__all__ = ["server"]

HOURS = range(9, 18)
DAY = Week(
    posts=[Post(f"post-{hour}", MONDAY, time(hour), until=time(22)) for hour in HOURS],
    places=(replace(SWEDEN, representative="U0REP", headcount=100), replace(GERMANY, headcount=100)),
    promises=(Promise("bike"), Promise("dryer")),
)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
FAILED = SV("trouble.unexpected", reference="")

_SIMPLE = re.compile(r"(?:max\()?(?P<series>\w+(?:\{[^}]*\})?)\)? (?P<sign>==|>) (?P<bound>\d+)")
"""An alert that holds one figure against a number. What the others ask for, and for how long, `promtool` tests."""


def firing(figures: Mapping[str, float]) -> set[str]:
    """The alerts that begin to fire at these figures; each says what to do."""
    found = set()
    for rule in RULES:
        simple = _SIMPLE.fullmatch(rule["expr"].strip())
        if simple and any(_is(simple, value) for value in _series(simple["series"], figures)):
            assert rule["annotations"]["what_to_do"]
            found.add(rule["alert"])
    return found


def _series(selector: str, figures: Mapping[str, float]) -> Iterator[float]:
    name, _, matcher = selector.rstrip("}").partition("{")
    label, _, values = matcher.partition("=")
    wanted = values.strip('~"').split("|")
    for series, value in figures.items():
        if series == name or any(series == f'{name}{{{label}="{each}"}}' for each in wanted):
            yield value


def _is(simple: re.Match[str], value: float) -> bool:
    return value == float(simple["bound"]) if simple["sign"] == "==" else value > float(simple["bound"])


@dataclass
class Screen:
    """What the operator sees of one replica."""

    bot: Simulation
    environment: Callable[[Mapping[str, str]], None]
    printed: Callable[[], str]

    async def reads(self) -> tuple[bool, dict[str, str], set[str]]:
        """Whether it is ready, what is not well with what to do about it, and the alerts that fire."""
        self.bot.bot.scheduler.ticked_at = self.bot.clock.now()
        await self.bot.bot.delivery.token_check.check_if_due()
        ready, parts = await self.bot.judged()
        amiss = {name: part["detail"] for name, part in parts.items() if not part["ok"]}
        return ready, amiss, firing(await self.bot.metrics())

    async def doctor(self, token: str = "") -> dict[str, str]:
        """What `earthweek doctor` finds amiss on that machine, by what it is about."""
        url = self.bot.address
        slack = self.bot.slack
        self.environment({
            "SLACK_BOT_TOKEN": token or slack.bot_token, "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url, "DATABASE_URL": url,
        })  # fmt: skip
        await doctor_checks.diagnose(self.bot.folder, allow_examples=True)
        lines = [line.partition(": ") for line in self.printed().splitlines()]
        return {name.removeprefix("✗ "): detail for name, _, detail in lines if name.startswith("✗")}


@dataclass
class Operations:
    """Two replicas, the server they use, and whoever operates them."""

    front: Simulation
    other: Simulation
    server: Server
    front_screen: Screen
    other_screen: Screen

    @property
    def running(self) -> list[Simulation]:
        return [each for each in (self.front, self.other) if each._bot]

    async def until(self, hour: int, minute: int = 0) -> None:
        """Let the day go on, both replicas in turn."""
        target = moment(MONDAY, hour, minute)
        while (now := self.front.clock.true()) < target:
            following = min(target, now + 20 * MINUTE)
            for each in self.running:
                await each.bot.delivery.replica_share.announce()
                await each.run_until(following + each.clock.wrong_by)

    async def come_due(self, hour: int) -> None:
        """Let the next post come due, with whatever is amiss."""
        for each in self.running:
            each.clock.turn_to(moment(MONDAY, hour) + each.clock.wrong_by)
            await finish(each.bot)

    async def all_is_well(self) -> None:
        for screen in (self.front_screen, self.other_screen):
            ready, amiss, alerts = await screen.reads()
            assert (ready, amiss, alerts) == (True, {}, set())
        # Slack shows the machine's own time, which is not that of the campaign.
        assert await self.front_screen.doctor() == {}

    def posted(self, hour: int) -> list[int]:
        """How often a post stands in each channel."""
        return [self.front.texts(place.channel).count(text_of(f"post-{hour}", place.language)) for place in DAY.places]

    async def restart(self) -> None:
        for each in (self.front, self.other):
            if each._bot:
                await each.stop()
            await each.start()
            await each.open_door()


@pytest.fixture
async def operations(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Operations]:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def environment(values: Mapping[str, str]) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    async with simulate(tmp_path, DAY, MachineClock(moment(MONDAY, 8)), transport=Transport.SOCKET) as front:
        front.address = server.empty()
        other = replace(front, clock=MachineClock(moment(MONDAY, 8)), others=[], _run=AsyncExitStack())
        front.others.append(other)

        class ItsClock(SystemClock):
            """The clock of the other machine, beside which Slack's answers have the true time."""

            def now(self) -> datetime:
                return super().now() + other.clock.wrong_by

        monkeypatch.setattr(doctor_checks, "SystemClock", ItsClock)
        screens = [Screen(each, environment, lambda: capsys.readouterr().out) for each in (front, other)]
        made = Operations(front, other, server, *screens)
        await made.restart()
        yield made


@contextmanager
def stopped_database(server: Server, url: str) -> Iterator[None]:
    """A restart of the server, as whoever is connected has it: sent out, and not let in until it is there again."""
    name = make_url(url).database
    others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - our own
    server.run(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false', others)
    try:
        yield
    finally:
        server.run(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')


@contextmanager
def full_disk(server: Server, url: str) -> Iterator[None]:
    """A server that answers every write as one whose disk is full does."""
    tables = [*metadata.tables, "alembic_version"]
    server.run(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING "
        "ERRCODE = 'disk_full', MESSAGE = 'could not extend file: No space left on device'; END $$",
        *(
            f'CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON "{each}" EXECUTE FUNCTION no_room()'
            for each in tables
        ),
        url=url,
    )
    try:
        yield
    finally:
        server.run("DROP FUNCTION no_room CASCADE", url=url)


async def test_everything_happens_on_one_day(operations: Operations, tmp_path: Path) -> None:
    ann = await member(operations.front)
    await ann.pledges("bike")
    await operations.until(9, 30)
    assert operations.posted(9) == [1, 1]
    await operations.all_is_well()
    copy = await backed_up(operations, tmp_path)
    await ann.pledges("dryer")
    for step in (database_restarts, token_is_rotated, node_is_drained, disk_is_full, clock_is_set_back):
        await step(operations, ann)
        await operations.all_is_well()
    await restored(operations, ann, copy)
    await operations.until(20)
    assert [operations.posted(hour) for hour in HOURS] == [[1, 1]] * len(HOURS)
    assert {row.state for row in await operations.front.rows() if row.slot.post.startswith("post-")} == {State.SENT}
    await operations.all_is_well()


async def backed_up(operations: Operations, tmp_path: Path) -> tuple[list[str], str]:
    """Take a copy with the command that `earthweek backup` says, while both run. Returns how to restore it."""
    with pytest.raises(BackupError) as told:
        backup(operations.front.address, tmp_path / "monday.dump")
    run(operations.server, said(str(told.value), "pg_dump"))
    return [*said(str(told.value), "pg_restore")], operations.server.empty()


async def database_restarts(operations: Operations, ann: Participant) -> None:
    with stopped_database(operations.server, operations.front.address):
        await operations.come_due(10)
        for screen in (operations.front_screen, operations.other_screen):
            ready, amiss, alerts = await screen.reads()
            assert not ready
            assert amiss["database"].endswith("look at DATABASE_URL, and whether the database runs")
            assert alerts == {"EarthweekNotReady"}
        assert "whether the database runs" in (await operations.front_screen.doctor())["database"]
        assert FAILED in (await ann.types("my")).text
        assert operations.posted(10) == [0, 0]
    await operations.until(10, 10)
    assert operations.posted(10) == [1, 1]
    assert SV("trouble.unexpected", reference="") not in (await ann.types("my")).text


async def token_is_rotated(operations: Operations, ann: Participant) -> None:
    del ann
    before, operations.front.slack.bot_token = operations.front.slack.bot_token, "xoxb-the-next-one"
    await operations.come_due(11)
    for screen in (operations.front_screen, operations.other_screen):
        ready, amiss, alerts = await screen.reads()
        assert not ready
        assert "Slack does not accept SLACK_BOT_TOKEN; copy it again from the app's OAuth page" in amiss["slack"]
        # Nobody can look up a channel either; that alert comes ten minutes after the others.
        assert alerts == {"EarthweekNotReady", "EarthweekTokenRefused", "EarthweekUnwell"}
    assert "Slack does not accept SLACK_BOT_TOKEN" in (await operations.front_screen.doctor(before))["bot token"]
    assert operations.posted(11) == [0, 0]
    # One after the other, with the new token.
    await operations.restart()
    await operations.until(11, 10)
    assert operations.posted(11) == [1, 1]


async def node_is_drained(operations: Operations, ann: Participant) -> None:
    await operations.until(11, 59)
    await operations.other.bot.delivery.replica_share.leave()
    await operations.other.stop()
    await operations.until(12, 1)
    assert operations.posted(12) == [1, 1], "whoever stays sends it at once"
    ready, amiss, alerts = await operations.front_screen.reads()
    assert (ready, amiss, alerts) == (True, {}, set())
    assert SV("my.none") not in (await ann.types("my")).text
    operations.other.clock.turn_to(operations.front.clock.now())
    await operations.other.start()
    await operations.other.open_door()


async def disk_is_full(operations: Operations, ann: Participant) -> None:
    with full_disk(operations.server, operations.front.address):
        await operations.come_due(13)
        for screen in (operations.front_screen, operations.other_screen):
            ready, amiss, alerts = await screen.reads()
            assert not ready
            assert amiss["database"].endswith("the disk is full; make room on it")
            assert alerts == {"EarthweekNotReady"}
        assert (await operations.front_screen.doctor())["database"].endswith("the disk is full; make room on it")
        assert FAILED in (await ann.types("language de")).text
        assert operations.posted(13) == [0, 0]
    await operations.until(13, 10)
    assert operations.posted(13) == [1, 1]


async def clock_is_set_back(operations: Operations, ann: Participant) -> None:
    del ann
    operations.other.clock.wrong_by = -timedelta(hours=1)
    await operations.until(14, 10)
    assert operations.posted(14) == [1, 1], "the other replica's clock is right"
    found = await operations.other_screen.doctor()
    assert re.fullmatch(r"it is 3\d{3} s apart from Slack's; set the machine's clock \(NTP\)", found["clock"])
    operations.other.clock.wrong_by = timedelta(0)
    await operations.until(14, 20)
    assert operations.posted(13) == operations.posted(14) == [1, 1]


async def restored(operations: Operations, ann: Participant, copy: tuple[list[str], str]) -> None:
    """Put the copy of the morning in place, as after a lost server: what was sent since is not sent again."""
    await operations.until(14, 59)
    command, fresh = copy
    for each in (operations.front, operations.other):
        await each.stop()
        each.clock.turn_to(moment(MONDAY, 15, 30))
        each.address = fresh
    here = next(each for each in command if each.startswith("--dbname="))
    run(operations.server, [f"--dbname={fresh}" if each == here else each for each in command])
    await operations.restart()
    await operations.until(15, 40)
    assert [operations.posted(hour) for hour in range(9, 16)] == [[1, 1]] * 7
    assert [each.pledge for each in await ann.pledged()] == ["bike"], "what was pressed since the copy is gone"

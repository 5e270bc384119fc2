"""Looks for marks in every place that a person's traces could come to."""

from __future__ import annotations

import io
import logging
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from sqlalchemy.engine import make_url

from bot.logs import set_up
from bot.reports.formats import files_of
from bot.reports.outside.site import SiteContent, shown_ideas, site_files
from bot.reports.published_participation import Report
from bot.reports.results import results
from bot.store.backup import backup
from bot.store.tables import metadata, snapshots
from tests.acceptance.participants import DEPUTY, MANAGER, REPRESENTATIVE
from tests.simulation import Simulation

from .allowed import Place
from .life import STAND_IN, Life
from .marks import Finder, Mark

_READERS = frozenset({REPRESENTATIVE, DEPUTY, MANAGER, STAND_IN})

Found = dict[Place, set[Mark]]


class _Raw(logging.Handler):
    """Keeps what the bot says, before anything is taken out of it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        values = {**record.msg, "exc_info": None} if isinstance(record.msg, dict) else record.msg
        self.said.write(f"{values!r} {type(error).__name__}\n")


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """What is logged at DEBUG from here on: raw from the bot itself, and as it is shown from everybody else."""
    set_up("DEBUG", as_json=True)
    raw, ours, root = _Raw(), logging.getLogger("bot"), logging.getLogger()
    [shown] = root.handlers
    assert isinstance(shown, logging.StreamHandler)
    shown.setStream(raw.said)
    ours.addHandler(raw)
    try:
        yield raw.said
    finally:
        ours.removeHandler(raw)
        structlog.reset_defaults()
        root.handlers = []
        root.setLevel(logging.WARNING)


async def look(life: Life, log: io.StringIO, folder: Path, dump: str | None) -> Found:
    """Every mark, by where it stands. `dump` is PostgreSQL's program for it, where the database is one of its."""
    simulation, finder = life.simulation, life.finder
    found: defaultdict[Place, set[Mark]] = defaultdict(set)
    found[Place.LOG] = finder.marks(log.getvalue())
    found[Place.METRICS] = finder.marks(await _watched(simulation))
    found[Place.DATABASE] = finder.marks(await _database(simulation))
    found[Place.BACKUP] = finder.marks(_backup(simulation, folder, dump))
    found[Place.REPORT] = finder.marks(await _report(simulation))
    found[Place.SITE] = finder.marks(await _site(simulation))
    with simulation.bot.store.database.transaction() as connection:
        found[Place.SNAPSHOTS] = finder.marks(repr((connection.execute(snapshots.select())).all()))
    _shown(simulation, finder, found)
    return found


async def _watched(simulation: Simulation) -> str:
    texts = []
    async with aiohttp.ClientSession() as session:
        for path in ("metrics", "health/ready", "health/live"):
            async with session.get(f"http://127.0.0.1:{simulation._port}/{path}") as answer:
                texts.append(await answer.text())
    return "\n".join(texts)


async def _database(simulation: Simulation) -> str:
    with simulation.bot.store.database.transaction() as connection:
        rows = [repr((connection.execute(table.select())).all()) for table in metadata.sorted_tables]
    files = simulation.database.parent.glob(f"{simulation.database.name}*")
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])


def _backup(simulation: Simulation, folder: Path, dump: str | None) -> bytes:
    copy = folder / "copy"
    copy.unlink(missing_ok=True)
    if not simulation.address:
        backup(f"sqlite:///{simulation.database}", copy)
    elif dump:
        url = make_url(simulation.address).set(drivername="postgresql").render_as_string(hide_password=False)
        subprocess.run([dump, f"--file={copy}", f"--dbname={url}"], check=True)  # noqa: S603 - our own words
    return copy.read_bytes() if copy.exists() else b""


async def _report(simulation: Simulation) -> str:
    days = await simulation.bot.publisher.all(simulation.campaign)
    files = files_of(Report.of(simulation.campaign, days)) if days else {}
    return "\n".join(content.decode() for content in files.values())


async def _site(simulation: Simulation) -> str:
    campaign, days = simulation.campaign, await simulation.bot.publisher.all(simulation.campaign)
    newest = results(campaign, days[-1]) if days else None
    page = site_files(SiteContent(campaign, newest, shown_ideas(campaign), simulation.clock.now(), is_draft=False))
    return "\n".join(map(str, page.values()))


def _shown(simulation: Simulation, finder: Finder, found: dict[Place, set[Mark]]) -> None:
    for user, thing in _seen(simulation):
        marks = finder.marks(repr(thing))
        if user is None:
            found[Place.CHANNELS] |= marks
        elif user in _READERS:
            found[Place.READERS] |= marks
        else:
            own = {mark for mark in marks if mark.number == int(user[-4:])}
            found[Place.OWN] |= own
            found[Place.OTHERS] |= marks - own
    for message in simulation.slack.workspace.log:
        found[Place.METADATA] |= finder.marks(repr(message.metadata))


def _seen(simulation: Simulation) -> Iterator[tuple[str | None, Any]]:
    """Everything that Slack was sent, with who sees it; `None` for whoever is in a channel."""
    town = simulation.slack.workspace
    for message in [*town.log, *town.messages()]:
        yield town.ims.get(message.channel), (message.text, message.blocks, message.files)
    for said in town.ephemerals:
        yield said.user, (said.text, said.blocks)
    for view in [*town.views.modals.values(), *town.views.homes.values()]:
        yield view.user, view.content

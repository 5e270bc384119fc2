"""A version of the bot beside the one before it, on one PostgreSQL, as in a rolling restart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.store.schema import MIGRATIONS
from rehearsal.slack.background_server import RunningSlack
from tests.bot.store.databases import Server, server
from tests.campaigns import write
from tests.simulation import channel_id

from . import newer
from .process import HERE, Machine, soon, texts, wait_until

__all__ = ["server"]


@pytest.fixture
def next_version(tmp_path: Path) -> str:
    """The migrations that make `newer.py` the next version."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = max(each.name.partition("_")[0] for each in (folder / "versions").glob("*_*.py"))
    (folder / "versions" / "9999_next.py").write_text(newer.SCRIPT.format(before=before), "utf-8")
    return str(folder)


def test_former_version_gives_way_and_nothing_is_doubled(
    slack: RunningSlack, machine: Machine, server: Server, next_version: str
) -> None:
    machine.env["DATABASE_URL"] = server.empty()
    week = soon(*range(3, 20, 2))
    write(machine.campaign, week)
    former = machine.run()
    wait_until(lambda: len(slack.messages()) > 0)
    machine.program = (newer.__file__,)
    following = machine.run(NEWER_MIGRATIONS=next_version)
    following.until_running()
    assert former.ended() == 1, "it has noticed, and stopped in order"
    assert former.why_it_ended().startswith(
        "a newer version of the bot has upgraded the database to schema 9999 while this one ran"
    )
    assert former.logged("service.left")
    assert "Traceback" not in former.output()
    machine.program = ("-m", "bot")
    again = machine.run()
    assert again.ended() == 1, "it is not started again on a database of a newer version"
    assert "its schema 9999 is of a newer version of the bot" in again.why_it_ended()
    wait_until(lambda: len(slack.messages()) >= len(week.posts))
    assert following.popen.poll() is None
    assert sorted(each.text for each in slack.messages(channel_id(HERE.channel))) == texts(week, HERE)

"""What holds for every test."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from bot.campaign.model import Campaign
from tests.campaigns import shipped_campaign

# The same examples each time, and no failure because the machine was busy.
settings.register_profile("house", derandomize=True, deadline=None)
settings.register_profile("quick", settings.get_profile("house"), max_examples=10)
settings.load_profile("house")

TESTS = Path(__file__).parent
WHOLE = (
    *(
        "acceptance",
        "attack",
        "bot/cli",
        "bot/database",
        "bot/store",
        "browser",
        "canary",
        "deploy",
        "fuzz",
        "image",
        "security",
        "storm",
    ),
    *("rehearsal/web", "rehearsal/test_cli.py", "rehearsal/test_simulation.py", "test_operations.py", "test_wheel.py"),
)
"""Tests that start the whole bot, a browser or a database server, or build something."""


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    """The shipped campaign, where a test says nothing else."""
    return shipped_campaign()


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Undo what a test has set about the log: those after it look at what is printed."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        logging.raiseExceptions = True
        logging.getLogger().handlers = []
        logging.getLogger().setLevel(logging.WARNING)
        logging.getLogger("bot").setLevel(logging.NOTSET)


def pytest_collection_finish() -> None:
    """Take what was imported and collected out of the rounds of the garbage collector: it stays until the end."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave what is not quick unread where only that is wanted; reading all modules takes longer than most of them."""
    return True if config.option.markexpr == "quick" and _starts_much(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_quick(item):
            item.add_marker("quick")


def is_quick(item: pytest.Item) -> bool:
    """Return whether a test is of a single module, needs no server and does not go through everything there is."""
    callspec = getattr(item, "callspec", None)
    needs_server = callspec is not None and callspec.params.get("url") == "postgresql"
    return not needs_server and not _starts_much(item.path) and item.get_closest_marker("thorough") is None


def _starts_much(path: Path) -> bool:
    return path.is_relative_to(TESTS) and path.relative_to(TESTS).as_posix().startswith(WHOLE)

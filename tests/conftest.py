"""What holds for every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time, and no failure because the machine was busy.
settings.register_profile("house", derandomize=True, deadline=None)
settings.load_profile("house")

TESTS = Path(__file__).parent
WHOLE = {"acceptance", "attack", "browser", "canary", "commands", "fuzz", "image", "integration", "security", "storm"}
"""Folders whose tests start the whole bot, a browser, a database server, or take minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_quick(item):
            item.add_marker("quick")


def is_quick(item: pytest.Item) -> bool:
    """Return whether a test is one of a single module that needs no server."""
    callspec = getattr(item, "callspec", None)
    needs_server = callspec is not None and callspec.params.get("url") == "postgresql"
    return not needs_server and item.path.relative_to(TESTS).parts[0] not in WHOLE

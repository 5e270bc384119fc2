from __future__ import annotations

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.acceptance.conftest import nobody_is_told_to_wait
from tests.patience import PATIENCE

from .window import DESK, Screen, Watch

__all__ = ["nobody_is_told_to_wait"]

HERE = Path(__file__).parent
TOP = HERE.parents[1]
SCREENS = TOP / "build" / "screens"

# They let it run as root, in a container and without a network; no name but the address itself is ever looked up.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests of a worker share one browser, and with it the event loop it belongs to."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without it the tests are left out, but not in CI."""
    finding = ["/bin/sh", str(HERE / "chromium.sh"), "find"]
    found = subprocess.run(finding, capture_output=True, text=True, check=False)  # noqa: S603
    if found.returncode:
        leave = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave(found.stderr.strip())
    return found.stdout.strip()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE * 1000)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        await running.close()


@pytest.fixture
def watch() -> Watch:
    """What the pages of a test did wrong; what a test does not take is held against it."""
    return Watch()


class Window(Protocol):
    """Opens an empty window, with nothing in it from any other."""

    async def __call__(self, screen: Screen = DESK) -> Page: ...


@pytest_asyncio.fixture(loop_scope="session")
async def window(browser: Browser, watch: Watch) -> AsyncIterator[Window]:
    opened: list[Page] = []

    async def opening(screen: Screen = DESK) -> Page:
        context = await browser.new_context(**screen.settings())
        context.set_default_timeout(PATIENCE * 1000)
        watch.over(context)
        opened.append(await context.new_page())
        return opened[-1]

    yield opening
    for page in opened:
        await page.context.close()
    assert watch.taken() == []


class Screenshot(Protocol):
    """Keeps a picture of a page or a part of it; one that a document shows goes to EARTHWEEK_PICTURES as well."""

    async def __call__(self, shown: Page | Locator, name: str, *, document: bool = False) -> None: ...


@pytest.fixture(scope="session")
def screenshot() -> Screenshot:
    async def taking(shown: Page | Locator, name: str, *, document: bool = False) -> None:
        folder = os.environ.get("EARTHWEEK_PICTURES") if document else None
        picture = await shown.screenshot(path=SCREENS / f"{name}.png", animations="disabled", caret="hide")
        if folder:
            (TOP / folder / f"{name}.png").write_bytes(picture)

    return taking

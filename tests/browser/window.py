"""A browser's window as one person has it, and what no page in it may do unnoticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Page, Request, WebError

LOCAL = {"file", "data", "blob", "about"}
"""Addresses that never leave the browser or the disk."""


@dataclass(frozen=True)
class Screen:
    """What somebody looks at: pixels, the zoom of the browser, light or dark, their language and IANA zone."""

    width: int = 1280
    height: int = 900
    zoom: int = 1
    dark: bool = False
    locale: str = "en-GB"
    zone: str = "Europe/Stockholm"

    def settings(self) -> Mapping[str, Any]:
        """The screen in the browser's words; zoom leaves a page fewer and larger pixels."""
        return {
            "viewport": {"width": self.width // self.zoom, "height": self.height // self.zoom},
            "device_scale_factor": self.zoom,
            "color_scheme": "dark" if self.dark else "light",
            "locale": self.locale,
            "timezone_id": self.zone,
        }


DESK = Screen()
DARK = Screen(dark=True)
PHONE = Screen(width=320, height=640)
ZOOMED = Screen(zoom=2)


@dataclass
class Watch:
    """Takes down errors in the console, scripts that break and requests that leave the machine."""

    _complaints: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Look at every page of the context, from its first request."""
        context.on("console", self._console)
        context.on("weberror", self._broken)
        context.on("request", self._request)

    def taken(self) -> list[str]:
        """What was taken down since the last time."""
        taken, self._complaints = self._complaints, []
        return taken

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complaints.append(f"console: {message.text}")

    def _broken(self, error: WebError) -> None:
        self._complaints.append(f"script: {error.error.message}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL and address.hostname != "127.0.0.1":
            self._complaints.append(f"request: {request.url}")


TOO_WIDE = """() => {
    const page = document.documentElement
    if (page.scrollWidth <= page.clientWidth) return []
    return [...document.body.querySelectorAll("*")]
        .filter(each => each.getBoundingClientRect().right > page.clientWidth)
        .map(each => each.outerHTML.slice(0, 120))
}"""


async def sticking_out(page: Page) -> list[str]:
    """What makes the page scroll sideways, outermost first; nothing where it does not."""
    found: list[str] = await page.evaluate(TOO_WIDE)
    return found

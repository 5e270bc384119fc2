"""Render the rehearsal's page from a screen and a panel, whole or region by region."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlencode
from zlib import crc32

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rehearsal.web.api_call_log import CallSummary
from rehearsal.web.delivery_progress import Progress
from rehearsal.web.figures import FigureTable
from rehearsal.web.live_delivery_check import DeliveryReport
from rehearsal.web.view_models import Screen, SidebarItem, Viewpoint

REGIONS = ("clock", "people", "sidebar", "conversation", "composer", "modal", "panel", "trouble")
"""The parts of the page that change by themselves: the id of the element, and the name of its template."""

_TABS = (("week", "Week"), ("figures", "Figures"), ("faults", "Faults"), ("log", "Log"))
_HEADING = re.compile(r'role="heading" aria-level="\d"')
_HUES = 6
_UNITS = ((3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True)
class FaultsView:
    """The faults that can be injected; `waiting` lists those that were asked for and have not happened or ended yet."""

    channels: Sequence[SidebarItem]
    waiting: Sequence[str] = ()
    running: bool = True


@dataclass(frozen=True)
class PanelView:
    """The panel beside the conversation; only the open tab has content. `down` is the time at which the bot went."""

    progress: Progress | None = None
    kept: DeliveryReport | None = None
    figures: FigureTable | None = None
    faults: FaultsView | None = None
    log: CallSummary | None = None
    down: str | None = None


class PageRenderer:
    """Draws the page. Reading the templates takes a moment, so one renderer serves the whole session."""

    def __init__(self) -> None:
        """Read the templates."""
        templates = _templates()
        self._named = {name: templates.get_template(f"{name}.html") for name in (*REGIONS, "page")}

    def page(self, screen: Screen, panel: PanelView) -> str:
        """Render the whole document."""
        return self._drawn("page", screen, panel, parts=self.regions(screen, panel))

    def regions(self, screen: Screen, panel: PanelView) -> dict[str, str]:
        """Render each region, by its ID."""
        return {name: self._drawn(name, screen, panel) for name in REGIONS}

    def _drawn(self, name: str, screen: Screen, panel: PanelView, **more: object) -> str:
        return self._named[name].render(screen=screen, panel=panel, **more)


def address(viewpoint: Viewpoint, place: str = "", tab: str = "") -> str:
    """Return the URL of the page for a viewpoint, with another place or tab where one is given."""
    seen = {"as": viewpoint.user, "in": place or viewpoint.place, "tab": tab or viewpoint.tab}
    return f"/?{urlencode(seen)}"


def style() -> str:
    """Return the style sheet: Slack's looks, then the page's own."""
    return _read("slack.css") + _read("room.css")


def script() -> str:
    """Return the script of the page."""
    return _read("room.js")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("rehearsal", "templates/web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Checking the template files would cost a look at the disk for each region, many times a second.
        auto_reload=False,
    )
    environment.filters |= _FILTERS
    environment.globals |= {"address": address, "tabs": _TABS}
    return environment


def _read(name: str) -> str:
    return resources.files("rehearsal").joinpath("templates", name).read_text("utf-8")


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _hue(name: str) -> int:
    """Return the number of a colour, which is always the same for a name."""
    # `hash` differs from one process to the next, and with it a person's colour.
    return crc32(name.encode()) % _HUES


def _lasting(seconds: float) -> str:
    """Format a duration in the largest unit of which it has at least two."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= 2 * size or size == 1)
    return f"{seconds / size:.0f} {unit}"


def _number(count: int) -> str:
    return f"{count:,}"


def _fingerprint(html: str) -> str:
    return f"{crc32(html.encode()):08x}"


def _level(body: Markup, level: int) -> Markup:
    """Move headings to another level: in a message they stand under its writer, elsewhere they do not.

    A quotation mark that somebody wrote is escaped, so that no words of theirs are taken for a heading.
    """
    return Markup(_HEADING.sub(f'role="heading" aria-level="{level}"', body))  # noqa: S704 - it was safe before


_FILTERS: Mapping[str, Callable[..., object]] = {
    "initials": _initials,
    "hue": _hue,
    "lasting": _lasting,
    "number": _number,
    "fingerprint": _fingerprint,
    "level": _level,
}

"""A poster for Earth Hour as SVG, with a QR code; in millimetres of A4, and as sharp on A3."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

from bot.campaign.model import Campaign
from bot.messages.campaign_texts import campaign_title
from bot.messages.replies.phrases import capitalized
from bot.messages.words import Words
from bot.reports.html import render
from bot.reports.outside.kit_texts import hour_fields, week_fields

_WIDTH = 174
"""Millimetres of a line, without the margins."""

_BESIDE_CODE = 118
"""Millimetres of a line beside the code."""

_BROADEST = 0.6
"""The width of a character as a part of its height, which few fonts exceed on average; no font is brought along."""

_QUIET = 4
"""Modules of white around a code, without which cameras do not find it (ISO/IEC 18004)."""


@dataclass(frozen=True)
class Code:
    """A QR code: its modules a side with the white around them, and the dark ones as a path of unit squares."""

    side: int
    path: str


@dataclass(frozen=True)
class Line:
    """A line of text, and the height at which it fits."""

    text: str
    size: float


def poster(campaign: Campaign, words: Words, url: str) -> str:
    """Draw the poster in a language."""
    hour, week = hour_fields(campaign, words), week_fields(campaign, words)
    title, company = campaign_title(campaign, words), campaign.company
    return render(
        "poster.svg",
        language=words.locale.language,
        title=title,
        alternative=words("kit.poster_alt", url=url),
        code=code(url),
        name=_line(words("site.earth_hour"), 11),
        call=[_line(words("kit.poster_title"), 27), _line(words("kit.poster_hour"), 27)],
        day=_line(capitalized(hour["day"]), 11),
        when=_line(words("kit.poster_when", **{"from": hour["from"], "to": hour["to"]}), 8),
        week=[
            _line(title, 8.5, _BESIDE_CODE),
            _line(f"{capitalized(week['first_day'])} \N{EN DASH} {week['last_day']}", 5, _BESIDE_CODE),
            *([_line(company.name, 5, _BESIDE_CODE)] if company and company.name else []),
        ],
        address=_line(url.removeprefix("https://"), 4.6, _BESIDE_CODE),
    )


def code(url: str) -> Code:
    """Make the code of an address, which can still be read with a seventh of it covered."""
    rows = [bytes(row) for row in segno.make(url, error="m", micro=False).matrix]
    return Code(len(rows) + 2 * _QUIET, "".join(_runs(y, row) for y, row in enumerate(rows, _QUIET)))


def _runs(y: int, row: bytes) -> str:
    """Draw a row of modules, each run of dark ones as one rectangle, so that no seams show between them."""
    drawn, x = "", _QUIET
    for dark, run in groupby(row):
        length = len(list(run))
        drawn += f"M{x} {y}h{length}v1h-{length}z" if dark else ""
        x += length
    return drawn


def _line(text: str, largest: float, width: float = _WIDTH) -> Line:
    return Line(text, round(min(largest, width / (_BROADEST * max(1, len(text)))), 2))

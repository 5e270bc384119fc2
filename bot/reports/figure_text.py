"""Figures as text for cells of tables."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.replies.phrases import percent
from bot.messages.words import Words
from bot.standings.published_figures import Band, Kilograms
from bot.standings.year_on_year import Value


@dataclass(frozen=True)
class Cell:
    """A figure as text, with small print below it; `quiet` cells have no figure."""

    text: str
    small: str = ""
    quiet: bool = False


def figure_cell(words: Words, name: str, value: Value, smallest: int) -> Cell:
    """Write a figure, by its name, or the sign for none. `smallest` is the group below which no number is shown."""
    match name, value:
        case _, None:
            return Cell(words("report.none"), quiet=True)
        case _, Band.FEW:
            return Cell(words("report.few", count=words.number(smallest)))
        case _, Band.NEARLY_ALL:
            return Cell(words("report.nearly_all"))
        case _, Kilograms() as kilograms:
            about = words("report.about", count=words.number(kilograms.about))
            return Cell(about, span(words, kilograms.low, kilograms.high))
        case (("rate" | "response_rate"), int(share)):
            return Cell(words("report.about", count=percent(words, share)))
        case "headcount", int(count):
            return Cell(words.number(count))
        case _, int(count):
            return Cell(words("report.about", count=words.number(count)))
    raise AssertionError(f"{name} is {value!r}")


def span(words: Words, low: float, high: float) -> str:
    """Write a range."""
    return f"{words.number(low)}\N{EN DASH}{words.number(high)}"

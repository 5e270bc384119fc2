"""Figures as text: never more exact than they were published, and hidden ones without a number."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales.catalogues import words
from bot.reports.figure_text import Cell, figure_cell, span
from bot.standings.published_figures import Band, Kilograms
from bot.standings.year_on_year import Value

LANGUAGES = ("en", "sv", "nb", "da", "de")
NAMES = st.sampled_from(["participants", "pledges", "rate", "response_rate", "headcount", "pledged", "opted_out"])


@pytest.mark.parametrize(
    ("name", "value", "cell"),
    [
        ("participants", None, Cell("\u2013", quiet=True)),
        ("participants", Band.FEW, Cell("fewer than 5")),
        ("participants", Band.NEARLY_ALL, Cell("nearly all")),
        ("participants", 1234, Cell("about 1,234")),
        ("participants", 0, Cell("about 0")),
        ("headcount", 1234, Cell("1,234")),
        ("headcount", None, Cell("\u2013", quiet=True)),
        ("rate", 21, Cell("about 21%")),
        ("response_rate", 100, Cell("about 100%")),
        ("rate", Band.FEW, Cell("fewer than 5")),
        ("pledged", Kilograms(low=120, about=230, high=1410), Cell("about 230", "120\u20131,410")),
        ("confirmed", Kilograms(low=0.3, about=0.5, high=1.2), Cell("about 0.5", "0.3\u20131.2")),
    ],
)
def test_figure_is_written_by_its_name(name: str, value: Value, cell: Cell) -> None:
    assert figure_cell(words("en"), name, value, 5) == cell


@pytest.mark.parametrize(
    ("language", "count", "rate", "low"),
    [
        ("sv", "1\u00a0234", "21\u00a0%", "0,3\u20131,2"),
        ("nb", "1\u00a0234", "21\u00a0%", "0,3\u20131,2"),
        ("da", "1.234", "21\u00a0%", "0,3\u20131,2"),
        ("de", "1.234", "21\u00a0%", "0,3\u20131,2"),
    ],
)
def test_numbers_are_written_as_in_the_language(language: str, count: str, rate: str, low: str) -> None:
    spoken = words(language)
    assert figure_cell(spoken, "headcount", 1234, 5).text == count
    assert rate in figure_cell(spoken, "rate", 21, 5).text
    assert span(spoken, 0.3, 1.2) == low


@pytest.mark.parametrize("language", LANGUAGES)
@given(name=NAMES, smallest=st.integers(3, 50))
def test_hidden_figure_shows_the_group_alone(language: str, name: str, smallest: int) -> None:
    spoken = words(language)
    shown = [figure_cell(spoken, name, value, smallest) for value in (None, Band.FEW, Band.NEARLY_ALL)]
    assert [re.findall(r"\d+", cell.text) for cell in shown] == [[], [str(smallest)], []]
    assert [(cell.quiet, cell.small) for cell in shown] == [(True, ""), (False, ""), (False, "")]


def test_value_of_no_figure_is_a_mistake() -> None:
    with pytest.raises(AssertionError, match="rate is 'much'"):
        figure_cell(words("en"), "rate", "much", 5)  # type: ignore[arg-type]

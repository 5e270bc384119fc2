# ruff: noqa: RUF001 - people type these signs
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from babel.dates import format_date, get_day_names, get_month_names
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.bot_words import BotWords
from bot.listeners.date_parsing import day
from bot.listeners.typed_words import TypedWords
from bot.listeners.word_splitting import key
from bot.locales.catalogues import languages, words

OWN = TypedWords(BotWords())
SUNDAY = date(2026, 11, 29)
FIRST = date(2026, 12, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-12-01", "2026\u201112\u201101", "2026–12–01", "2026/12/1", "2026.12.01", "20261201", "2026 12 01",
        "\u201c2026-12-01\u201d", "2026-12-01.", "２０２６－１２－０１", "٢٠٢٦-١٢-٠١", "2026-\u200b12-01",
        "1.12.", "1.12", "1/12", "1-12", "01.12.2026", "1. 12. 2026", "1.12.26", "1/12/2026",
        "1 december", "1. Dezember", "1. desember 2026", "den 1 december", "am 1. Dezember", "Dec 1, 2026",
        "December 1st",
        "1 dec.", "1:a december", "till 1 dec", "until Tuesday 1 December", "tis 1 dec", "tuesday", "Tisdag",
        "på tirsdag",
        "nächsten Dienstag", "i övermorgon", "übermorgen", "2 days", "2 dagar", "in 2 Tagen",
    ],
)  # fmt: skip
def test_ways_to_write_the_first_of_december(typed: str) -> None:
    assert day(typed, SUNDAY, OWN) == FIRST


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow", date(2026, 11, 30)),
        ("i morgon", date(2026, 11, 30)),
        ("next week", date(2026, 11, 30)),
        ("sunday", date(2026, 12, 6)),
        ("2 weeks", date(2026, 12, 13)),
        ("en vecka", date(2026, 12, 6)),
        ("to uker", date(2026, 12, 13)),
        ("i to uger", date(2026, 12, 13)),
        ("zwei Wochen", date(2026, 12, 13)),
        ("för två veckor", date(2026, 12, 13)),
        ("drei Tage", date(2026, 12, 2)),
        ("til d. 3. december", date(2026, 12, 3)),
        ("today", SUNDAY),
        ("28.11.", date(2026, 11, 28)),
        ("3.1.", date(2027, 1, 3)),
        ("12/25", date(2026, 12, 25)),
        ("29.2.2028", date(2028, 2, 29)),
    ],
)
def test_days_as_people_say_them(typed: str, meant: date) -> None:
    assert day(typed, SUNDAY, OWN) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "weeks", "for uker",
        "", "off", "2027-02-30", "29.2.", "2027-04", "20270406x", "9", "13/13", "1 december 2 december", "soon",
        "monday 1 december", "100000 weeks", "99999999 days", "0000-01-01", "1 foo", "december", "mon tue", "🚲",
    ],
)  # fmt: skip
def test_what_is_no_certain_day(typed: str) -> None:
    assert day(typed, SUNDAY, OWN) is None


@pytest.mark.parametrize("names", [get_month_names, get_day_names])
def test_no_name_is_of_two_days_or_months(names: Callable[..., dict[int, str]]) -> None:
    meant: dict[str, set[int]] = {}
    for language in languages():
        for width in ("wide", "abbreviated"):
            for place, name in names(width, "format", locale=words(language).locale).items():
                meant.setdefault(key(name), set()).add(place)
    assert {name: places for name, places in meant.items() if len(places) > 1} == {}


@given(
    st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    st.sampled_from(languages()),
    st.sampled_from(["yyyy-MM-dd", "d MMMM yyyy", "d. MMM yyyy", "EEEE d MMMM yyyy", "d.M.yyyy", "d/M/yyyy"]),
)
def test_day_is_read_as_each_language_writes_it(meant: date, language: str, form: str) -> None:
    assert day(format_date(meant, form, locale=words(language).locale), SUNDAY, OWN) == meant


@given(st.dates(date(2026, 11, 30), date(2027, 5, 1)), st.sampled_from(["d.M.", "d/M", "d MMMM"]))
def test_a_day_without_a_year_is_the_nearest(meant: date, form: str) -> None:
    assert day(format_date(meant, form, locale="sv"), SUNDAY, OWN) == meant


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_day_or_none(text: str) -> None:
    assert day(text, SUNDAY, OWN) is None or isinstance(day(text, SUNDAY, OWN), date)


@pytest.mark.parametrize("days", range(1, 8))
def test_a_weekday_is_the_coming_one(days: int) -> None:
    coming = SUNDAY + timedelta(days=days)
    assert day(words("de").day(coming).split(",")[0], SUNDAY, OWN) == coming

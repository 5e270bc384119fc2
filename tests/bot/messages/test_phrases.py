"""Numbers, dates, places and people as parts of sentences, in the reader's language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.locales.catalogues import languages, words
from bot.messages.replies.phrases import (
    capitalized,
    join_days,
    join_names,
    medium_date,
    moment_fields,
    named_representatives,
    people_phrase,
    percent,
    place_name,
    sort_key,
)
from bot.messages.words import Words
from bot.standings.published_figures import Band
from tests.campaigns import MONDAY

EN = words("en")
SPOKEN = st.sampled_from([words(language) for language in languages()])


@given(SPOKEN, st.integers(0, 1000))
def test_percent_is_the_whole_number_it_was_given(spoken: Words, whole: int) -> None:
    assert re.sub(r"\D", "", percent(spoken, whole)) == str(whole)
    assert percent(spoken, whole).endswith("%")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "1 Jan 2027"), ("sv", "1 jan. 2027"), ("nb", "1. jan. 2027"), ("da", "1. jan. 2027"), ("de", "01.01.2027")],
)
def test_date_has_its_year_and_no_weekday(language: str, said: str) -> None:
    assert medium_date(words(language), date(2027, 1, 1)) == said


@pytest.mark.parametrize(
    ("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A und B"), (["A", "B", "C"], "A, B und C")]
)
def test_names_are_joined_as_the_language_does(names: list[str], said: str) -> None:
    assert join_names(words("de"), iter(names)) == said


def test_days_are_joined_in_the_given_order() -> None:
    days = [date(2027, 3, 17), MONDAY]
    assert join_days(EN, days) == "Wednesday 17 March and Monday 15 March"
    assert join_days(words("sv"), reversed(days)) == "måndag 15 mars och onsdag 17 mars"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", ["Dänemark", "Deutschland", "Österreich", "Schweden"]),
        ("sv", ["Danmark", "Réunion", "Rwanda", "Ryssland", "Sverige", "Tyskland", "Åland", "Österrike"]),
        ("sv", ["São Tomé och Príncipe", "Sverige", "Åland", "Ä", "Ö"]),
        ("da", ["Réunion", "Rusland", "Ækvatorialguinea", "Østrig", "Åland"]),
        ("nb", ["Sverige", "Øst-Timor", "Østerrike", "A\u030aland"]),
    ],
)
def test_names_are_sorted_as_the_language_does(language: str, names: list[str]) -> None:
    spoken = words(language)
    assert sorted(set(names), key=lambda name: sort_key(spoken, name)) == names


@pytest.mark.parametrize(
    ("code", "said"),
    [("NO", "Norway"), ("ZZ", "another country"), (None, "country not said"), ("", "country not said")],
)
def test_place_has_a_name_or_says_none(code: str | None, said: str) -> None:
    assert place_name(EN, code) == said


def test_unknown_place_mentions_nobody() -> None:
    assert "<" not in place_name(EN, "<!here>")


@pytest.mark.parametrize(
    ("users", "said"),
    [
        ((), None),
        (("U0ANN",), "Your representative in this Earth Week: <@U0ANN>"),
        (("U0ANN", "U0BO"), "Your representatives in this Earth Week: <@U0ANN> and <@U0BO>"),
    ],
)
def test_representatives_are_mentioned(shipped: Campaign, users: tuple[str, ...], said: str | None) -> None:
    home = shipped.countries[0].model_copy(update={"representatives": users})
    assert named_representatives(EN, home) == said


@pytest.mark.parametrize(
    ("figure", "headcount", "said"),
    [
        (1235, None, "about 1,235 colleagues"),
        (35, 1000, "about 35 of 1,000 colleagues"),
        (Band.FEW, None, "fewer than 5 colleagues"),
        (Band.FEW, 100, "fewer than 5 of 100 colleagues"),
        (Band.NEARLY_ALL, None, "nearly all colleagues"),
        (Band.NEARLY_ALL, 100, "nearly all 100 colleagues"),
        (0, 100, "about 0 of 100 colleagues"),
    ],
)
def test_people_are_a_number_or_a_band(figure: int | Band, headcount: int | None, said: str) -> None:
    assert people_phrase(EN, figure, 5, headcount) == said


@pytest.mark.parametrize("language", languages())
def test_bands_say_no_number_of_their_own(language: str) -> None:
    for headcount in (None, 987):
        said = people_phrase(words(language), Band.NEARLY_ALL, 5, headcount)
        assert re.findall(r"\d+", said) == ([] if headcount is None else ["987"])


@pytest.mark.parametrize(
    ("sentence", "said"), [("", ""), ("över", "Över"), ("35 people", "35 people"), ("eBay is", "EBay is")]
)
def test_only_the_first_letter_becomes_a_capital(sentence: str, said: str) -> None:
    assert capitalized(sentence) == said


def test_instant_is_told_on_the_companys_clock(shipped: Campaign) -> None:
    late = datetime(2027, 3, 15, 23, 30, tzinfo=UTC)
    assert moment_fields(EN, shipped, late) == {
        "day": "Tuesday, 16 March 2027",
        "time": "00:30",
        "city": "Stockholm",
    }
    assert shipped.company
    danish = replace(shipped, company=shipped.company.model_copy(update={"zone": "Europe/Copenhagen"}))
    assert moment_fields(words("da"), danish, late)["city"] == "København"

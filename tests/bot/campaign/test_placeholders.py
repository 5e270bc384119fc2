"""Placeholders: how they are written, where the line of a country stands, and what is wrong with them."""

from __future__ import annotations

import pytest

from bot.campaign.model import Campaign
from bot.campaign.placeholders import BUTTONS, Place, Placeholder, faults, fill, placeholders, put_local
from bot.locales.catalogues import languages, words
from tests.campaigns import Folder


@pytest.fixture
def small(folder: Folder) -> Campaign:
    return folder.campaign()


@pytest.mark.parametrize("text", ["{}", "{a b}", "{A}", "{day:}", "{day:A}", "{{x", "${x }", '{"a": 1}'])
def test_anything_else_in_braces_is_text(text: str) -> None:
    assert list(placeholders(text)) == []
    assert fill(text, lambda _each, _begins: "filled") == text


def test_placeholders_are_read_with_what_they_name() -> None:
    assert list(placeholders("{year} {{day:a-1} {first_day")) == [
        Placeholder("{year}", "year", ""),
        Placeholder("{day:a-1}", "day", "a-1"),
    ]


@pytest.mark.parametrize(
    ("text", "begins"), [("{year}", True), ("**{year}**", True), ("A\n\n- 🧺 {year}", True), ("In {year}", False)]
)
def test_filling_knows_what_begins_a_line(text: str, begins: bool) -> None:  # noqa: FBT001 - one column of the table
    told: list[bool] = []
    fill(text, lambda _each, is_first: told.append(is_first) or None)  # type: ignore[func-returns-value]
    assert told == [begins]


@pytest.mark.parametrize(
    ("body", "line", "shown"),
    [
        ("One.\n\n{local}\n\nTwo.", "Here.", "One.\n\nHere.\n\nTwo."),
        ("One.\n\n{local}\n\nTwo.", None, "One.\n\nTwo."),
        ("One.\n\n {local} ", None, "One."),
        ("One.", "Here.", "One.\n\nHere."),
        ("One.", None, "One."),
    ],
)
def test_country_line_stands_where_wanted(body: str, line: str | None, shown: str) -> None:
    assert put_local(body, line) == shown


GOOD = ("{year} {first_day} {countries} {goal}", "{day:notice} {weekday:notice} {time:notice} {weekday:earth_hour}")


@pytest.mark.parametrize("text", GOOD)
@pytest.mark.parametrize("place", Place)
def test_known_placeholders_have_no_fault(small: Campaign, text: str, place: Place) -> None:
    assert list(faults(text, small, place, small.posts[:1])) == []


WRONG = {
    "{yaer}": ("there is no placeholder {yaer}", "did you mean {year}?"),
    "{day}": ("{day} names no post", "name one of them, such as {day:tip}"),
    "{day:notise}": ("{day:notise} names no post", "name one of them, such as {day:notice}"),
    "{day:first_day}": ("{day:first_day} names no post", "write {first_day}"),
    "{time:earth_hour}": ("{time:earth_hour} names no post", "name one of them, such as {time:tip}"),
    "{button:jion}": ("{button:jion} names no button", "name one of them, such as {button:join}"),
    "{year:2027}": ("{year:2027} takes nothing after a colon", "write {year}"),
    "{company}": ("{company} has no value", 'add `name = "…"` under [company]'),
    "Here: {local}": ("{local} stands beside other words", "write it on a line of its own"),
    "{representatives}": ("{representatives} has no value in SE", "add `representatives` there, or reword it"),
}


@pytest.mark.parametrize("text", WRONG)
def test_faults_say_what_to_write(small: Campaign, text: str) -> None:
    assert [(each.what, each.todo) for each in faults(text, small, Place.BODY, small.posts[:1])] == [WRONG[text]]


def test_an_unknown_one_without_a_neighbour_names_all(small: Campaign) -> None:
    [fault] = faults("{qqqqqq}", small, Place.BODY)
    assert fault.todo.startswith("take it away; there are {year}, {first_day}")
    assert "{day:monday-tip}" in fault.todo


def test_goal_without_a_goal_has_no_value(folder: Folder) -> None:
    folder.change("campaign.toml", "[goal]\nparticipation_percent = 20\n", "")
    [fault] = faults("{goal}", folder.campaign(), Place.HEAD)
    assert fault.what == "{goal} has no value, since there is no goal"


@pytest.mark.parametrize(
    ("text", "place", "todo"),
    [
        ("{country}", Place.EVERYWHERE, "write {countries}"),
        ("{local}", Place.HEAD, "take it away"),
        ("{local}", Place.LINE, "take it away"),
        ("{button:join}", Place.EVERYWHERE, "take it away"),
        ("{representatives}", Place.HEAD, "write it there"),
    ],
)
def test_each_has_places_where_it_stands(small: Campaign, text: str, place: Place, todo: str) -> None:
    assert [each.todo for each in faults(text, small, place)] == [todo]


def test_what_is_for_all_countries_names_none(small: Campaign) -> None:
    results, check = ([each for each in small.posts if each.post == name] for name in ("results", "check"))
    assert [each.todo for each in faults("{country}", small, Place.BODY, results)] == ["write {countries}"]
    assert [each.todo for each in faults("{representatives}", small, Place.BODY, check)] == ["take it away"]


@pytest.mark.parametrize("language", languages())
def test_every_button_has_a_label(language: str) -> None:
    spoken = words(language)
    assert [each for each in BUTTONS if spoken(f"button.{each}") == f"button.{each}"] == []

"""Every mistake in a table is told at its line, with what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign import toml
from bot.campaign.model import EarthHourEntry, Header, Pledge, Post, Text
from bot.campaign.problems import Problems
from bot.campaign.toml import Document
from bot.campaign.toml_table import Table
from bot.campaign.toml_table_parsing import tables, value

HEADER = """\
id = "a-week"
first_day = 2027-03-15
last_day = 2027-03-20
languages = ["en"]
title = { en = "A week" }
"""
POST = """\
post = "tip"
kind = "tip"
audience = "countries"
day = 2027-03-15
time = 09:00:00
"""
PLEDGE = """\
id = "bike"
per = "day"
low = 1
high = 2
sdgs = [13]
evidence = "physics"
source = "Physics"
"""
TEXT = 'title = "A title"\nsummary = "A sentence."\n'
WHOLE: Mapping[type[Table], str] = {Header: HEADER, Post: POST, Pledge: PLEDGE, Text: TEXT}


def parsed(text: str) -> Document:
    document = toml.parse("file.toml", text, Problems())
    assert document
    return document


def told(model: type[Table], text: str) -> list[str]:
    """What is wrong with a table, with its line; there is a value of it exactly where nothing is."""
    document = parsed(text)
    made = value(model, document.data, document, ())
    noted = [str(each).removeprefix("file.toml:") for each in document.problems]
    assert (made is None) == any("`examples`" not in each for each in noted)
    return noted


@pytest.mark.parametrize(("model", "text"), WHOLE.items())
def test_right_table_is_a_value(model: type[Table], text: str) -> None:
    assert told(model, text) == []


@pytest.mark.parametrize(
    ("model", "line", "says"),
    [
        (Post, 'wave = "x"', "`wave` cannot be 'x'; it must be 'before' or 'after'"),
        (Post, "right = 1.0", "`right` cannot be 1.0; it must be a whole number without quotes"),
        (Post, "right = 6", "`right` cannot be 6; it must be less than or equal to 5"),
        (Post, "sdgs = [7, 18]", "`sdgs` cannot be 18; it must be less than or equal to 17"),
        (Post, "working_day = 1", "`working_day` cannot be 1; it must be true or false, without quotes"),
        (Post, 'source = ""', '`source` is empty; write it, for example "IEA, 2024"'),
        (Post, 'source = "' + "x" * 301 + '"', "`source` is too long (301); keep it to 300, Slack shows no more"),
        (
            Post,
            'guess = "Wednesday"',
            "`guess` cannot be 'Wednesday'; use small letters, digits and hyphens only, 60 at most",
        ),
        (
            Post,
            "until = 1",
            ("`until` cannot be 1; it must be a time such as 12:00:00, or a date and time such as 2027-03-15T12:00:00"),
        ),
        (
            Post,
            "until = 2300-01-01T12:00:00",
            ("`until`: 2300-01-01 is in no year of an Earth Hour; write it as 2027-03-15"),
        ),
        (Post, "sources = 1", "the key `sources` is not known here; did you mean `source`?"),
        (Header, 'guests = "yes"', "`guests` cannot be 'yes'; it must be true or false, without quotes"),
        (Header, "goal = 20", "`goal` cannot be 20; it must be a table of its own, with its keys below it"),
        (
            Header,
            "goal = {}",
            ("`goal.participation_percent` is missing; add it, for example `participation_percent = 20`"),
        ),
        (
            Header,
            "figures = { days = [] }",
            ('`figures.days` is empty; write it, for example ["wednesday", "friday", "results"]'),
        ),
        (
            Header,
            "earth_hour = { date = 2027-03-20, start = 20:30:00 }",
            "the key `earth_hour.start` is not known here; did you mean `starts`?",
        ),
        (Pledge, "kg = nan", "`kg` cannot be nan; it must be a finite number"),
        (Pledge, "kwh = 0", "`kwh` cannot be 0; it must be greater than 0"),
        (Pledge, "kwh_range = [1]", "`kwh_range`: a range has two figures; write it as [0.07, 0.2]"),
        (
            Pledge,
            'kg_by_country = { SE = "1" }',
            "`kg_by_country.SE` cannot be '1'; it must be a number without quotes",
        ),
        (Pledge, "left_out = [2027-03-15]", '`left_out` cannot be 2027-03-15; it must be text in quotes, such as "…"'),
        (
            Pledge,
            'body = "x"',
            (f"the key `body` is not known here; take it away; the keys here are {', '.join(Pledge.model_fields)}"),
        ),
        (Text, "local = []", '`local` cannot be []; it must be a table, such as { en = "…" }'),
        (Text, 'answers = ["' + "x" * 76 + '"]', "`answers` is too long (76); keep it to 75, Slack shows no more"),
        (Text, 'ask = "a\\nb"', "`ask`: it has several lines; write it on one"),
        (Text, 'ask = "a\\u2028b"', "`ask`: it has several lines; write it on one"),
        (
            Header,
            "earth_hour = { date = 2027-03-20, time = 20:30:00 }",
            (
                "the key `earth_hour.time` is not known here; take it away; the keys here are "
                f"{', '.join(EarthHourEntry.model_fields)}"
            ),
        ),
        (
            Post,
            'guess = "' + "x" * 61 + '"',
            f"`guess` cannot be '{'x' * 61}'; use small letters, digits and hyphens only, 60 at most",
        ),
    ],
)
def test_mistake_is_told_with_what_to_write(model: type[Table], line: str, says: str) -> None:
    text = WHOLE[model]
    assert told(model, f"{text}{line}\n") == [f"{text.count(chr(10)) + 1}: {says}"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "day = 2027-03-15",
            "day = 2027-03-15T09:00:00",
            "4: `day` cannot be 2027-03-15T09:00:00; it must be a date without quotes, such as 2027-03-15",
        ),
        (
            '"countries"',
            '"everybody"',
            (
                "3: `audience` cannot be 'everybody'; choose one of 'countries', 'company', "
                "'joined', 'earth_hour_reminder' or 'representatives'"
            ),
        ),
        (
            "09:00:00",
            "true",
            "5: `time` cannot be true; it must be a time with seconds and without quotes, such as 09:00:00",
        ),
        ('kind = "tip"\n', "", '1: `kind` is missing; add it, for example `kind = "tip"`'),
    ],
)
def test_exchanged_value_is_told_at_its_line(old: str, new: str, says: str) -> None:
    assert told(Post, POST.replace(old, new)) == [says]


def test_one_mistake_hides_no_other() -> None:
    noted = told(Post, POST.replace('"tip"', "1").replace("09:00:00", '"nine"') + "colour = 1\n")
    assert [each.partition(":")[0] for each in noted] == ["1", "2", "5", "6"]


def test_example_has_to_be_a_key() -> None:
    assert told(Post, f'{POST}examples = ["day", "text", "source"]\n') == []
    says = "`examples` names 'colour', which is no key of this table; take it out of the list"
    assert told(Post, f'{POST}examples = ["colour"]\n') == [f"6: {says}"]


def test_table_of_a_list_has_its_line() -> None:
    document = parsed('[[posts]]\npost = "a"\n\n[[posts]]\nday = "x"\n')
    assert value(Post, tables(document, "posts")[1], document, ("posts", 1)) is None
    lines = {each.what: each.line for each in document.problems}
    assert (lines["`day` cannot be 'x'"], lines["`post` is missing"]) == (5, 4)


def test_whole_table_of_another_type_is_told() -> None:
    document = parsed("posts = [1]\n")
    assert value(Post, 1, document, ("posts",)) is None
    assert [each.line for each in document.problems] == [1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: there is no [[posts]]; add at least one [[posts]]"),
        ("posts = []", "1: there is no [[posts]]; add at least one [[posts]]"),
        ("a = 1\nposts = 1", "2: `posts` is not a list of tables; write [[posts]]"),
        ("a = 1\n[posts]\nb = 1", "2: `posts` is not a list of tables; write [[posts]]"),
        ("posts = [{ a = 1 }, 2]", "1: `posts` is not a list of tables; write [[posts]]"),
    ],
)
def test_list_of_tables_is_asked_for(text: str, says: str) -> None:
    document = parsed(text)
    assert tables(document, "posts") == []
    assert [str(each) for each in document.problems] == [f"file.toml:{says}"]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("model", WHOLE)
@given(data=st.data())
def test_any_table_is_a_value_or_told(model: type[Table], data: st.DataObject) -> None:
    keys = st.sampled_from([*model.model_fields]) | st.text(max_size=6)
    document = parsed(WHOLE[model])
    changed: dict[str, Any] = {**document.data, **data.draw(st.dictionaries(keys, ANY, max_size=4))}
    made = value(model, changed, document, ())
    assert made or all(each.what and each.todo for each in document.problems.errors)
    assert made or document.problems.errors

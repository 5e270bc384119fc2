"""TOML in which one value is exchanged, and everything else stays as somebody wrote it."""

from __future__ import annotations

import tomllib

import pytest

from bot.campaign.toml import Location, insert_below, remove, set_table, set_value

TEXT = """\
# What it is
id = "week"   # a note

[goal]
percent = 20

[[posts]]
post = "tip"
left_out = [
    "NO",
]
day = 2027-03-15

# --- Tuesday ---

[[posts]]
post = "note"
"""


def test_value_is_exchanged_and_the_rest_stays() -> None:
    assert set_value(TEXT, ("id",), '"other"') == TEXT.replace('"week"', '"other"')
    assert set_value(TEXT, ("goal", "percent"), "30") == TEXT.replace("percent = 20", "percent = 30")
    several = 'left_out = [\n    "NO",\n]'
    assert set_value(TEXT, ("posts", 0, "left_out"), '["SE"]') == TEXT.replace(several, 'left_out = ["SE"]')


@pytest.mark.parametrize(
    ("at", "after"),
    [
        (("posts", 0, "until"), "day = 2027-03-15\n"),
        (("posts", 1, "until"), 'post = "note"\n'),
        (("goal", "until"), "percent = 20\n"),
        (("until",), 'id = "week"   # a note\n'),
    ],
)
def test_new_key_comes_last_in_its_table(at: Location, after: str) -> None:
    made = set_value(TEXT, at, "12:00:00")
    assert made == TEXT.replace(after, f"{after}until = 12:00:00\n")
    assert tomllib.loads(made)


@pytest.mark.parametrize("at", [("posts", 2, "until"), ("company", "until"), ("title", "en"), ("title", "fi")])
def test_table_that_is_not_there_is_no_place(at: Location) -> None:
    with pytest.raises(LookupError):
        set_value(f'title = {{ en = "A week" }}\n{TEXT}', at, "12:00:00")


def test_sign_of_a_comment_may_be_in_a_value() -> None:
    assert set_value('channel = "#week"  # "its" name', ("channel",), '"#all"') == 'channel = "#all"  # "its" name'
    assert set_value('channel = "#week"', ("channel",), '"all"') == 'channel = "all"'


TITLES = """\
# A name
[title]
en = "Week"  # as it is said
sv = "Vecka"

[themes]
"""


def test_table_gets_these_keys_and_no_others() -> None:
    made = set_table(TITLES, ("title",), {"en": "Week", "fi": "Viikko"})
    assert made == TITLES.replace('sv = "Vecka"', 'fi = "Viikko"')
    assert set_table(TITLES, ("title",), {}) == "[themes]\n"
    assert set_table(TITLES, ("title",), {"en": "Week", "sv": "Vecka"}) == TITLES


def test_table_within_a_line_is_written_anew() -> None:
    text = "id = 1\nrange = { SE = [0.1, 2], NO = [1, 2] } # kg\n"
    assert set_table(text, ("range",), {"SE": [0.1, 2]}) == "id = 1\nrange = { SE = [0.1, 2] } # kg\n"
    assert set_table(text, ("range",), {}) == "id = 1\n"
    with pytest.raises(LookupError):
        set_table('title.en = "A"\ntitle.sv = "B"', ("title",), {"en": "A"})


def test_table_goes_with_its_comment_and_what_is_in_it() -> None:
    text = f"{TEXT}\n# About one\n[[posts]]\npost = 1\n[posts.more]\nx = 1\n\n# The end\n"
    assert remove(text, ("posts", 2)) == f"{TEXT}\n# The end\n"
    without = remove(text, ("posts", 0))
    assert tomllib.loads(without)["posts"] == [{"post": "note"}, {"post": 1, "more": {"x": 1}}]
    assert "# --- Tuesday ---" in without
    assert remove(TEXT, ("posts", 0, "left_out")) == TEXT.replace('left_out = [\n    "NO",\n]\n', "")


def test_block_comes_below_a_table_and_what_is_in_it() -> None:
    text = "[[a]]\nx = 1\n[a.b]\ny = 2\n\n# ---\n\n[[c]]\n"
    assert insert_below(text, ("a", 0), "[[a]]\nx = 3") == text.replace("y = 2\n", "y = 2\n\n[[a]]\nx = 3\n")

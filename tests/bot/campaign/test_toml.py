"""TOML in which one value is exchanged, and everything else stays as somebody wrote it."""

from __future__ import annotations

import tomllib

import pytest

from bot.campaign.toml import Location, set_value

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


@pytest.mark.parametrize("at", [("posts", 2, "until"), ("company", "until")])
def test_table_that_is_not_there_is_no_place(at: Location) -> None:
    with pytest.raises(LookupError):
        set_value(TEXT, at, "12:00:00")

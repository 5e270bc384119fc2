"""What can be read and makes little sense is named with its line and with what to write."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.campaigns import Folder

FILE = "campaign.toml"


class Slip(NamedTuple):
    """What is exchanged for what, beside which text it is reported, and how."""

    old: str
    new: str
    at: str
    says: str


def code(written: str, instead: str) -> Slip:
    return Slip(
        'code = "SE"', f'code = "{written}"', f'code = "{written}"', f"there is no country {written!r}; {instead}"
    )


def channel(written: str, instead: str) -> Slip:
    return Slip(
        'channel = "week-se"',
        f'channel = "{written}"',
        f'channel = "{written}"',
        f'`channel`: Slack has no channel called {written!r}; write it as Slack does, "{instead}"',
    )


def person(written: str, todo: str) -> Slip:
    return Slip('"UNORA"', f'"{written}"', f'["{written}"]', f"`representatives`: {written!r} is no user ID; {todo}")


FIND = 'copy it from the person\'s profile in Slack, "Copy member ID"; it is such as "U012ABCDEF"'
ERRORS = {
    "channel with spaces and capitals": channel("Earth Week FI", "earth-week-fi"),
    "channel with its sign and capitals": channel("#Earth-Week", "earth-week"),
    "channel with a full stop": channel("earth.week", "earth-week"),
    "channel that is too long": channel("a" * 81, "a" * 80),
    "channel of nothing that counts": channel("…", "earth-week"),
    "channel as a link": Slip(
        'channel = "week-se"',
        'channel = "https://x.slack.com/archives/C012ABCDEF"',
        "https://x.slack",
        "`channel`: 'https://x.slack.com/archives/C012ABCDEF' is a link; write the ID in it, \"C012ABCDEF\"",
    ),
    "name for a person": person("@helmi", FIND),
    "address for a person": person("helmi@example.com", FIND),
    "ID in small letters": person("u012abcdef", 'write "U012ABCDEF"'),
    "code of the kingdom": code("UK", 'write "SE" for Sweden'),
    "language for a country": code("sv", 'write "SE" for Sweden'),
    "three letters": code("SWE", 'write "SE" for Sweden'),
    "no country at all": code("EU", 'write "SE" for Sweden'),
}


@pytest.mark.parametrize("slip", ERRORS.values(), ids=ERRORS)
def test_what_slack_or_nobody_knows_is_an_error(folder: Folder, slip: Slip) -> None:
    folder.change(FILE, slip.old, slip.new)
    assert f"{folder.at(FILE, slip.at)}: {slip.says}" in folder.errors()


@pytest.mark.parametrize(
    "written",
    ["earth-week", "#earth_week", "umweltwoche-köln", "アース", "week2027", "C012ABCDEF", "G012ABCDEF", "a" * 80],
)
def test_channels_are_taken_as_slack_writes_them(folder: Folder, written: str) -> None:
    folder.change(FILE, 'channel = "week-se"', f'channel = "{written}"')
    assert folder.errors() == []


@pytest.mark.parametrize(
    ("written", "zone", "meant"),
    [
        ("UK", "Europe/London", "GB"),
        ("EN", "Etc/UTC", "GB"),
        ("UK", "Etc/UTC", "GB"),
        ("EL", "Etc/UTC", "GR"),
        ("DA", "Etc/UTC", "DK"),
        ("SW", "Etc/UTC", "SE"),
        ("CS", "Europe/Prague", "CZ"),
        ("JA", "Etc/UTC", "JP"),
        ("Finland", "Etc/UTC", "FI"),
        ("fi", "Etc/UTC", "FI"),
        ("FIN", "Etc/UTC", "FI"),
    ],
)
def test_a_country_that_was_meant_is_named(folder: Folder, written: str, zone: str, meant: str) -> None:
    folder.change(FILE, 'code = "SE"\nzone = "Europe/Stockholm"', f'code = "{written}"\nzone = "{zone}"')
    assert any(f'there is no country {written!r}; write "{meant}" for ' in error for error in folder.errors())


WARNINGS = {
    "zone of another country": Slip(
        '"Europe/Stockholm"', '"Asia/Kolkata"', '"Asia/Kolkata"',
        "Asia/Kolkata is in India, not in Sweden; write Europe/Stockholm, or another `code`",
    ),
    "zone by its old name": Slip(
        '"Europe/Stockholm"', '"Asia/Calcutta"', '"Asia/Calcutta"',
        "Asia/Calcutta is in India, not in Sweden; write Europe/Stockholm, or another `code`",
    ),
    "zone of no place": Slip(
        '"Europe/Stockholm"', '"Etc/UTC"', '"Etc/UTC"',
        "Etc/UTC is in no country, not in Sweden; write Europe/Stockholm, or another `code`",
    ),
    "goal without a headcount": Slip(
        "headcount = 50\nheadcount_date = 2027-01-01\n", "", "participation_percent",
        "the goal is in per cent, and SE has no headcount; add `headcount` there, or take [goal] away",
    ),
    "the same post on another day": Slip(
        '[[posts]]\npost = "notice"',
        '[[posts]]\npost = "tip"\nkind = "note"\naudience = "countries"\nday = 2027-03-16\ntime = 09:00:00\n\n'
        '[[posts]]\npost = "notice"',
        'post = "tip"\nkind = "note"',
        "'tip' is posted for countries a second time, with the same words; give it words of its own, or take it away",
    ),
    "a person twice": Slip(
        '["UNORA"]', '["UNORA", "UNORA"]', '["UNORA', "'UNORA' is there twice; keep one of the two"
    ),
    "a language twice": Slip(
        'languages = ["sv"]', 'languages = ["sv", "sv"]', '["sv", "sv"]', "'sv' is there twice; keep one of the two"
    ),
    "a goal of the UN twice": Slip("[7, 13]", "[7, 7]", "[7, 7]", "7 is there twice; keep one of the two"),
    "a post at night": Slip(
        "time = 09:00:00", "time = 03:00:00", "time = 03",
        "03:00 is at night, on the reader's clock; write a time from 06:00:00 to 22:00:00",
    ),
    "a date of no headcount": Slip(
        "headcount = 50\n", "", "headcount_date", "`headcount_date` has no `headcount`; add it, or take the date away"
    ),
    "a headcount of long ago": Slip(
        "headcount_date = 2027-01-01", "headcount_date = 2022-01-01", "headcount_date = 2022",
        "people were counted on 2022-01-01; correct the date, or count anew",
    ),
    "a headcount below the smallest group": Slip(
        "headcount = 50", "headcount = 4", "headcount = 4",
        "4 people are fewer than `smallest_group`, so SE is never shown by itself; "
        "leave it, or write `board = false` so that nobody waits for it",
    ),
    "a name of another year": Slip(
        'id = "small-week"', 'id = "small-week-2026"', "id =",
        "'small-week-2026' names 2026, and the week is in 2027; write 2027; what people did is kept under the `id`",
    ),
    "a title of another year": Slip(
        'en = "Small week"', 'en = "Small week 2026"', 'en = "Small',
        "'Small week 2026' names 2026, and the week is in 2027; write 2027",
    ),
    "a week of a month": Slip(
        "last_day = 2027-03-20", "last_day = 2027-04-20", "last_day",
        "the week has 37 days; correct `first_day` or `last_day`"
    ),
    "Earth Hour at night": Slip(
        "date = 2027-03-20", "date = 2027-03-20\nstarts = 23:30:00", "starts",
        "Earth Hour would start at 23:30; it is held in the evening",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", WARNINGS.values(), ids=WARNINGS)
def test_what_makes_little_sense_is_a_warning(folder: Folder, slip: Slip) -> None:
    folder.change(FILE, slip.old, slip.new)
    assert f"{folder.at(FILE, slip.at)}: {slip.says}" in folder.warnings()
    assert folder.errors() == []


PLEDGES = "pledges.toml"


def test_a_figure_of_no_country_is_an_error(folder: Folder) -> None:
    folder.change(PLEDGES, "NO = 0.1", "NO = 0.1\nUK = 0.1")
    assert any("there is no country 'UK'; write \"GB\"" in error for error in folder.errors())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "kg = 2.1\nlow = 0.1\nhigh = 3.4",
            "kg = 0\nlow = 0\nhigh = 0",
            "'bike' saves nothing, and its evidence is published",
        ),
        ("high = 3.4", "high = 340000", "'bike' saves more than a person causes in a year; write kilograms, not grams"),
    ],
)
def test_implausible_figure_is_warning(folder: Folder, old: str, new: str, says: str) -> None:
    folder.change(PLEDGES, old, new)
    assert any(says in warning for warning in folder.warnings())


def test_what_is_right_is_not_doubted(folder: Folder) -> None:
    assert folder.warnings() == []

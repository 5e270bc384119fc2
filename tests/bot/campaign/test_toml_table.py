"""What may stand in the tables of a campaign's files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.campaign import toml_table
from bot.campaign.toml_table import YEARS, Table, as_pair, as_tuple, one_line

STRICT = ConfigDict(strict=True)


class Small(Table):
    number: int = 0


def taken(kind: Any, value: object) -> Any:
    return TypeAdapter(kind, config=STRICT).validate_python(value)


def says(kind: Any, value: object) -> str:
    """Why a value is refused."""
    with pytest.raises(ValidationError) as refused:
        taken(kind, value)
    return str(refused.value.errors()[0]["msg"]).removeprefix("Value error, ")


@pytest.mark.parametrize(
    "link", ["https://a", "https://example.org/a?b=c#d", "https://exämple.org/ö", "https://a.se/b'c", "https://a:8443"]
)
def test_link_that_leads_somewhere_is_taken(link: str) -> None:
    assert taken(toml_table.Link, link) == link


@pytest.mark.parametrize("link", ["http://a.se", "a.se", "HTTPS://a.se", "", "mailto:a@b.se", " https://a.se"])
def test_link_without_https_is_refused(link: str) -> None:
    assert says(toml_table.Link, link) == f"the link {link!r} is not https; write it as https://…"


@pytest.mark.parametrize(
    "link",
    [
        "https://",
        "https:///a",
        "https://a b",
        "https://a.se/\n",
        "https://a<b>",
        'https://a"',
        "https://'a'",
        "https://?",
        "https://#a",
    ],
)
def test_link_that_breaks_off_is_refused(link: str) -> None:
    assert says(toml_table.Link, link).startswith(f"the link {link!r} is no address; write it without spaces")


@pytest.mark.parametrize(
    "address", ["week@example.com", "a.b+c@d.e.se", "R&D@example.com", "https://example.com/contact", "å@ö.se"]
)
def test_customers_may_write_to_an_address(address: str) -> None:
    assert taken(toml_table.Contact, address) == address


@pytest.mark.parametrize(
    "address",
    [
        "Anna",
        "a@b",
        "a@b.",
        "a@.b.se",
        "@b.se",
        "a@@b.se",
        "a b@c.se",
        "a@b.se\n",
        "http://a.se",
        "https://",
        "<a@b.se>",
        "mailto:a@b.se",
        "a@b.se?subject=x",
        "https:///",
        "https://?",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert says(toml_table.Contact, address) == f"{address!r} is no address; write an e-mail address, or https://…"


@given(st.dates())
def test_day_is_of_an_earth_hour_year(day: dt.date) -> None:
    if day.year in YEARS:
        assert taken(toml_table.Day, day) == taken(toml_table.WallTime, dt.datetime.combine(day, dt.time(12))).date()
    else:
        assert says(toml_table.Day, day) == f"{day} is in no year of an Earth Hour; write it as 2027-03-15"
        assert says(toml_table.WallTime, dt.datetime.combine(day, dt.time(12))).startswith(f"{day} is in no year")


def test_wall_time_has_no_zone() -> None:
    told = "a time here is local everywhere; take away Z or the hours after + or -"
    assert taken(toml_table.WallTime, dt.time(12)) == dt.time(12)
    assert says(toml_table.WallTime, dt.time(12, tzinfo=dt.UTC)) == told
    assert says(toml_table.WallTime, dt.datetime(2027, 3, 15, 12, tzinfo=dt.UTC)) == told


@pytest.mark.parametrize("slug", ["a", "0", "monday-tip", "a-", "x" * 60])
def test_slug_is_a_name_for_files_and_keys(slug: str) -> None:
    assert taken(toml_table.Slug, slug) == slug


@pytest.mark.parametrize("slug", ["", "-a", "A", "å", "a_b", "a b", "a\n", "../a", "x" * 61])
def test_other_names_are_no_slugs(slug: str) -> None:
    assert says(toml_table.Slug, slug)


@pytest.mark.parametrize("kilograms", [-0.001, float("inf"), float("nan"), 1.1e12, "2", True])
def test_impossible_savings_are_refused(kilograms: object) -> None:
    assert says(toml_table.Kilograms, kilograms)
    assert says(toml_table.Range, [0.0, kilograms])


def test_nothing_can_be_saved_but_not_used() -> None:
    assert taken(toml_table.Kilograms, 0) == 0
    assert says(toml_table.Kilowatthours, 0) == "Input should be greater than 0"
    assert taken(toml_table.Range, [0, 1e12]) == (0, 1e12)


@pytest.mark.parametrize("value", [[], [1], [1, 2, 3], (1, 2), "12", 12, {1: 2, 3: 4}])
def test_range_has_two_figures(value: object) -> None:
    with pytest.raises(ValueError, match="a range has two figures"):
        as_pair(value)


def test_lists_of_toml_become_tuples() -> None:
    assert taken(toml_table.Strings, ["a", "b"]) == as_tuple(["a", "b"]) == ("a", "b")
    assert as_tuple("ab") == "ab"
    assert says(toml_table.Strings, "ab") == "Input should be a valid tuple"
    assert [says(toml_table.Sdgs, [number]) != "" for number in (0, 18)] == [True, True]


def test_channels_and_people_are_named_as_in_slack() -> None:
    assert taken(toml_table.Channels, ["#week", "C012ABCDEF"]) == ("week", "C012ABCDEF")
    assert "Slack has no channel called 'Earth Week'" in says(toml_table.Channel, "Earth Week")
    assert "'Anna' is no user ID" in says(toml_table.Users, ["Anna"])


def test_line_is_one_line() -> None:
    assert one_line("One line. Two sentences.") == "One line. Two sentences."
    with pytest.raises(ValueError, match="it has several lines; write it on one"):
        one_line("Two\nlines")
    assert says(toml_table.LocalLine, "") == "String should have at least 1 character"


def test_table_is_neither_changed_nor_converted() -> None:
    small = Small.model_validate({"number": 1, "examples": ["number"]})
    assert (small.number, small.examples) == (1, ("number",))
    with pytest.raises(ValidationError, match="frozen"):
        small.number = 2  # type: ignore[misc]
    for wrong in ({"number": "1"}, {"number": 1.0}, {"number": True}, {"other": 1}, {"examples": "number"}):
        with pytest.raises(ValidationError):
            Small.model_validate(wrong)

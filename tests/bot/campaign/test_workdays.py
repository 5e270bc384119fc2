from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from bot.campaign.workdays import first_working_day, is_working_day, known, working_days_before

FOUR = ("NO", "DK", "SE", "DE")


@pytest.mark.parametrize(
    ("day", "off"),
    [
        ("2027-03-15", set()),
        ("2027-03-24", set()),
        ("2027-03-25", {"NO", "DK"}),
        ("2027-03-26", {"NO", "DK", "SE", "DE"}),
        ("2027-03-27", {"NO", "DK", "SE", "DE"}),
        ("2027-03-29", {"NO", "DK", "SE", "DE"}),
        ("2027-03-30", set()),
        ("2027-05-17", {"NO", "DK", "DE"}),
    ],
)
def test_countries_have_own_days_off_around_easter_2027(day: str, off: set[str]) -> None:
    assert {code for code in FOUR if not is_working_day(date.fromisoformat(day), code)} == off


@pytest.mark.parametrize("code", FOUR)
def test_follow_up_2027_is_monday_after_easter_week(code: str) -> None:
    assert first_working_day(date(2027, 4, 5), code) == date(2027, 4, 5)


@pytest.mark.parametrize(
    ("code", "expected"), [("NO", "2027-03-30"), ("DK", "2027-03-30"), ("SE", "2027-03-25"), ("DE", "2027-03-25")]
)
def test_follow_up_on_maundy_thursday_waits_where_holiday(code: str, expected: str) -> None:
    assert first_working_day(date(2027, 3, 25), code) == date.fromisoformat(expected)


@pytest.mark.parametrize("code", [None, "", "ZZ", "se"])
def test_unknown_holidays_mean_working_monday_to_friday(code: str | None) -> None:
    week = [date(2027, 3, 22) + timedelta(days=number) for number in range(7)]
    assert [is_working_day(day, code) for day in week] == [True] * 5 + [False] * 2
    assert first_working_day(date(2027, 3, 27), code) == date(2027, 3, 29)


def test_every_known_country_works_within_two_weeks() -> None:
    for code in holidays.list_supported_countries(include_aliases=False):
        found = first_working_day(date(2027, 3, 20), code)
        assert known(code)
        assert is_working_day(found, code)
        assert date(2027, 3, 20) <= found <= date(2027, 4, 3)


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (1, "SE", "2027-03-12"),
        (3, "SE", "2027-03-10"),
        (7, "SE", "2027-03-04"),
        (0, "SE", "2027-03-15"),
        (1, None, "2027-03-12"),
    ],
)
def test_working_days_before_a_day_are_counted(number: int, code: str | None, expected: str) -> None:
    assert working_days_before(date(2027, 3, 15), number, code) == date.fromisoformat(expected)


def test_holidays_are_no_working_days_before_a_day() -> None:
    assert working_days_before(date(2027, 3, 30), 1, "SE") == date(2027, 3, 25)
    assert working_days_before(date(2027, 3, 30), 1, "NO") == date(2027, 3, 24)

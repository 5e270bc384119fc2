"""Dates in a text: each reader sees them in their own zone and language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.html.dates import local, written
from rehearsal.html.render_context import Viewer

NOON = 1_805_108_400  # 2027-03-15 11:00 UTC, noon in Oslo
DAY = 86_400
OSLO = Viewer(zone="Europe/Oslo", language="nb")
LAST_SECOND = 99_999_999_999
ZONES = ("UTC", "Europe/Oslo", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("{date_num} {time}", "2027-03-15 12:00"),
        ("{date}", "15. mars 2027"),
        ("{date_short}", "15. mars 2027"),
        ("{date_long} kl. {time_secs}", "mandag 15. mars 2027 kl. 12:00:00"),
        ("{date_pretty}", "15. mars 2027"),
        ("{ago}", "15. mars 2027"),
        ("no token", "no token"),
        ("{{time}} { time } {}", "{12:00} { time } {}"),
    ],
)
def test_dates_are_the_viewers(form: str, says: str) -> None:
    assert written(str(NOON), form, OSLO) == says


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("en-GB", ("yesterday", "today", "tomorrow")),
        ("sv", ("i går", "i dag", "i morgon")),
        ("nb-NO", ("i går", "i dag", "i morgen")),
        ("da", ("i går", "i dag", "i morgen")),
        ("de", ("gestern", "heute", "morgen")),
        ("fi", ("eilen", "tänään", "huomenna")),
    ],
)
@pytest.mark.parametrize("form", ["{date_pretty}", "{date_short_pretty}", "{date_long_pretty}", "{day_divider_pretty}"])
def test_days_nearby_have_names(language: str, days: tuple[str, ...], form: str) -> None:
    late = datetime(2027, 3, 15, 22, 59, tzinfo=UTC)  # a minute before midnight in Oslo
    viewer = Viewer(zone="Europe/Oslo", language=language, now=late)
    assert tuple(written(str(NOON + away * DAY), form, viewer) for away in (-1, 0, 1)) == days
    next_day = replace(viewer, now=late + timedelta(minutes=1))
    assert written(str(NOON), form, next_day) == days[0]


@pytest.mark.parametrize(
    ("language", "away", "form", "says"),
    [
        ("nb", 2, "{date_pretty}", "17. mars 2027"),
        ("nb", -2, "{date_short_pretty} {time}", "13. mars 2027 12:00"),
        ("fr", 0, "{date_long_pretty}", "lundi 15 mars 2027"),
        ("de", 0, "{date_long}", "Montag, 15. März 2027"),
        ("sv", -1, "{ago}", "för 1 dag sedan"),
        ("da", 2, "{ago}", "om 2 dage"),
    ],
)
def test_other_days_and_languages_have_their_dates(language: str, away: int, form: str, says: str) -> None:
    viewer = Viewer(zone="Europe/Oslo", language=language, now=datetime.fromtimestamp(NOON, UTC))
    assert written(str(NOON + away * DAY), form, viewer) == says


def test_local_time_jumps_when_clocks_change() -> None:
    night = int(datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC).timestamp())
    shown = [written(str(night + after), "{date_num} {time_secs}", OSLO) for after in (0, 1)]
    assert shown == ["2027-03-28 01:59:59", "2027-03-28 03:00:00"]


@pytest.mark.parametrize("seconds", ["", "x", "-1", "1.5", " 1", "1\n", "1e9", "\u0661\u0662", f"{LAST_SECOND}0"])
def test_what_is_no_timestamp_has_no_date(seconds: str) -> None:
    assert local(seconds, OSLO) is None
    assert written(seconds, "{time}", OSLO) is None


def test_one_unknown_token_spoils_the_date() -> None:
    assert written(str(NOON), "{date_num} {moon}", OSLO) is None


@given(st.integers(0, LAST_SECOND), st.sampled_from(ZONES))
def test_every_timestamp_keeps_its_instant(seconds: int, zone: str) -> None:
    found = local(str(seconds), Viewer(zone=zone))
    assert found is not None
    assert (found.timestamp(), found.tzinfo) == (seconds, ZoneInfo(zone))


@given(st.lists(st.sampled_from(["{time}", "{ago}", "{date_num}", "{moon}", "{", "}", "kl. ", "^"])).map("".join))
def test_any_format_is_filled_in_or_refused(form: str) -> None:
    shown = written(str(NOON), form, replace(OSLO, now=datetime.fromtimestamp(NOON, UTC)))
    assert (shown is None) == ("{moon}" in form)
    assert shown is None or not any(token in shown for token in ("{time}", "{ago}", "{date_num}"))

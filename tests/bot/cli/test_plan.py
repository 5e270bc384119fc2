from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from icalendar import Calendar

from bot.database.urls import open_database
from bot.database.worker_threads import Kind
from bot.store.organiser_acts import Actor
from bot.store.pauses import Pauses
from bot.store.schema import migrate
from tests.campaigns import shipped, shipped_campaign

from .conftest import Command

FIELDS = [
    "key",
    "post",
    "kind",
    "audience",
    "country",
    "language",
    "local",
    "zone",
    "due_at",
    "deadline",
    "held",
]


def test_json_lists_every_slot_with_its_times(earthweek: Command) -> None:
    slots = json.loads(earthweek("plan", "--json").out)
    assert all(list(slot) == FIELDS for slot in slots)
    [oslo] = [slot for slot in slots if slot["post"] == "monday-tip" and slot["country"] == "NO"]
    assert oslo["key"] == "earth-week-2027:monday-tip:countries:NO:2027-03-15"
    assert oslo["local"] == "2027-03-15T09:00:00"
    assert oslo["zone"] == "Europe/Oslo"
    assert oslo["language"] == "nb"
    assert datetime.fromisoformat(oslo["due_at"]) == datetime.fromisoformat("2027-03-15T08:00:00+00:00")
    assert datetime.fromisoformat(oslo["deadline"]) == datetime.fromisoformat("2027-03-15T23:00:00+00:00")


def test_json_has_tips_per_country_and_unique_keys(earthweek: Command) -> None:
    slots = json.loads(earthweek("plan", "--json").out)
    tips = {(slot["post"], slot["country"]) for slot in slots if slot["kind"] == "tip"}
    week = shipped_campaign()
    written = [entry.post for entry in week.posts if entry.kind == "tip"]
    assert tips == set(product(written, (country.code for country in week.countries)))
    assert len({slot["key"] for slot in slots}) == len(slots)
    reminder = [slot for slot in slots if slot["kind"] == "earth_hour_reminder"]
    assert {slot["deadline"] for slot in reminder} == {"2027-03-20T19:30:00+00:00"}


def test_the_table_shows_local_time_and_utc(earthweek: Command) -> None:
    lines = earthweek("plan").out.splitlines()
    [line] = [line for line in lines if "monday-tip" in line and "Oslo" in line]
    assert "Mon 15 Mar 09:00" in line
    assert "15 Mar 08:00" in line
    assert "#earth-week-no (nb)" in line


def test_calendar_has_every_slot_and_floating_earth_hour(earthweek: Command) -> None:
    slots = json.loads(earthweek("plan", "--json").out)
    events = Calendar.from_ical(earthweek("plan", "--ics").out).walk("VEVENT")
    assert len(events) == len(slots) + 1
    [hour] = [event for event in events if str(event["SUMMARY"]) == "Earth Hour (date not confirmed)"]
    assert hour["DTSTART"].to_ical() == b"20270320T203000"
    assert {str(event["UID"]) for event in events if event is not hour} == {
        f"{slot['key']}@earthweek" for slot in slots
    }


def test_unconfirmed_earth_hour_date_is_marked_everywhere(earthweek: Command, tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    folder.change("campaign.toml", "date = 2027-03-20\n", "")
    assert "not confirmed" in earthweek("plan", campaign=folder.root).out
    assert "Earth Hour (date not confirmed)" in earthweek("plan", "--ics", campaign=folder.root).out
    checked = earthweek("check", campaign=folder.root)
    assert "Earth Hour 2027 is not confirmed: 2027-03-20 is what the rule gives" in checked.out
    earthweek("preview", "--out", str(tmp_path / "page"), campaign=folder.root)
    page = (tmp_path / "page" / "index.html").read_text(encoding="utf-8")
    assert "Veranstalter" in page


def test_a_campaign_with_errors_has_no_plan(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("plan", campaign=tmp_path)
    assert said.code == 1
    assert "campaign.toml:1: the file is missing" in said.err
    assert said.out == ""


def test_plan_shows_what_organisers_have_decided(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///week.db")
    database = open_database("sqlite:///week.db")
    with database.transaction(Kind.ALONE) as connection:
        migrate(connection)
    with database.transaction() as connection:
        boss = Actor("earth-week-2027", "U0BOSS", datetime(2027, 3, 1, 8, tzinfo=UTC))
        Pauses().pause(connection, boss, "NO")
        Pauses().leave_out(connection, boss, "monday-tip", "DK")
    database.engine.dispose()
    slots = {(each["post"], each["country"]): each["held"] for each in json.loads(earthweek("plan", "--json").out)}
    assert (slots["monday-tip", "NO"], slots["monday-tip", "SE"]) == ("paused", None)
    assert ("monday-tip", "DK") not in slots
    told = " ".join(earthweek("plan").out.split())
    assert "Organisers: paused: NO, since Mon 01 Mar 08:00 UTC." in told
    assert "Organisers: monday-tip is left out in DK." in told

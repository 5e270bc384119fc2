"""Waves of awareness: until when one can answer, and what `check` finds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.campaign.awareness import closes_at, ended_waves, ends_at, last_day, wave_post
from tests.campaigns import SWEDEN, Folder, Place, Post, Week, write

FILE = "campaign.toml"
KATHMANDU = Place("NP", "Asia/Kathmandu", "en", "week-np")
THURSDAY, MONDAY_AFTER = date(2027, 3, 11), date(2027, 3, 22)
BEFORE = Post("before-week", THURSDAY, time(10), kind="awareness", wave="before")
AFTER = Post("after-week", MONDAY_AFTER, time(9), kind="awareness", wave="after")
RESULTS = Post("results", date(2027, 4, 1), time(10), kind="results")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    write(tmp_path, Week((BEFORE, AFTER, RESULTS), (SWEDEN, KATHMANDU), opens=THURSDAY, closes=date(2027, 4, 1)))
    return Folder(tmp_path)


def test_wave_is_open_a_week_or_until_the_week(folder: Folder) -> None:
    campaign = folder.campaign()
    before, after = wave_post(campaign, "before"), wave_post(campaign, "after")
    assert before
    assert after
    assert [last_day(campaign, post, "SE") for post in (before, after)] == [date(2027, 3, 14), date(2027, 3, 28)]
    # Midnight where they are; whoever has no country follows the company.
    assert closes_at(campaign, before, "NP") == datetime(2027, 3, 14, 18, 15, tzinfo=UTC)
    assert closes_at(campaign, before, "SE") == closes_at(campaign, before, None) == ends_at(campaign, before)
    assert list(ended_waves(campaign, ends_at(campaign, before))) == [before]
    assert list(ended_waves(campaign, ends_at(campaign, after))) == [before, after]


FAULTS = {
    "no wave": ('wave = "before"', "", "a post of kind awareness needs `wave`"),
    "a wave elsewhere": ('post = "results"', 'post = "results"\nwave = "after"', "`wave` is for posts of kind"),
    "a wave twice": ('wave = "after"', 'wave = "before"', "the wave 'before' is asked twice"),
    "another wave": ('wave = "after"', 'wave = "during"', "wave"),
    "too late": ("day = 2027-03-11", "day = 2027-03-16", "the wave before the week is asked when it has begun"),
    "too early": ("day = 2027-03-22", "day = 2027-03-19", "the wave after the week is asked before it is over"),
    "direct messages": ('audience = "countries"', 'audience = "joined"', "cannot go to joined"),
}


@pytest.mark.parametrize(("old", "new", "says"), FAULTS.values(), ids=FAULTS)
def test_mistake_in_wave_is_named(folder: Folder, old: str, new: str, says: str) -> None:
    folder.change(FILE, old, new)
    assert any(says in error for error in folder.errors()), folder.errors()


def test_wave_without_figures_is_warned_of(folder: Folder) -> None:
    assert not any("no figures are taken" in warning for warning in folder.warnings())
    folder.change(FILE, "day = 2027-04-01", "day = 2027-03-25")
    assert any("no figures are taken after this wave" in warning for warning in folder.warnings())

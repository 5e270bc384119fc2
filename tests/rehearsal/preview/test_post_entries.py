"""The posts of the preview: when each is sent, to whom, and what it says in every language."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from bot.campaign.earth_hour import EarthHour, Origin
from bot.campaign.model import Audience, Campaign, Text
from bot.campaign.schedule import addressees, lay_out
from rehearsal.preview.post_entries import PostEntry, Version, entries
from tests.campaigns import MONDAY, Folder, Post, Week, tip, write
from tests.campaigns import campaign as small_campaign


@pytest.fixture(scope="module")
def shown(campaign: Campaign) -> dict[str, PostEntry]:
    return {each.post.post: each for each in entries(campaign)}


def version(entry: PostEntry, language: str) -> Version:
    return next(each for each in entry.versions if each.words.language == language)


def one(campaign: Campaign, post: str = "monday-tip") -> PostEntry:
    """The entry of a post, which is the only one that is drawn."""
    [entry] = entries(replace(campaign, posts=tuple(each for each in campaign.posts if each.post == post)))
    return entry


def test_posts_stand_in_the_order_they_are_sent(campaign: Campaign, shown: dict[str, PostEntry]) -> None:
    sent = [slot.post for slot in lay_out(campaign, (each for each in addressees(campaign) if each.country == "SE"))]
    assert [post for post in shown if post in sent] == sent
    assert set(shown) == {post.post for post in campaign.posts}
    assert len({each.id for each in shown.values()}) == len(shown)


def test_dates_are_written_as_each_language_writes_them(shown: dict[str, PostEntry]) -> None:
    monday = shown["monday-tip"]
    assert [(*each.when, each.clock) for each in monday.versions] == [
        ("Monday, 15 March 2027, 09:00", "09:00"),
        ("måndag 15 mars 2027, 09:00", "09:00"),
        ("mandag 15. mars 2027, 09:00", "09:00"),
        ("mandag den 15. marts 2027, 09.00", "09.00"),
        ("Montag, 15. März 2027, 09:00", "09:00"),
    ]


@pytest.mark.parametrize(
    ("post", "moment", "audience", "kind"),
    [
        ("monday-tip", "09:00 local time, not after midnight", "Country channels", "Tip"),
        ("midweek-progress", "15:00 local time, not after 19:00", "Country channels", "Progress"),
        (
            "earth-hour-reminder",
            "20:15 local time, not after 20:30",
            "Direct message to everyone who asked to be reminded",
            "Earth hour reminder",
        ),
        ("results", "10:00 local time, not after Saturday, 24 April 2027, 10:00", "Country channels", "Results"),
        ("company-results", "not after Saturday, 24 April 2027, 10:15", "Company channel", "Results"),
    ],
)
def test_when_to_whom_and_until_when(
    shown: dict[str, PostEntry], post: str, moment: str, audience: str, kind: str
) -> None:
    entry = shown[post]
    assert entry.moments[0].endswith(moment)
    assert (len(entry.moments), entry.audience, entry.kind) == (1, audience, kind)


@pytest.mark.parametrize(
    ("post", "places"),
    [
        ("company-results", ["#earth-week", "", "", "", ""]),
        ("friday-check-in", ["for those who read it"] * 5),
        ("representatives-brief", ["", "Sweden", "Norway", "Denmark", "Germany"]),
    ],
)
def test_each_version_says_where_it_goes(shown: dict[str, PostEntry], post: str, places: list[str]) -> None:
    assert [each.goes_to for each in shown[post].versions] == places


def test_a_follow_up_is_dated_where_people_work(campaign: Campaign) -> None:
    easter = campaign.first_day.replace(month=3, day=29)
    moved = [post.model_copy(update={"day": easter}) for post in campaign.posts if post.working_day]
    [entry] = entries(replace(campaign, posts=tuple(moved)))
    assert version(entry, "sv").when == ("tisdag 30 mars 2027, 10:00",)


def test_countries_that_differ_are_told_apart(campaign: Campaign) -> None:
    whit_monday = campaign.first_day.replace(month=5, day=17)
    changed = {"audience": Audience.COUNTRIES, "working_day": True, "day": whit_monday}
    [entry] = entries(replace(campaign, posts=(campaign.posts[0].model_copy(update=changed),)))
    assert entry.moments == (
        "Monday, 17 May 2027, 10:00 local time, not after midnight: Sweden",
        "Tuesday, 18 May 2027, 10:00 local time, not after midnight: Norway, Denmark, Germany",
    )
    assert entry.starts.date() == whit_monday
    assert version(entry, "nb").when == ("tirsdag 18. mai 2027, 10:00",)


def test_post_that_reaches_nobody_is_shown_too() -> None:
    lost = tip("lost", "FI").model_copy(update={"kind": "note"})
    [entry] = entries(small_campaign(posts=(lost,), texts={("lost", "en"): Text(title="T", summary="S.", body="B")}))
    assert (entry.starts, entry.moments) == (dt.datetime.combine(MONDAY, dt.time(9)), ())
    assert [(each.goes_to, each.when, each.text) for each in entry.versions] == [
        ("", ("Monday, 15 March 2027, 09:00",), "S.")
    ]


def test_a_picture_is_drawn_where_it_belongs(tmp_path: Path) -> None:
    write(tmp_path, Week((Post("bare", MONDAY, dt.time(8)), Post("seen", MONDAY, dt.time(9), picture="leaf"))))
    bare, seen = entries(Folder(tmp_path).campaign())
    assert all('src="data:image/png;base64,' in each.message for each in seen.versions)
    assert not any("<img" in each.message for each in bare.versions)


def test_only_rule_date_makes_earth_hour_doubtful(campaign: Campaign) -> None:
    for origin, doubts in ((Origin.RULE, True), (EarthHour(MONDAY).origin, False)):
        hour = EarthHour(campaign.earth_hour.day, dt.time(20, 30), origin)
        for post, is_of_the_hour in (("earth-hour-reminder", True), ("monday-tip", False)):
            assert one(replace(campaign, earth_hour=hour), post).doubtful is (doubts and is_of_the_hour)


def test_examples_of_all_languages_are_named_once(campaign: Campaign) -> None:
    texts = {
        key: text.model_copy(update={"examples": ("title",) if key[1] == "sv" else ("title", "body")})
        for key, text in campaign.texts.items()
    }
    entry = one(replace(campaign, texts=texts))
    assert version(entry, "sv").examples == ("title",)
    assert entry.examples == (*entry.post.examples, "title", "body")

"""The campaign's words as people read them, with their placeholders filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bot.campaign.model import Audience, Campaign, PledgeWords, Post, Text
from bot.locales.catalogues import words
from bot.messages.campaign_texts import campaign_title, filled_text, pledge_words, post_text, preset_plans
from tests.campaigns import small


@pytest.fixture
def week(tmp_path: Path) -> Campaign:
    folder = small(tmp_path / "small")
    folder.change("campaign.toml", '[company]\nchannel = "all"', '[company]\nname = "Skola & Co"\nchannel = "all"')
    return folder.campaign()


def said(campaign: Campaign, text: str, language: str = "en", country: str | None = "SE") -> str:
    return filled_text(Text(title="T", summary=f"In {text}.", body="b"), campaign, words(language), country).summary[
        3:-1
    ]


FILLED = {
    "{year}": ("2027", "2027"),
    "{first_day}": ("Monday 15 March", "måndag 15 mars"),
    "{last_day}": ("Saturday 20 March", "lördag 20 mars"),
    "{earth_hour}": ("Saturday 20 March", "lördag 20 mars"),
    "{weekday:earth_hour}": ("Saturday", "lördag"),
    "{earth_hour_time}-{earth_hour_end}": ("20:30-21:30", "20:30-21:30"),
    "{day:notice}": ("Friday 19 March", "fredag 19 mars"),
    "{weekday:notice}": ("Friday", "fredag"),
    "{time:notice}": ("11:00", "11:00"),
    "{countries}": ("Sweden and Norway", "Sverige och Norge"),
    "{country}": ("Sweden", "Sverige"),
    "{goal}": ("20%", "20\N{NO-BREAK SPACE}%"),
    "{company}": ("Skola & Co", "Skola & Co"),
    "{button:join}": (words("en")("button.join"), words("sv")("button.join")),
    "{nothing}": ("{nothing}", "{nothing}"),
}


@pytest.mark.parametrize("text", FILLED)
def test_placeholders_are_filled_in_each_language(week: Campaign, text: str) -> None:
    assert (said(week, text), said(week, text, "sv")) == FILLED[text]


def test_four_countries_and_days_in_german(shipped: Campaign) -> None:
    # Words in a language that the campaign has.
    assert said(shipped, "{first_day}", "de") == "Montag, 15. März"
    assert said(shipped, "{countries}", "de") == "Schweden, Norwegen, Dänemark und Deutschland"
    assert said(shipped, "{earth_hour_time}", "da") == "20.30"


def test_language_without_words_has_its_own_dates(week: Campaign) -> None:
    finnish = replace(week, languages=("fi",), texts={})
    assert said(finnish, "{first_day} {countries}", "fi") == "maanantai 15. maaliskuuta Ruotsi ja Norja"


def test_dates_follow_the_text_where_readers_read_another(week: Campaign) -> None:
    # Someone reads Polish, which the campaign does not have: the text is English, and so are its dates.
    assert said(week, "{first_day} {country}", "pl", country=None) == "Monday 15 March Sweden and Norway"


def test_weekday_begins_a_line_with_a_capital(week: Campaign) -> None:
    text = Text(title="{weekday:notice}: häng tvätten", summary="S.", body="**{first_day}** är {weekday:first_day}.")
    shown = filled_text(text, week, words("sv"), "SE")
    assert (shown.title, shown.body) == ("Fredag: häng tvätten", "**Måndag 15 mars** är måndag.")


def follow_up(**more: Any) -> Post:
    about = {"kind": "check_in", "audience": Audience.JOINED, "time": time(10), "working_day": True, **more}
    return Post(post="after", day=date(2027, 3, 25), **about)


def test_day_of_a_post_is_that_of_the_country(week: Campaign) -> None:
    # Maundy Thursday is a holiday in Norway, and Easter lasts until Monday.
    later = replace(week, posts=(*week.posts, follow_up()))
    assert said(later, "{day:after}", country="SE") == "Thursday 25 March"
    assert said(later, "{day:after}", country="NO") == "Tuesday 30 March"


def test_post_on_several_days_is_the_countrys_own(week: Campaign) -> None:
    twice = (follow_up(countries=("SE",)), follow_up(countries=("NO",), time=time(12)))
    both = replace(week, posts=(*week.posts, *twice))
    assert [said(both, "{time:after}", country=code) for code in ("SE", "NO", None)] == ["10:00", "12:00", "10:00"]


TEXT = Text(title="T", summary="S.", body="One.\n\n{local}\n\nTwo.", ask="In {country}?", local={"NO": "{year} here."})


@pytest.mark.parametrize(
    ("country", "body", "ask"),
    [
        ("NO", "One.\n\n2027 here.\n\nTwo.", "In Norway?"),
        ("SE", "One.\n\nTwo.", "In Sweden?"),
        ("ZZ", "One.\n\nTwo.", "In Sweden and Norway?"),
        (None, "One.\n\nTwo.", "In Sweden and Norway?"),
    ],
)
def test_only_the_countrys_own_line_is_read(week: Campaign, country: str | None, body: str, ask: str) -> None:
    shown = post_text(replace(week, texts={("tip", "en"): TEXT}), "tip", words("en"), country)
    assert (shown.body, shown.ask, shown.local) == (body, ask, {})


def test_titles_and_pledges_are_filled_and_fit(week: Campaign) -> None:
    named = PledgeWords(title="Before {last_day} " + "x" * 57, unit="in {year}", about="{goal}", plans=("{first_day}",))
    campaign = replace(week, title={"en": "Week {year}"}, pledge_words={("bike", "en"): named})
    shown = pledge_words(campaign, "bike", words("en"))
    assert campaign_title(campaign, words("en")) == "Week 2027"
    assert shown.title == f"Before Saturday 20 March {'x' * 49}…"
    assert (shown.unit, shown.about, shown.plans) == ("in 2027", "20%", ("Monday 15 March",))
    assert preset_plans(campaign, "bike", "en") == shown.plans

"""Dates, years, countries and channels that stand in texts by hand, and do not fit the campaign."""

from __future__ import annotations

import pytest

from bot.campaign.hardcoded_values import Kind, mentions, stale
from bot.campaign.model import Campaign
from tests.campaigns import Folder

TIP = "posts/tip/en.md"


@pytest.fixture
def week(folder: Folder) -> Campaign:
    """In Sweden and Norway, from Monday 15 March 2027 until 22 April."""
    return folder.campaign()


def found(text: str, language: str = "en") -> list[str]:
    return [each.written for each in mentions(text, language)]


DATES = {
    "en": ("Monday 15 March", "Monday, March 15", "March 15th", "15 march 2026", "2026-03-15", "15.3.2026"),
    "sv": ("måndag 15 mars", "måndagen den 15 mars", "15 mars"),
    "nb": ("mandag 15. mars", "mandag den 15. mars"),
    "da": ("mandag d. 15. marts", "15. marts"),
    "de": ("Montag, 15. März", "Montag, den 15. März", "15. März 2026"),
    "fi": ("maanantaina 15. maaliskuuta",),
    "pl": ("poniedziałek, 15 marca",),
    "pt": ("segunda-feira, 15 de março", "15 de março de 2026"),
    "nl": ("maandag 15 maart",),
}


@pytest.mark.parametrize(("language", "written"), [(code, each) for code, dates in DATES.items() for each in dates])
def test_dates_are_found_in_each_language(language: str, written: str) -> None:
    [mention] = mentions(f"{written}: x", language)
    assert (mention.kind, mention.written, mention.day) == (Kind.DATE, written, (3, 15))
    has_weekday = written[0].isalpha() and not written.startswith("March")
    assert mention.weekday == (0 if has_weekday else None)


@pytest.mark.parametrize(
    "text",
    [
        "{day:march-15} {year}",
        "https://example.org/2026/#week",
        "We march for 15 minutes",
        "1,2026 kg",
        "2026%",
        "#1",
        "a#b",
    ],
)
def test_other_words_are_no_mentions(text: str) -> None:
    assert found(text) == []


COUNTRIES = {
    "In Sweden and Norway": ["Sweden", "Norway"],
    "Guinea-Bissau": ["Guinea-Bissau"],
    "the United Kingdom and an island": ["United Kingdom"],
    "Swedish, Oman": [],
}


@pytest.mark.parametrize("text", COUNTRIES)
def test_countries_are_found_by_whole_names(text: str) -> None:
    assert found(text) == COUNTRIES[text]


def test_countries_are_found_in_other_cases() -> None:
    assert found("I Sveriges och Norges skolor", "sv") == ["Sveriges", "Norges"]
    assert found("Ruotsissa, Norjassa", "fi") == ["Ruotsissa"]
    assert found("Deutschlands Schulen", "de") == ["Deutschlands"]


FITS = ("15 March", "Monday 15 March", "22 April 2027", "2027", "since 2014", "Norway", "#week-se", "#all")


@pytest.mark.parametrize("text", FITS)
def test_what_fits_the_campaign_is_not_reported(week: Campaign, text: str) -> None:
    assert found(text)
    assert list(stale(text, "en", week)) == []


STALE = {
    "Saturday 28 March": "names Saturday 28 March, which is a Sunday in 2027",
    "20 March 2026": "names 20 March 2026, which is no day of this campaign",
    "1 May": "names 1 May, which is no day of this campaign",
    "31 April": "names 31 April, which is in no calendar",
    "Earth Week 2026": "names 2026, and the week is in 2027",
    "in Denmark": "names Denmark, which is no country of this campaign",
    "in #earth-week-dk": "names #earth-week-dk, which is no channel of this campaign",
}


@pytest.mark.parametrize("text", STALE)
def test_what_does_not_fit_is_named(week: Campaign, text: str) -> None:
    assert [sentence for _, sentence in stale(text, "en", week)] == [STALE[text]]


def test_each_is_a_warning_at_its_line(folder: Folder) -> None:
    folder.change(TIP, "First paragraph.", "First paragraph.\n\nSee you on 1 May, in Denmark.")
    folder.change("pledges/sv.toml", '"På tisdag"', '"Den 1 maj"')
    at, in_pledges = folder.at(TIP, "1 May"), folder.at("pledges/sv.toml", "1 maj")
    assert folder.warnings() == [
        f"{in_pledges}: names 1 maj, which is no day of this campaign; {Kind.DATE.value}",
        f"{at}: names 1 May, which is no day of this campaign; {Kind.DATE.value}",
        f"{at}: names Denmark, which is no country of this campaign; {Kind.COUNTRY.value}",
    ]
    assert folder.errors() == []

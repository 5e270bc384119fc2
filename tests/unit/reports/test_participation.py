from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.reports.participation import FIGURES, Report, as_json, definitions, hidden, notes, place, rows
from bot.standings.figures import REST, Standing

from .week import FULL, day, nothing, standing, week


def test_every_figure_of_a_place_is_reported_and_defined() -> None:
    assert set(FIGURES) == set(Standing.model_fields) - {"place", "headcount_date"}
    assert list(definitions(words("en"))) == list(FIGURES)


@pytest.mark.parametrize(
    ("of", "kept"),
    [
        (standing("SE", 20, **FULL), ()),
        (standing("SE", 20, **{**FULL, "confirmed": None}), ("confirmed",)),
        (standing("SE", 20, None, **FULL), ()),
        (standing("SE", None, **FULL), ("participants", "rate")),
        (standing("SE", None, None, **FULL), ("participants",)),
        (standing("SE", 20, **{**FULL, "response_rate": None}), ("response_rate",)),
        (standing("SE", 20, **{**FULL, "response_rate": None, "pledges": 0}), ()),
        (standing("SE", 20, **{**FULL, "response_rate": None, "pledges": None}), ("pledges", "response_rate")),
        (standing(REST, 20, None, **{**FULL, "response_rate": None}), ()),
        (standing("SE", 0, **{**FULL, "earth_hour_people": 0}), ()),
    ],
)
def test_a_figure_is_hidden_only_where_there_is_one(of: Standing, kept: tuple[str, ...]) -> None:
    assert hidden(of) == kept


def test_places_have_the_names_of_the_language() -> None:
    assert place(words("de"), "DK") == "Dänemark"
    assert [place(words("en"), code) for code in ("all", "ZZ", "", "BA")] == [
        "All countries together",
        "Another country",
        "Country not said",
        "Bosnia & Herzegovina",
    ]


def test_the_report_speaks_the_language_of_the_company(campaign: Campaign) -> None:
    assert campaign.company
    german = campaign.company.model_copy(update={"language": "de"})
    assert Report.of(replace(campaign, company=german), week()).words.language == "de"
    unknown = campaign.company.model_copy(update={"language": "fi"})
    assert Report.of(replace(campaign, company=unknown), week()).words.language == "en"
    assert Report.of(replace(campaign, company=None), week()).words.language == "en"


def test_a_day_is_the_one_on_the_company_s_clock(report: Report) -> None:
    late = day(0, 10).model_copy(update={"taken_at": datetime(2027, 3, 15, 23, 30, tzinfo=UTC)})
    assert report.day(late) == date(2027, 3, 16)


def test_json_has_every_day_with_the_figures_as_they_were_published(report: Report) -> None:
    written = json.loads(json.dumps(as_json(report)))
    assert len(written["days"]) == len(report.days)
    for said, published in zip(written["days"], report.days, strict=True):
        assert datetime.fromisoformat(said["taken_at"]) == published.taken_at
        for each, one in zip([said["whole"], *said["places"], said["rest"]], rows(published), strict=True):
            assert Standing.model_validate({name: each[name] for name in Standing.model_fields}) == one
            assert each["hidden"] == list(hidden(one))
            assert each["name"]


def test_json_has_definitions_sources_and_versions(campaign: Campaign, report: Report) -> None:
    written = as_json(report)
    assert (written["campaign"], written["definition"], written["factors"]) == ("earth-week-2027", "1", "2027.1")
    assert written["smallest_group"] == 5
    assert set(written["definitions"]) == set(FIGURES)
    sources = written["sources"]
    assert sources["factors"] == campaign.factors_version
    assert [each["id"] for each in sources["pledges"]] == [pledge.id for pledge in campaign.pledges]
    assert all(each["source"] and each["title"] and each["unit"] for each in sources["pledges"])


def test_every_day_keeps_the_versions_it_was_counted_with(campaign: Campaign) -> None:
    before = day(0, 20).model_copy(update={"factors": "2027.0", "goal_percent": None})
    written = as_json(Report.of(campaign, [before, day(1, 24)]))
    assert [each["factors"] for each in written["days"]] == ["2027.0", "2027.1"]
    assert [each["goal_percent"] for each in written["days"]] == [None, 20]
    assert written["factors"] == "2027.1"


def test_the_notes_say_what_the_figures_are_not(report: Report) -> None:
    said = " ".join(notes(report))
    assert "colleagues estimate" in said
    assert "not for the company's accounts" in said
    assert "never added up" in said
    assert "fewer than 5 people" in said
    assert "Definitions of version 1, factors of version 2027.1." in said


def test_countries_without_a_board_are_told_of_only_where_there_are_some(campaign: Campaign, report: Report) -> None:
    first, *others = campaign.countries
    closed = replace(campaign, countries=(first.model_copy(update={"board": False}), *others))
    assert len(notes(Report.of(closed, week()))) == len(notes(report)) + 1


def test_one_day_without_any_figure_is_a_report(campaign: Campaign) -> None:
    (only,) = as_json(Report.of(campaign, [nothing(0)]))["days"]
    assert only["whole"]["participants"] is None
    assert only["day"] == (date(2027, 3, 15) + timedelta(0)).isoformat()

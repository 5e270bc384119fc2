from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.reports.published_participation import (
    FIGURES,
    Report,
    as_json,
    definitions,
    hidden_figures,
    notes,
    place_label,
)
from bot.standings.published_figures import Band, Standing

from .week import FULL, day, nothing, standing, week


def test_every_figure_of_a_place_is_defined() -> None:
    assert set(FIGURES) == set(Standing.model_fields) - {"place", "headcount_date", "rank"}
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
        (standing("SE", 20, **{**FULL, "response_rate": None, "pledges": None}), ("pledges", "response_rate")),
        (Standing(place="SE", headcount=100, participants=Band.FEW, **FULL), ()),
        (Standing(place="SE", headcount=100, participants=Band.NEARLY_ALL, **FULL), ()),
    ],
)
def test_only_existing_figures_count_as_hidden(of: Standing, kept: tuple[str, ...]) -> None:
    assert hidden_figures(of) == kept


def test_places_have_the_names_of_the_language() -> None:
    assert place_label(words("de"), "DK") == "Dänemark"
    assert [place_label(words("en"), code) for code in ("all", "ZZ", "BA")] == [
        "All countries together",
        "Other countries, or none given",
        "Bosnia & Herzegovina",
    ]


def test_the_report_speaks_the_language_of_the_company(campaign: Campaign) -> None:
    assert campaign.company
    german = campaign.company.model_copy(update={"language": "de"})
    assert Report.of(replace(campaign, company=german), week()).words.language == "de"
    unknown = campaign.company.model_copy(update={"language": "fi"})
    assert Report.of(replace(campaign, company=unknown), week()).words.language == "en"
    assert Report.of(replace(campaign, company=None), week()).words.language == "en"


def test_days_follow_the_companys_clock(report: Report) -> None:
    late = day(0, 10).model_copy(update={"taken_at": datetime(2027, 3, 15, 23, 30, tzinfo=UTC)})
    assert report.day(late) == date(2027, 3, 16)


def test_json_has_each_day_with_figures_as_published(report: Report) -> None:
    written = json.loads(json.dumps(as_json(report)))
    assert len(written["days"]) == len(report.days)
    for said, published in zip(written["days"], report.days, strict=True):
        assert datetime.fromisoformat(said["taken_at"]) == published.taken_at
        for each, one in zip([said["whole"], *said["places"], said["elsewhere"]], published.rows(), strict=True):
            assert Standing.model_validate({name: each[name] for name in Standing.model_fields}) == one
            assert each["hidden"] == list(hidden_figures(one))
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


def test_each_day_keeps_its_own_versions(campaign: Campaign) -> None:
    before = day(0, 20).model_copy(update={"factors": "2027.0", "goal_percent": None})
    written = as_json(Report.of(campaign, [before, day(1, 24)]))
    assert [each["factors"] for each in written["days"]] == ["2027.0", "2027.1"]
    assert [each["goal_percent"] for each in written["days"]] == [None, 20]
    assert written["factors"] == "2027.1"


def test_the_notes_say_what_the_figures_are_not(report: Report) -> None:
    said = " ".join(notes(report))
    assert "colleagues estimate" in said
    assert "not part of the company's official carbon figures" in said
    assert "never added up" in said
    assert "Each figure is blurred" in said
    assert "fewer than 10 people" in said
    assert "Definitions of version 1, factors of version 2027.1." in said


def test_countries_only_in_the_total_are_noted(campaign: Campaign, report: Report) -> None:
    told = report.words("report.note.total_only")
    assert told in notes(report)
    assert told not in notes(Report.of(replace(campaign, countries=campaign.countries[:3]), week()))


def test_pledge_limit_is_noted_beside_kilograms(campaign: Campaign, report: Report) -> None:
    capped = day(0, 20).model_copy(update={"max_kg": 50})
    told = report.words("standings.max_kg", kilograms="50")
    assert told in notes(Report.of(campaign, [capped]))
    assert told not in notes(report)


def test_one_day_without_any_figure_is_a_report(campaign: Campaign) -> None:
    (only,) = as_json(Report.of(campaign, [nothing(0)]))["days"]
    assert only["whole"]["participants"] is None
    assert only["day"] == (date(2027, 3, 15) + timedelta(0)).isoformat()

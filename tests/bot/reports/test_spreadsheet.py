from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.reports.published_participation import FIGURES, Report
from bot.reports.spreadsheet import COLUMNS, ENCODING, as_csv, notes_as_csv
from bot.standings.published_figures import Band, Kilograms, Standing, Standings

from .week import FULL, day, nothing, standing, standings

NUMBERS = [name for name in COLUMNS if name in FIGURES or name.endswith(("_percent", "_low", "_about", "_high"))]
WHAT_FORMULAS_START_WITH = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def published(report: Report) -> Iterator[tuple[Standings, Standing]]:
    return ((day, each) for day in report.days for each in day.rows())


def test_each_day_and_place_has_a_row(report: Report) -> None:
    found = read(as_csv(report))
    assert tuple(found[0]) == COLUMNS
    expected = [
        (day.taken_at.isoformat(), {"ZZ": "elsewhere"}.get(each.place, each.place)) for day, each in published(report)
    ]
    assert [(row["taken_at"], row["place"]) for row in found] == expected


def test_every_row_has_the_figures_as_published(report: Report) -> None:
    for row, (_, each) in zip(read(as_csv(report)), published(report), strict=True):
        for name in ("participants", "pledges", "continuing", "opted_out", "earth_hour_minutes", "headcount"):
            assert row[name] == (str(getattr(each, name)) if type(getattr(each, name)) is int else "")
        assert row["rate_percent"] == ("" if each.rate is None else str(each.rate))
        assert row["pledged_kg_high"] == ("410" if each.pledged else "")
        assert row["confirmed_kg_about"] == ("0.5" if each.confirmed else "")


def test_what_is_hidden_is_empty_and_named(campaign: Campaign) -> None:
    place = standing("NO", 20, **{**FULL, "confirmed": None, "opted_out": None})
    only = standings(place, whole=standing("all", 20, **FULL))
    whole, norway, _ = read(as_csv(Report.of(campaign, [only])))
    assert norway["hidden"] == "opted_out confirmed"
    assert {norway[name] for name in ("opted_out", "confirmed_kg_low", "confirmed_kg_about", "confirmed_kg_high")} == {
        ""
    }
    assert whole["hidden"] == ""


def test_few_and_nearly_all_are_named_without_numbers(campaign: Campaign) -> None:
    whole = standing("all", 20, continuing=Band.NEARLY_ALL).model_copy(update={"participants": Band.FEW})
    row = read(as_csv(Report.of(campaign, [standings(whole=whole)])))[0]
    assert (row["few"], row["nearly_all"]) == ("participants", "continuing")
    assert (row["participants"], row["continuing"]) == ("", "")


def test_numbers_stay_numbers(report: Report) -> None:
    for row in read(as_csv(report)):
        for name in NUMBERS:
            assert row[name] == "" or float(row[name]) >= 0


@pytest.mark.parametrize("start", WHAT_FORMULAS_START_WITH)
@pytest.mark.parametrize("before", ["", " ", "   "])
def test_no_text_can_start_a_formula(campaign: Campaign, start: str, before: str) -> None:
    text = f'{before}{start}HYPERLINK("https://evil.example","x")'
    hostile = replace(campaign, pledges=(campaign.pledges[0].model_copy(update={"source": text}),))
    newest = day(0, 20).model_copy(update={"factors": text})
    report = Report.of(hostile, [newest])
    assert {row["factors"] for row in read(as_csv(report))} == {f"'{text}"}
    assert [row["text"] for row in read(notes_as_csv(report)) if row["kind"] == "source"] == [f"'{text}"]


@given(text=st.text())
def test_any_text_is_kept_and_starts_no_formula(campaign: Campaign, text: str) -> None:
    newest = nothing(0).model_copy(update={"factors": text})
    for row in read(as_csv(Report.of(campaign, [newest]))):
        assert row["factors"] in {text, f"'{text}"}
        assert not row["factors"].lstrip(" ").startswith(tuple(WHAT_FORMULAS_START_WITH))


def test_kilograms_keep_their_published_precision(campaign: Campaign) -> None:
    kilograms = Kilograms(low=0.012, about=1_200_000, high=12)
    only = standings(whole=standing("all", 20, pledged=kilograms))
    row = read(as_csv(Report.of(campaign, [only])))[0]
    assert [row[f"pledged_kg_{part}"] for part in ("low", "about", "high")] == ["0.012", "1200000", "12"]


def test_definitions_notes_and_sources_stand_beside_it(campaign: Campaign, report: Report) -> None:
    found = read(notes_as_csv(report))
    assert [row["name"] for row in found if row["kind"] == "definition"] == list(FIGURES)
    sources = [row for row in found if row["kind"] == "source"]
    assert [row["name"] for row in sources] == [
        name
        for pledge in campaign.pledges
        for name in (pledge.id, *(f"{pledge.id} {code}" for code in pledge.source_by_country))
    ]
    assert {row["version"] for row in sources} == {campaign.factors_version}
    assert any("official carbon figures" in row["text"] for row in found if row["kind"] == "note")


def test_excel_sees_that_it_is_utf_8(report: Report) -> None:
    assert as_csv(report).encode(ENCODING).startswith(b"\xef\xbb\xbfcampaign,")

from __future__ import annotations

import json

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import campaign_words
from bot.reports.published_participation import definitions
from bot.reports.results import ResultsUnreadableError, read_results_json, results, results_json
from bot.standings.published_figures import Arrived, Band, Closing, Kilograms, Standings

from .week import week


@pytest.fixture
def closed(campaign: Campaign) -> Standings:
    """The last publication of a week, with the figures that come only once."""
    first, second, third, *rest = (each.id for each in campaign.pledges)
    closing = Closing(
        chosen={first: 10, second: 35, third: Band.NEARLY_ALL, **dict.fromkeys(rest, Band.FEW), "gone": 40},
        kept={first: 10, second: Band.FEW},
        ideas={"new": 15, "done": Band.FEW},
        messaged=45,
        posts={"monday-tip": Arrived(arrived=3, planned=4), "gone": Arrived(arrived=1, planned=1)},
    )
    return week()[-1].model_copy(update={"closing": closing})


def test_every_figure_is_the_published_one(campaign: Campaign, closed: Standings) -> None:
    found = results(campaign, closed)
    for row in closed.rows():
        for figure in found.figures:
            assert found.value(figure.name, row.place) == getattr(row, figure.name), figure.name
    assert found.value("pledged") == Kilograms(low=120, about=230, high=410)
    assert (found.messaged, found.ideas) == (45, {"new": 15, "done": Band.FEW})
    assert found.value("participants", "DK") is Band.FEW


def test_pledges_stand_by_what_is_shown(campaign: Campaign, closed: Standings) -> None:
    found = results(campaign, closed)
    first, second, third = (each.id for each in campaign.pledges[:3])
    assert [each.id for each in found.most_chosen] == [third, second, first]
    assert [each.id for each in found.most_kept] == [first]
    assert "gone" not in {each.id for each in found.pledges}


def test_json_has_definitions_and_is_read_again(campaign: Campaign, closed: Standings) -> None:
    found = results(campaign, closed)
    written = results_json(found)
    assert read_results_json(written) == found
    assert [each.id for each in found.measures] == [each.id for each in campaign.measures]
    assert [each.id for each in found.goals] == [each.id for each in campaign.goals]
    raw = json.loads(written)
    assert raw["format"] == 1
    for figure in raw["figures"]:
        for language in campaign.languages:
            assert figure["definition"][language] == definitions(campaign_words(campaign, language))[figure["name"]]


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', '{"campaign": "x"}'])
def test_file_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(ResultsUnreadableError, match=r"results\.json"):
        read_results_json(text)


@pytest.mark.parametrize("value", ["1" + "0" * 400, '{"low": 1, "about": NaN, "high": 2}', "-1e300"])
def test_figure_that_nobody_can_write_is_refused(campaign: Campaign, value: str) -> None:
    written = json.loads(results_json(results(campaign, week()[-1])))
    written["figures"][0]["values"] = {"all": "HERE"}
    with pytest.raises(ResultsUnreadableError, match="values"):
        read_results_json(json.dumps(written).replace('"HERE"', value))


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-03-28T10:00:00"])
def test_moment_at_the_end_of_time_is_refused(campaign: Campaign, moment: str) -> None:
    written = json.loads(results_json(results(campaign, week()[-1]))) | {"published_at": moment}
    with pytest.raises(ResultsUnreadableError, match="published_at"):
        read_results_json(json.dumps(written))


def test_publication_of_the_week_has_no_closing_figures(campaign: Campaign) -> None:
    found = results(campaign, week()[-1])
    assert (found.pledges, found.ideas, found.messaged, found.posts) == ((), {}, None, ())

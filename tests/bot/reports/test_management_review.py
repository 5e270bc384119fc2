from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.model import Campaign
from bot.messages import measures
from bot.reports.management_review import awareness_parts, closing_tables, review
from bot.reports.published_participation import Report
from bot.standings.published_figures import Arrived, AwarenessFigures, Band, Closing
from bot.standings.year_on_year import Former

from .week import week

ONE, OTHER = "air_dry_one_load", "vegetarian_day"


@pytest.fixture
def closed(campaign: Campaign) -> Report:
    """A week whose closing figures are published, after another one."""
    few = dict.fromkeys((each.id for each in campaign.pledges), Band.FEW)
    closing = Closing(
        chosen={**few, ONE: 10, OTHER: 25},
        kept={**few, ONE: 5},
        ideas={"new": 15, "approved": 5, "planned": Band.FEW, "done": Band.FEW, "declined": 10},
        messaged=45,
        posts={"monday-tip": Arrived(arrived=3, planned=4), "results": Arrived(arrived=4, planned=4)},
    )
    days = [*week()[:-1], week()[-1].model_copy(update={"closing": closing})]
    before = days[-1].model_copy(update={"taken_at": days[-1].taken_at - timedelta(days=364)})
    return Report.of(campaign, days, "en", Former.of(before))


def part(report: Report, title: str) -> list[str]:
    (found,) = (each for each in review(report).parts if each.title == title)
    return [*found.entries] or [found.otherwise]


def test_first_page_has_every_figure_as_published(closed: Report) -> None:
    found = {row.name: (row.now.text, row.before.text, row.change) for row in review(closed).rows}
    assert found["Participants"] == ("about 67", "about 67", "no clear change")
    assert found["Pledged, kg CO₂e (range)"][0] == "about 230"
    assert len(found) == 11


def test_lists_name_what_has_a_number(closed: Report) -> None:
    assert [each.partition(": ")[2] for each in part(closed, "Most chosen pledges")] == ["about 25", "about 10"]
    assert len(part(closed, "Most kept, as colleagues say")) == 1
    assert part(closed, "Ideas by stage") == [
        "New: about 15",
        "Approved: about 5",
        "Planned: fewer than 5",
        "Done: fewer than 5",
        "Not possible: about 10",
    ]
    assert part(closed, "Reach") == [
        "Posts that arrived in channels: 7 of 8.",
        "Reached by direct message: about 45 colleagues.",
    ]


def test_goals_add_up_published_numbers_alone(closed: Report) -> None:
    found = closing_tables(closed)
    assert found is not None
    themes, goals = found.sums
    assert sum(int(each.rpartition(" ")[2]) for each in themes.entries) == 35
    assert goals.entries[0] == "12 Responsible consumption and production: at least about 35"
    assert ("fewer than 5", "fewer than 5") in {(chosen.text, kept.text) for _, chosen, kept in found.pledges}


def test_awareness_stands_by_question_and_place(closed: Report) -> None:
    known = [
        AwarenessFigures(wave=wave, question="work", place=place, yes=20, share=share)
        for place in ("all", "SE")
        for wave, share in (("before", 40), ("after", 65))
    ]
    hidden = AwarenessFigures(wave="before", question="company", place="all", yes=Band.FEW)
    newest = closed.newest.model_copy(update={"awareness": (*known, hidden)})
    asked = replace(closed, days=(*closed.days[:-1], newest))
    said = ["I know what I can do at work. Yes, said 40% before the week and 65% after it."]
    assert part(asked, "What colleagues say they know") == said
    assert [(each.title, [*each.entries]) for each in awareness_parts(asked)] == [
        ("All countries together", said),
        ("Sweden", said),
    ]
    assert awareness_parts(closed) == []


def test_goals_and_measures_stand_as_everywhere(closed: Report, campaign: Campaign) -> None:
    found = review(closed)
    assert [bar for _, bar, _ in found.goals] == [measures.bar(each) for each in campaign.goals[:3]]
    assert {title for title, _ in found.measures} <= {
        campaign.measure_words[each.id, "en"].title for each in campaign.measures
    }
    assert found.measures


def test_week_that_goes_on_says_what_comes(report: Report) -> None:
    assert part(report, "Reach") == [
        "Pledges one by one, ideas and reach are published with the last figures of the campaign."
    ]
    assert closing_tables(report) is None
    assert review(report).before == ""


def test_company_of_few_says_that_no_number_is_shown(closed: Report, campaign: Campaign) -> None:
    nothing = closed.newest.model_copy(update={"closing": Closing(chosen={campaign.pledges[0].id: Band.FEW})})
    bare = replace(closed, days=(nothing,))
    for title in ("Most chosen pledges", "Pledges by theme", "Pledges by UN goal"):
        assert part(bare, title) == ["No pledge has a number that is large enough to be shown."]

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.campaign.model import Campaign
from bot.reports.html_report import page
from bot.reports.published_participation import FIGURES, GROUPS, Report, definitions, notes
from tests.rehearsal.html.page import Element, read

from .week import FULL, day, nothing, standing, standings, week

PLEDGED = "colleagues estimate that they save about 230 kg CO₂e if each pledge is kept once (range 120 to 410 kg CO₂e)."
NO_FIGURE = "\N{EN DASH}"


@pytest.fixture(scope="session")
def shown(report: Report) -> Element:
    return read(page(report))


def table(shown: Element, title: str) -> list[list[str]]:
    """The rows of the table with that caption, heads first."""
    (found,) = (each for each in shown.all("table") if each.all("caption") and each.one("caption").text == title)
    return [[cell.text for cell in row.all() if cell.name in {"th", "td"}] for row in found.all("tr")]


def within(shown: Element, name: str) -> Element:
    (found,) = (each for each in shown.all("section") if each.attributes["aria-labelledby"] == name)
    return found


def test_summary_states_participation_and_estimated_savings(shown: Element) -> None:
    assert [each.text for each in within(shown, "short").all("li")] == [
        "About 67 of 400 colleagues take part: 17%.",
        "Our goal is 20%.",
        f"Pledged: {PLEDGED}",
        "Done: colleagues estimate that they have saved about 0.5 kg CO₂e (range 0.3 to 1.2 kg CO₂e).",
        "Earth Hour: about 29 colleagues joined.",
    ]


def test_reached_goal_is_announced(campaign: Campaign) -> None:
    assert "We have reached our goal of 20%." in page(
        Report.of(campaign, [day(0, 43).model_copy(update={"goal_reached": True})])
    )
    assert "Our goal is 20%." in page(Report.of(campaign, [day(0, 43)]))


def test_more_people_than_the_headcount_are_warned_of(campaign: Campaign) -> None:
    over = standings(standing("SE", 101), whole=standing("all", 101, 400))
    assert "More people than the headcount: Sweden." in page(Report.of(campaign, [over]))


def test_each_group_of_figures_tabulates_all_places(report: Report, shown: Element) -> None:
    for title, names in zip(
        ("Taking part", "Pledged", "Done, as colleagues say", "Earth Hour", "What would have made it easier?"),
        GROUPS.values(),
        strict=True,
    ):
        heads, *found = table(shown, title)
        assert len(heads) == len(names) + 1
        assert len(found) == len(list(report.newest.rows()))


def test_hidden_figures_differ_from_missing_ones(shown: Element) -> None:
    found = {row[0]: row[1:] for row in table(shown, "Taking part")}
    assert found["Sweden"] == ["1001 Jan 2027", "about 30", "about 30%", "about 7"]
    assert found["Norway"] == ["1001 Jan 2027", "about 20", "about 20%", "about 0"]
    assert found["Denmark"] == ["1001 Jan 2027", "fewer than 5", NO_FIGURE, "not shown"]
    assert found["Other countries, or none given"] == [NO_FIGURE, "about 6", NO_FIGURE, "not shown"]


def test_pledged_and_confirmed_never_share_a_table(shown: Element) -> None:
    for each in within(shown, "countries").all("table"):
        heads = each.one("thead").text
        assert not ("Pledged" in heads and "Confirmed" in heads)


def test_every_figure_per_day_and_place_is_shown(report: Report, shown: Element) -> None:
    tables = within(shown, "every").all("table")
    assert len(tables) == len({each.place for day in report.days for each in day.rows()})
    heads, *found = table(shown, "Sweden")
    assert len(heads) == len(FIGURES) - len(GROUPS["obstacles"]) + 1
    assert [(row[0], row[2]) for row in found] == [
        ("Monday 15 March", "not shown"),
        ("Tuesday 16 March", "about 14"),
        ("Wednesday 17 March", "about 18"),
        ("Thursday 18 March", "about 22"),
        ("Friday 19 March", "about 26"),
        ("Saturday 20 March", "about 30"),
    ]


def test_removed_place_keeps_its_earlier_days(campaign: Campaign) -> None:
    before = standings(standing("FI", 30), whole=standing("all", 30))
    assert [row[2] for row in table(read(page(Report.of(campaign, [before, day(1, 14)]))), "Finland")[1:]] == [
        "about 30"
    ]


def test_every_chart_is_also_said_in_words(shown: Element) -> None:
    for each in shown.all("svg"):
        assert each.attributes["role"] == "img"
        assert each.one("title").attributes["id"] == each.attributes["aria-labelledby"]
    said = [each.one("title").text for each in shown.all("svg")]
    assert said[:3] == ["All countries together: 17%", "Sweden: 30%", "Norway: 20%"]
    assert said[3] == "About 51 colleagues on Tuesday, 16 March 2027, about 67 on Saturday, 20 March 2027."
    assert [each.text for each in shown.all("figcaption")] == [
        "Colleagues who take part, in per cent of all who work there. The dashed line is our goal: 20%.",
        "Colleagues who take part in all countries together, day by day. The dashed line is our goal: 80 colleagues.",
    ]
    assert "Without a bar: Denmark." in within(shown, "countries").text


def test_definitions_notes_and_sources_are_there(campaign: Campaign, report: Report, shown: Element) -> None:
    assert [each.text for each in shown.all("dd")] == list(definitions(report.words).values())
    assert [each.text for each in within(shown, "small-print").all("li")] == notes(report)
    found = within(shown, "sources")
    assert campaign.factors_version in found.text
    for pledge, row in zip(campaign.pledges, found.one("tbody").all("tr"), strict=True):
        assert row.one("th").text.startswith(campaign.pledge_words[pledge.id, "en"].title)
        assert pledge.source in row.text
        assert [each.attributes["href"] for each in row.all("a")] == [pledge.source_url] * bool(pledge.source_url)


def test_factors_differ_by_country_where_the_grid_does(campaign: Campaign, shown: Element) -> None:
    place = next(index for index, pledge in enumerate(campaign.pledges) if pledge.id == "air_dry_one_load")
    row = within(shown, "sources").one("tbody").all("tr")[place]
    assert [each.text for each in row.all("span")] == [
        "Sweden: 0.142",
        "Norway: 0.112",
        "Denmark: 0.457",
        "Germany: 1.318",
    ]


def test_a_day_without_any_figure_says_so(campaign: Campaign) -> None:
    shown = read(page(Report.of(campaign, [nothing(0)])))
    assert not shown.all("svg")
    assert "There is no rate to show" in within(shown, "countries").text
    assert "There is nothing to draw" in within(shown, "line").text
    assert "No figures are shown" in within(shown, "short").text


def test_report_works_without_headcounts_goal_and_pledges(campaign: Campaign) -> None:
    bare = replace(campaign, pledges=(), pledge_words={}, company=None, goal=None)
    places = standing("SE", 20, None), standing("NO", 30, None)
    whole = standing("all", 50, None, **FULL)
    shown = read(page(Report.of(bare, [standings(*places, whole=whole, goal_percent=None)])))
    assert within(shown, "short").all("li")[0].text == "About 50 colleagues take part."
    assert "goal" not in within(shown, "short").text
    assert not shown.all(of="goal")


def test_the_page_needs_nothing_from_anywhere(shown: Element) -> None:
    names = {each.name for each in shown.all()}
    assert not names & {"script", "img", "iframe", "object", "embed", "video", "audio", "source", "image", "use"}
    (icon,) = shown.all("link")
    assert icon.attributes["href"] == "data:,"
    css = shown.one("style").text
    assert "url(" not in css
    assert "@import" not in css
    assert "@media print" in css
    assert not [each for each in shown.all() if "src" in each.attributes or "style" in each.attributes]


def test_ids_are_unique_and_all_references_resolve(shown: Element) -> None:
    ids = [each.attributes["id"] for each in shown.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    labels = {each.attributes["aria-labelledby"] for each in shown.all() if "aria-labelledby" in each.attributes}
    links = {str(each.attributes["href"])[1:] for each in shown.all("a") if str(each.attributes["href"])[0] == "#"}
    assert labels | links <= set(ids)


def test_texts_cannot_break_out(campaign: Campaign) -> None:
    hostile = '</title></style><script>x</script><b onclick="x">'
    pledge = campaign.pledges[0].model_copy(update={"source": hostile})
    said = {key: each.model_copy(update={"title": hostile}) for key, each in campaign.pledge_words.items()}
    bad = replace(campaign, title={"en": hostile}, pledges=(pledge,), pledge_words=said, factors_version=hostile)
    newest = day(0, 20).model_copy(update={"factors": hostile, "definition": hostile})
    html = page(Report.of(bad, [newest]))
    assert "<script" not in html
    assert not [each for each in read(html).all() if any(name.startswith("on") for name in each.attributes)]


def test_language_without_catalogue_is_not_declared(campaign: Campaign) -> None:
    assert campaign.company
    finnish = campaign.company.model_copy(update={"language": "fi"})
    said = {(each.id, "fi"): campaign.pledge_words[each.id, "en"] for each in campaign.pledges}
    did = {(each.id, "fi"): campaign.measure_words[each.id, "en"] for each in campaign.commitments}
    own = replace(campaign, company=finnish, languages=("fi",), title={"fi": "Maaviikko"}, pledge_words=said)
    own = replace(own, measure_words=did)
    shown = read(page(Report.of(own, week())))
    assert shown.one("html").attributes["lang"] == "en"
    assert {each.attributes["lang"] for each in within(shown, "sources").all("th") if "lang" in each.attributes} == {
        "fi"
    }

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.campaign.green_claims import ACCURACY, claims_in
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.locales.catalogues import languages, vocabulary, words
from bot.reports.outside.site import ShownIdea, SiteContent, site_files
from bot.reports.results import for_customers, read_results_json, results
from bot.standings.published_figures import AwarenessFigures
from tests.bot.reports.week import week
from tests.campaigns import shipped_campaign
from tests.rehearsal.html.page import Element
from tests.valid_html import loaded, valid

LANGUAGES = ("en", "sv", "nb", "da", "de")
BEFORE, AFTER = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 23, tzinfo=UTC)
PICTURES = {f"pictures/{name}.png" for name in ("desk", "journey", "laundry", "mended", "plate")}
CAMPAIGN = shipped_campaign()
NEWEST = results(CAMPAIGN, week()[-1])
SHARES = (("before", 40), ("after", 55))
IDEA = ShownIdea("sv", "Låt skrivarna <sova>.", "Alla stänger av sig kl. 18.")
FULL = SiteContent(CAMPAIGN, NEWEST, (IDEA,), AFTER, is_draft=False)


def text(files: Mapping[str, str | bytes], path: str) -> str:
    found = files[path]
    assert isinstance(found, str)
    return found


@pytest.fixture(scope="module")
def files() -> Mapping[str, str | bytes]:
    return site_files(FULL)


def section(page: Element, name: str) -> Element:
    (found,) = (each for each in page.all("section") if each.attributes["aria-labelledby"] == name)
    return found


def test_there_is_a_page_a_language(files: Mapping[str, str | bytes]) -> None:
    pages = {f"{language}.html" for language in LANGUAGES}
    assert set(files) == {"index.html", "earth-hour.ics", "results.json", *pages, *PICTURES}
    start = valid(text(files, "index.html"))
    assert loaded(start) == set()
    assert {each.attributes["href"] for each in start.all("a")} == pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_valid_and_loads_its_own_pictures(files: Mapping[str, str | bytes], language: str) -> None:
    page = valid(text(files, f"{language}.html"))
    assert page.one("html").attributes["lang"] == language
    assert loaded(page) == PICTURES
    assert all(each.attributes["alt"] for each in page.all("img"))
    assert [each.attributes["href"] for each in page.all("a") if "aria-current" in each.attributes] == [
        f"{language}.html"
    ]
    assert "{" not in page.one("body").text
    levels = [each.name for each in page.all() if re.fullmatch("h[1-6]", each.name)]
    assert levels[0] == "h1"
    assert levels.count("h1") == 1


def test_figures_are_those_that_were_published(files: Mapping[str, str | bytes]) -> None:
    page = section(valid(text(files, "en.html")), "results")
    said = [each.text for each in page.all("p")]
    assert said[2].startswith("Pledged: colleagues estimate that they save about 230 kg CO₂e")
    assert [*said[:2], said[3]] == [
        "About 67 of 400 colleagues take part: 17%.",
        "Our goal is 20%.",
        "Done: colleagues estimate that they have saved about 0.5 kg CO₂e (range 0.3 to 1.2 kg CO₂e).",
    ]
    rows = [[cell.text for cell in row.all() if cell.name in {"th", "td"}] for row in page.one("tbody").all("tr")]
    assert rows == [
        ["All countries together", "about 67", "about 17%", "about 17", "about 29"],
        ["Sweden", "about 30", "about 30%", "about 17", "about 29"],
        ["Norway", "about 20", "about 20%", "not shown", "not shown"],
        ["Denmark", "fewer than 5", "\N{EN DASH}", "not shown", "not shown"],
    ]
    written = read_results_json(text(files, "results.json"))
    assert written == for_customers(NEWEST)
    left_out = {each.name for each in NEWEST.figures} - {each.name for each in written.figures}
    assert left_out == {"opted_out", *(OBSTACLE + each for each in OBSTACLES)}
    assert (written.ideas, written.messaged, written.posts) == ({}, None, ())


def test_what_colleagues_say_they_know_is_told() -> None:
    asked = [AwarenessFigures(wave=wave, question="company", place="all", share=share) for wave, share in SHARES]
    hidden = [
        AwarenessFigures(wave="before", question="work", place="all"),
        asked[0].model_copy(update={"place": "SE"}),
    ]
    known = NEWEST.model_copy(update={"awareness": (*asked, *hidden)})
    page = section(valid(text(site_files(replace(FULL, results=known)), "en.html")), "results")
    assert page.one("h3").text == "What colleagues say they know (of those who answered)"
    assert [each.text for each in page.all("li") if "footprint" in each.text] == [
        "I know what our company does about its footprint. Yes, said 40% before the week and 55% after it."
    ]
    assert "at work" not in page.text


def test_kilograms_stand_only_beside_who_estimated_them(files: Mapping[str, str | bytes]) -> None:
    for language in LANGUAGES:
        page = valid(text(files, f"{language}.html"))
        shown = [each for each in page.all("section") if each.attributes["aria-labelledby"] != "week"]
        found = [claim for each in shown for p in each.all("p") for claim in claims_in(p.text, language)]
        assert [claim for claim in found if claim.rule == ACCURACY] == []


def test_none_of_the_bots_words_is_a_claim() -> None:
    names = [each.name for each in vocabulary().sentences if each.name.startswith(("site.", "kit."))]
    assert len(names) > 50
    for language in languages():
        catalogue = words(language).catalogue
        assert [name for name in names if claims_in(catalogue.gettext(name), language)] == []


def test_before_the_week_the_page_says_when_figures_come() -> None:
    files = site_files(replace(FULL, results=None, ideas=(), now=BEFORE))
    page = valid(text(files, "de.html"))
    assert "Die ersten kommen am Mittwoch, 17. März 2027." in section(page, "results").text
    assert "results.json" not in files
    assert not [each for each in page.all("h2") if each.text == words("de")("site.ideas")]
    assert words("de")("site.next_hour") not in page.text


def test_after_it_the_next_hour_is_only_an_estimate(files: Mapping[str, str | bytes]) -> None:
    page = valid(text(files, "en.html"))
    (line,) = section(page, "next").all("li")
    assert line.text == "25 Mar 2028: The next Earth Hour, by its usual rule; not confirmed yet"


def test_ideas_keep_their_language_and_name_nobody(files: Mapping[str, str | bytes]) -> None:
    idea = section(valid(text(files, "da.html")), "ideas")
    assert idea.one("blockquote").attributes["lang"] == "sv"
    assert idea.one("blockquote").text == "Låt skrivarna <sova>."
    assert "Det kom der ud af den: Alla stänger av sig kl. 18." in idea.text


def test_contact_is_a_link_by_mail_or_to_a_page() -> None:
    company = CAMPAIGN.company
    assert company
    for contact, address in (("week@example.com", "mailto:week@example.com"), ("https://example.com/a", None)):
        named = replace(CAMPAIGN, company=company.model_copy(update={"contact": contact}))
        page = valid(text(site_files(replace(FULL, campaign=named)), "sv.html"))
        assert section(page, "contact").one("a").attributes["href"] == (address or contact)
    assert valid(text(site_files(FULL), "sv.html")).all("section", "contact") == []


def test_a_draft_says_so_above_everything() -> None:
    draft = site_files(replace(FULL, is_draft=True))
    assert valid(text(draft, "sv.html")).one("p", "draft").text.startswith("Utkast")
    assert not valid(text(site_files(FULL), "sv.html")).all("p", "draft")


def test_words_of_people_cannot_break_out() -> None:
    hostile = "</style><script>x</script><b onclick='x'>"
    idea = ShownIdea("en", hostile, hostile)
    bad = replace(CAMPAIGN, title=dict.fromkeys(LANGUAGES, hostile))
    for path, content in site_files(replace(FULL, campaign=bad, ideas=(idea,))).items():
        if path.endswith(".html"):
            assert isinstance(content, str)
            assert "<script" not in content
            valid(content)

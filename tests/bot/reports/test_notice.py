"""The notices say what the tables have, how long it is kept, and what the company has to settle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.reports.notice import Installation, notices
from bot.store.privacy import parts
from bot.store.tables import metadata
from tests.rehearsal.html.page import Element, read

HERE = Installation("1.2.3", is_sqlite=True, scopes=("chat:write", "users:read"))
PERSONAL = {"user", "recipient", "by", "decided_by", "restored_by", "resumed_by", "withdrawn_by"}
LANGUAGES = ("en", "sv", "nb", "da", "de")
GROUPS = ("employees", "works-council")


@pytest.fixture(scope="module")
def pages(campaign: Campaign) -> dict[str, Element]:
    return {name: read(text) for name, text in notices(campaign, HERE).items()}


def rows(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.all() if cell.name in {"th", "td"}] for row in page.all("tr")]


def items(page: Element) -> str:
    return "\n".join(each.text for each in (*page.all("li"), *page.all("p")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_is_named_to_works_councils(pages: dict[str, Element], language: str) -> None:
    page = pages[f"works-council-{language}.html"]
    assert {table.name for table in metadata.sorted_tables} <= {row[0] for row in rows(page)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_personal_part_is_told_to_employees(pages: dict[str, Element], language: str) -> None:
    told = items(pages[f"employees-{language}.html"])
    for part in parts():
        assert words(language)(f"notice.part_{part.name}") in told


def test_every_column_with_a_person_is_named(pages: dict[str, Element]) -> None:
    named = {
        (row[0], column)
        for row in rows(pages["works-council-en.html"])
        for column in row[2:3]
        for column in column.split(", ")
    }
    for table in metadata.sorted_tables:
        personal = PERSONAL & set(table.c.keys())
        columns = {(table.name, column.name) for column in table.c}
        assert not personal or columns <= named, table.name


def test_times_are_those_of_the_campaign(campaign: Campaign) -> None:
    later = replace(campaign, closes=date(2027, 5, 2))
    for group in GROUPS:
        [told] = [text for name, text in notices(later, HERE).items() if name == f"{group}-en.html"]
        assert "Kept until Saturday, 31 July 2027, 90 days after the campaign closes." in told
    assert later.kept_until == date(2027, 5, 2) + timedelta(days=90) == date(2027, 7, 31)
    assert "for 10 minutes" in told
    assert "31 Jul 2027" in told


def test_part_says_when_and_how_it_goes(pages: dict[str, Element]) -> None:
    found = {(row[0], row[1]): row[3:] for row in rows(pages["works-council-en.html"]) if len(row) == 5}
    until = {name: {tuple(said) for (table, _), said in found.items() if table == name} for name, _ in found}
    assert until["people"] == {("with the person's last campaign", "removed")}
    assert until["awareness_answered"] == {("when the questions close", "removed")}
    assert until["ideas"] == {("after 21 Jul 2027", "removed"), ("after 21 Jul 2027", "the name goes, the rest stays")}
    assert until["revisions"] == {("after 21 Jul 2027", "the name goes, the rest stays")}


def test_small_country_has_no_figures_of_its_own(campaign: Campaign) -> None:
    small = campaign.countries[0].model_copy(update={"headcount": 9, "works_council_informed": True})
    hidden = campaign.countries[1].model_copy(update={"board": False})
    changed = replace(campaign, countries=(small, hidden, *campaign.countries[2:]))
    page = read(notices(changed, HERE)["works-council-en.html"])
    assert [row for row in rows(page) if len(row) == 3][1:] == [
        ["Sweden", "no", "yes"],
        ["Norway", "no", "no"],
        ["Denmark", "yes", "no"],
        ["Germany", "yes", "no"],
    ]


def test_database_and_permissions_are_those_used(campaign: Campaign, pages: dict[str, Element]) -> None:
    elsewhere = replace(HERE, is_sqlite=False)
    on_postgresql = notices(campaign, elsewhere)["works-council-en.html"]
    assert "(PostgreSQL)" in on_postgresql
    assert "autovacuum" in on_postgresql
    told = items(pages["works-council-en.html"])
    assert "(SQLite)" in told
    assert "overwritten" in told
    assert {"chat:write", "users:read"} <= set(told.split("\n"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", GROUPS)
def test_page_is_no_advice_and_has_blanks(pages: dict[str, Element], group: str, language: str) -> None:
    page = pages[f"{group}-{language}.html"]
    assert page.one("html").attributes["lang"] == language
    told = items(page)
    assert words(language)("notice.made", version="1.2.3") in told
    assert told.count("[") >= 5
    # The company's name is still the example.
    assert words(language)("notice.company") in told
    assert page.all("script") == page.all("img") == page.all("a") == []

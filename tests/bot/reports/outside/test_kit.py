from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.campaign.model import Campaign
from bot.reports.outside.kit import kit_files
from tests.campaigns import shipped_campaign
from tests.valid_html import loaded, valid

URL = "https://example.com/earth-week?a=1&b=2"
NOW = datetime(2027, 3, 1, tzinfo=UTC)
LANGUAGES = ("en", "sv", "nb", "da", "de")
TEXTS = ("intranet.txt", "newsletter.txt", "signature.txt", "lesson.txt")


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    return kit_files(shipped_campaign(), URL, NOW)


def test_each_language_has_every_text_and_the_poster(files: Mapping[str, str]) -> None:
    assert set(files) == {"earth-hour.ics", "index.html"} | {
        f"{language}/{name}" for language in LANGUAGES for name in (*TEXTS, "index.html", "poster.svg")
    }


def test_each_text_leads_on_and_has_no_blanks(files: Mapping[str, str]) -> None:
    for language in LANGUAGES:
        for name in TEXTS:
            text = files[f"{language}/{name}"]
            assert URL in text
            assert "{" not in text
            assert "`" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_kit_page_is_valid_and_loads_only_poster(files: Mapping[str, str], language: str) -> None:
    page = valid(files[f"{language}/index.html"])
    assert page.one("html").attributes["lang"] == language
    assert loaded(page) == {"poster.svg"}
    links = {each.attributes["href"] for each in page.all("a")}
    assert links == {URL, *TEXTS, "poster.svg", "../earth-hour.ics"}


def test_start_page_names_every_language(files: Mapping[str, str]) -> None:
    page = valid(files["index.html"])
    assert loaded(page) == set()
    assert [each.attributes["href"] for each in page.all("a")] == [f"{each}/index.html" for each in LANGUAGES]
    assert [each.attributes["lang"] for each in page.all("li")] == list(LANGUAGES)


def test_calendar_has_the_hour_wherever_it_is_opened(files: Mapping[str, str]) -> None:
    assert "DTSTART:20270320T203000\r\n" in files["earth-hour.ics"]


def test_titles_of_a_campaign_cannot_break_out() -> None:
    hostile = "</style><script>x</script>"
    bad: Campaign = replace(shipped_campaign(), title=dict.fromkeys(LANGUAGES, hostile))
    for path, text in kit_files(bad, URL, NOW).items():
        assert path.endswith((".txt", ".ics")) or "<script" not in text

from __future__ import annotations

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bot.campaign.earth_hour import EarthHour, Origin
from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.campaign_texts import post_text
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose, plain
from rehearsal.html.blocks import BLOCKS, render
from rehearsal.html.render_context import Viewer
from rehearsal.preview.page import page as drawn
from rehearsal.preview.page import write
from tests.rehearsal.html.page import Element, read

pytestmark = pytest.mark.thorough  # each test draws a page of every post in every language


@pytest.fixture(scope="module")
def page(campaign: Campaign) -> Element:
    return read(drawn(campaign))


def entry(page: Element, post: str) -> Element:
    (found,) = (each for each in page.all("article") if each.attributes["data-post"] == post)
    return found


def test_every_block_the_bot_sends_is_known(campaign: Campaign) -> None:
    for post in campaign.posts:
        for language in campaign.languages:
            message = compose(PostContext(campaign, post, words(language)))
            for blocks in (message.blocks, plain(message).blocks):
                assert {block["type"] for block in blocks} <= set(BLOCKS)
                assert "bk-unknown" not in render(blocks, Viewer())


def test_every_post_is_there_once_in_every_language(campaign: Campaign, page: Element) -> None:
    for post in campaign.posts:
        versions = entry(page, post.post).all("section", of="version")
        assert len(versions) == len(campaign.languages)
        for version, language in zip(versions, campaign.languages, strict=True):
            text = post_text(campaign, post.post, words(language), None)
            assert version.one(of="bk-header").text == text.title
            assert version.one(of="notification").text == text.summary
            assert version.one("h4").attributes["lang"] == language
            assert version.one(of="message").attributes["lang"] == language


def test_facts_and_dates_stand_with_each_post(page: Element) -> None:
    tip = entry(page, "monday-tip")
    said = tip.one("dl").text
    assert all(fact in said for fact in ("09:00 local time, not after midnight", "Country channels", "Tip"))
    assert tip.all(of="when")[1].text == "måndag 15 mars 2027, 09:00"


def test_each_language_says_where_it_goes(page: Element) -> None:
    places = [each.one("header").all("p")[0].text for each in entry(page, "monday-tip").all("section", of="version")]
    assert places == [
        "not posted in this language",
        "#earth-week-se",
        "#earth-week-no",
        "#earth-week-dk",
        "#earth-week-de",
    ]


def test_what_is_still_an_example_is_marked(page: Element) -> None:
    marked = [each.attributes["data-post"] for each in page.all("article") if each.all(of="mark")]
    assert marked == ["our-measure", "earth-hour-notice", "earth-hour-reminder", "earth-hour-check"]
    assert "1 post is still an example" in page.one(of="notes").text


def test_unconfirmed_earth_hour_is_marked_as_such(campaign: Campaign, page: Element) -> None:
    decided = replace(campaign, earth_hour=EarthHour(campaign.earth_hour.day, time(20, 30)))
    assert "not confirmed" not in read(drawn(decided)).text
    assert "not confirmed" in page.text
    unsure = replace(campaign, earth_hour=EarthHour(campaign.earth_hour.day, time(20, 30), Origin.RULE))
    seen = read(drawn(unsure))
    assert "The date of Earth Hour is not confirmed" in seen.one(of="notes").text
    assert "The date of Earth Hour is not confirmed" in entry(seen, "earth-hour-reminder").text
    assert "The date of Earth Hour is not confirmed" not in entry(seen, "monday-tip").text


def test_the_contents_lead_to_every_post(page: Element) -> None:
    targets = {f"#{each.attributes['id']}" for each in page.all() if "id" in each.attributes}
    links = {each.attributes["href"] for each in page.one("nav").all("a")}
    assert links == {f"#{each.attributes['id']}" for each in page.all("article")} | {"#pledges"}
    assert links <= targets


def test_no_id_is_used_twice(page: Element) -> None:
    ids = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))


def test_every_pledge_is_there_in_every_language(campaign: Campaign, page: Element) -> None:
    books = page.all("section", of="book")
    assert len(books) == len(campaign.languages)
    for book, language in zip(books, campaign.languages, strict=True):
        rows = book.one("tbody").all("tr")
        assert [row.one("th").all("b")[0].text for row in rows] == [
            campaign.pledge_words[pledge.id, language].title for pledge in campaign.pledges
        ]
        for row, pledge in zip(rows, campaign.pledges, strict=True):
            assert all(pledge.impact(country.code) in row.text for country in campaign.countries)
            assert pledge.source in row.text
            assert pledge.evidence in row.text.lower()
            assert pledge.theme is None or campaign.themes[pledge.theme][language] in row.text
            assert all(f"{goal} {words(language)(f'sdg.{goal}')}" in row.text for goal in pledge.sdgs)


def test_pledge_says_where_it_is_listed(campaign: Campaign, page: Element) -> None:
    rows = page.all("section", of="book")[0].one("tbody").all("tr")
    listed = {pledge.id: row.text for row, pledge in zip(rows, campaign.pledges, strict=True)}
    assert "Travel · fun" in listed["bike_or_walk_10km"]
    assert "Energy · easy" in listed["air_dry_one_load"]


def test_kilograms_differ_by_country_where_the_grid_does(campaign: Campaign, page: Element) -> None:
    place = next(i for i, pledge in enumerate(campaign.pledges) if pledge.kg_by_country)
    row = page.all("section", of="book")[1].one("tbody").all("tr")[place]
    pledge = campaign.pledges[place]
    assert "Norge" in row.text
    assert f"{pledge.kilograms('NO')}".replace(".", ",") in row.text


def test_a_campaign_without_pledges_has_no_table(campaign: Campaign) -> None:
    page = read(drawn(replace(campaign, pledges=(), pledge_words={})))
    assert not page.all("table")


def test_the_page_needs_nothing_from_anywhere(page: Element) -> None:
    names = {each.name for each in page.all()}
    assert not names & {"script", "iframe", "object", "embed", "video", "audio", "source"}
    (icon,) = page.all("link")
    assert icon.attributes["href"] == "data:,"
    css = page.one("style").text
    assert "url(" not in css
    assert "@import" not in css
    sources = [each.attributes["src"] or "" for each in page.all() if "src" in each.attributes]
    assert sources, "the pictures of the posts"
    assert all(each.startswith("data:image/png;base64,") for each in sources)


def test_texts_cannot_break_out(campaign: Campaign) -> None:
    first = campaign.posts[0].post
    hostile = '</title></style><script>x</script><b onclick="x">'
    texts = {
        key: text.model_copy(update={"title": hostile, "summary": hostile, "body": hostile})
        if key[0] == first
        else text
        for key, text in campaign.texts.items()
    }
    html = drawn(replace(campaign, title={"en": hostile}, texts=texts))
    assert "<script" not in html
    assert not [each for each in read(html).all() if any(name.startswith("on") for name in each.attributes)]


def test_it_writes_one_file_and_leaves_others(campaign: Campaign, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "preview"
    assert write(campaign, folder) == folder / "index.html"
    (folder / "notes.txt").write_text("mine")
    write(campaign, folder)
    assert sorted(file.name for file in folder.iterdir()) == ["index.html", "notes.txt"]
    assert (folder / "index.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")

"""The page from which organisers run the week, on which every list may be short or long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Audience, Campaign
from bot.campaign.organiser_decisions import ALL_COUNTRIES, Pause
from bot.locales.catalogues import languages, words
from bot.messages.message import Block
from bot.messages.organise import overview
from bot.messages.organise.overview import ActDone, NotReady, NotSaid, Overview
from bot.messages.organise.post_state import PostState
from bot.store.organiser_acts import Act
from rehearsal.slack.block_validation import view_problems
from tests.bot.messages.organise_samples import NOW, TODAY, page_of, quiet, status, statuses
from tests.bot.messages.reply_samples import named, ordinary, pressable, texts

EN = words("en")


def blocks(campaign: Campaign, shown: Overview | None = None, page: int | None = None, **more: Any) -> list[Block]:
    view = overview.draw(EN, campaign, shown or quiet(), page, today=TODAY, **more)
    assert view_problems(view, "modal") == []
    return list(view["blocks"])


def days(drawn: Sequence[Block]) -> list[str]:
    return [name.removeprefix("day:") for name in named(drawn) if name.startswith("day:")]


def test_first_page_is_the_one_of_today(shipped: Campaign) -> None:
    shown = page_of(shipped)
    view = overview.draw(words("en"), shipped, shown, None, today=TODAY)
    assert words("en").short_day(TODAY) in str(view["blocks"])


def test_page_with_nothing_on_it_says_so(shipped: Campaign) -> None:
    drawn = blocks(shipped)
    assert {"Yes, everything is ready.", "There are no posts here."} <= set(texts(drawn))
    assert "told" not in named(drawn)
    assert texts(blocks(shipped, told="Done."))[0] == "Done."
    assert list(pressable(drawn)) == [
        "organise_pause:SE/SE", "organise_ideas:SE", "organise_own_post", "organise_help", "organise_digest"
    ]  # fmt: skip


def test_managers_have_more_to_press(shipped: Campaign) -> None:
    shown = quiet(is_manager=True, countries=("SE", "NO"), standings=ordinary())
    more = set(pressable(blocks(shipped, shown))) - set(pressable(blocks(shipped)))
    assert more == {"organise_pause:all/SE", "organise_stand_ins", "organise_page:NO", "organise_report"}
    assert "organise_report" not in pressable(blocks(shipped, replace(shown, standings=None)))


# Pages


@given(page=st.integers(-5, 30), count=st.integers(0, 40))
def test_every_page_holds_posts_and_leads_on(shipped: Campaign, page: int, count: int) -> None:
    drawn = blocks(shipped, quiet(posts=statuses(shipped, count)), page)
    last = max(0, (count - 1) // overview.POSTS_ON_A_PAGE)
    number = max(0, min(page, last))
    assert len(days(drawn)) == min(overview.POSTS_ON_A_PAGE, count - number * overview.POSTS_ON_A_PAGE)
    turns = {value for action, value in pressable(drawn).items() if action.startswith("organise_page")}
    assert turns == {f"SE/{to}" for to in (number - 1, number + 1) if 0 <= to <= last}


@pytest.mark.parametrize(
    ("today", "first"),
    [(date(2026, 1, 1), 1), (date(2027, 1, 15), 1), (date(2027, 1, 16), 16), (date(2028, 1, 1), 31)],
)
def test_page_of_a_day_is_found(shipped: Campaign, today: date, first: int) -> None:
    shown = quiet(posts=statuses(shipped, 40))
    view = overview.draw(EN, shipped, shown, None, today=today)
    assert days(view["blocks"])[0] == str(date(2026, 12, 31) + timedelta(days=first))


def test_posts_of_one_day_share_its_line(shipped: Campaign) -> None:
    posts = [
        status(shipped, "monday-tip", state=PostState.SENT, title="T & <b>", sent=datetime(2027, 3, 15, 9)),  # noqa: DTZ001
        status(shipped, "pledge-call", channel="earth-week-lund"),
        status(shipped, "friday-check-in"),
    ]
    drawn = blocks(shipped, quiet(posts=posts))
    assert days(drawn) == ["2027-03-15", "2027-03-19"]
    said = [each for each in texts(drawn) if each[0].isdigit()]
    assert said == [
        "09:00  *T &amp; &lt;b&gt;*\n:white_check_mark: sent 09:00",
        "13:00  *A tip*\ncoming · #earth-week-lund",
        "14:00  *A tip*\ncoming · direct message to those who want them",
    ]
    assert pressable(drawn)["organise_post:monday-tip:2027-03-15:countries:"] == "SE/monday-tip"


@pytest.mark.parametrize("language", languages())
def test_every_audience_has_words(shipped: Campaign, language: str) -> None:
    for audience in Audience:
        post = shipped.posts[0].model_copy(update={"audience": audience})
        view = overview.draw(words(language), shipped, quiet(posts=[status(shipped, post=post.post)]), 0, today=TODAY)
        assert "organise." not in "".join(texts(view["blocks"]))


def test_other_countries_stand_in_rows_of_buttons(shipped: Campaign) -> None:
    codes = [f"{first}{second}" for first in "QX" for second in "ABCDEFGHIJKLMNOPQRST"]
    drawn = blocks(shipped, quiet(countries=["SE", *codes]))
    rows = [each for each in drawn if each["block_id"].startswith("other_countries")]
    assert [len(each["elements"]) for each in rows] == [25, 15]


def test_home_turns_its_pages_in_place(shipped: Campaign) -> None:
    shown = quiet(countries=("SE", "NO"), posts=statuses(shipped, 40))
    view = overview.draw_home(EN, shipped, shown, 1, today=TODAY, face="organise/SE")
    assert view_problems(view, "home") == []
    drawn = view["blocks"]
    assert isinstance(drawn, list)
    turned = {action for action in pressable(drawn) if action.startswith("organise_home")}
    assert turned == {f"organise_home:{to}" for to in ("my_week", "organise", "SE/0", "SE/2", "NO")}
    assert "organise_page" not in str(drawn)


@pytest.mark.parametrize("is_organising", [True, False])
def test_switch_marks_the_face_that_is_shown(*, is_organising: bool) -> None:
    row = overview.switch(EN, is_organising=is_organising)["elements"]
    assert [each["value"] for each in row] == ["my_week", "organise"]
    assert ["style" in each for each in row] == [not is_organising, is_organising]


# What is not ready, and paused


def test_what_is_not_ready_is_named_and_counted(shipped: Campaign) -> None:
    missing = NotReady(channels=[f"week-{number}" for number in range(14)], examples=["campaign.toml:`12`"])
    said = overview.missing_sentences(EN, shipped, missing)
    assert said[0].startswith("1 value is still the example")
    assert len(said) == 14
    assert said[-1] == "and 2 more"


def test_missing_value_may_have_nobody_and_no_day(shipped: Campaign) -> None:
    missing = NotReady(headcounts=[NotSaid("SE", (), None)], works_councils=[NotSaid("DE", ("U1", "U2"), TODAY)])
    council, headcount = overview.missing_sentences(EN, shipped, missing)
    assert headcount.endswith("how far it is to the common goal.")
    assert council.endswith("<@U1> and <@U2> can take care of it. It is needed by Monday 15 March.")


def test_post_waiting_in_several_languages_is_one_line(shipped: Campaign) -> None:
    pairs = [("monday-tip", "sv"), ("monday-tip", "nb"), ("gone-<!here>", "sv")]
    assert list(overview.unapproved_sentences(EN, shipped, pairs)) == [
        f"Waiting to be approved: *{shipped.text('monday-tip', 'en').title}* (Swedish and Norwegian Bokmål)",
        "Waiting to be approved: *gone-&lt;!here&gt;* (Swedish)",
    ]


@given(st.integers(0, 40))
def test_list_is_whole_or_counted(count: int) -> None:
    lines = [f"line {number}" for number in range(count)]
    shown = overview.cut(EN, lines)
    if count <= 12:
        assert shown == lines
    else:
        assert shown == [*lines[:12], f"and {count - 12} more"]


def test_pauses_are_ended_by_their_own_buttons(shipped: Campaign) -> None:
    pauses = [Pause("1", "SE", "U0ANN", NOW), Pause("2", ALL_COUNTRIES, None, NOW), Pause("3", "NO", "U0BO", NOW)]
    drawn = blocks(shipped, quiet(is_manager=True, pauses=pauses))
    assert named(drawn)["paused_0"]["text"]["text"].split("\n") == [
        "Paused since Monday 15 March, 12:00, by <@U0ANN>: *Sweden*.",
        "*Everything* has been paused since Monday 15 March, 12:00, by an organiser.",
        "Paused since Monday 15 March, 12:00, by <@U0BO>: *Norway*.",
    ]
    row = named(drawn)["pauses"]["elements"]
    assert [(each["text"]["text"], each["value"]) for each in row] == [
        ("Resume this country", "1/SE"), ("Resume everything", "2/SE")
    ]  # fmt: skip
    alone = named(blocks(shipped, quiet(pauses=pauses)))["pauses"]["elements"]
    assert [each["value"] for each in alone] == ["1/SE"], "everything is the managers' to resume"


# What organisers did


@pytest.mark.parametrize("language", languages())
def test_every_act_is_told(shipped: Campaign, language: str) -> None:
    for act in Act:
        done = ActDone("U0ANN", act, "monday-tip", "sv", "SE", datetime(2027, 3, 15, 23, 30, tzinfo=UTC))
        view = overview.draw(words(language), shipped, quiet(acts=[done]), 0, today=TODAY)
        [said] = [each["text"] for each in named(view["blocks"])["acts"]["elements"]]
        assert "<@U0ANN>" in said
        assert "organise." not in said
        assert words(language).short_day(date(2027, 3, 16)) in said, "it was past midnight in Stockholm"


def test_act_of_somebody_forgotten_names_nobody(shipped: Campaign) -> None:
    drawn = blocks(shipped, quiet(acts=[ActDone(None, "paused", "", None, ALL_COUNTRIES, NOW)]))
    assert texts(drawn)[-1] == "Monday 15 March, 12:00: an organiser paused messages (all countries)"


# Values of buttons


@given(st.sampled_from(["SE", "NO", ""]), st.none() | st.integers(0, 999))
def test_page_button_leads_where_it_says(country: str, page: int | None) -> None:
    assert overview.place_and_page(overview.page_value(country, page)) == (country, page)


@pytest.mark.parametrize("page", ["-1", "1000", "٣", "²", "1.0", "1/2", " 1", ""])
def test_odd_page_is_none(page: str) -> None:
    assert overview.place_and_page(f"SE/{page}") == ("SE", None)


@pytest.mark.parametrize("is_off", [True, False])
@pytest.mark.parametrize("page", ["", "SE", "SE/2"])
def test_digest_button_turns_the_other_way(page: str, *, is_off: bool) -> None:
    [(action, value)] = pressable([{"elements": [overview.digest_switch(EN, page, is_off=is_off)]}]).items()
    assert (action, overview.switched_digest(value)) == ("organise_digest", (is_off, page))

"""The figures as people see them, and what of them nobody sees."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.messages.compose import compose, plain
from bot.messages.message import Block, Message
from bot.messages.occasion import Figures
from bot.messages.panels import standings
from bot.rehearsal.slack.blocks import problems
from bot.standings.figures import Kilograms, Standing, Standings

from .panel_world import (
    ELSEWHERE,
    FULL,
    LANGUAGES,
    NEXT,
    english,
    largest,
    named,
    ordinary,
    standing,
    standings_of,
    taken,
    texts,
)

EN = english("en")


def drawn(campaign: Campaign, known: Standings | None, language: str = "en", **more: Any) -> Message:
    given_values = {"country": "NO", "chart": True, "next_at": NEXT, **more}
    message = standings.draw(english(language), campaign, known, **given_values)
    for form in (message, plain(message)):
        assert problems(form.blocks, form.text) == []
        taken(form.blocks)
    assert 1 < len(message.text) <= 250
    assert message.text[-1] in ".…"
    return message


def shown(campaign: Campaign, known: Standings | None, name: str, **more: Any) -> str:
    return str(named(drawn(campaign, known, **more).blocks)[name]["text"]["text"])


def countries(campaign: Campaign, known: Standings, **more: Any) -> list[str]:
    return shown(campaign, known, "countries_0", **more).split("\n")


def chart_of(blocks: tuple[Block, ...]) -> dict[str, float]:
    chart = named(blocks)["chart"]["chart"]
    (series,) = chart["series"]
    assert [point["label"] for point in series["data"]] == chart["axis_config"]["categories"]
    return {point["label"]: point["value"] for point in series["data"]}


# The goal


@pytest.mark.parametrize(
    ("rate", "goal", "expected"),
    [
        (0, 20, 0),
        (1, 20, 1),
        (10, 20, 5),
        (19, 20, 9),
        (20, 20, 10),
        (100, 20, 10),
        (150, 20, 10),
        (0, 100, 0),
        (20, 100, 2),
        (99, 100, 9),
        (100, 100, 10),
        (150, 100, 10),
    ],
)
def test_the_bar_fills_up_to_the_goal_and_is_full_only_there(rate: int, goal: int, expected: int) -> None:
    assert standings.bar(rate, goal) == "▰" * expected + "▱" * (10 - expected)


@given(rate=st.integers(0, 1000), goal=st.integers(1, 100))
def test_the_bar_has_ten_squares_and_shows_whether_anybody_came_and_whether_it_is_reached(rate: int, goal: int) -> None:
    bar = standings.bar(rate, goal)
    assert len(bar) == 10
    assert ("▰" in bar) == (rate > 0)
    assert ("▱" not in bar) == (rate >= goal)
    assert "▱▰" not in bar


FULL_BAR = "▰▰▰▰▰▰▰▰▰▰"
REACHED = "We have reached our goal of 20%."


@pytest.mark.parametrize(
    ("people", "headcount", "goal", "expected"),
    [
        (0, 400, 20, "0 of 400 colleagues take part: 0%. Our goal is 20%.\n▱▱▱▱▱▱▱▱▱▱ 0%, with 20% as our goal"),
        (82, 400, 25, "82 of 400 colleagues take part: 20%. Our goal is 25%.\n▰▰▰▰▰▰▰▰▱▱ 20%, with 25% as our goal"),
        (80, 400, 20, f"80 of 400 colleagues take part: 20%. {REACHED}\n{FULL_BAR} 20%, with 20% as our goal"),
        (600, 400, 20, f"600 of 400 colleagues take part: 150%. {REACHED}\n{FULL_BAR} 150%, with 20% as our goal"),
        (1000, 5000, 20, f"1,000 of 5,000 colleagues take part: 20%. {REACHED}\n{FULL_BAR} 20%, with 20% as our goal"),
        (80, 400, None, "80 of 400 colleagues take part: 20%.\n▰▰▱▱▱▱▱▱▱▱ 20%"),
        (80, None, 20, "80 colleagues take part. Our goal is 20%."),
        (80, None, None, "80 colleagues take part."),
    ],
)
def test_the_goal_is_said_in_words_and_drawn_as_a_bar(
    shipped: Campaign, people: int, headcount: int | None, goal: int | None, expected: str
) -> None:
    known = standings_of(whole=standing("all", people, headcount), goal=goal)
    assert shown(shipped, known, "goal") == expected
    assert drawn(shipped, known).text == expected.partition("\n")[0]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "▰▰▰▰▰▰▰▰▰▱ 18%, with 20% as our goal"),
        ("sv", "▰▰▰▰▰▰▰▰▰▱ 18\xa0%, with 20\xa0% as our goal"),
        ("de", "▰▰▰▰▰▰▰▰▰▱ 18\xa0%, with 20\xa0% as our goal"),
    ],
)
def test_a_percentage_is_written_as_the_language_writes_it(shipped: Campaign, language: str, expected: str) -> None:
    assert shown(shipped, ordinary(), "goal", language=language).split("\n")[1] == expected


# Before and without figures


def test_before_the_first_figures_it_says_when_they_come_on_the_companys_clock(shipped: Campaign) -> None:
    expected = "The first figures come on Thursday, 18 March 2027 at 12:00 (Stockholm time)."
    message = drawn(shipped, None)
    assert message.text == expected
    assert texts(message.blocks) == ["How we are doing", expected]


def test_where_none_will_come_it_says_that_there_are_none(shipped: Campaign) -> None:
    assert drawn(shipped, None, next_at=None).text == "There are no figures yet."


def test_without_a_company_channel_the_clock_is_the_first_countrys(shipped: Campaign) -> None:
    assert replace(shipped, company=None).zone == shipped.countries[0].zone
    assert replace(shipped, company=None, countries=()).zone == "UTC"
    assert "(Berlin time)" in shown(replace(shipped, company=None, countries=shipped.countries[3:]), None, "goal")


def test_figures_that_are_all_hidden_say_so_and_show_no_number(shipped: Campaign) -> None:
    known = standings_of(standing("SE"), standing("NO"), whole=standing("all"))
    message = drawn(shipped, known, next_at=None)
    assert message.text.startswith("The figures are not shown yet")
    assert set(named(message.blocks)) == {"title", "goal", "figures"}


# The countries


def test_countries_come_by_rate_and_the_readers_own_is_marked(shipped: Campaign) -> None:
    assert countries(shipped, ordinary()) == [
        "*Sweden*: 34%, 34 of 100 colleagues (headcount of 1 Jan 2027)",
        "*Norway* (your country): 20%, 20 of 100 colleagues (headcount of 1 Jan 2027)",
        "*Another country*: 0 colleagues",
        "*Country not said*: 3 colleagues",
        "Not shown one by one: Denmark and Germany. Together 14 colleagues.",
    ]


@given(st.lists(st.integers(0, 200), min_size=4, max_size=4))
def test_no_country_stands_above_one_with_a_better_rate(shipped: Campaign, people: list[int]) -> None:
    places = [standing(country.code, each) for country, each in zip(shipped.countries, people, strict=True)]
    told = countries(shipped, standings_of(*places, whole=standing("all", sum(people), 400)))
    rates = [int(found[1]) for line in told if (found := re.search(r": (\d+)%", line))]
    assert rates == sorted(people, reverse=True)


def test_a_country_without_a_headcount_has_people_and_no_rate_and_comes_after_those_with_one(shipped: Campaign) -> None:
    known = standings_of(standing("DK", 50, None), standing("SE", 5), whole=standing("all", 55, None))
    assert countries(shipped, known)[1] == "*Denmark*: 50 colleagues"


def test_a_headcount_without_a_date_is_shown_without_one(shipped: Campaign) -> None:
    known = standings_of(standing("DK", 50, headcount_date=None), whole=standing("all", 55))
    assert countries(shipped, known) == ["*Denmark*: 50%, 50 of 100 colleagues"]


def test_a_rest_that_is_hidden_too_is_named_without_a_number(shipped: Campaign) -> None:
    known = standings_of(standing("SE", 34), standing("DK"), whole=standing("all", 40, 400))
    assert countries(shipped, known)[-1] == "Not shown: Denmark."


def test_a_country_whose_board_is_off_is_not_named_but_the_rest_says_that_there_is_one(shipped: Campaign) -> None:
    board_off = shipped.countries[3].model_copy(update={"board": False})
    campaign = replace(shipped, countries=(*shipped.countries[:3], board_off))
    known = standings_of(standing("SE", 34), standing("DK"), whole=standing("all", 60, 400), rest=26)
    told = countries(campaign, known)
    assert told[-1] == "Not shown one by one: Denmark and countries that are in the total only. Together 26 colleagues."
    assert "Germany" not in "\n".join(texts(drawn(campaign, known).blocks))


def test_a_rate_above_a_hundred_is_shown_and_warned_about(shipped: Campaign) -> None:
    known = standings_of(standing("SE", 150), standing("NO", 100), whole=standing("all", 450, 400))
    told = countries(shipped, known)
    assert told[0].startswith("*Sweden*: 150%, 150 of 100 colleagues")
    assert (
        told[-1]
        == "More people than the headcount: Sweden and all countries together. The headcount may be out of date."
    )
    assert not any("out of date" in line for line in countries(shipped, ordinary()))


def test_two_hundred_countries_are_all_named(shipped: Campaign) -> None:
    world = largest(shipped)
    message = drawn(world.campaign, world.standings, "sv", country="SE")
    said = "\n".join(texts(message.blocks))
    spoken = english("sv")
    assert [code for each in world.campaign.countries if spoken.country(code := each.code) not in said] == []


# The chart


def test_the_chart_compares_the_countries_that_show_a_rate(shipped: Campaign) -> None:
    assert chart_of(drawn(shipped, ordinary(), "de").blocks) == {"Schweden": 34, "Norwegen": 20}


@pytest.mark.parametrize("places", [(standing("SE", 34), standing("NO"), *ELSEWHERE), (standing("NO", 5, None),), ()])
def test_there_is_no_chart_with_fewer_than_two_bars(shipped: Campaign, places: tuple[Standing, ...]) -> None:
    known = standings_of(*places, whole=standing("all", 40, 400))
    assert "chart" not in named(drawn(shipped, known).blocks)


def test_a_chart_is_left_out_where_it_is_not_wanted(shipped: Campaign) -> None:
    assert "chart" not in named(drawn(shipped, ordinary(), chart=False).blocks)


def test_a_chart_keeps_to_twenty_bars_with_short_names_that_differ(shipped: Campaign) -> None:
    world = largest(shipped)
    for language in LANGUAGES:
        bars = chart_of(drawn(world.campaign, world.standings, language).blocks)
        assert len(bars) == 20
        assert max(map(len, bars)) <= 20
        assert min(bars.values()) == 230


def test_names_that_would_look_the_same_in_a_chart_give_way_to_codes() -> None:
    long = "Democratic Republic of "
    assert standings._labels([f"{long}A", f"{long}B", "Norway"], ["AA", "BB", "NO"]) == ["AA", "BB", "Norway"]


# What came of it


def test_pledged_and_confirmed_stand_apart_and_earth_hour_has_people_and_minutes(shipped: Campaign) -> None:
    assert shown(shipped, ordinary(), "together").split("\n") == [
        "*All countries together*",
        "• 41 pledges made",
        "• Pledged, if each is kept once: about 230 kg CO₂e (range 120 to 410 kg CO₂e)",
        "• 17 pledges confirmed as done",
        "• Confirmed as done: about 92 kg CO₂e (range 51 to 160 kg CO₂e)",
        "• 46% of those with a pledge have answered a check-in",
        "• 13 colleagues will continue",
        "• 29 colleagues joined Earth Hour",
        "• 1,540 minutes of Earth Hour in all",
    ]


def test_ones_own_country_has_its_own_list_where_it_may_be_shown(shipped: Campaign) -> None:
    assert shown(shipped, ordinary(), "yours", country="SE").startswith("*Sweden* (your country)\n• 41 pledges made")
    for country in ("NO", "DK", "ZZ", None):
        assert "yours" not in named(drawn(shipped, ordinary(), country=country).blocks)


@given(hidden=st.sets(st.sampled_from(sorted(set(FULL) - {"opted_out"}))))
def test_a_figure_is_drawn_exactly_where_it_is_known(shipped: Campaign, hidden: set[str]) -> None:
    whole = standing("all", 71, 400, **{**FULL, **dict.fromkeys(hidden)})
    blocks = named(drawn(shipped, standings_of(whole=whole)).blocks)
    told = blocks["together"]["text"]["text"].split("\n")[1:] if "together" in blocks else []
    assert len(told) == len(FULL) - 1 - len(hidden)


def test_nobody_is_told_how_many_stopped_messages(shipped: Campaign) -> None:
    known = standings_of(whole=standing("all", 71, 400, opted_out=7777))
    assert "7,777" not in "\n".join(texts(drawn(shipped, known).blocks))


def test_a_hidden_figure_is_never_drawn_as_a_number(shipped: Campaign) -> None:
    """What the rest and the hidden places hold beside participants stays where it is."""
    secret = Kilograms(low=8881, about=8882, high=8883)
    hidden = Standing(place="DK", headcount=8884, rate=8885, opted_out=8886)
    rest = Standing(place="rest", pledges=8887, pledged=secret, confirmed=secret, earth_hour_minutes=8888)
    known = ordinary().model_copy(update={"places": (standing("SE", 34), standing("NO", 20), hidden), "rest": rest})
    message = drawn(shipped, known, country="DK")
    assert "888" not in str(message).replace(",", "")
    assert "Denmark" not in chart_of(message.blocks)


# Small print


def test_the_small_print_says_when_by_whom_and_what_is_left_out(shipped: Campaign) -> None:
    lines = [element["text"] for element in named(drawn(shipped, ordinary()).blocks)["figures"]["elements"]]
    assert lines[:2] == [
        "Counted on Wednesday, 17 March 2027 at 12:00 (Stockholm time).",
        "The next figures come on Thursday, 18 March 2027 at 12:00 (Stockholm time).",
    ]
    assert "estimates" in lines[2]
    assert "fewer than 5 people" in lines[3]


# In posts


def post_of(campaign: Campaign, kind: str, figures: Figures, language: str = "en") -> Message:
    post = next(each for each in campaign.posts if each.kind == kind)
    message = compose(campaign, post, english(language), figures)
    for form in (message, plain(message)):
        assert problems(form.blocks, form.text) == []
        taken(form.blocks)
    return message


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_progress_post_has_the_goal_and_the_countries_between_words_and_buttons(
    shipped: Campaign, language: str
) -> None:
    blocks = post_of(shipped, "progress", Figures(ordinary(), "NO"), language).blocks
    assert list(named(blocks)) == ["title", "words", "goal", "chart", "countries_0", "figures", "answers"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_results_post_has_everything(shipped: Campaign, language: str) -> None:
    blocks = post_of(shipped, "results", Figures(ordinary(), "SE"), language).blocks
    expected = ["title", "words", "goal", "chart", "countries_0", "together", "yours", "figures", "answers"]
    assert list(named(blocks)) == expected


def test_the_plain_form_has_no_chart_and_every_line(shipped: Campaign) -> None:
    message = post_of(shipped, "results", Figures(ordinary(), "SE"))
    same = named(plain(message).blocks)
    assert "chart" not in same
    assert all(same[name] == block for name, block in named(message.blocks).items() if name not in {"chart", "words"})


@pytest.mark.parametrize("kind", ["progress", "results", "tip"])
def test_a_post_without_figures_is_as_it_was(shipped: Campaign, kind: str) -> None:
    names = list(named(post_of(shipped, kind, Figures()).blocks))
    assert [name for name in names if name != "about"] == ["title", "words", "answers"]


@pytest.mark.parametrize("kind", ["progress", "results"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_post_with_two_hundred_countries_fits(shipped: Campaign, kind: str, language: str) -> None:
    world = largest(shipped)
    message = post_of(world.campaign, kind, Figures(world.standings, world.campaign.countries[0].code), language)
    assert len(message.blocks) <= 50


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (20, "At least 20 colleagues have done this."),
        (1, "At least 1 colleague has done this."),
        (12_000, "At least 12,000 colleagues have done this."),
    ],
)
def test_a_tip_says_how_many_have_done_it(shipped: Campaign, count: int, line: str) -> None:
    blocks = named(post_of(shipped, "tip", Figures(count=count)).blocks)
    assert blocks["count"]["elements"][0]["text"] == line
    assert list(blocks).index("count") < list(blocks).index("answers")


def test_a_count_stands_under_tips_alone(shipped: Campaign) -> None:
    kinds = {post.kind for post in shipped.posts} - {"tip"}
    assert not any("count" in named(post_of(shipped, kind, Figures(count=20)).blocks) for kind in kinds)


def test_a_date_has_its_year_in_the_readers_form(shipped: Campaign) -> None:
    known = standings_of(standing("SE", 34, headcount_date=date(2026, 12, 31)), whole=standing("all", 34))
    assert "(headcount of 31. Dez. 2026)" not in countries(shipped, known)[0]
    assert "(headcount of 31.12.2026)" in countries(shipped, known, language="de")[0]

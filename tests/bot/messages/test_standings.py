"""The figures as people see them, and what of them nobody sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.message import Block, Message
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose, plain
from bot.messages.replies import standings
from bot.messages.words import Words
from bot.standings.published_figures import Band, Figure, Kilograms, Standing, Standings
from bot.standings.year_on_year import Former
from rehearsal.slack.block_validation import problems

from .reply_samples import (
    FULL,
    HINDERED,
    LANGUAGES,
    NEXT,
    few,
    largest,
    named,
    ordinary,
    standing,
    standings_of,
    taken,
    texts,
)


def english(language: str) -> Words:
    """English sentences, with dates, numbers and countries as a language writes them."""
    return replace(words(language), catalogue=words("en").catalogue)


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
def test_bar_fills_in_proportion_to_the_goal(rate: int, goal: int, expected: int) -> None:
    assert standings.bar(rate, goal) == "▰" * expected + "▱" * (10 - expected)


@given(rate=st.integers(0, 1000), goal=st.integers(1, 100))
def test_bar_of_ten_squares_marks_start_and_goal(rate: int, goal: int) -> None:
    bar = standings.bar(rate, goal)
    assert len(bar) == 10
    assert ("▰" in bar) == (rate > 0)
    assert ("▱" not in bar) == (rate >= goal)
    assert "▱▰" not in bar


FULL_BAR, EIGHT = "▰▰▰▰▰▰▰▰▰▰", "▰▰▰▰▰▰▰▰▱▱"
REACHED = "We have reached our goal of 20%."
FEW, NEARLY = Band.FEW, Band.NEARLY_ALL


@pytest.mark.parametrize(
    ("people", "headcount", "goal", "expected"),
    [
        (
            80,
            400,
            25,
            f"About 80 of 400 colleagues take part: 20%. Our goal is 25%.\n{EIGHT} 20%, with 25% as our goal",
        ),
        (1000, 5000, None, "About 1,000 of 5,000 colleagues take part: 20%.\n▰▰▱▱▱▱▱▱▱▱ 20%"),
        (80, None, 20, "About 80 colleagues take part. Our goal is 20%."),
        (80, None, None, "About 80 colleagues take part."),
        (FEW, 400, 20, "Fewer than 5 of 400 colleagues take part. Our goal is 20%."),
        (NEARLY, 400, None, "Nearly all 400 colleagues take part."),
    ],
)
def test_goal_is_written_and_drawn_as_a_bar(
    shipped: Campaign, people: Figure, headcount: int | None, goal: int | None, expected: str
) -> None:
    whole = standing("all", people if isinstance(people, int) else None, headcount)
    known = standings_of(whole=whole.model_copy(update={"participants": people}), goal=goal)
    assert shown(shipped, known, "goal") == expected
    assert drawn(shipped, known).text == expected.partition("\n")[0]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (80, f"About 80 of 400 colleagues take part: 20%. {REACHED}\n{FULL_BAR} 20%, with 20% as our goal"),
        (75, f"About 75 of 400 colleagues take part: 19%. {REACHED}\n{FULL_BAR} 19%, with 20% as our goal"),
        (600, f"About 600 of 400 colleagues take part: 150%. {REACHED}\n{FULL_BAR} 150%, with 20% as our goal"),
    ],
)
def test_a_goal_that_was_reached_stays_full(shipped: Campaign, people: int, expected: str) -> None:
    assert shown(shipped, standings_of(whole=standing("all", people, 400), reached=True), "goal") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "▰▰▰▰▰▰▰▰▰▱ 18%, with 20% as our goal"),
        ("sv", "▰▰▰▰▰▰▰▰▰▱ 18\xa0%, with 20\xa0% as our goal"),
        ("de", "▰▰▰▰▰▰▰▰▰▱ 18\xa0%, with 20\xa0% as our goal"),
    ],
)
def test_percentage_follows_the_language(shipped: Campaign, language: str, expected: str) -> None:
    assert shown(shipped, ordinary(), "goal", language=language).split("\n")[1] == expected


# Before and without figures


def test_missing_figures_are_announced_in_company_time(shipped: Campaign) -> None:
    expected = "The first figures come on Thursday, 18 March 2027 at 12:00 (Stockholm time)."
    message = drawn(shipped, None)
    assert message.text == expected
    assert texts(message.blocks) == ["How we are doing", expected]


def test_missing_figures_without_a_next_date_are_stated(shipped: Campaign) -> None:
    assert drawn(shipped, None, next_at=None).text == "There are no figures yet."


def test_clock_without_company_channel_follows_the_first_country(shipped: Campaign) -> None:
    assert replace(shipped, company=None).zone == shipped.countries[0].zone
    assert replace(shipped, company=None, countries=()).zone == "UTC"
    assert "(Berlin time)" in shown(replace(shipped, company=None, countries=shipped.countries[3:]), None, "goal")


def test_figures_that_stay_hidden_are_explained_without_numbers(shipped: Campaign) -> None:
    message = drawn(shipped, standings_of(whole=standing("all")), next_at=None)
    assert message.text.startswith("No figures are shown here.")
    assert set(named(message.blocks)) == {"title", "goal", "figures"}


# The countries


def test_countries_are_listed_by_rank_marking_the_readers(shipped: Campaign) -> None:
    assert countries(shipped, ordinary()) == [
        "*Sweden*: 35%, about 35 of 100 colleagues (headcount of 1 Jan 2027)",
        "*Norway* (your country): 20%, about 20 of 100 colleagues (headcount of 1 Jan 2027)",
        "*Denmark*: fewer than 5 of 100 colleagues (headcount of 1 Jan 2027)",
        "Only counted in the total: Germany.",
        "In addition to the total: about 10 colleagues in other countries, or with no country given.",
    ]


def test_countries_with_equal_rank_are_listed_alphabetically(shipped: Campaign) -> None:
    level = [standing(code, people, rank=1) for code, people in (("SE", 40), ("NO", 35), ("DK", 45))]
    known = standings_of(standing("DE", 10, rank=2), *level, whole=standing("all", 130, 400))
    told = countries(shipped, known)
    assert [line.split("*")[1] for line in told] == ["Denmark", "Norway", "Sweden", "Germany"]
    assert "alphabetical order" in str(named(drawn(shipped, known).blocks)["figures"])
    assert "alphabetical order" not in str(named(drawn(shipped, ordinary()).blocks)["figures"])
    # By the name that the reader knows.
    german = countries(shipped, known, language="de")
    assert [line.split("*")[1] for line in german] == ["Dänemark", "Norwegen", "Schweden", "Deutschland"]


def test_country_with_nearly_all_participating_shows_no_number(shipped: Campaign) -> None:
    nearly = standing("SE", rank=1).model_copy(update={"participants": NEARLY})
    told = countries(shipped, standings_of(nearly, whole=standing("all", 99, 400)))
    assert told[0] == "*Sweden*: nearly all 100 colleagues (headcount of 1 Jan 2027)"


def test_headcount_without_a_date_is_shown_without_one(shipped: Campaign) -> None:
    known = standings_of(standing("DK", 50, headcount_date=None), whole=standing("all", 55))
    assert countries(shipped, known)[0] == "*Denmark*: 50%, about 50 of 100 colleagues"


def test_country_with_board_off_is_mentioned_without_name(shipped: Campaign) -> None:
    board_off = shipped.countries[3].model_copy(update={"board": False})
    campaign = replace(shipped, countries=(*shipped.countries[:3], board_off))
    known = standings_of(standing("SE", 35, rank=1), whole=standing("all", 60, 400))
    told = countries(campaign, known)
    assert told[-1] == "Only counted in the total: Norway, Denmark and countries that have chosen not to be shown."
    assert "Germany" not in "\n".join(texts(drawn(campaign, known).blocks))


def test_single_country_campaign_has_no_country_list(shipped: Campaign) -> None:
    only = replace(shipped, countries=shipped.countries[:1])
    message = drawn(only, standings_of(whole=standing("all", 40, 100)))
    assert not [name for name in named(message.blocks) if name.startswith("countries")]


@pytest.mark.parametrize("elsewhere", [None, Band.FEW])
def test_of_few_in_other_countries_nothing_is_said(shipped: Campaign, elsewhere: Figure) -> None:
    known = standings_of(standing("SE", 35), whole=standing("all", 60, 400), elsewhere=elsewhere)
    assert "In addition" not in str(countries(shipped, known))


def test_rate_above_hundred_is_shown_with_a_warning(shipped: Campaign) -> None:
    known = standings_of(standing("SE", 150, rank=1), standing("NO", 95, rank=2), whole=standing("all", 450, 400))
    told = countries(shipped, known)
    assert told[0].startswith("*Sweden*: 150%, about 150 of 100 colleagues")
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


def test_chart_compares_countries_that_show_a_rate(shipped: Campaign) -> None:
    assert chart_of(drawn(shipped, ordinary(), "de").blocks) == {"Schweden": 35, "Norwegen": 20}


@pytest.mark.parametrize("places", [(standing("SE", 35), few("NO", 2)), ()])
def test_chart_needs_at_least_two_bars(shipped: Campaign, places: tuple[Standing, ...]) -> None:
    known = standings_of(*places, whole=standing("all", 40, 400))
    assert "chart" not in named(drawn(shipped, known).blocks)


def test_chart_can_be_left_out(shipped: Campaign) -> None:
    assert "chart" not in named(drawn(shipped, ordinary(), chart=False).blocks)


def test_chart_has_twenty_bars_at_most_distinctly_named(shipped: Campaign) -> None:
    world = largest(shipped)
    for language in LANGUAGES:
        bars = chart_of(drawn(world.campaign, world.standings, language).blocks)
        assert len(bars) == 20
        assert max(map(len, bars)) <= 20
        assert min(bars.values()) == 230


def test_chart_names_that_look_alike_become_country_codes() -> None:
    long = "Democratic Republic of "
    assert standings._labels([f"{long}A", f"{long}B", "Norway"], ["AA", "BB", "NO"]) == ["AA", "BB", "Norway"]


# What came of it


def test_what_people_feel_stands_before_what_is_calculated(shipped: Campaign) -> None:
    assert shown(shipped, ordinary(), "felt").split("\n") == [
        "• About 30 colleagues joined Earth Hour",
        "• About 1,500 minutes of dark in all, which is 25 hours",
        "• About 15 colleagues will continue",
    ]
    blocks = list(named(drawn(shipped, ordinary()).blocks))
    assert blocks.index("goal") < blocks.index("felt") < blocks.index("chart") < blocks.index("together")


def test_few_minutes_are_not_counted_in_hours(shipped: Campaign) -> None:
    known = standings_of(whole=standing("all", 70, 400, earth_hour_minutes=90))
    assert shown(shipped, known, "felt") == "• About 90 minutes of Earth Hour in all"


def test_totals_separate_pledged_and_confirmed(shipped: Campaign) -> None:
    assert shown(shipped, ordinary(), "together").split("\n") == [
        "*All countries together*",
        "• About 40 pledges made",
        "• Pledged, if each is kept once: about 230 kg CO₂e (range 120 to 410 kg CO₂e)",
        "• About 15 pledges confirmed as done",
        "• Confirmed as done: about 92 kg CO₂e (range 51 to 160 kg CO₂e)",
        "• About 46% of those with a pledge have answered a check-in",
    ]


def test_obstacles_are_listed_most_named_first(shipped: Campaign) -> None:
    sweden = standing("SE", 35, rank=1, **{**FULL, **HINDERED, "obstacle_cost": FEW})
    known = standings_of(sweden, whole=standing("all", 70, 400, **FULL, **HINDERED))
    assert shown(shipped, known, "obstacles", country="SE").split("\n") == [
        "*What would have made it easier?*",
        "• A lower cost: about 15 colleagues",
        "• More time: about 10 colleagues",
        "• Other rules at work: about 10 colleagues",
        "*Sweden* (your country)",
        "• More time: about 10 colleagues",
        "• Other rules at work: about 10 colleagues",
    ]


@pytest.mark.parametrize("figure", [FEW, None])
def test_obstacles_of_few_are_not_listed(shipped: Campaign, figure: Figure) -> None:
    known = standings_of(whole=standing("all", 70, 400, **FULL, obstacle_time=figure))
    assert "obstacles" not in named(drawn(shipped, known).blocks)


@pytest.mark.parametrize(("figure", "line"), [(FEW, "• Fewer than 5 colleagues"), (NEARLY, "• Nearly all colleagues")])
def test_few_and_nearly_all_are_said_in_words(shipped: Campaign, figure: Figure, line: str) -> None:
    whole = standing("all", 70, 400, continuing=figure, earth_hour_people=figure)
    assert shown(shipped, standings_of(whole=whole), "felt").split("\n") == [
        f"{line} joined Earth Hour",
        f"{line} will continue",
    ]


def test_own_country_has_its_own_list_if_allowed(shipped: Campaign) -> None:
    assert shown(shipped, ordinary(), "yours", country="SE").splitlines()[:2] == [
        "*Sweden* (your country)",
        "• About 30 colleagues joined Earth Hour",
    ]
    for country in ("NO", "DK", "ZZ", None):
        assert "yours" not in named(drawn(shipped, ordinary(), country=country).blocks)


@given(hidden=st.sets(st.sampled_from(sorted(set(FULL) - {"opted_out"}))))
def test_each_figure_is_shown_exactly_when_known(shipped: Campaign, hidden: set[str]) -> None:
    whole = standing("all", 71, 400, **{**FULL, **dict.fromkeys(hidden)})
    blocks = named(drawn(shipped, standings_of(whole=whole)).blocks)
    told = blocks["together"]["text"]["text"].split("\n")[1:] if "together" in blocks else []
    told += blocks["felt"]["text"]["text"].split("\n") if "felt" in blocks else []
    assert len(told) == len(FULL) - 1 - len(hidden)


def test_nobody_is_told_how_many_stopped_messages(shipped: Campaign) -> None:
    known = standings_of(whole=standing("all", 71, 400, opted_out=7777))
    assert "7,777" not in "\n".join(texts(drawn(shipped, known).blocks))


def test_what_is_elsewhere_beside_participants_is_not_drawn(shipped: Campaign) -> None:
    secret = Kilograms(low=8881, about=8882, high=8883)
    elsewhere = Standing(place="ZZ", participants=10, pledges=8887, pledged=secret, confirmed=secret, continuing=8885)
    message = drawn(shipped, ordinary().model_copy(update={"elsewhere": elsewhere}), country="ZZ")
    assert "888" not in str(message).replace(",", "")


# Small print


def test_small_print_says_date_source_and_omissions(shipped: Campaign) -> None:
    lines = [element["text"] for element in named(drawn(shipped, ordinary()).blocks)["figures"]["elements"]]
    assert lines[:2] == [
        "Counted on Wednesday, 17 March 2027 at 12:00 (Stockholm time).",
        "The next figures come on Thursday, 18 March 2027 at 12:00 (Stockholm time).",
    ]
    assert lines[2] == "Figures are blurred a little, so that nobody can be singled out; parts need not add up."
    assert "estimates" in lines[3]
    assert lines[4] == "In these sums one pledge counts for at most 50 kg CO₂e at a time."


def test_pledge_limit_is_mentioned_only_beside_kilograms(shipped: Campaign) -> None:
    known = standings_of(standing("SE", 35), whole=standing("all", 70, 400))
    assert "at most 50 kg" not in str(drawn(shipped, known).blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_always_said_to_be_blurred(shipped: Campaign, language: str) -> None:
    told = words(language)("standings.blurred")
    message = standings.draw(words(language), shipped, ordinary(), country="SE", chart=True, next_at=None)
    assert told in texts(message.blocks)
    for kind in ("progress", "results", "tip"):
        post = next(each for each in shipped.posts if each.kind == kind)
        blocks = compose(PostContext(shipped, post, words(language), ordinary(), "NO", count=20)).blocks
        assert told in texts(blocks)


def test_figures_are_held_against_no_day_before() -> None:
    """Nothing that draws them knows of more than one publication."""
    assert "before" not in signature(standings.draw).parameters
    assert signature(standings.full).parameters.keys() == {"words", "campaign", "standings", "country"}


# In posts


def post_of(campaign: Campaign, kind: str, language: str = "en", **shown: Any) -> Message:
    post = next(each for each in campaign.posts if each.kind == kind)
    message = compose(PostContext(campaign, post, english(language), **shown))
    for form in (message, plain(message)):
        assert problems(form.blocks, form.text) == []
        taken(form.blocks)
    return message


@pytest.mark.parametrize("language", LANGUAGES)
def test_progress_post_places_figures_between_words_and_buttons(shipped: Campaign, language: str) -> None:
    blocks = post_of(shipped, "progress", language, standings=ordinary(), country="NO").blocks
    assert [name for name in named(blocks) if name != "ask"] == [
        "title",
        "words",
        "goal",
        "chart",
        "countries_0",
        "figures",
        "answers",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_results_post_has_everything(shipped: Campaign, language: str) -> None:
    blocks = post_of(shipped, "results", language, standings=ordinary(), country="SE").blocks
    expected = ["title", "words", "goal", "felt", "chart", "countries_0", "together", "yours", "figures", "measures_0"]
    assert [name for name in named(blocks) if name not in {"ask", "answers"}] == expected


def test_plain_form_drops_the_chart_and_keeps_lines(shipped: Campaign) -> None:
    message = post_of(shipped, "results", standings=ordinary(), country="SE")
    same = named(plain(message).blocks)
    assert "chart" not in same
    assert all(same[name] == block for name, block in named(message.blocks).items() if name not in {"chart", "words"})


@pytest.mark.parametrize(
    ("kind", "below"), [("progress", ["answers"]), ("results", ["measures_0"]), ("tip", ["answers"])]
)
def test_a_post_without_figures_is_as_it_was(shipped: Campaign, kind: str, below: list[str]) -> None:
    names = list(named(post_of(shipped, kind).blocks))
    assert [name for name in names if name not in {"about", "ask"}] == ["title", "words", *below]


@pytest.mark.parametrize("kind", ["progress", "results"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_post_with_two_hundred_countries_fits(shipped: Campaign, kind: str, language: str) -> None:
    world = largest(shipped)
    message = post_of(
        world.campaign, kind, language, standings=world.standings, country=world.campaign.countries[0].code
    )
    assert len(message.blocks) <= 50


@pytest.mark.parametrize(
    ("count", "line"),
    [
        (20, "About 20 colleagues have done this."),
        (12_000, "About 12,000 colleagues have done this."),
        (NEARLY, "Nearly all colleagues have done this."),
    ],
)
def test_a_tip_says_how_many_have_done_it(shipped: Campaign, count: Figure, line: str) -> None:
    blocks = named(post_of(shipped, "tip", count=count).blocks)
    assert blocks["count"]["elements"][0]["text"] == line
    assert list(blocks).index("count") < list(blocks).index("answers")


def test_tip_done_by_few_shows_no_count(shipped: Campaign) -> None:
    assert "count" not in named(post_of(shipped, "tip", count=FEW).blocks)


def test_a_count_stands_under_tips_alone(shipped: Campaign) -> None:
    kinds = {post.kind for post in shipped.posts} - {"tip"}
    assert not any("count" in named(post_of(shipped, kind, count=20).blocks) for kind in kinds)


def test_headcount_date_follows_the_readers_language(shipped: Campaign) -> None:
    known = standings_of(standing("SE", 35, headcount_date=date(2026, 12, 31)), whole=standing("all", 35))
    assert "(headcount of 31. Dez. 2026)" not in countries(shipped, known)[0]
    assert "(headcount of 31.12.2026)" in countries(shipped, known, language="de")[0]


# The campaign before


@pytest.mark.parametrize(
    ("people", "wanted"),
    [
        (20, "Last time (22 Mar 2026): 10%. There are more of us this time."),
        (90, "Last time (22 Mar 2026): 45%. There are fewer of us this time."),
        (Band.FEW, "Last time (22 Mar 2026): fewer than 5 colleagues."),
    ],
)
def test_campaign_before_stands_below_the_goal(shipped: Campaign, people: Figure, wanted: str) -> None:
    rate = people // 2 if isinstance(people, int) else None
    before = Standing(place="all", headcount=200, participants=people, rate=rate)
    known = ordinary()
    taken_at = known.taken_at.replace(year=2026, month=3, day=22)
    former = Former.of(known.model_copy(update={"whole": before, "taken_at": taken_at}))
    message = standings.beside(EN, shipped, drawn(shipped, known), known, former)
    assert problems(message.blocks, message.text) == []
    assert [block["block_id"] for block in message.blocks[:3]] == ["title", "goal", "before"]
    assert texts([message.blocks[2]]) == [wanted]
    other = known.model_copy(update={"definition": "0"})
    assert "cannot be compared" in texts([*standings.beside(EN, shipped, message, other, former).blocks])[2]

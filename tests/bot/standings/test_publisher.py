"""From what people did to what is published: which cells there are, and what each of them says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign.localtime import instant
from bot.campaign.model import ParticipationGoal
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.standings import cell_key_noise
from bot.standings.indicators import measures
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Figure, Standing, Standings
from bot.standings.publisher import Tabulation, as_shown
from bot.store.participation import Contribution
from bot.store.snapshots import Snapshot
from tests.campaigns import campaign, country, guess, guess_texts, tip

from .worlds import NOON, SECRET, joined, published

FEW, NEARLY = Band.FEW, Band.NEARLY_ALL


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method without its noise, to see what it is put around."""
    monkeypatch.setattr(cell_key_noise, "noise", lambda _key, _max_per_act=1: 0)


def at(standings: Standings, code: str) -> Standing:
    return next(each for each in standings.rows() if each.place == code)


def participants(standings: Standings) -> dict[str, Figure]:
    return {each.place: each.participants for each in standings.rows()}


@pytest.mark.usefixtures("exact")
def test_countries_count_in_total_and_others_stand_apart() -> None:
    found = published(campaign(), joined(SE=35, NO=20, DK=10, FI=10, ZZ=5))
    assert participants(found) == {"all": 65, "SE": 35, "NO": 20, "DK": 10, "DE": FEW, "ZZ": 15}


@pytest.mark.usefixtures("exact")
def test_people_without_country_join_those_of_other_countries() -> None:
    people: dict[str, Contribution] = {f"U{n}": {("participants", None): 1} for n in range(10)}
    assert participants(published(campaign(), {**people, **joined(ZZ=10)}))["ZZ"] == 20


@pytest.mark.parametrize(
    "small", [country("SE", 9), country("SE", None), country("SE", 100, board=False)], ids=["small", "unknown", "off"]
)
def test_small_unknown_or_hidden_countries_are_only_totalled(small: object) -> None:
    of = campaign(small, country("NO"))  # type: ignore[arg-type]
    for number in (0, 6, 9):
        assert set(participants(published(of, joined(SE=number, NO=50)))) == {"all", "NO", "ZZ"}


def test_single_country_is_shown_only_as_the_total() -> None:
    assert set(participants(published(campaign(country("SE")), joined(SE=50)))) == {"all", "ZZ"}


@pytest.mark.parametrize("size", [None, 9])
def test_company_of_few_or_unknown_size_shows_nothing(size: int | None) -> None:
    found = published(campaign(country("SE", size)), joined(SE=9))
    assert found.whole == Standing(place="all", headcount=size, headcount_date=found.whole.headcount_date)


@pytest.mark.usefixtures("exact")
def test_missing_headcount_leaves_total_without_a_rate() -> None:
    found = published(campaign(country("SE"), country("NO", None)), joined(SE=30, NO=20))
    assert (found.whole.participants, found.whole.headcount, found.whole.rate) == (50, None, None)


@pytest.mark.usefixtures("exact")
def test_people_continuing_never_exceed_people_who_pledged() -> None:
    """Of ten who pledged no more than about ten go on, whatever the noise makes of it."""
    person: Contribution = {
        ("participants", "SE"): 1,
        ("pledgers", "SE"): 1,
        ("pledges", "SE"): 1,
        ("continuing", "SE"): 1,
    }
    odd: Contribution = {("participants", "SE"): 1, ("continuing", "SE"): 1}
    people = {**{f"A{n}": person for n in range(10)}, **{f"B{n}": odd for n in range(10)}}
    assert at(published(campaign(), people), "SE").continuing == 10


@pytest.mark.usefixtures("exact")
def test_obstacles_are_cells_like_every_figure() -> None:
    acts = [("participants", "SE"), ("pledgers", "SE"), ("answerers", "SE"), ("obstacle_time", "SE")]
    late: Contribution = dict.fromkeys(acts, 1)
    dear: Contribution = dict.fromkeys([*acts[:3], ("obstacle_cost", "SE"), ("obstacle_unheard-of", "SE")], 1)
    people = {**{f"A{n}": late for n in range(10)}, **{f"B{n}": dear for n in range(4)}}
    shown = at(published(campaign(), people), "SE")
    assert (shown.obstacle_time, shown.obstacle_cost, shown.obstacle_rules) == (10, Band.FEW, Band.FEW)


def test_every_obstacle_has_a_figure() -> None:
    fields = {name for name in Standing.model_fields if name.startswith(OBSTACLE)}
    assert fields == {OBSTACLE + each for each in OBSTACLES}


def test_noise_is_scaled_to_the_largest_single_act() -> None:
    empty = [Tabulation(campaign(), number.to_bytes(32)) for number in range(200)]
    for measure in measures(campaign()):
        for place in ("SE", WHOLE, ELSEWHERE):
            drawn = [each.cell(measure.name, place).blurred() for each in empty]
            wide = math.sqrt(sum(each**2 for each in drawn) / len(drawn))
            assert wide == pytest.approx(cell_key_noise.deviation(measure.max_per_act), rel=0.4), (measure.name, place)


@given(st.integers(0, 60), st.integers(0, 2**32))
@settings(max_examples=60)
def test_part_is_never_shown_larger_than_its_whole(number: int, seed: int) -> None:
    each: Contribution = {("participants", "SE"): 1, ("earth_hour_people", "SE"): 1, ("earth_hour_minutes", "SE"): 60}
    found = published(campaign(), {f"U{n}": each for n in range(number)}, secret=seed.to_bytes(32))
    for standing in (at(found, "SE"), found.whole):
        order = [FEW, *range(5, 200, 5), NEARLY]
        assert order.index(standing.earth_hour_people) <= order.index(standing.participants)


@given(st.integers(0, 12), st.integers(0, 2**32))
@settings(max_examples=60)
def test_where_few_take_part_no_amount_stands_out(number: int, seed: int) -> None:
    each: Contribution = {
        ("participants", "SE"): 1,
        ("pledges", "SE"): 9,
        ("confirmed_pledges", "SE"): 9,
        ("pledged", "SE"): 10**6,
    }
    found = published(campaign(), {f"U{n}": each for n in range(number)}, secret=seed.to_bytes(32))
    for standing in (at(found, "SE"), found.whole):
        amounts = [standing.pledges, standing.confirmed_pledges, standing.pledged]
        assert standing.participants is not FEW or amounts == [None] * 3
        assert int(standing.confirmed_pledges or 0) <= int(standing.pledges or 0)


def test_same_people_give_same_figures_on_any_day() -> None:
    people = joined(SE=35, NO=20)
    again = dict(reversed(people.items()))
    assert published(campaign(), people) == published(campaign(), again)


def test_kilograms_are_left_out_on_most_days() -> None:
    heavy: Contribution = {("participants", "SE"): 1, ("pledged", "SE"): 50_000}
    people = {f"U{n}": heavy for n in range(80)}
    with_them = published(campaign(), people)
    without = published(campaign(), people, kilograms=False)
    assert with_them.whole.pledged is not None
    assert (without.whole.pledged, without.kilograms) == (None, False)


def test_earth_hour_figures_are_hidden_before_it_begins() -> None:
    joins: Contribution = {("participants", "SE"): 1, ("earth_hour_people", "SE"): 1, ("earth_hour_minutes", "SE"): 60}
    counted = Tabulation(campaign(), SECRET)
    for number in range(90):
        counted.add(f"U{number}", joins)
    hour = campaign().earth_hour.begins("Europe/Stockholm")
    before, after = (counted.standings(at, None).whole for at in (hour - timedelta(seconds=1), hour))
    assert (before.earth_hour_people, before.earth_hour_minutes) == (None, None)
    assert None not in {after.earth_hour_people, after.earth_hour_minutes}


# The goal


@pytest.mark.usefixtures("exact")
def test_goal_counts_only_people_in_the_headcount() -> None:
    found = published(campaign(), joined(SE=58, NO=20, FI=21))
    assert (found.whole.participants, found.whole.rate, found.goal_reached) == (80, 20, True)
    found = published(campaign(), joined(SE=57, NO=20, FI=21))
    assert (found.whole.participants, found.whole.rate, found.goal_reached) == (75, 19, False)


@pytest.mark.usefixtures("exact")
def test_a_goal_that_was_reached_stays_reached() -> None:
    before = published(campaign(), joined(SE=80))
    after = published(campaign(), joined(SE=60), before)
    assert (before.goal_reached, after.whole.rate, after.goal_reached) == (True, 15, True)


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize(("goal", "reached"), [(15, True), (20, True), (21, False), (None, False)])
def test_raised_goal_has_to_be_reached_again(goal: int | None, reached: bool) -> None:  # noqa: FBT001
    before = published(campaign(), joined(SE=80))
    of = replace(campaign(), goal=ParticipationGoal(participation_percent=goal) if goal else None)
    assert published(of, joined(SE=50), before).goal_reached is reached


@pytest.mark.usefixtures("exact")
def test_nearly_all_has_reached_any_goal_below() -> None:
    of = replace(campaign(country("SE")), goal=ParticipationGoal(participation_percent=95))
    found = published(of, joined(SE=99))
    assert (found.whole.participants, found.whole.rate, found.goal_reached) == (NEARLY, None, True)


# Tips


def tried(numbers: Mapping[str, int], post: str = "bike") -> dict[str, Contribution]:
    return {f"{code}{n}": {(f"tip:{post}", code): 1} for code, number in numbers.items() for n in range(number)}


@pytest.mark.usefixtures("exact")
def test_a_tip_counts_the_countries_it_is_for() -> None:
    of = campaign(posts=[tip("bike"), tip("bike", "DK"), tip("bike", "SE", "NO")])
    found = published(of, tried({"SE": 20, "NO": 10, "DK": 15, "FI": 30}))
    assert found.tips == {"tip:bike:SE+NO+DK+DE": 45, "tip:bike:DK": 15, "tip:bike:SE+NO": 30}


@pytest.mark.usefixtures("exact")
def test_tips_for_small_or_hidden_countries_stay_uncounted() -> None:
    of = campaign(
        country("SE"),
        country("DK", 8),
        country("DE", 100, board=False),
        posts=[tip("a", "DK"), tip("b", "DE"), tip("c")],
    )
    people = {**tried({"DK": 5}, "a"), **tried({"DE": 50}, "b"), **tried({"DE": 50}, "c")}
    assert published(of, people).tips == {"tip:c:SE+DK+DE": 50}


@pytest.mark.usefixtures("exact")
def test_tips_with_a_common_prefix_are_counted_separately() -> None:
    of = campaign(posts=[tip("bike"), tip("bike-2")])
    found = published(of, tried({"SE": 20}, "bike-2"))
    assert found.tips == {"tip:bike:SE+NO+DK+DE": FEW, "tip:bike-2:SE+NO+DK+DE": 20}


# Guesses


def guessing(numbers: Mapping[str, int], answer: int, post: str = "beef") -> dict[str, Contribution]:
    measure = f"guess:{post}:{answer}"
    return {f"{code}{answer}{n}": {(measure, code): 1} for code, number in numbers.items() for n in range(number)}


@pytest.mark.usefixtures("exact")
def test_each_answer_counts_the_countries_it_is_for() -> None:
    of = campaign(posts=[guess("beef"), guess("milk", "DK")], texts=guess_texts("beef", "milk"))
    people = {**guessing({"SE": 20, "DK": 10, "FI": 30}, 1), **guessing({"DK": 15}, 3, "milk")}
    assert published(of, people).guesses == {
        **dict.fromkeys([f"guess:beef:{n}:SE+NO+DK+DE" for n in (2, 3)], FEW),
        "guess:beef:1:SE+NO+DK+DE": 30,
        **dict.fromkeys([f"guess:milk:{n}:DK" for n in (1, 2)], FEW),
        "guess:milk:3:DK": 15,
    }


@pytest.mark.usefixtures("exact")
def test_guesses_of_small_or_hidden_countries_stay_uncounted() -> None:
    small, hidden = country("DK", 8), country("DE", 100, board=False)
    of = campaign(country("SE"), small, hidden, posts=[guess("a", "DK"), guess("b", "DE")], texts=guess_texts("a", "b"))
    assert published(of, {**guessing({"DK": 8}, 1, "a"), **guessing({"DE": 50}, 1, "b")}).guesses == {}


def test_nothing_is_published_of_guess_before_it_is_asked() -> None:
    of = campaign(posts=[guess("beef")], texts=guess_texts("beef"))
    asked = instant(datetime.combine(of.first_day, time(9)), "Europe/Stockholm")
    counted = Tabulation(of, SECRET)
    assert counted.standings(asked - timedelta(seconds=1), None).guesses == {}
    assert len(counted.standings(asked, None).guesses) == 3


def test_guess_that_is_dropped_is_shown_no_more() -> None:
    of = campaign(posts=[guess("beef")], texts=guess_texts("beef"))
    found = published(of, guessing({"SE": 50}, 1))
    kept = Snapshot(of.id, NOON, found.definition, found.model_dump_json())
    assert as_shown(of, kept) == found
    now = as_shown(replace(of, posts=()), kept)
    assert now is not None
    assert now.guesses == {}


def test_what_decides_reads_nothing_but_the_blurred_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two companies whose blurred numbers agree are published alike, however much their people differ."""
    few, many = joined(SE=3, NO=3), joined(SE=60, NO=20)
    monkeypatch.setattr(cell_key_noise.Cell, "blurred", lambda _self: 17)
    assert published(campaign(), few) == published(campaign(), many)


def test_a_published_figure_can_be_read_again() -> None:
    found = published(campaign(posts=[tip("bike")]), joined(SE=99, NO=2, DK=50))
    assert Standings.model_validate_json(found.model_dump_json()) == found
    assert found.taken_at == NOON
    assert SECRET.hex() not in found.model_dump_json()

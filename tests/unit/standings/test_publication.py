"""The figures of a whole company, as they are shown."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.standings.basis import Basis, Past
from bot.standings.figures import ANOTHER, NOT_SET, REST, WHOLE, Kilograms, Standing, Standings
from bot.standings.publication import publish
from bot.store.participation import Estimate, Tally

from .worlds import NOON, Tallies, campaign, country, published, some_world

COUNTED = (
    "participants", "continuing", "earth_hour_people", "earth_hour_minutes", "opted_out", "pledges",
    "confirmed_pledges",
)  # fmt: skip


def place(standings: Standings, name: str) -> Standing:
    [standing] = [each for each in standings.places if each.place == name]
    return standing


def joined(**people: int) -> dict[str | None, Tally]:
    return {name: Tally(participants=number) for name, number in people.items()}


def busy(people: int, joined: int = 60) -> Tally:
    """So many people who did everything."""
    return Tally(
        participants=joined,
        pledgers=people,
        pledges=2 * people,
        pledged_by=people,
        pledged=Estimate(1.0 * people, 2.0 * people, 4.0 * people),
        answerers=people - 5,
        confirmers=people - 5,
        confirmed_pledges=people - 3,
        confirmed_by=people - 5,
        confirmed=Estimate(3.0 * people, 6.0 * people, 9.0 * people),
        continuing=people - 6,
        earth_hour_people=people,
        minutes_by=people,
        earth_hour_minutes=40 * people,
        opted_out=people - 7,
    )


BUSY: dict[str | None, Tally] = {"SE": busy(20), "NO": busy(22), "DK": busy(24), "DE": busy(26)}


def test_every_figure_of_a_place_is_shown() -> None:
    [standings] = published(campaign(), BUSY)
    assert place(standings, "SE") == Standing(
        place="SE",
        headcount=100,
        headcount_date=campaign().countries[0].headcount_date,
        participants=60,
        rate=60,
        pledges=40,
        pledged=Kilograms(low=20, about=40, high=80),
        confirmed_pledges=17,
        confirmed=Kilograms(low=60, about=120, high=180),
        response_rate=75,
        continuing=14,
        earth_hour_people=20,
        earth_hour_minutes=800,
        opted_out=13,
    )


def test_the_whole_has_the_headcounts_of_all_and_rates_of_its_own() -> None:
    [standings] = published(campaign(), BUSY)
    whole = standings.whole
    assert (whole.place, whole.headcount, whole.participants, whole.rate) == (WHOLE, 400, 240, 60)
    assert (whole.pledges, whole.response_rate, whole.pledged) == (184, 78, Kilograms(low=92, about=180, high=370))


def test_without_every_headcount_the_whole_has_no_rate() -> None:
    of = campaign(country("SE", None), country("NO"))
    [standings] = published(of, joined(SE=20, NO=30))
    assert (standings.whole.participants, standings.whole.rate, standings.whole.headcount) == (50, None, None)
    assert (place(standings, "SE").participants, place(standings, "SE").rate) == (20, None)
    assert place(standings, "NO").rate == 30


def test_more_than_work_there_are_shown_as_they_are() -> None:
    [standings] = published(campaign(country("SE", 40), country("NO", 50)), joined(SE=44, NO=20))
    assert (place(standings, "SE").participants, place(standings, "SE").rate) == (44, 110)


def test_a_snapshot_says_what_it_is_of() -> None:
    [standings] = published(campaign(smallest=4), BUSY)
    assert (standings.campaign, standings.taken_at, standings.smallest_group) == ("a-week", NOON, 4)
    assert (standings.factors, standings.goal_percent) == ("2026-1", 20)


def test_nobody_elsewhere_is_shown_as_nobody() -> None:
    [standings] = published(campaign(), joined(SE=20, NO=20, DK=20, DE=20))
    assert [each.place for each in standings.places] == ["SE", "NO", "DK", "DE", ANOTHER, NOT_SET]
    assert [place(standings, name).participants for name in (ANOTHER, NOT_SET)] == [0, 0]
    assert (standings.rest.place, standings.rest.participants) == (REST, 0)


def test_few_elsewhere_are_hidden_with_the_smallest_country() -> None:
    of = campaign(country("SE"), country("NO"))
    [standings] = published(of, {**joined(SE=20, NO=9), None: Tally(participants=2)})
    assert [each.participants for each in standings.places] == [20, None, 0, None]
    assert standings.rest.participants == 11


def test_a_country_that_no_longer_takes_part_is_elsewhere() -> None:
    [standings] = published(campaign(country("SE")), joined(SE=20, FI=6, PL=3))
    assert place(standings, ANOTHER).participants == 9


def test_what_was_remembered_of_a_country_goes_elsewhere_with_it() -> None:
    counts = joined(SE=20, FI=6, NO=3)
    _, basis = publish(campaign(country("SE"), country("FI"), country("NO")), counts, NOON, Basis())
    standings, kept = publish(campaign(country("SE")), counts, NOON + timedelta(days=1), basis)
    assert kept.of("participants") == Past(pooled={"ZZ": 9}, together=9, known={"SE": 20, "ZZ": 0, "": 0})
    assert place(standings, ANOTHER).participants is None


def test_a_country_whose_board_is_off_is_in_the_total_only() -> None:
    of = campaign(country("SE"), country("NO"), country("DE", board=False))
    [standings] = published(of, joined(SE=20, NO=9, DE=30))
    assert [each.place for each in standings.places] == ["SE", "NO", ANOTHER, NOT_SET]
    assert (standings.whole.participants, standings.rest.participants) == (59, 39)


def test_a_country_smaller_than_the_smallest_group_is_never_shown_alone() -> None:
    of = campaign(country("SE"), country("NO"), country("DK", 4), country("DE"))
    [standings] = published(of, joined(SE=20, NO=30, DK=4, DE=40))
    assert place(standings, "DK").participants is None


def test_where_too_few_take_part_nothing_is_shown() -> None:
    [standings] = published(campaign(), joined(SE=2, NO=2))
    assert {each.participants for each in (standings.whole, standings.rest, *standings.places)} == {None}


def test_what_people_do_is_hidden_where_it_is_hidden_that_they_take_part() -> None:
    tallies: Tallies = {"SE": busy(12, joined=97), "NO": busy(12), "DK": busy(30), "DE": busy(31)}
    [standings] = published(campaign(), tallies)
    for name in COUNTED:
        assert getattr(place(standings, "SE"), name) is None, name


def test_minutes_are_not_shown_where_nearly_all_who_take_part_joined_earth_hour() -> None:
    everybody = Tally(participants=20, earth_hour_people=20, minutes_by=20, earth_hour_minutes=1200)
    [standings] = published(campaign(country("SE"), country("NO")), {"SE": everybody, "NO": everybody})
    whole = standings.whole
    assert (whole.participants, whole.earth_hour_people, whole.earth_hour_minutes) == (40, None, None)


def test_kilograms_are_shown_only_of_enough_people_who_saved_some() -> None:
    few = Tally(participants=60, pledgers=20, pledges=20, pledged_by=1, pledged=Estimate(1, 2, 3))
    [standings] = published(campaign(), {**BUSY, "SE": few})
    assert (place(standings, "SE").pledges, place(standings, "SE").pledged) == (20, None)


def test_a_share_is_hidden_where_the_pledges_are() -> None:
    [standings] = published(campaign(), {**BUSY, "SE": busy(12, joined=97)})
    assert (place(standings, "SE").response_rate, standings.rest.response_rate) == (None, None)
    assert place(standings, "NO").response_rate is not None


def test_a_pool_of_all_is_split_only_when_it_has_grown() -> None:
    of = campaign(country("SE"), country("NO"))
    days = [joined(SE=4, NO=3), joined(SE=5, NO=5), joined(SE=9, NO=9)]
    shown = [place(standings, "SE").participants for standings in published(of, *days)]
    assert shown == [None, None, 9]
    assert [standings.whole.participants for standings in published(of, *days)] == [7, 10, 18]


def test_a_day_without_figures_does_not_make_the_pool_forgotten() -> None:
    of = campaign(country("SE", 20), country("NO", 20))
    full, fewer = joined(SE=18, NO=18), joined(SE=6, NO=6)
    first, nothing, then = published(of, joined(SE=4, NO=5), full, fewer)
    assert (first.whole.participants, nothing.whole.participants) == (9, None)
    assert (then.whole.participants, place(then, "SE").participants) == (12, None)


def test_standings_and_basis_survive_being_written_down() -> None:
    standings, basis = publish(campaign(), {**BUSY, None: busy(8)}, NOON, Basis())
    assert Standings.model_validate_json(standings.model_dump_json()) == standings
    assert Basis.model_validate_json(basis.model_dump_json()) == basis


def test_the_basis_alone_has_what_is_hidden() -> None:
    standings, basis = publish(campaign(), joined(SE=3, NO=1, DK=47, DE=50), NOON, Basis())
    assert basis.of("participants").pooled == {"SE": 3, "NO": 1, "DK": 47}
    assert set(json.loads(standings.model_dump_json())) == set(Standings.model_fields)
    assert set(standings.rest.model_dump()) == set(Standing.model_fields)


@pytest.mark.parametrize("first", range(0, 300, 60))
def test_places_and_rest_add_up_to_the_whole(first: int) -> None:
    for seed in range(first, first + 60):
        for standings in some_world(seed).published():
            for name in COUNTED:
                rows = [getattr(each, name) for each in (*standings.places, standings.rest)]
                assert sum(filter(None, rows)) == (getattr(standings.whole, name) or 0), (seed, name)


@pytest.mark.parametrize("seed", range(60))
def test_kilograms_add_up_within_their_rounding(seed: int) -> None:
    for standings in some_world(seed).published():
        shown = [each.confirmed for each in (*standings.places, standings.rest, standings.whole) if each.confirmed]
        if standings.whole.confirmed:
            *rows, whole = [each.about for each in shown]
            assert abs(sum(rows) - whole) <= 0.05 * (sum(rows) + whole)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_is_shown_of_fewer_people_than_the_smallest_group(seed: int) -> None:
    world = some_world(seed)
    for day, standings in zip(world.days, world.published(), strict=True):
        for each in standings.places:
            people = day[each.place].participants
            assert each.participants is None or people == 0 or people >= world.campaign.smallest_group

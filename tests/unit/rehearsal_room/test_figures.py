"""The participation table, with what is behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Campaign, Country, Evidence, Per, Pledge
from bot.rehearsal.room.figures import BOARD_OFF, NO_HEADCOUNT, PROTECTS, WITH_OTHERS, Cell, Table, figures, upcoming
from bot.standings.basis import Basis
from bot.standings.figures import REST
from bot.standings.publication import publish
from bot.standings.register import Register
from bot.store.database import open_database, upgrade
from bot.store.deeds import Deed, Kind
from bot.store.everything import Store
from bot.store.participation import Tally
from bot.store.pledges import Answer, Factor, Outcome, Pledged

NOON = datetime(2027, 3, 15, 11, tzinfo=UTC)
DAY = timedelta(days=1)
FEW, TOO_FEW_LEFT = "fewer than 5 people", "fewer than 5 did not"
PLACES = ("SE", "NO", "DK", "ZZ", None)


def country(code: str, headcount: int | None = 100, *, board: bool = True) -> Country:
    return Country(
        code=code,
        zone="Europe/Stockholm",
        languages=("en",),
        channel=f"week-{code.lower()}",
        headcount=headcount,
        board=board,
    )


def campaign(*countries: Country) -> Campaign:
    return Campaign(
        id="a-week",
        title={"en": "A week"},
        first_day=date(2027, 3, 15),
        last_day=date(2027, 3, 20),
        opens=date(2027, 3, 15),
        closes=date(2027, 3, 22),
        languages=("en",),
        earth_hour=EarthHour(date(2027, 3, 20)),
        goal=None,
        company=None,
        countries=countries or (country("SE"), country("NO"), country("DK")),
        themes={},
        posts=(),
        texts={},
        late={},
        pledges=(_weekly(),),
    )


def _weekly() -> Pledge:
    return Pledge(
        id="dryer",
        per=Per.WEEK,
        low=1,
        high=3,
        sdgs=(7,),
        evidence=Evidence.PHYSICS,
        source="Physics",
    )


def table(of: Campaign, *days: Mapping[str | None, Tally]) -> Table:
    """The table for the last of some days; those before are published."""
    published, basis = None, Basis()
    for tallies in days[:-1]:
        published, basis = publish(of, tallies, NOON, basis)
    coming, _ = publish(of, days[-1], NOON + (len(days) - 1) * DAY, basis)
    return figures(of, days[-1], published, coming)


def cell(found: Table, place: str, column: str) -> Cell:
    [line] = [each for each in found.lines if each.place == place]
    return line.cells[list(found.columns).index(column)]


def joined(**people: int) -> dict[str | None, Tally]:
    return {code: Tally(participants=number) for code, number in people.items()}


def test_every_place_has_a_line_and_every_figure_a_column() -> None:
    found = table(campaign(), {})
    assert [each.place for each in found.lines] == [
        *("Sweden", "Norway", "Denmark"),
        *("Another country", "Not said", "All others together", "The whole company"),
    ]
    assert {len(each.cells) for each in found.lines} == {len(found.columns)}


def test_what_is_published_is_shown_and_what_is_counted_stands_behind_it() -> None:
    found = table(campaign(), joined(SE=30, NO=20, DK=1200))
    assert cell(found, "Sweden", "Participants") == Cell("30", None, "30")
    assert cell(found, "Sweden", "Rate") == Cell("30%", None, "30 of 100")
    assert cell(found, "The whole company", "Participants") == Cell("1,250", None, "1,250")
    assert cell(found, "All others together", "Participants") == Cell("0", None, "0")


def test_a_small_group_is_hidden_and_so_is_another_country_for_its_sake() -> None:
    found = table(campaign(), joined(SE=30, NO=3, DK=20))
    assert cell(found, "Norway", "Participants") == Cell(None, FEW, "3")
    assert cell(found, "Norway", "Rate") == Cell(None, FEW, "3 of 100")
    assert cell(found, "Denmark", "Participants") == Cell(None, PROTECTS, "20")
    assert cell(found, "Sweden", "Participants") == Cell("30", None, "30")
    assert cell(found, "All others together", "Participants") == Cell("23", None, "23")


def test_where_nearly_everybody_takes_part_the_others_are_protected() -> None:
    of = campaign(country("SE"), country("NO", 10), country("DK"))
    found = table(of, joined(SE=30, NO=8, DK=20))
    assert cell(found, "Norway", "Participants") == Cell(None, TOO_FEW_LEFT, "8")


def test_a_country_whose_board_is_off_is_hidden_for_that_only() -> None:
    found = table(campaign(country("SE"), country("NO", board=False), country("DK")), joined(SE=30, NO=40, DK=20))
    assert {each.why for each in found.lines[1].cells} == {BOARD_OFF}
    assert cell(found, "Denmark", "Participants").why == PROTECTS


def test_a_rate_needs_a_headcount() -> None:
    found = table(campaign(country("SE"), country("NO", None), country("DK")), joined(SE=30, NO=40, DK=20))
    assert cell(found, "Norway", "Participants").shown == "40"
    for place in ("Norway", "Another country", "All others together", "The whole company"):
        assert cell(found, place, "Rate") == Cell(None, NO_HEADCOUNT, "not known")


def test_parts_are_hidden_where_the_whole_is() -> None:
    people: dict[str | None, Tally] = {}
    people |= {code: Tally(participants=number, earth_hour_people=10) for code, number in (("SE", 30), ("DK", 20))}
    found = table(campaign(), {**people, "NO": Tally(participants=3)})
    assert cell(found, "Denmark", "Earth Hour people") == Cell(None, "Participants are hidden", "10")


def test_what_was_hidden_the_last_time_may_stay_so_for_its_own_sake() -> None:
    of = campaign(country("SE"), country("NO"))
    found = table(of, joined(SE=4, NO=3), joined(SE=6, NO=5))
    assert {cell(found, place, "Participants").why for place in ("Sweden", "Norway")} == {WITH_OTHERS}


def test_of_two_that_are_hidden_the_large_one_protects_the_small_one_day_after_day() -> None:
    found = table(campaign(), joined(SE=30, NO=3, DK=20), joined(SE=30, NO=3, DK=22))
    assert cell(found, "Denmark", "Participants") == Cell(None, PROTECTS, "22")


def test_nothing_is_published_of_a_company_that_is_too_small() -> None:
    found = table(campaign(), joined(SE=2, NO=1))
    assert cell(found, "The whole company", "Participants") == Cell(None, FEW, "3")
    assert cell(found, "All others together", "Participants") == Cell(None, FEW, "3")


def test_people_of_a_country_that_left_the_campaign_are_elsewhere() -> None:
    found = table(campaign(), {**joined(SE=30, NO=20, DK=20, FI=6), "ZZ": Tally(participants=2)})
    assert cell(found, "Another country", "Participants").behind == "8"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "No figures were published yet; the first will be published on Tue 16 Mar 12:00 (Stockholm)."),
        (
            1,
            (
                "Figures were last published on Mon 15 Mar 12:00; "
                "the next will be published on Wed 17 Mar 12:00 (Stockholm)."
            ),
        ),
        (7, "Figures were last published on Sun 21 Mar 12:00 (Stockholm), and will not be again."),
    ],
)
def test_it_is_said_when_figures_were_published_and_will_be(days: int, said: str) -> None:
    of, now = campaign(), NOON + days * DAY
    published, basis = publish(of, {}, now - DAY, Basis())
    coming, _ = publish(of, {}, now, basis)
    assert figures(of, {}, published if days else None, coming).said == said


def test_a_campaign_that_is_over_without_figures_says_so() -> None:
    of = campaign()
    coming, _ = publish(of, {}, NOON + 30 * DAY, Basis())
    assert figures(of, {}, None, coming).said == "No figures were published, and none will be."


@st.composite
def tallies(draw: st.DrawFn) -> dict[str | None, Tally]:
    """What may have been done, place by place: everything is a part of those who joined."""
    found: dict[str | None, Tally] = {}
    for place in PLACES:
        people = draw(st.integers(0, 40))
        pledgers, hour = draw(st.integers(0, people)), draw(st.integers(0, people))
        done = draw(st.integers(0, pledgers))
        found[place] = Tally(
            participants=people,
            pledgers=pledgers,
            pledges=pledgers,
            answerers=done,
            confirmers=done,
            confirmed_pledges=done,
            earth_hour_people=hour,
            minutes_by=hour,
            earth_hour_minutes=60 * hour,
            opted_out=draw(st.integers(0, people)),
        )
    return found


countries = st.tuples(*(st.builds(country, st.just(code), st.sampled_from([None, 3, 20, 45])) for code in PLACES[:3]))


@given(countries, tallies())
def test_each_figure_is_shown_as_published_or_says_why_not(
    of: tuple[Country, ...], counted: dict[str | None, Tally]
) -> None:
    found = table(campaign(*of), counted)
    for each in found.lines:
        assert all((cell.shown is None) == bool(cell.why) for cell in each.cells)
    for column in ("Participants", "Pledges", "Confirmed pledges", "Earth Hour people", "Opted out"):
        *places, rest, whole = (each.cells[list(found.columns).index(column)] for each in found.lines)
        hidden = [int(cell.behind) for cell in places if cell.shown is None]
        assert int(rest.behind) == sum(hidden)
        assert int(whole.behind) == sum(int(cell.behind) for cell in places)
        assert all(cell.shown in {None, cell.behind} for cell in (*places, rest, whole))
        # Whoever is hidden for the sake of others is large enough, and is not the only one.
        assert all(int(cell.behind) >= 5 for cell in places if cell.why == PROTECTS)
        assert len(hidden) > 1 or PROTECTS not in {cell.why for cell in places}


# From the store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    engine = open_database(f"sqlite:///{tmp_path / 'bot.db'}")
    await upgrade(engine)
    yield Store(engine, "me", timedelta(seconds=30))
    await engine.dispose()


async def busy(store: Store, code: str, people: int) -> None:
    factor = Factor(2.0, 1.0, 3.0, "1")
    for user in (f"{code}{number}" for number in range(people)):
        await store.deeds.record(Deed("a-week", user, Kind.JOINED, "", code, NOON))
        await store.pledges.make(Pledged("a-week", user, "dryer", code, NOON, factor))
        for day in ("2027-03-15", "2027-03-16"):
            await store.pledges.mark(Outcome("a-week", user, "dryer", day, code, NOON, Answer.DONE, factor))


async def test_what_is_upcoming_is_what_will_be_published_and_is_not_kept(store: Store) -> None:
    of, register = campaign(), Register(store.participation, store.snapshots)
    await busy(store, "SE", 8)
    await busy(store, "NO", 3)
    await register.keep_up(of, NOON)
    await busy(store, "NO", 9)
    counted, coming = await upcoming(of, store, NOON + DAY)
    assert counted["NO"].participants == 9
    assert len(await register.all(of.id)) == 1
    assert await register.keep_up(of, NOON + DAY) == coming
    assert coming.whole.confirmed is not None


async def test_before_the_first_publication_there_is_nothing_to_hold_it_against(store: Store) -> None:
    of = replace(campaign(), pledges=())
    counted, coming = await upcoming(of, store, NOON)
    assert (counted, coming.rest.place, coming.taken_at) == ({}, REST, NOON)
    assert await store.snapshots.newest(of.id) is None

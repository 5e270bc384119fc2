"""Figures are taken once at each set time, and stay as they were."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Campaign, Country, Evidence, Per, Pledge
from bot.standings.basis import Basis
from bot.standings.figures import Kilograms
from bot.standings.register import Register, next_at
from bot.store.deeds import Deed, Deeds, Kind
from bot.store.participation import Participation
from bot.store.pledges import Answer, Factor, Outcome, Pledged, Pledges
from bot.store.snapshots import Snapshot, Snapshots

FIRST = datetime(2027, 3, 26, 11, tzinfo=UTC)
"""Noon on the day the campaign opens."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SE, NO = (
    Country(code=code, zone="Europe/Stockholm", languages=("en",), channel=f"week-{code.lower()}", headcount=100)
    for code in ("SE", "NO")
)
WEEK = Campaign(
    id="a-week",
    title={"en": "A week"},
    first_day=date(2027, 3, 26),
    last_day=date(2027, 3, 27),
    opens=date(2027, 3, 26),
    closes=date(2027, 3, 29),
    languages=("en",),
    earth_hour=EarthHour(date(2027, 3, 27)),
    goal=None,
    company=None,
    countries=(SE, NO),
    themes={},
    posts=(),
    texts={},
    late={},
)
LAST = datetime(2027, 3, 29, 10, tzinfo=UTC)


@pytest.fixture
def snapshots(engine: AsyncEngine) -> Snapshots:
    return Snapshots(engine)


@pytest.fixture
def register(engine: AsyncEngine, snapshots: Snapshots) -> Register:
    return Register(Participation(engine), snapshots)


def snapshot(taken_at: datetime = FIRST, standings: str = "{}", of: str = WEEK.id) -> Snapshot:
    return Snapshot(of, taken_at, "1", standings, "{}")


def pledge(per: Per) -> Pledge:
    return Pledge(id="bike", per=per, low=1, high=3, sdgs=(13,), evidence=Evidence.PHYSICS, source="Physics")


async def join(engine: AsyncEngine, country: str, number: int, after: int = 0) -> None:
    for user in range(number):
        await Deeds(engine).record(Deed(WEEK.id, f"{country}{user + after}", Kind.JOINED, "", country, FIRST - DAY))


# Keeping them


async def test_the_first_snapshot_of_a_moment_stays(snapshots: Snapshots) -> None:
    assert await snapshots.keep(snapshot(standings="first"))
    assert not await snapshots.keep(snapshot(standings="second"))
    assert await snapshots.all(WEEK.id) == [snapshot(standings="first")]


async def test_the_newest_is_by_moment_and_not_by_when_it_was_kept(snapshots: Snapshots) -> None:
    for taken_at in (FIRST, FIRST + 2 * DAY, FIRST + DAY):
        await snapshots.keep(snapshot(taken_at))
    assert await snapshots.newest(WEEK.id) == snapshot(FIRST + 2 * DAY)
    assert await snapshots.newest(WEEK.id, until=FIRST + DAY) == snapshot(FIRST + DAY)
    assert await snapshots.newest(WEEK.id, until=FIRST - DAY) is None
    assert [each.taken_at for each in await snapshots.all(WEEK.id)] == [FIRST, FIRST + DAY, FIRST + 2 * DAY]


async def test_each_campaign_has_its_own(snapshots: Snapshots) -> None:
    await snapshots.keep(snapshot(of="last-year"))
    assert await snapshots.newest(WEEK.id) is None
    assert await snapshots.all(WEEK.id) == []


# Taking them


async def test_nothing_is_taken_before_the_first_set_time(register: Register) -> None:
    assert await register.keep_up(WEEK, FIRST - HOUR) is None
    assert await register.all(WEEK.id) == []


async def test_figures_stay_as_they_were_until_the_next_set_time(engine: AsyncEngine, register: Register) -> None:
    await join(engine, "SE", 10)
    await join(engine, "NO", 8)
    taken = await register.keep_up(WEEK, FIRST)
    await join(engine, "SE", 7, after=10)
    again = await register.keep_up(WEEK, FIRST + 23 * HOUR)
    assert taken == again == await register.newest(WEEK.id)
    then = await register.keep_up(WEEK, FIRST + DAY)
    assert [each.whole.participants for each in (taken, then) if each] == [18, 25]
    assert await register.all(WEEK.id) == [taken, then]


async def test_a_bot_that_was_away_at_noon_takes_them_when_it_is_back(
    engine: AsyncEngine, register: Register, snapshots: Snapshots
) -> None:
    await join(engine, "SE", 10)
    taken = await register.keep_up(WEEK, FIRST + 5 * HOUR)
    assert taken is not None
    assert taken.taken_at == FIRST + 5 * HOUR
    assert [each.taken_at for each in await snapshots.all(WEEK.id)] == [FIRST]


async def test_only_the_last_set_time_is_made_up_for(register: Register, snapshots: Snapshots) -> None:
    await register.keep_up(WEEK, FIRST + DAY + 5 * HOUR)
    assert [each.taken_at for each in await snapshots.all(WEEK.id)] == [FIRST + DAY]


async def test_a_day_that_is_an_hour_shorter_delays_nothing(register: Register, snapshots: Snapshots) -> None:
    shorter = next_at(WEEK, FIRST + DAY)
    assert shorter == FIRST + 2 * DAY - HOUR
    await register.keep_up(WEEK, FIRST + DAY)
    await register.keep_up(WEEK, shorter)
    assert [each.taken_at for each in await snapshots.all(WEEK.id)] == [FIRST + DAY, shorter]


async def test_nothing_is_taken_when_the_campaign_is_long_over(register: Register) -> None:
    assert await register.keep_up(WEEK, LAST + DAY) is None
    assert await register.keep_up(WEEK, LAST + DAY - HOUR) is not None


async def test_two_processes_at_the_same_moment_publish_one_and_the_same(
    engine: AsyncEngine, snapshots: Snapshots
) -> None:
    await join(engine, "SE", 10)
    registers = [Register(Participation(engine), Snapshots(engine)) for _ in range(3)]
    taken = await asyncio.gather(*(each.keep_up(WEEK, FIRST + at * HOUR) for at, each in enumerate(registers)))
    assert len(await snapshots.all(WEEK.id)) == 1
    assert len({each.taken_at for each in taken if each}) == 1


# What is in them


async def test_each_snapshot_is_held_against_the_one_before(engine: AsyncEngine, register: Register) -> None:
    await join(engine, "SE", 4)
    await join(engine, "NO", 3)
    await register.keep_up(WEEK, FIRST)
    await join(engine, "SE", 2, after=4)
    await join(engine, "NO", 2, after=3)
    then = await register.keep_up(WEEK, FIRST + DAY)
    # Each has enough people now, but of the four who came too much could be told.
    assert then is not None
    assert (then.whole.participants, then.rest.participants) == (11, 11)


async def test_what_is_hidden_is_only_in_the_basis(
    engine: AsyncEngine, register: Register, snapshots: Snapshots
) -> None:
    await join(engine, "SE", 47)
    await join(engine, "NO", 3)
    await register.keep_up(WEEK, FIRST)
    [kept] = await snapshots.all(WEEK.id)
    assert Basis.model_validate_json(kept.basis).of("participants").pooled == {"SE": 47, "NO": 3}
    assert "47" not in kept.standings


@pytest.mark.parametrize(("per", "kilograms"), [(Per.DAY, 20), (Per.OCCURRENCE, 20), (Per.WEEK, 10), (Per.ONCE, 10)])
async def test_a_pledge_by_the_week_or_once_is_never_multiplied_by_days(
    engine: AsyncEngine, register: Register, per: Per, kilograms: float
) -> None:
    of = replace(WEEK, pledges=(pledge(per),))
    await join(engine, "SE", 20)
    for user in (f"SE{number}" for number in range(5)):
        factor = Factor(2.0, 1.0, 3.0, "1")
        await Pledges(engine).make(Pledged(WEEK.id, user, "bike", "SE", FIRST, factor))
        for day in ("2027-03-26", "2027-03-27"):
            await Pledges(engine).mark(Outcome(WEEK.id, user, "bike", day, "SE", FIRST, Answer.DONE, factor))
    standings = await register.keep_up(of, FIRST)
    assert standings is not None
    assert standings.whole.confirmed == Kilograms(low=kilograms / 2, about=kilograms, high=kilograms * 1.5)

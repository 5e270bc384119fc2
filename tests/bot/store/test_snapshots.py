"""Figures are taken once at each set time, and stay as they were."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Audience, Campaign, Country, Evidence, Per, Pledge, Post
from bot.database.database import Database
from bot.standings.published_figures import WHOLE, Standing, Standings
from bot.standings.publisher import Publisher
from bot.store.actions import Action, ActionKind, Actions
from bot.store.pledges import Answer, Factor, Outcome, Pledged, Pledges
from bot.store.privacy import Privacy
from bot.store.snapshots import Snapshot, Snapshots
from bot.store.store import Store
from bot.store.tables import campaigns

FIRST = datetime(2027, 3, 24, 11, tzinfo=UTC)
"""Noon on the Wednesday of the week."""

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SE, NO = (
    Country(code=code, zone="Europe/Stockholm", languages=("en",), channel=f"week-{code.lower()}", headcount=100)
    for code in ("SE", "NO")
)
WEEK = Campaign(
    id="a-week",
    title={"en": "A week"},
    first_day=date(2027, 3, 22),
    last_day=date(2027, 3, 27),
    opens=date(2027, 3, 22),
    closes=date(2027, 3, 29),
    languages=("en",),
    earth_hour=EarthHour(date(2027, 3, 27)),
    goal=None,
    company=None,
    countries=(SE, NO),
    themes={},
    posts=(),
    texts={},
    deadlines={},
)
LAST = datetime(2027, 3, 29, 10, tzinfo=UTC)


@pytest.fixture
def snapshots() -> Snapshots:
    return Snapshots()


@pytest.fixture
def publisher(database: Database) -> Publisher:
    return Publisher(Store(database, "me", timedelta(0)))


def snapshot(taken_at: datetime = FIRST, standings: str = "{}", of: str = WEEK.id) -> Snapshot:
    return Snapshot(of, taken_at, "1", standings)


def pledge(per: Per) -> Pledge:
    return Pledge(id="bike", per=per, low=1, high=3, sdgs=(13,), evidence=Evidence.PHYSICS, source="Physics")


async def join(database: Database, country: str, number: int, after: int = 0) -> None:
    for user in range(number):
        await database.write(
            Actions().record, Action(WEEK.id, f"{country}{user + after}", ActionKind.JOINED, "", country, FIRST - DAY)
        )


# Keeping them


async def test_the_first_snapshot_of_a_moment_stays(database: Database, snapshots: Snapshots) -> None:
    assert await database.write(snapshots.keep, snapshot(standings="first"))
    assert not await database.write(snapshots.keep, snapshot(standings="second"))
    assert await database.read(snapshots.all, WEEK.id) == [snapshot(standings="first")]


async def test_newest_snapshot_is_by_moment_not_by_insertion(database: Database, snapshots: Snapshots) -> None:
    for taken_at in (FIRST, FIRST + 2 * DAY, FIRST + DAY):
        await database.write(snapshots.keep, snapshot(taken_at))
    assert await database.read(snapshots.newest, WEEK.id) == snapshot(FIRST + 2 * DAY)
    assert await database.read(snapshots.newest, WEEK.id, until=FIRST + DAY) == snapshot(FIRST + DAY)
    assert await database.read(snapshots.newest, WEEK.id, until=FIRST - DAY) is None
    assert [each.taken_at for each in await database.read(snapshots.all, WEEK.id)] == [
        FIRST,
        FIRST + DAY,
        FIRST + 2 * DAY,
    ]


async def test_each_campaign_has_its_own(database: Database, snapshots: Snapshots) -> None:
    await database.write(snapshots.keep, snapshot(of="last-year"))
    assert await database.read(snapshots.newest, WEEK.id) is None
    assert await database.read(snapshots.all, WEEK.id) == []


async def test_campaign_before_is_the_last_one_that_ended(
    database: Database, snapshots: Snapshots, publisher: Publisher
) -> None:
    assert await publisher.former(WEEK) is None
    for campaign, before in (("years-ago", 700), ("last-year", 364), ("last-year", 350), ("next-year", -300)):
        known = Standings(
            campaign=campaign,
            taken_at=FIRST - before * DAY,
            definition="3",
            factors="1",
            smallest_group=5,
            goal_percent=None,
            whole=Standing(place=WHOLE, participants=before),
            places=(),
        )
        await database.write(snapshots.keep, Snapshot(campaign, known.taken_at, "3", known.model_dump_json()))
    await publisher.keep_up(WEEK, FIRST)
    found = await publisher.former(WEEK)
    assert found is not None
    assert (found.campaign, found.figures[WHOLE, "participants"]) == ("last-year", 350)


# Taking them


async def test_nothing_is_taken_before_the_first_set_time(publisher: Publisher) -> None:
    assert await publisher.keep_up(WEEK, FIRST - HOUR) is None
    assert await publisher.all(WEEK) == []


async def test_figures_stay_unchanged_until_next_set_time(database: Database, publisher: Publisher) -> None:
    await join(database, "SE", 30)
    taken = await publisher.keep_up(WEEK, FIRST)
    await join(database, "SE", 50, after=30)
    again = await publisher.keep_up(WEEK, FIRST + 47 * HOUR)
    assert taken == again == await publisher.newest(WEEK)
    then = await publisher.keep_up(WEEK, FIRST + 2 * DAY)
    assert taken is not None
    assert then is not None
    assert taken.whole.participants != then.whole.participants
    assert await publisher.all(WEEK) == [taken, then]


async def test_figures_missed_at_noon_are_taken_on_return(
    database: Database, publisher: Publisher, snapshots: Snapshots
) -> None:
    await join(database, "SE", 10)
    taken = await publisher.keep_up(WEEK, FIRST + 30 * HOUR)
    assert taken is not None
    assert taken.taken_at == FIRST + 30 * HOUR
    assert [each.taken_at for each in await database.read(snapshots.all, WEEK.id)] == [FIRST]


async def test_late_figures_and_next_are_half_day_apart(
    database: Database, publisher: Publisher, snapshots: Snapshots
) -> None:
    assert await publisher.keep_up(WEEK, FIRST + 37 * HOUR) is None
    await publisher.keep_up(WEEK, FIRST + 48 * HOUR)
    assert [each.taken_at for each in await database.read(snapshots.all, WEEK.id)] == [FIRST + 2 * DAY]


async def test_nothing_is_taken_long_after_campaign(publisher: Publisher) -> None:
    assert await publisher.keep_up(WEEK, LAST + 2 * DAY + HOUR) is None
    assert await publisher.keep_up(WEEK, LAST + 2 * DAY - HOUR) is not None


async def test_simultaneous_processes_publish_same_figures_once(database: Database, snapshots: Snapshots) -> None:
    await join(database, "SE", 10)
    publishers = [Publisher(Store(database, name, timedelta(0))) for name in ("one", "two", "three")]
    taken = await asyncio.gather(*(each.keep_up(WEEK, FIRST + at * HOUR) for at, each in enumerate(publishers)))
    assert len(await database.read(snapshots.all, WEEK.id)) == 1
    assert len({each.taken_at for each in taken if each}) == 1


async def test_kilograms_wait_for_the_end_of_the_week(database: Database, publisher: Publisher) -> None:
    await join(database, "SE", 40)
    for user in range(40):
        factor = Factor(40.0, 40.0, 40.0, "1")
        await database.write(Pledges().make, Pledged(WEEK.id, f"SE{user}", "bike", "SE", FIRST, factor))
    taken = [await publisher.keep_up(WEEK, at) for at in (FIRST, FIRST + 2 * DAY, LAST)]
    assert [bool(each and each.whole.pledged) for each in taken] == [False, True, True]


# The secret


async def test_secret_is_made_once_for_each_campaign(database: Database, snapshots: Snapshots) -> None:
    asked = await asyncio.gather(*(database.write(Snapshots().secret, WEEK.id, WEEK.kept_until) for _ in range(5)))
    assert len(set(asked)) == 1
    assert len(asked[0]) == 32
    assert await database.write(snapshots.secret, "last-year", WEEK.kept_until) != asked[0]


async def test_secret_outlives_new_last_day_and_is_purged(database: Database, snapshots: Snapshots) -> None:
    privacy = Privacy(database)
    await privacy.keep_until(WEEK.id, WEEK.kept_until)
    first = await database.write(snapshots.secret, WEEK.id, WEEK.kept_until)
    await privacy.keep_until(WEEK.id, WEEK.kept_until + DAY)
    assert await database.write(snapshots.secret, WEEK.id, WEEK.kept_until) == first
    await privacy.purge(WEEK.kept_until + 2 * DAY)
    with database.transaction() as connection:
        assert (connection.execute(select(campaigns))).all() == []
    assert await database.write(snapshots.secret, WEEK.id, WEEK.kept_until) != first


# What is in them


async def test_stored_publication_holds_no_exact_figures(
    database: Database, publisher: Publisher, snapshots: Snapshots
) -> None:
    await join(database, "SE", 47)
    await publisher.keep_up(WEEK, FIRST)
    [kept] = await database.read(snapshots.all, WEEK.id)
    assert "47" not in kept.standings
    assert set(vars(kept)) == {"campaign", "taken_at", "definition", "standings"}


async def test_only_what_todays_campaign_would_show_is_shown(database: Database, publisher: Publisher) -> None:
    await join(database, "SE", 50)
    await join(database, "NO", 7)
    tip = Post(post="tip", kind="tip", audience=Audience.COUNTRIES, day=WEEK.first_day, time=time(9), countries=("NO",))
    week = replace(WEEK, posts=(tip,))
    small = NO.model_copy(update={"headcount": 12})
    taken = await publisher.keep_up(replace(week, countries=(SE, small)), FIRST)
    assert taken is not None
    assert ([each.place for each in taken.places], [*taken.tips]) == (["SE", "NO"], ["tip:tip:NO"])
    for now in ({"headcount": 8}, {"headcount": None}, {"board": False}):
        of = replace(week, countries=(SE, NO.model_copy(update=now)))
        for shown in (await publisher.newest(of), *(await publisher.all(of))):
            assert shown is not None
            assert ([each.place for each in shown.places], [*shown.tips]) == (["SE"], [])
            assert shown.whole == taken.whole


async def test_closing_figures_come_with_the_last_publication_alone(database: Database, publisher: Publisher) -> None:
    await join(database, "SE", 50)
    of = replace(WEEK, pledges=(pledge(Per.DAY),))
    for number in range(40):
        await database.write(Pledges().make, Pledged(WEEK.id, f"SE{number}", "bike", "SE", FIRST, Factor(1, 1, 1, "1")))
    taken = [await publisher.keep_up(of, at) for at in (FIRST, FIRST + 2 * DAY, LAST)]
    closing = [each.closing if each else None for each in taken]
    assert closing[:2] == [None, None]
    assert closing[2] is not None
    assert 30 <= int(closing[2].chosen["bike"] or 0) <= 50
    small = replace(of, countries=(SE.model_copy(update={"headcount": 9}),))
    assert [each.closing for each in await publisher.all(small)] == [None] * 3


async def test_company_found_to_be_small_is_hidden(database: Database, publisher: Publisher) -> None:
    await join(database, "SE", 7)
    taken = await publisher.keep_up(WEEK, FIRST)
    assert taken is not None
    assert taken.whole.participants is not None
    of = replace(WEEK, countries=(SE.model_copy(update={"headcount": 9}), NO.model_copy(update={"headcount": None})))
    for shown in (await publisher.newest(of), *(await publisher.all(of))):
        assert shown is not None
        assert (shown.whole, shown.places) == (Standing(place=WHOLE), ())


@pytest.mark.parametrize(("per", "kilograms"), [(Per.DAY, 80), (Per.OCCURRENCE, 80), (Per.WEEK, 40), (Per.ONCE, 40)])
async def test_days_never_multiply_weekly_or_single_pledges(
    database: Database, publisher: Publisher, per: Per, kilograms: int
) -> None:
    of = replace(WEEK, pledges=(pledge(per),))
    factor = Factor(40.0, 40.0, 40.0, "1")
    await database.write(Pledges().make, Pledged(WEEK.id, "SE1", "bike", "SE", FIRST, factor))
    for day in ("2027-03-26", "2027-03-27"):
        await database.write(Pledges().mark, Outcome(WEEK.id, "SE1", "bike", day, "SE", FIRST, Answer.DONE, factor))
    counted = await publisher.tabulated(of)
    assert counted.cell("confirmed", "SE").total == 1000 * kilograms

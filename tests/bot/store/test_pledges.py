"""Pledges, their reminders and how they went, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.database.database import Database
from bot.store.actions import Action, ActionKind
from bot.store.people import People, Person
from bot.store.pledges import Answer, Factor, Outcome, Pledged, Pledges
from bot.store.tables import outcomes, pledges, reminders

from .databases import lasting

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
MONDAY, TUESDAY, FRIDAY = date(2027, 3, 15), date(2027, 3, 16), date(2027, 3, 19)
THEN, SINCE = Factor(2.1, 0.1, 3.4, "1"), Factor(1.9, 0.2, 3.0, "2")
BIKE = Pledged("a-week", "U0ANN", "bike", "SE", NOW, THEN, plan="On Monday")
DAILY = replace(BIKE, remind_at=time(9), remind_on=(TUESDAY, FRIDAY))
ANN = Person("T0TEAM", "U0ANN", "Europe/Stockholm", NOW, "SE", "said", "sv")
DONE = Outcome("a-week", "U0ANN", "bike", "2027-03-16", "SE", NOW, Answer.DONE, THEN)
ASKED = replace(DONE, occasion="friday-check-in", answer=Answer.NOT, obstacle="time", continues=True)


@pytest.fixture
def store() -> Pledges:
    return Pledges()


@pytest.fixture
def people() -> People:
    return People()


async def test_a_pledge_is_kept_as_it_was_made(database: Database, store: Pledges) -> None:
    symbolic = replace(DAILY, pledge="lights", factor=Factor(None, 0, 0, "1"), any_hour=True, country=None)
    await database.write(store.make, symbolic)
    await database.write(store.make, replace(BIKE, already=True))
    assert await database.read(store.of, "a-week", "U0ANN") == [replace(BIKE, already=True), symbolic]


async def test_a_pledge_made_twice_is_one_pledge(database: Database, store: Pledges) -> None:
    await database.write(store.make, DAILY)
    await database.write(store.make, DAILY)
    assert await database.read(store.of, "a-week", "U0ANN") == [DAILY]


async def test_pledging_again_takes_plan_keeps_country_and_factor(database: Database, store: Pledges) -> None:
    await database.write(store.make, DAILY)
    again = replace(
        BIKE, country="NO", made_at=LATER, factor=SINCE, plan="At noon", remind_at=time(12), remind_on=(MONDAY,)
    )
    await database.write(store.make, again)
    assert await database.read(store.of, "a-week", "U0ANN") == [
        replace(DAILY, plan="At noon", remind_at=time(12), remind_on=(MONDAY,))
    ]
    await database.write(store.make, replace(BIKE, plan=None))
    assert await database.read(store.of, "a-week", "U0ANN") == [replace(BIKE, plan=None)]


async def test_days_come_in_order_and_once(database: Database, store: Pledges) -> None:
    await database.write(store.make, replace(DAILY, remind_on=(FRIDAY, TUESDAY, FRIDAY)))
    assert await database.read(store.of, "a-week", "U0ANN") == [DAILY]


async def test_pledge_is_withdrawn_once_with_its_reminders(store: Pledges, people: People, database: Database) -> None:
    await database.write(people.keep, [ANN])
    await database.write(store.make, DAILY)
    assert await database.write(store.withdraw, "a-week", "U0ANN", "bike", LATER)
    assert not await database.write(store.withdraw, "a-week", "U0ANN", "bike", LATER + timedelta(hours=1))
    assert await database.read(store.of, "a-week", "U0ANN") == []
    assert await database.read(store.to_remind, "a-week") == []
    with database.transaction() as connection:
        assert (connection.execute(pledges.select())).one().withdrawn_at == LATER
        assert (connection.execute(reminders.select())).all() == []


async def test_only_what_was_pledged_can_be_taken_back(database: Database, store: Pledges) -> None:
    await database.write(store.make, BIKE)
    others = [("another", "U0ANN", "bike"), ("a-week", "U0BO", "bike"), ("a-week", "U0ANN", "dryer")]
    assert [await database.write(store.withdraw, *other, LATER) for other in others] == [False] * 3
    assert await database.read(store.of, "a-week", "U0ANN") == [BIKE]


async def test_pledging_after_withdrawal_counts_in_present_country(database: Database, store: Pledges) -> None:
    await database.write(store.make, DAILY)
    await database.write(store.withdraw, "a-week", "U0ANN", "bike", LATER)
    anew = replace(BIKE, country="NO", made_at=LATER, factor=SINCE)
    await database.write(store.make, anew)
    assert await database.read(store.of, "a-week", "U0ANN") == [anew]


async def test_what_somebody_does_anyway_can_become_a_pledge(database: Database, store: Pledges) -> None:
    await database.write(store.make, replace(BIKE, already=True, plan=None))
    await database.write(store.make, replace(DAILY, made_at=LATER, country="NO"))
    assert await database.read(store.of, "a-week", "U0ANN") == [DAILY]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [(BIKE, BIKE, False), (BIKE, DAILY, True), (DAILY, BIKE, True), (DAILY, DAILY, True)],
)
async def test_pledge_tells_whether_reminders_are_concerned(
    database: Database, store: Pledges, before: Pledged, after: Pledged, *, changes: bool
) -> None:
    await database.write(store.make, before)
    assert await database.write(store.make, after) is changes


async def test_reminders_resume_stopped_messages(database: Database, store: Pledges, people: People) -> None:
    await database.write(people.keep, [replace(ANN, stopped_at=NOW)])
    await database.write(store.make, BIKE)
    assert await database.read(people.get, "U0ANN") == replace(ANN, stopped_at=NOW)
    await database.write(store.make, DAILY)
    assert await database.read(people.get, "U0ANN") == ANN


async def test_everyone_pledges_for_themselves(database: Database, store: Pledges) -> None:
    bo = replace(DAILY, user="U0BO", remind_on=(MONDAY,))
    for each in (DAILY, bo, replace(DAILY, campaign="another"), replace(BIKE, pledge="dryer", made_at=LATER)):
        await database.write(store.make, each)
    assert await database.read(store.of, "a-week", "U0BO") == [bo]
    assert await database.read(store.of, "a-week", "U0ANN") == [DAILY, replace(BIKE, pledge="dryer", made_at=LATER)]


async def test_reminders_need_joined_person_with_time_and_days(
    database: Database, store: Pledges, people: People
) -> None:
    await database.write(people.keep, [ANN])
    await database.write(store.make, DAILY)
    await database.write(store.make, replace(BIKE, pledge="no-days", remind_at=time(9)))
    await database.write(store.make, replace(BIKE, pledge="no-time", remind_on=(FRIDAY,)))
    await database.write(store.make, replace(DAILY, user="U0GONE"))
    await database.write(store.make, replace(DAILY, campaign="another", pledge="dryer"))
    assert await database.read(store.to_remind, "a-week") == [(ANN, DAILY)]


async def test_reminders_name_person_once_for_each_pledge(database: Database, store: Pledges, people: People) -> None:
    bo = replace(ANN, user="U0BO", zone="Asia/Kolkata", country=None, paused_until=FRIDAY)
    await database.write(people.keep, [ANN, bo])
    dryer = replace(DAILY, pledge="dryer", country="NO", remind_on=(MONDAY,), any_hour=True)
    his = replace(DAILY, user="U0BO", country="DE")
    for each in (DAILY, dryer, his):
        await database.write(store.make, each)
    found = await database.read(store.to_remind, "a-week")
    assert sorted(found, key=lambda each: (each[0].user, each[1].pledge)) == [(ANN, DAILY), (ANN, dryer), (bo, his)]


async def test_stopping_one_or_all_reminders_keeps_pledges(database: Database, store: Pledges, people: People) -> None:
    await database.write(people.keep, [ANN])
    dryer, bo = replace(DAILY, pledge="dryer", made_at=LATER), replace(DAILY, user="U0BO")
    for each in (DAILY, dryer, bo):
        await database.write(store.make, each)
    await database.write(store.stop_reminders, "a-week", "U0ANN", "bike")
    assert [pledged.pledge for _, pledged in await database.read(store.to_remind, "a-week")] == ["dryer"]
    await database.write(people.stop, Action("a-week", "U0ANN", ActionKind.OPTED_OUT, "", "SE", LATER))
    assert await database.read(store.to_remind, "a-week") == []
    assert [each.remind_on for each in await database.read(store.of, "a-week", "U0ANN")] == [(), ()]
    assert await database.read(store.of, "a-week", "U0BO") == [bo]


async def test_a_day_is_marked_once(database: Database, store: Pledges) -> None:
    assert await database.write(store.mark, DONE)
    assert not await database.write(store.mark, DONE)
    assert not await database.write(store.mark, replace(DONE, country="NO", at=LATER, factor=SINCE))
    assert await database.write(store.mark, replace(DONE, occasion="2027-03-17", at=LATER))
    assert await database.read(store.outcomes, "a-week", "U0ANN") == [
        DONE,
        replace(DONE, occasion="2027-03-17", at=LATER),
    ]


async def test_later_answer_replaces_earlier_keeps_country_and_factor(database: Database, store: Pledges) -> None:
    await database.write(store.answer, [ASKED])
    await database.write(
        store.answer, [replace(ASKED, answer=Answer.DONE, obstacle=None, country="NO", at=LATER, factor=SINCE)]
    )
    assert await database.read(store.outcomes, "a-week", "U0ANN") == [replace(ASKED, answer=Answer.DONE, obstacle=None)]


async def test_several_answers_are_kept_together(database: Database, store: Pledges) -> None:
    both = [ASKED, replace(ASKED, pledge="dryer", at=LATER, continues=None)]
    await database.write(store.answer, both)
    await database.write(store.answer, iter(both))
    await database.write(store.answer, [])
    assert await database.read(store.outcomes, "a-week", "U0ANN") == both
    assert await database.read(store.outcomes, "a-week", "U0BO") == []
    assert await database.read(store.outcomes, "another", "U0ANN") == []


@pytest.mark.parametrize(
    ("occasion", "day"), [("2027-03-16", True), ("friday-check-in", False), ("2027-03-16-tip", False), ("", False)]
)
def test_a_day_is_told_from_a_post(occasion: str, *, day: bool) -> None:
    assert replace(DONE, occasion=occasion).is_day is day


async def test_fifty_pledging_twice_at_once_make_fifty_pledges(store: Pledges, database: Database) -> None:
    users = [f"U{number:03d}" for number in range(50)] * 2
    await asyncio.gather(*(database.write(store.make, replace(DAILY, user=user)) for user in users))
    with database.transaction() as connection:
        assert len((connection.execute(pledges.select())).all()) == 50
        assert len((connection.execute(reminders.select())).all()) == 100


COUNTRIES = st.sampled_from(["SE", "NO", None])
USERS = st.sampled_from(["U0ANN", "U0BO"])
MAKES = st.builds(
    lambda user, country, already, days: replace(
        DAILY, user=user, country=country, already=already, remind_on=tuple(sorted(days))
    ),
    USERS,
    COUNTRIES,
    st.booleans(),
    st.sets(st.sampled_from([MONDAY, TUESDAY, FRIDAY])),
)
OUTCOMES = st.builds(
    lambda user, country, occasion, answer: replace(DONE, user=user, country=country, occasion=occasion, answer=answer),
    USERS,
    COUNTRIES,
    st.sampled_from(["2027-03-16", "friday-check-in"]),
    st.sampled_from(Answer),
)
PRESSES = st.lists(st.one_of(MAKES, USERS, OUTCOMES), max_size=12)
Press = Pledged | Outcome | str
TABLES = (pledges, reminders, outcomes)


async def press(database: Database, store: Pledges, what: Press, campaign: str, at: datetime) -> None:
    match what:
        case Pledged():
            await database.write(store.make, replace(what, campaign=campaign, made_at=at))
        case Outcome(is_day=True):
            await database.write(store.mark, replace(what, campaign=campaign, at=at))
        case Outcome():
            await database.write(store.answer, [replace(what, campaign=campaign, at=at)])
        case user:
            await database.write(store.withdraw, campaign, user, "bike", at)


async def pressed(database: Database, campaign: str, presses: Sequence[Press], times: int) -> list[object]:
    """Every row there is after presses, each of which arrives so many times."""
    store = Pledges()
    for minute, what in enumerate(presses):
        for _ in range(times):
            await press(database, store, what, campaign, NOW + timedelta(minutes=minute))
    with database.transaction() as connection:
        found = [connection.execute(select(each).filter_by(campaign=campaign)) for each in TABLES]
    return [sorted(repr({**row, "campaign": ""}) for row in rows.mappings()) for rows in found]


def test_pressing_everything_twice_is_pressing_it_once(url: str) -> None:
    with lasting(url) as (runner, database):
        weeks = (f"week-{number}" for number in count())

        @settings(max_examples=25)
        @given(PRESSES)
        def it_is(presses: list[Press]) -> None:
            once, twice = (runner.run(pressed(database, next(weeks), presses, times)) for times in (1, 2))
            assert twice == once

        it_is()

"""What people did, counted by country on a real database, and held against a count that does it the long way."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database.database import Database
from bot.store.actions import Action, ActionKind, Actions
from bot.store.participation import KilogramRules, contributions
from bot.store.pledges import Answer, Factor, Outcome, Pledged, Pledges
from bot.store.tables import actions

from .databases import lasting

WEEK = "a-week"
NOON = datetime(2027, 3, 15, 12, tzinfo=UTC)
TWO = Factor(2.0, 1.0, 3.0, "1")
FIVE = Factor(5.0, 4.0, 6.0, "1")
SYMBOLIC = Factor(None, 0.1, 0.2, "1")
LAPTOP = "laptop"
"""Counts at most once."""


def joined(user: str, country: str | None = "SE") -> Action:
    return Action(WEEK, user, ActionKind.JOINED, "", country, NOON)


def hour(user: str, minutes: int | None = 60, answer: str = "did", country: str | None = "SE") -> Action:
    return Action(WEEK, user, ActionKind.EARTH_HOUR, "", country, NOON, answer, minutes)


def pledged(
    user: str, pledge: str = "bike", country: str | None = "SE", factor: Factor = TWO, after: int = 0
) -> Pledged:
    return Pledged(WEEK, user, pledge, country, NOON + timedelta(hours=after), factor)


def outcome(
    user: str, occasion: str, answer: Answer = Answer.DONE, country: str | None = "SE", pledge: str = "bike"
) -> Outcome:
    return Outcome(WEEK, user, pledge, occasion, country, NOON, answer, TWO)


@dataclass(frozen=True)
class Company:
    """Whatever people do, and what is counted of it."""

    database: Database

    async def does(self, *acts: Action | Pledged | Outcome) -> None:
        for act in acts:
            if isinstance(act, Action):
                await self.database.write(Actions().record, act)
            elif isinstance(act, Pledged):
                await self.database.write(Pledges().make, act)
            else:
                await self.database.write(Pledges().answer, [act])

    async def withdraws(self, user: str, pledge: str) -> None:
        await self.database.write(Pledges().withdraw, WEEK, user, pledge, NOON)

    async def total(self, country: str | None = "SE") -> dict[str, int]:
        """What is counted of a country, by measure."""
        return {measure: amount for (measure, there), amount in (await self.totals()).items() if there == country}

    async def totals(self) -> Totals:
        return await totals(self.database, WEEK)


Totals = dict[tuple[str, str | None], int]


async def totals(database: Database, week: str) -> Totals:
    """Everybody's contributions together; nobody comes twice."""
    found: Counter[tuple[str, str | None]] = Counter()
    everybody = await database.count(lambda connection: list(contributions(connection, week, KilogramRules({LAPTOP}))))
    people = [person for person, _ in everybody]
    for _, adds in everybody:
        found.update(adds)
    assert len(people) == len(set(people))
    assert all(found.values()), "nothing is counted as nothing"
    return dict(found)


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database)


async def test_nobody_has_done_anything(company: Company) -> None:
    assert await company.totals() == {}


async def test_who_joined_is_counted_where_they_were(company: Company) -> None:
    await company.does(joined("ANN"), joined("BO"), joined("CAI", "ZZ"), joined("DEE", None))
    counted = {("participants", "SE"): 2, ("participants", "ZZ"): 1, ("participants", None): 1}
    assert await company.totals() == counted


async def test_another_campaign_is_another_count(company: Company) -> None:
    await company.does(joined("ANN"), replace(joined("ANN"), campaign="last-year"))
    assert await company.total() == {"participants": 1}


async def test_somebody_with_two_pledges_is_one_person(company: Company) -> None:
    await company.does(pledged("ANN"), pledged("ANN", "beef", factor=FIVE), pledged("BO"))
    assert await company.total() == {"pledgers": 2, "pledges": 3, "pledged": 9000}


async def test_a_symbolic_pledge_counts_and_weighs_nothing(company: Company) -> None:
    await company.does(pledged("ANN", factor=SYMBOLIC))
    assert await company.total() == {"pledgers": 1, "pledges": 1}


async def test_a_pledge_weighs_no_more_than_the_most(company: Company) -> None:
    heavy = Factor(250.0, 110.0, 430.0, "1")
    await company.does(pledged("ANN", factor=heavy), replace(outcome("ANN", "2027-03-16"), factor=heavy))
    found = await company.total()
    assert (found["pledged"], found["confirmed"]) == (50_000, 50_000)


async def test_pledge_already_practised_is_neither_pledged_nor_confirmed(company: Company) -> None:
    await company.does(replace(pledged("ANN"), already=True), outcome("ANN", "2027-03-16"))
    assert await company.totals() == {}


async def test_withdrawn_pledge_and_its_outcomes_are_not_counted(company: Company) -> None:
    await company.does(pledged("ANN"), outcome("ANN", "2027-03-16"))
    await company.withdraws("ANN", "bike")
    assert await company.totals() == {}


async def test_pledge_is_confirmed_once_and_weighs_each_day(company: Company) -> None:
    await company.does(
        pledged("ANN"), outcome("ANN", "2027-03-16"), outcome("ANN", "2027-03-17"), outcome("ANN", "friday")
    )
    found = await company.total()
    assert (found["answerers"], found["confirmed_pledges"], found["confirmed"]) == (1, 1, 4000)


async def test_done_without_a_day_weighs_once(company: Company) -> None:
    await company.does(pledged("ANN"), outcome("ANN", "friday"), outcome("ANN", "follow-up"))
    assert (await company.total())["confirmed"] == 2000


async def test_what_counts_once_weighs_once_at_its_heaviest(company: Company) -> None:
    light, heavy = outcome("ANN", "2027-03-16", pledge=LAPTOP), outcome("ANN", "2027-03-17", pledge=LAPTOP)
    await company.does(pledged("ANN", LAPTOP), light, replace(heavy, factor=FIVE))
    assert (await company.total())["confirmed"] == 5000


@pytest.mark.parametrize("answer", [Answer.PARTLY, Answer.NOT])
async def test_pledge_not_done_is_answered_but_not_confirmed(company: Company, answer: Answer) -> None:
    await company.does(pledged("ANN"), outcome("ANN", "friday", answer))
    assert await company.total() == {"pledgers": 1, "pledges": 1, "pledged": 2000, "answerers": 1}


async def test_post_named_like_a_date_counts_no_day(company: Company) -> None:
    await company.does(pledged("ANN"), outcome("ANN", "week-of-ev"), outcome("ANN", "abcd-ef-gh"))
    assert (await company.total())["confirmed"] == 2000


async def test_who_will_go_on_is_counted_once(company: Company) -> None:
    going = [replace(outcome("ANN", occasion), continues=True) for occasion in ("friday", "follow-up")]
    await company.does(pledged("ANN"), *going, pledged("BO"), replace(outcome("BO", "friday"), continues=False))
    assert (await company.total())["continuing"] == 1


async def test_each_obstacle_is_counted_once_a_person(company: Company) -> None:
    named = [
        replace(outcome("ANN", occasion, Answer.NOT), obstacle=obstacle)
        for occasion, obstacle in (("friday", "time"), ("follow-up", "time"), ("2027-03-16", "cost"))
    ]
    withdrawn = replace(outcome("BO", "friday", Answer.NOT), obstacle="time")
    await company.does(pledged("ANN"), *named, pledged("BO"), withdrawn)
    await company.withdraws("BO", "bike")
    found = await company.total()
    assert {name: amount for name, amount in found.items() if name.startswith("obstacle_")} == {
        "obstacle_time": 1,
        "obstacle_cost": 1,
    }


async def test_earth_hour_counts_participants_and_their_minutes(company: Company) -> None:
    await company.does(hour("ANN"), hour("BO", 15), hour("CAI", None), hour("DEE", None, "forgot"))
    assert await company.total() == {"earth_hour_people": 3, "earth_hour_minutes": 75}


async def test_person_opting_out_of_two_posts_counts_once(company: Company) -> None:
    opted = [Action(WEEK, "ANN", ActionKind.OPTED_OUT, post, "SE", NOON) for post in ("tip", "")]
    await company.does(*opted)
    assert await company.total() == {"opted_out": 1}


async def test_moving_does_not_rewrite_the_past(company: Company) -> None:
    await company.does(joined("ANN"), pledged("ANN"), outcome("ANN", "2027-03-16"))
    before = await company.total()
    moved = replace(outcome("ANN", "2027-03-17", country="DK"), at=NOON + timedelta(days=1))
    await company.does(pledged("ANN", "beef", "DK", after=24), moved)
    assert await company.total() == before
    assert await company.total("DK") == {"pledges": 1, "pledged": 2000, "confirmed": 2000}


async def test_fifty_people_pressing_twice_count_as_fifty(company: Company) -> None:
    presses = [pledged(f"U{number}") for number in range(50)] * 2
    await asyncio.gather(*(company.does(joined(each.user), each) for each in presses))
    found = await company.total()
    assert (found["participants"], found["pledgers"], found["pledges"]) == (50, 50, 50)


async def test_each_tip_is_counted_by_country(company: Company) -> None:
    tips = [
        Action(WEEK, user, ActionKind.TIP, "monday", country, NOON) for user, country in (("ANN", "SE"), ("BO", None))
    ]
    await company.does(*tips, replace(tips[0], subject="tuesday"))
    assert await company.totals() == {("tip:monday", "SE"): 1, ("tip:tuesday", "SE"): 1, ("tip:monday", None): 1}


async def test_people_beyond_one_batch_are_counted_once_each(company: Company) -> None:
    with company.database.transaction() as connection:
        rows = [{**vars(joined(f"U{number:04d}")), "kind": kind} for number in range(400) for kind in ActionKind]
        connection.execute(actions.insert(), rows)
    assert (await company.total())["participants"] == 400


# The long way: one thing after the other, in Python.

USERS, COUNTRIES, PLEDGES = ("ANN", "BO", "CAI"), ("SE", "NO", None), ("bike", "beef", LAPTOP)
HOURS = st.integers(0, 5).map(lambda after: NOON + timedelta(hours=after))
FACTORS = st.sampled_from([TWO, FIVE, SYMBOLIC, Factor(0.0, 0.0, 0.0, "1")])
WHERE = st.sampled_from(COUNTRIES)

MADE = st.builds(
    Pledged,
    st.just(WEEK), st.sampled_from(USERS), st.sampled_from(PLEDGES), WHERE, HOURS, FACTORS,
    already=st.sampled_from([False, False, True]),
)  # fmt: skip
WENT = st.builds(
    Outcome,
    st.just(WEEK), st.sampled_from(USERS), st.sampled_from(PLEDGES),
    st.sampled_from(["2027-03-16", "2027-03-17", "friday", "follow-up"]), WHERE, HOURS, st.sampled_from(Answer),
    FACTORS,
    obstacle=st.sampled_from([None, "time", "cost"]),
    continues=st.sampled_from([None, True, False]),
)  # fmt: skip
DID = st.builds(
    Action,
    st.just(WEEK), st.sampled_from(USERS), st.sampled_from(ActionKind), st.sampled_from(["", "tip"]), WHERE, HOURS,
    st.sampled_from([None, "did", "forgot"]), st.sampled_from([None, 0, 15, 60]),
)  # fmt: skip


@dataclass(frozen=True)
class Doings:
    """Rows as they are in the tables, each under a key of its own."""

    actions: Sequence[Action]
    pledges: Sequence[Pledged]
    outcomes: Sequence[Outcome]
    withdrawn: frozenset[tuple[str, str]]


DOINGS = st.builds(
    Doings,
    st.lists(DID, max_size=25, unique_by=lambda each: (each.user, each.kind, each.subject)),
    st.lists(MADE, max_size=9, unique_by=lambda each: (each.user, each.pledge)),
    st.lists(WENT, max_size=25, unique_by=lambda each: (each.user, each.pledge, each.occasion)),
    st.frozensets(st.tuples(st.sampled_from(USERS), st.sampled_from(PLEDGES)), max_size=2),
)


async def stored(database: Database, week: str, doings: Doings) -> Totals:
    for action in doings.actions:
        await database.write(Actions().record, replace(action, campaign=week))
    for made in doings.pledges:
        await database.write(Pledges().make, replace(made, campaign=week))
    await database.write(Pledges().answer, [replace(each, campaign=week) for each in doings.outcomes])
    for user, name in doings.withdrawn:
        await database.write(Pledges().withdraw, week, user, name, NOON)
    return await totals(database, week)


class Ledger(Counter[tuple[str, str | None]]):
    """Counts by measure and country, put down one by one."""

    def first(self, name: str, rows: Iterable[Action | Pledged | Outcome], *, of_each: bool = False) -> None:
        """Put down each person, or each person's pledge, in the country of the first row."""
        seen = set()
        for row in rows:
            who = (row.user, getattr(row, "pledge", "")) if of_each else row.user
            if who not in seen:
                self[name, row.country] += 1
            seen.add(who)

    def weigh(self, name: str, rows: Iterable[Pledged | Outcome]) -> None:
        for row in rows:
            self[name, row.country] += round(1000 * (row.factor.kg or 0))


def the_long_way(doings: Doings) -> Totals:
    ledger = Ledger()
    count_actions(ledger, sorted(doings.actions, key=lambda each: (each.at, each.subject)))
    made = [each for each in doings.pledges if not each.already and (each.user, each.pledge) not in doings.withdrawn]
    made.sort(key=lambda each: (each.made_at, each.pledge))
    ledger.first("pledgers", made)
    ledger.weigh("pledged", made)
    for each in made:
        ledger["pledges", each.country] += 1
    counting = {(each.user, each.pledge) for each in made}
    went = [each for each in doings.outcomes if (each.user, each.pledge) in counting]
    count_outcomes(ledger, sorted(went, key=lambda each: (each.at, each.pledge, each.occasion)))
    return {what: amount for what, amount in ledger.items() if amount}


def count_actions(ledger: Ledger, actions: Sequence[Action]) -> None:
    took_part = [each for each in actions if each.kind == ActionKind.EARTH_HOUR and each.answer == "did"]
    ledger.first("participants", (each for each in actions if each.kind == ActionKind.JOINED and not each.subject))
    ledger.first("opted_out", (each for each in actions if each.kind == ActionKind.OPTED_OUT))
    ledger.first("earth_hour_people", took_part)
    for each in took_part:
        ledger["earth_hour_minutes", each.country] += each.minutes or 0
    for each in (each for each in actions if each.kind == ActionKind.TIP):
        ledger[f"tip:{each.subject}", each.country] += 1
    for each in (each for each in actions if each.kind == ActionKind.GUESS and each.answer):
        ledger[f"guess:{each.subject}:{each.answer}", each.country] += 1


def count_outcomes(ledger: Ledger, outcomes: Sequence[Outcome]) -> None:
    done = [each for each in outcomes if each.answer == Answer.DONE]
    ledger.first("answerers", outcomes)
    ledger.first("continuing", (each for each in outcomes if each.continues))
    for name in ("time", "cost"):
        ledger.first(f"obstacle_{name}", [each for each in outcomes if each.obstacle == name])
    ledger.first("confirmed_pledges", done, of_each=True)
    ledger.weigh("confirmed", [each for each in done if each in what_weighs(each, done)])


def what_weighs(one: Outcome, done: Sequence[Outcome]) -> list[Outcome]:
    """Those of somebody's outcomes of one pledge whose kilograms count."""
    same = [each for each in done if (each.user, each.pledge) == (one.user, one.pledge)]
    days = [each for each in same if each.occasion.startswith("2027")]
    if days and one.pledge != LAPTOP:
        return days
    return sorted(same, key=lambda each: (-(each.factor.kg or 0.0), each.at, each.occasion))[:1]


def test_database_counts_agree_with_a_simple_reference(url: str) -> None:
    with lasting(url) as (runner, database):
        weeks = (f"week-{number}" for number in count())

        @settings(max_examples=60)
        @given(DOINGS)
        def it_does(doings: Doings) -> None:
            assert runner.run(stored(database, next(weeks), doings)) == the_long_way(doings)

        it_does()

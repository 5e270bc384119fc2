"""What people did, on a real database: once each, where they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database.database import Database
from bot.store.actions import Action, ActionKind, Actions

from .databases import lasting

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=6)
TIP = Action("a-week", "U0ANN", ActionKind.TIP, "monday", "SE", NOW)
HOUR = Action("a-week", "U0ANN", ActionKind.EARTH_HOUR, "", "SE", NOW, "did", 60)


@pytest.fixture
def deeds() -> Actions:
    return Actions()


async def test_a_deed_is_kept_as_it_was(database: Database, deeds: Actions) -> None:
    assert await database.write(deeds.record, TIP)
    assert await database.read(deeds.of, "a-week", "U0ANN") == [TIP]


async def test_second_press_is_known_and_changes_nothing(database: Database, deeds: Actions) -> None:
    await database.write(deeds.record, TIP)
    assert not await database.write(deeds.record, TIP)
    assert not await database.write(deeds.record, replace(TIP, at=LATER, country="NO"))
    assert await database.read(deeds.of, "a-week", "U0ANN") == [TIP]


@pytest.mark.parametrize(
    "other",
    [
        replace(TIP, campaign="another"),
        replace(TIP, user="U0BO"),
        replace(TIP, kind=ActionKind.OPTED_OUT),
        replace(TIP, subject="tuesday"),
    ],
)
async def test_another_thing_is_another_deed(database: Database, deeds: Actions, other: Action) -> None:
    await database.write(deeds.record, TIP)
    assert await database.write(deeds.record, other)
    assert other in await database.read(deeds.of, other.campaign, other.user)
    assert TIP in await database.read(deeds.of, "a-week", "U0ANN")


async def test_new_answer_replaces_earlier_one_and_keeps_country(database: Database, deeds: Actions) -> None:
    await database.write(deeds.answer, HOUR)
    await database.write(deeds.answer, replace(HOUR, country="DE", at=LATER, answer="other", minutes=None))
    assert await database.read(deeds.of, "a-week", "U0ANN") == [replace(HOUR, at=LATER, answer="other", minutes=None)]


async def test_person_who_moves_keeps_country_of_earlier_actions(database: Database, deeds: Actions) -> None:
    await database.write(deeds.record, TIP)
    moved = replace(TIP, subject="saturday", country="ZZ", at=LATER)
    await database.write(deeds.record, moved)
    assert [(deed.subject, deed.country) for deed in await database.read(deeds.of, "a-week", "U0ANN")] == [
        ("monday", "SE"),
        ("saturday", "ZZ"),
    ]


async def test_action_without_country_is_kept_without_one(database: Database, deeds: Actions) -> None:
    nowhere = replace(TIP, country=None)
    await database.write(deeds.record, nowhere)
    assert await database.read(deeds.of, "a-week", "U0ANN") == [nowhere]


async def test_actions_are_ones_own_and_oldest_first(database: Database, deeds: Actions) -> None:
    first = replace(TIP, kind=ActionKind.JOINED, subject="", at=NOW - timedelta(hours=1))
    for deed in (TIP, replace(TIP, user="U0BO"), first):
        await database.write(deeds.record, deed)
    assert await database.read(deeds.of, "a-week", "U0ANN") == [first, TIP]
    assert await database.read(deeds.of, "a-week", "U0CAI") == []


ANSWERS = st.tuples(st.sampled_from(["did", "forgot", "other"]), st.sampled_from([None, 30, 60]))
PRESSES = st.lists(
    st.tuples(
        st.sampled_from(["U0ANN", "U0BO"]),
        st.one_of(
            st.sampled_from([(ActionKind.TIP, "monday"), (ActionKind.TIP, "tuesday"), (ActionKind.JOINED, "")]),
            ANSWERS.map(lambda said: (ActionKind.EARTH_HOUR, *said)),
        ),
        st.sampled_from(["SE", "NO", "ZZ", None]),
    ),
    max_size=12,
)
Press = tuple[str, tuple[ActionKind, str] | tuple[ActionKind, str, int | None], str | None]


async def pressed(
    database: Database, deeds: Actions, campaign: str, presses: Sequence[Press], times: int
) -> list[Action]:
    """What is known after presses, each of which arrives so many times."""
    for minute, (user, what, country) in enumerate(presses):
        at = NOW + timedelta(minutes=minute)
        for _ in range(times):
            match what:
                case (kind, answer, minutes):
                    await database.write(deeds.answer, Action(campaign, user, kind, "", country, at, answer, minutes))
                case (kind, subject):
                    await database.write(deeds.record, Action(campaign, user, kind, subject, country, at))
    known = [*await database.read(deeds.of, campaign, "U0ANN"), *await database.read(deeds.of, campaign, "U0BO")]
    return [replace(deed, campaign="") for deed in known]


def test_pressing_everything_twice_is_pressing_it_once(url: str) -> None:
    with lasting(url) as (runner, database):
        weeks = (f"week-{number}" for number in count())

        @settings(max_examples=25)
        @given(PRESSES)
        def it_is(presses: list[Press]) -> None:
            once, twice = (runner.run(pressed(database, Actions(), next(weeks), presses, times)) for times in (1, 2))
            assert twice == once
            for deed in once:
                first = next(press for press in presses if press[0] == deed.user and _same(press, deed))
                assert deed.country == first[2]

        it_is()


def _same(press: Press, deed: Action) -> bool:
    what = press[1]
    return what[0] is deed.kind and (deed.kind is ActionKind.EARTH_HOUR or what[1] == deed.subject)

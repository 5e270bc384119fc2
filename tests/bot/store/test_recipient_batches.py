"""Subsets of recipients, as conditions of a real database."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, column, select, true

from bot.database.database import Database
from bot.store.people import Person
from bot.store.recipient_batches import EVERYBODY, Between, Recipients, These
from bot.store.tables import people

from .lines import DUE

USERS = ["U0ANN", "U0BO", "U0BOB", "U10", "U9", "W0A", "u0ann"]
"""Not in the order in which every database has them: some put small letters among the others."""


@pytest.fixture
async def stored(database: Database) -> list[str]:
    """Everybody, in the database's own order."""

    def keep(connection: Connection) -> list[str]:
        connection.execute(
            people.insert(), [vars(Person("T0", user, "Europe/Oslo", DUE, "NO")) for user in reversed(USERS)]
        )
        return [*connection.scalars(select(people.c.user).order_by(people.c.user))]

    return await database.write(keep)


async def among(database: Database, recipients: Recipients) -> set[str]:
    query = select(people.c.user).where(recipients.among(people.c.user))
    return await database.read(lambda connection: set(connection.scalars(query)))


async def test_these_are_those_that_exist(database: Database, stored: list[str]) -> None:
    assert await among(database, These({"U0BO", "U9", "U0NOBODY"})) == {"U0BO", "U9"}
    assert await among(database, These(())) == set()
    assert await among(database, EVERYBODY) == set(stored) == set(USERS)


async def test_bounds_leave_out_the_first_only(database: Database, stored: list[str]) -> None:
    first, second, third, *rest = stored
    assert await among(database, Between(first, third)) == {second, third}
    assert await among(database, Between(after=third)) == set(rest)
    assert await among(database, Between(upto=second)) == {first, second}
    assert await among(database, Between(third, first)) == set()
    assert await among(database, Between(second, second)) == set()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_batches_in_a_row_are_everybody_once(database: Database, stored: list[str], size: int) -> None:
    bounds = [None, *stored[size - 1 :: size], None]
    found = [await among(database, Between(after, upto)) for after, upto in pairwise(bounds)]
    assert sorted(user for batch in found for user in batch) == sorted(USERS)
    assert max(map(len, found)) <= size


@given(st.none() | st.text(min_size=1), st.none() | st.text(min_size=1))
def test_only_a_bound_is_compared(after: str | None, upto: str | None) -> None:
    compiled = Between(after, upto).among(column("user")).compile()
    assert [*compiled.params.values()] == [bound for bound in (after, upto) if bound is not None]
    assert (str(compiled) == str(true())) == (after is None and upto is None)

"""Answers on awareness: each person counts once, and nothing that is stored says who answered what."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import DateTime, select, text
from sqlalchemy.engine import make_url

from bot.database.database import Database
from bot.store.awareness import GivenAnswer
from bot.store.people import Person
from bot.store.store import Store
from bot.store.tables import awareness_answered, awareness_answers

from .databases import on_sqlite
from .lines import CAMPAIGN, LEASE

NOW = datetime(2027, 3, 11, 9, tzinfo=UTC)
ANSWERS = ("yes", "partly", "no")


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


def given(user: str, answer: str = "yes", question: str = "work", wave: str = "before") -> GivenAnswer:
    return GivenAnswer(CAMPAIGN, user, wave, question, answer, "SE")


async def crowd(store: Store, people: int = 40) -> list[tuple[str, str]]:
    """People who answer one after the other; who said what."""
    random = Random(7)  # noqa: S311 - made-up answers
    said = [(f"U0MARK{random.randrange(10**6):06}", random.choice(ANSWERS)) for _ in range(people)]
    for user, answer in said:
        await store.write(store.awareness.answer, given(user, answer))
    return said


async def stored(store: Store, columns: str, table: str) -> list[tuple[str, ...]]:
    with store.database.transaction() as connection:
        return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table}"))]  # noqa: S608 - ours


async def test_each_question_counts_once_a_person(store: Store) -> None:
    assert await store.write(store.awareness.answer, given("U0ANN", "yes"))
    assert not await store.write(store.awareness.answer, given("U0ANN", "no"))
    assert await store.write(store.awareness.answer, given("U0ANN", "no", question="company"))
    assert await store.write(store.awareness.answer, given("U0ANN", "no", wave="after"))
    presses = [store.write(store.awareness.answer, given("U0BO", answer)) for answer in ANSWERS * 3]
    assert sorted(await asyncio.gather(*presses)) == [False] * 8 + [True]
    assert len(await stored(store, "id", "awareness_answers")) == 4


async def test_an_answer_has_neither_person_nor_time(store: Store) -> None:
    said = await crowd(store, 5)
    assert set(awareness_answers.c.keys()) == {"id", "campaign", "wave", "question", "answer", "country"}
    assert set(awareness_answered.c.keys()) == {"campaign", "wave", "user", "question"}
    for table in (awareness_answers, awareness_answered):
        assert not any(isinstance(column.type, DateTime) for column in table.c)
    rows = repr(await stored(store, "*", "awareness_answers"))
    assert not any(user in rows for user, _ in said)
    marks = repr(await stored(store, "*", "awareness_answered"))
    assert not any(answer in marks for answer in ANSWERS)


async def test_counted_under_ids_of_their_own(store: Store) -> None:
    said = await crowd(store)
    counted = dict(await store.read(lambda connection: list(store.awareness.contributions(connection, CAMPAIGN))))
    answers = [answer for _, answer in said]
    for answer in ANSWERS:
        key = f"awareness:before:work:{answer}", "SE"
        assert sum(each.get(key, 0) for each in counted.values()) == answers.count(answer)
    assert counted.keys().isdisjoint(user for user, _ in said)
    assert await store.read(lambda connection: list(store.awareness.contributions(connection, "another"))) == []


async def test_end_of_wave_forgets_who_answered(store: Store) -> None:
    said = await crowd(store)
    await store.write(store.awareness.answer, given("U0ANN", "no", wave="after"))
    before = await stored(store, "*", "awareness_answers")
    assert await store.privacy.end_wave(CAMPAIGN, "before")
    assert await stored(store, '"user", wave', "awareness_answered") == [("U0ANN", "after")]
    assert sorted(await stored(store, "*", "awareness_answers")) == sorted(before), "no answer is lost or changed"
    assert not await store.privacy.end_wave(CAMPAIGN, "before")
    # A press that came in the last second is stored after the end, and tidied up by the next.
    assert await store.write(store.awareness.answer, given(said[0][0], "no"))
    assert await store.privacy.end_wave(CAMPAIGN, "before")


def order(rows: list[tuple[str, ...]]) -> list[str]:
    return [row[0] for row in rows]


async def test_order_of_rows_tells_nothing_after_the_wave(store: Store) -> None:
    """What lies first on the disk, in the order in which the database reads it without being told another."""
    await crowd(store)
    await store.privacy.end_wave(CAMPAIGN, "before")
    found = order(await stored(store, "id", "awareness_answers"))
    # IDs are drawn at random, so their order is that of chance and not that of the presses.
    assert found == sorted(found)
    if store.database.engine.dialect.name == "postgresql":
        transactions = await stored(store, "DISTINCT xmin::text", "awareness_answers")
        assert len(transactions) == 1, "nor does the transaction that wrote a row"


@on_sqlite
async def test_sqlite_numbers_no_row_of_either_table(store: Store, url: str) -> None:
    await crowd(store)
    with closing(sqlite3.connect(make_url(url).database or "")) as raw:
        for table in (awareness_answers, awareness_answered):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                raw.execute(f"SELECT rowid FROM {table.name}")  # noqa: S608 - our own name
    for column, of in (("id", "awareness_answers"), ('"user"', "awareness_answered")):
        found = order(await stored(store, column, of))
        assert found == sorted(found), "while the wave is open, too"


@on_sqlite
async def test_after_the_wave_no_file_knows_who_answered(store: Store, url: str) -> None:
    said = await crowd(store)
    file = Path(make_url(url).database or "")

    def names() -> int:
        raw = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        return sum(user.encode() in raw for user, _ in said)

    assert names() == len(said)
    await store.privacy.end_wave(CAMPAIGN, "before")
    assert names() == 0, "neither the database nor its log"


async def test_forgetting_and_leaving_take_the_mark_away(store: Store) -> None:
    await store.write(store.people.keep, [Person("T0TEAM", "U0ANN", "UTC", NOW)])
    await store.write(store.awareness.answer, given("U0ANN"))
    shown = await store.privacy.everything("U0ANN")
    [mark] = shown["awareness_answered"]
    assert mark == {"campaign": CAMPAIGN, "wave": "before", "user": "U0ANN", "question": "work"}
    assert "awareness_answers" not in shown
    await store.privacy.forget("U0ANN")
    assert await store.privacy.everything("U0ANN") == {}
    await store.write(store.awareness.answer, given("U0GONE"))
    assert await store.privacy.sweep() == 1
    with store.database.transaction() as connection:
        assert connection.execute(select(awareness_answered)).all() == []
        assert len(connection.execute(select(awareness_answers)).all()) == 2

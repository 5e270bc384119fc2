"""Answers to the questions on awareness, kept so that nobody can tell who gave which.

1. Whoever answers leaves two rows: in one table that they have answered, in the other the answer under a random ID.
2. When the wave has ended, the first are removed, and the others written anew in the order of their IDs.

A database that numbers or appends its rows would otherwise show in both tables in which order they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import Connection, delete, select

from bot.database.dialect_statements import insert_for, is_sqlite
from bot.store.tables import awareness_answered, awareness_answers

AWARENESS = "awareness:"
"""Prefix of the measure of an answer; its wave, question and answer follow."""

_AT_ONCE = 500
"""Rows to fetch at once."""

_ID_BYTES = 16


def awareness_measure(wave: str, question: str, answer: str) -> str:
    """Name the measure of an answer to a question of a wave."""
    return f"{AWARENESS}{wave}:{question}:{answer}"


@dataclass(frozen=True)
class GivenAnswer:
    """An answer as it comes in. What is stored of it never has `user` and `answer` in one row."""

    campaign: str
    user: str
    wave: str
    question: str
    answer: str
    country: str | None


class Awareness:
    """Stores answers, and counts them."""

    def answer(self, connection: Connection, given: GivenAnswer) -> bool:
        """Store an answer without its author. Returns False if this person has answered the question already."""
        about = {"campaign": given.campaign, "wave": given.wave, "question": given.question}
        once = insert_for(connection, awareness_answered).values(**about, user=given.user).on_conflict_do_nothing()
        if not connection.execute(once).rowcount:
            return False
        nameless = {"id": token_hex(_ID_BYTES), "answer": given.answer, "country": given.country}
        connection.execute(awareness_answers.insert().values(**about, **nameless))
        return True

    def contributions(
        self, connection: Connection, campaign: str
    ) -> Iterator[tuple[str, Mapping[tuple[str, str | None], int]]]:
        """Yield each answer as the contribution of its ID, since there is no person."""
        query = select(awareness_answers).filter_by(campaign=campaign)
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
            yield row.id, {(awareness_measure(row.wave, row.question, row.answer), row.country): 1}

    def is_known(self, connection: Connection, campaign: str, wave: str) -> bool:
        """Return whether it is still known of anybody that they have answered in a wave."""
        marks = select(awareness_answered.c.user).filter_by(campaign=campaign, wave=wave)
        return connection.execute(marks.limit(1)).first() is not None

    def end(self, connection: Connection, campaign: str, wave: str) -> bool:
        """Forget who has answered in a wave. Returns whether anybody was known to have."""
        marks = delete(awareness_answered).filter_by(campaign=campaign, wave=wave)
        # Another process may have done it: only one of them removes anything.
        if not connection.execute(marks).rowcount:
            return False
        # SQLite keeps this table in the order of its IDs, which is that of chance, from the beginning.
        if not is_sqlite(connection):
            _write_anew(connection, campaign, wave)
        return True


def _write_anew(connection: Connection, campaign: str, wave: str) -> None:
    of_wave = {"campaign": campaign, "wave": wave}
    ordered = select(awareness_answers).filter_by(**of_wave).order_by(awareness_answers.c.id)
    rows = [dict(row) for row in connection.execute(ordered).mappings()]
    # By ID: an answer that came meanwhile is not among them, and must stay.
    connection.execute(delete(awareness_answers).where(awareness_answers.c.id.in_([row["id"] for row in rows])))
    if rows:
        connection.execute(awareness_answers.insert(), rows)

"""What the log holds when things go wrong: no words, no people, no pledges, at the finest level and in both forms."""

from __future__ import annotations

import io
import json
import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import logs
from bot.store.actions import Action, ActionKind

from .conftest import RunBot, over_http
from .participants import MONDAY, VISITED, member, moment

pytestmark = over_http

WORDS = "otter-heron-badger"
ANN = "U0ANNOTTER"


@pytest.fixture(params=[True, False])
def log(request: pytest.FixtureRequest) -> io.StringIO:
    """Everything that is logged, as it is written."""
    logs.set_up("DEBUG", as_json=request.param)
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    handler.setStream(written)
    return written


async def test_idea_that_cannot_be_kept_is_not_logged(run_bot: RunBot, log: io.StringIO) -> None:
    week = await run_bot(VISITED)
    ann = await member(week, ANN)
    await ann.types("idea")
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE ideas RENAME TO elsewhere"))
    await ann.fills(text=WORDS)
    said = log.getvalue()
    assert "interaction.failed" in said
    assert "SQLITE_ERROR" in said
    assert WORDS not in said
    assert ANN not in said


async def test_person_and_pledge_are_in_no_log_line(run_bot: RunBot, log: io.StringIO) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 7))
    ann = await member(week, ANN)
    await ann.types("messages on")
    await ann.pledges("bike", own=WORDS, days=["2027-03-16"])
    await ann.types(f"{WORDS} {ANN}")
    await ann.types("idea")
    await ann.fills(text=WORDS)
    await week.run_until(moment(MONDAY, 18))
    await week.run_until(moment(MONDAY, 9) + timedelta(days=4, hours=6))
    said = log.getvalue()
    assert len([row for row in await week.rows() if row.slot.recipient == ANN and row.sent_at]) >= 2
    assert "a-week:tip:countries:SE" in said, "posts have their readable key"
    for telling in (WORDS, ANN, "bike", "reminder:"):
        assert telling not in said, said[max(0, said.index(telling) - 300) :][:600]


async def test_a_statement_that_fails_shows_no_parameters(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    with week.bot.store.database.transaction() as connection:
        connection.execute(text("ALTER TABLE actions RENAME TO elsewhere"))
    deed = Action(week.campaign.id, ANN, ActionKind.TIP, WORDS, "SE", week.clock.now())
    with (
        pytest.raises(Exception, match="no such table") as broken,
        week.bot.store.database.transaction() as connection,
    ):
        connection.execute(text("INSERT INTO actions VALUES (:who, :what)"), {"who": ANN, "what": WORDS})
    assert WORDS not in str(broken.value)
    with pytest.raises(Exception, match="no such table") as broken:
        await week.bot.store.write(week.bot.store.actions.record, deed)
    assert ANN not in str(broken.value)


async def test_lateness_is_a_number_that_is_never_negative(run_bot: RunBot, log: io.StringIO) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 7))
    # The machine is ahead of Slack: what is sent at its nine o'clock is stamped before.
    week.clock.wrong_by = timedelta(seconds=2)
    await week.run_until(moment(MONDAY, 9, 5))
    found = [line for line in log.getvalue().splitlines() if "send.sent" in line]
    assert found
    for line in found:
        late = json.loads(line)["late"] if line.startswith("{") else float(line.partition(" late=")[2].split()[0])
        assert isinstance(late, float)
        assert late >= 0

"""Who moves or leaves is heard of at night, and the morning's messages know it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.store.outbox import State
from bot.store.people import LEFT
from tests.campaigns import WALK, Post, Week, said
from tests.simulation import person

from .conftest import RunBot, over_http

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

CHECK_IN = Post("how", date(2027, 3, 16), time(9), kind="check_in", audience="joined")
NIGHT = datetime(2027, 3, 16, 2, tzinfo=UTC)
"""Tuesday at three in Stockholm."""


async def test_moved_person_gets_local_time_departed_gets_nothing(run_bot: RunBot) -> None:
    people = [person(user, direct_messages=True) for user in ("U0STAYS", "U0MOVES", "U0LEAVES")]
    week = await run_bot(Week((CHECK_IN,), promises=[WALK]), people)
    town = week.slack.workspace
    town.add_user(replace(town.users["U0MOVES"], tz="Europe/Helsinki"))
    town.add_user(replace(town.users["U0LEAVES"], deleted=True))
    await week.run_until(NIGHT)
    # Who has moved is planned for in the same round.
    assert (await week.row("how", "U0MOVES")).slot.zone == "Europe/Helsinki"
    assert (await week.row("how", "U0LEAVES")).reason == LEFT
    await week.run_until(NIGHT + timedelta(hours=6))
    heard = {user: [(each.at, each.text) for each in week.heard(user)] for user in ("U0STAYS", "U0MOVES", "U0LEAVES")}
    nine = datetime(2027, 3, 16, 8, tzinfo=UTC)
    assert heard == {
        "U0STAYS": [(nine, said("how", "sv"))],
        "U0MOVES": [(nine - timedelta(hours=1), said("how", "sv"))],
        "U0LEAVES": [],
    }
    assert await week.states() == {State.SENT: 2, State.CANCELLED: 1}
    assert sum(call.method == "users.list" for call in week.slack.calls) == 1

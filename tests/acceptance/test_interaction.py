"""Who is no colleague is told so, whichever way they come in, and nothing is kept of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.locales.catalogues import words
from bot.store.tables import metadata
from rehearsal.slack.workspace import User
from tests.patience import PATIENCE
from tests.simulation import Simulation, channel_id

from .conftest import RunBot, over_http
from .participants import MONDAY, REPRESENTATIVE, SV, VISITED, Participant, member, moment, participant, said, totals_of

pytestmark = over_http

OTHERS: dict[str, dict[str, Any]] = {
    "guest": {"is_guest": True},
    "stranger": {"team_id": "T0THEIRS"},
    "stranger whom Slack does not show": {"team_id": "T0THEIRS", "is_shown": False},
    "bot": {"is_bot": True},
    "left": {"deleted": True},
}
PLACES = ("help", "join", "pledge", "done", "my", "standings", "tip", "earthhour", "idea", "pause", "language de")


def become(simulation: Simulation, user: str, **values: Any) -> None:
    town = simulation.slack.workspace
    town.add_user(replace(town.users[user], **values))


async def somebody(simulation: Simulation, kind: str, user: str = "U0MO") -> tuple[Participant, str]:
    """Somebody of a kind, and the sentence that they are to read."""
    who = await participant(simulation, user)
    become(simulation, user, **OTHERS[kind])
    # Slack tells no language of those whom it does not show, or who left: it is the channel's or the company's then.
    return who, kind.partition(" ")[0]


def sentences(standing: str) -> set[str]:
    return {words(language)(f"standing.{standing}") for language in ("sv", "en")}


async def kept(simulation: Simulation, user: str) -> list[str]:
    """Tables in which a user stands."""
    with simulation.bot.store.database.transaction() as connection:
        rows = {table.name: (connection.execute(table.select())).all() for table in metadata.sorted_tables}
    return [name for name, found in rows.items() if user in repr(found)]


@pytest.mark.parametrize("kind", OTHERS)
async def test_outsider_is_refused_and_not_stored(run_bot: RunBot, kind: str) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 10))
    mo, standing = await somebody(week, kind)
    for place in PLACES:
        assert (await mo.types(place)).text in sentences(standing), place
    for action in ("did_this", "join"):
        assert (await mo.presses(said(week, "week-se", "tip"), action)).text in sentences(standing)
    home = await mo.looks_home()
    assert any(sentence in home for sentence in sentences(standing))
    assert await kept(week, mo.user) == []
    assert await totals_of(week) == {}


@pytest.mark.parametrize("kind", OTHERS)
async def test_outsider_with_form_already_open_is_not_stored(run_bot: RunBot, kind: str) -> None:
    week = await run_bot(VISITED)
    mo = await participant(week, "U0MO")
    await mo.types("join")
    become(week, mo.user, **OTHERS[kind])
    assert (await mo.fills(country="SE")).text in sentences(kind.partition(" ")[0])
    assert await kept(week, mo.user) == []


async def test_where_the_campaign_says_so_guests_take_part(run_bot: RunBot) -> None:
    week = await run_bot(replace(VISITED, guests=True))
    mo, _ = await somebody(week, "guest")
    assert (await mo.joins()).text == SV("join.welcome")
    other, standing = await somebody(week, "stranger", "U0OTHER")
    assert (await other.types("join")).text in sentences(standing)


async def test_former_colleague_can_see_and_remove_data(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    become(week, ann.user, is_guest=True)
    await week.bot.store.write(week.bot.store.people.change, ann.user, left_at=week.clock.now())
    assert (await ann.types("my")).text == SV("standing.guest")
    assert SV("my_data.people") in (await ann.types("data")).text
    await ann.types("forget")
    assert (await ann.fills()).text == SV("forget.done")
    assert await kept(week, ann.user) == []


async def test_returning_colleague_takes_part_before_nightly_sync(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await week.bot.store.write(week.bot.store.people.change, ann.user, left_at=week.clock.now())
    assert (await ann.types("language de")).form is None
    assert (await ann.types("my")).text != SV("standing.left")


async def test_representative_who_is_guest_can_still_review(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 9))
    ann = await member(week)
    await ann.types("idea")
    await ann.fills(text="More trains")
    await week.run_until(moment(MONDAY, 12))
    [letter] = week.messages(REPRESENTATIVE)
    rep = await participant(week, REPRESENTATIVE)
    become(week, rep.user, is_guest=True)
    assert (await rep.presses(letter, "idea_approve")).text == SV("idea.approved")
    assert (await rep.types("join")).text == SV("standing.guest")


async def test_unknown_standing_keeps_nobody_waiting(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    week.slack.faults.status(503, method="users.info", times=20)
    await ann.types("join")
    await ann.fills(country="SE")
    assert (await ann.person()) is not None


async def test_stranger_is_checked_again_once_team_is_known(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    mo, standing = await somebody(week, "stranger")
    week.slack.workspace.join(channel_id("week-se"), mo.user)
    week.slack.faults.status(500, method="auth.test")
    await mo.types("help")
    assert (await mo.types("join")).text in sentences(standing)
    assert await kept(week, mo.user) == []


@pytest.mark.parametrize("method", ["users.info", "auth.test"])
async def test_press_does_not_wait_out_rate_limit(run_bot: RunBot, method: str) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    week.slack.faults.throttle(10 * round(PATIENCE), method=method, times=20)
    await ann.types("join")
    await ann.fills(country="SE")
    assert (await ann.person()) is not None


async def test_refused_person_can_join_after_becoming_colleague(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    mo, _ = await somebody(week, "guest")
    assert (await mo.types("join")).text == SV("standing.guest")
    week.slack.workspace.add_user(User(mo.user, "mo", locale="sv-SE"))
    assert (await mo.joins()).text == SV("join.welcome")

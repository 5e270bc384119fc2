"""What `make fuzz` has found, kept as tests; what it found at the door stands with the bodies and the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import MONDAY, SV, VISITED, member, moment, participant


async def test_done_command_before_campaign_opens_shows_no_form(run_bot: RunBot) -> None:
    week = await run_bot(replace(VISITED, opens=MONDAY), start=moment(date(2027, 3, 1), 12))
    ann = await member(week)
    await ann.pledges("bike")
    assert (await ann.types("done")).text == SV("done.too_early", day="måndag 15 mars 2027")
    week.clock.turn_to(moment(MONDAY, 9))
    assert (await ann.types("done")).options("day") == ["2027-03-15"]


async def test_event_with_nonsense_id_is_not_remembered(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    event = {"type": "app_home_opened", "user": ann.user, "tab": "home"}
    for name in ("a\0b", "x" * 65, "<!channel>"):
        body = {"type": "event_callback", "team_id": "T0REHEARSAL", "event_id": name, "event": event}
        assert (await ann.hand.send_event(body)).status == 400
    with week.bot.store.database.transaction() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM seen_events").scalar() == 0


async def test_overlong_word_does_not_keep_form_from_opening(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    for text in (f"country {'x' * 3000}", f"pause {chr(1) * 3000}", f"language {'<' * 3000}"):
        assert (await ann.types(text)).form == "join"
    bo = await member(week, "U0BO")
    assert "&lt;" in (await bo.types(f"country {'<b' * 1500}")).text

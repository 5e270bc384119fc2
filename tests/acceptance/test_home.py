"""The App Home: everything about the week on one page, and every button on it works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest

from bot.locales.catalogues import words
from rehearsal.slack.interactive_elements import Control, controls
from rehearsal.slack.rate_limits import RateLimits
from tests.campaigns import SHIPPED
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import FRIDAY, MONDAY, MONDAY_AFTER, SV, VISITED, Participant, member, moment, participant

MOST_BLOCKS = 100


def on_home(who: Participant) -> list[str]:
    """The buttons of somebody's Home, and the actions in its menu."""
    return list(actions_on(controls((who.hand.home() or {})["blocks"])))


def actions_on(found: Iterable[Control]) -> Iterator[str]:
    for control in found:
        if control.kind == "overflow":
            yield from (option["value"].partition(":")[0] for option in control.options())
        else:
            yield control.action_id


def drawn(simulation: Simulation) -> int:
    """How often a Home was drawn."""
    return sum(call.method == "views.publish" for call in simulation.slack.calls)


async def test_stranger_sees_week_and_is_not_stored(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    shown = await ann.looks_home()
    assert SV("home.invitation") in shown
    assert "settings" not in on_home(ann)
    assert "join" in on_home(ann)
    assert await ann.stored() == {}


@pytest.mark.both_ways
async def test_home_shows_changes_made_elsewhere_on_return(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    assert SV("my.none") in await ann.looks_home()
    await ann.pledges("bike")
    await ann.types("language de")
    assert SV("my.none") in ann.home, "nobody sees it"
    home = await ann.looks_home()
    assert words("de")("my.none") not in home
    assert words("de").language_name("de") in home


async def test_home_updates_from_its_form_after_restart(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.looks_home()
    await ann.presses_at_home("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    await week.restart()
    await week.open_door()
    assert SV("my.none") in ann.home
    await ann.fills()
    await ann.hand.until(lambda: SV("my.none") not in ann.home)


async def test_a_stranger_who_joins_there_sees_it_change(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    await ann.looks_home()
    await ann.presses_at_home("join")
    await ann.fills(country="SE", messages=False)
    await ann.hand.until(lambda: "settings" in on_home(ann))


async def test_home_shows_earth_hour_with_actions_possible_now(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY - timedelta(days=1), 9))
    ann = await member(week)
    await ann.looks_home()
    assert not [action for action in on_home(ann) if action.startswith("earth_hour")]
    week.clock.turn_to(moment(MONDAY, 9))
    await ann.looks_home()
    before = ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]
    assert [action for action in on_home(ann) if action.startswith("earth_hour")] == before
    await ann.presses_at_home("earth_hour_join")
    await ann.hand.until(lambda: SV("my.earth_hour_intent") in ann.home)
    await ann.presses_at_home("earth_hour_remind")
    await ann.hand.until(lambda: SV("my.earth_hour_reminder") in ann.home)
    assert [action for action in on_home(ann) if action.startswith("earth_hour")] == before[2:]
    week.clock.turn_to(moment(MONDAY_AFTER, 9))
    await ann.looks_home()
    after = ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]
    assert [action for action in on_home(ann) if action.startswith("earth_hour")] == after


async def test_every_button_of_the_home_is_answered(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 9))
    ann = await member(week, messages=True)
    await ann.pledges("bike")
    await ann.looks_home()
    pressed = set()
    while left := [action for action in on_home(ann) if action not in pressed]:
        answer = await ann.presses_at_home(left[0])
        assert answer.form not in {None, "loading"}, left[0]
        assert SV("trouble.again") not in answer.text
        assert SV("trouble.stale") not in answer.text
        assert not answer.text.startswith(SV("trouble.unexpected", reference="")[:20]), left[0]
        pressed.add(left[0])
        await ann.looks_home()
    assert pressed >= {"pledge", "my", "idea", "settings", "data", "forget", "messages_pause", "messages_stop"}
    assert {action.partition(":")[0] for action in pressed} >= {"done_today", "earth_hour_join", "earth_hour_calendar"}


async def test_repeated_event_draws_home_once_despite_restart(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    event = await ann.hand.open_home()
    await ann.hand.until(lambda: drawn(week) == 1)
    for attempt in (1, 2):
        await ann.hand.send_event(event.sent, retry=(attempt, "http_timeout"))
    await week.restart()
    await week.open_door()
    await ann.hand.send_event(event.sent, retry=(3, "http_timeout"))
    await week.stop()
    assert drawn(week) == 1
    await week.start()
    await week.open_door()
    week.clock.turn_to(week.clock.now() + timedelta(minutes=11))
    await ann.looks_home()
    assert drawn(week) == 2


async def test_home_with_every_shipped_pledge_fits_hundred_blocks(run_bot: RunBot) -> None:
    week = await run_bot(SHIPPED, start=moment(FRIDAY, 9), limits=RateLimits.none())
    ann = await member(week)
    for pledge in week.campaign.pledges:
        await ann.pledges(pledge.id)
    await ann.looks_home()
    home = ann.hand.home() or {}
    assert len(week.campaign.pledges) > 15
    assert len(home["blocks"]) < MOST_BLOCKS
    assert len((await ann.types("my")).blocks) <= 50

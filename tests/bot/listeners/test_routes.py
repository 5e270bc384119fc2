"""The tables of everything that people can ask for: nothing that is drawn leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.campaign.model import Campaign
from bot.listeners.routes import (
    ACTIONS,
    COMMANDS,
    HELP_COMMANDS,
    ORGANISER_ACTIONS,
    SUBMISSIONS,
    Route,
    Surface,
)
from bot.locales.catalogues import words
from bot.messages.modals.modal import View
from bot.messages.replies import home, my_status
from tests.bot.messages import modal_samples, test_organise
from tests.bot.messages.conftest import messages_of
from tests.bot.messages.reply_samples import busiest, me, noon, ordinary

EN = words("en")


def forms(campaign: Campaign) -> list[View]:
    organisers = (view for _, view in test_organise.drawn(EN, modal_samples.crowded(campaign)))
    return [*modal_samples.drawn(EN, campaign), *organisers]


def pressed(part: object) -> Iterator[str]:
    """Yield what Slack sends of every button and every entry of a menu."""
    if isinstance(part, dict):
        if part.get("type") == "button":
            yield part["action_id"]
        if part.get("type") == "overflow":
            yield from (each["value"] for each in part["options"])
        part = list(part.values())
    if isinstance(part, list | tuple):
        for each in part:
            yield from pressed(each)


def test_every_button_has_a_route(shipped: Campaign, largest: Campaign) -> None:
    drawn: list[object] = [list(view["blocks"]) for view in forms(shipped)]
    drawn += [message.blocks for campaign in (shipped, largest) for _, _, message in messages_of(campaign)]
    for reader in (busiest(shipped), me(joined=False)):
        drawn.append(my_status.draw(EN, reader, noon(shipped)).blocks)
        for organises in (True, False):
            given: dict[str, Any] = {"tip": None, "standings": ordinary(), "at": noon(shipped), "next_at": None}
            drawn.append(home.draw(EN, shipped, reader, organises=organises, **given))
    found = {action.partition(":")[0] for action in pressed(drawn)}
    assert found - set(ACTIONS) == set()
    assert {"did_this", "organise_page", "pledge_withdraw", "messages_stop"} <= found, "it has looked everywhere"


def test_every_form_that_can_be_sent_is_read(shipped: Campaign) -> None:
    sendable = {view["callback_id"] for view in forms(shipped) if "submit" in view}
    assert sendable == set(SUBMISSIONS)


def test_organisers_need_not_take_part_themselves() -> None:
    for name, route in ORGANISER_ACTIONS.items():
        assert route.open_to_all, name
        assert not route.members_only, name
        assert not route.until_close, name


@pytest.mark.parametrize("name", ["messages", "messages_stop", "data", "forget"])
def test_own_data_and_silence_are_open_to_all(name: str) -> None:
    route = ACTIONS[name]
    assert (route.open_to_all, route.members_only, route.until_close) == (True, False, False)


@pytest.mark.parametrize("name", ["my", "settings", "messages_on", "pause_off", "reminders_stop", "check_in_stop"])
def test_settings_can_be_changed_after_the_end(name: str) -> None:
    assert not ACTIONS[name].until_close


def test_whatever_counts_ends_with_the_campaign() -> None:
    counted = {name for name, route in ACTIONS.items() if route.until_close}
    assert {"pledge", "done", "did_this", "guess", "awareness", "earth_hour_join", "idea", "done_today"} <= counted
    assert all(ACTIONS[name].members_only for name in counted)
    assert {each.members_only for each in SUBMISSIONS.values() if each.open_to_all} == {False}


def test_same_word_does_the_same_pressed_and_typed() -> None:
    assert {**ACTIONS, **HELP_COMMANDS} == ACTIONS
    both = set(COMMANDS) & set(ACTIONS)
    assert {name for name in both if COMMANDS[name] != ACTIONS[name]} == {"organise"}
    assert set(COMMANDS) - both == {"unknown"}


@pytest.mark.parametrize(
    ("surface", "without", "with_one"),
    [
        (Surface.MESSAGE, False, False),
        (Surface.MODAL, True, True),
        (Surface.MODAL_WITHOUT_ARGUMENT, True, False),
        (Surface.PUSHED_MODAL, False, False),
    ],
)
def test_argument_decides_whether_a_modal_opens(surface: Surface, *, without: bool, with_one: bool) -> None:
    route = Route(ACTIONS["help"].handler, surface)
    assert (route.opens_modal(""), route.opens_modal("Sweden")) == (without, with_one)

"""The gate lets in what Slack sends, and what it turns away is what nobody behind it could bear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.unicode_text import storable
from bot.slack.payload_schemas import is_valid
from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import SV, VISITED, member

USER = {"id": "W0HEDVIG", "username": "hedvig", "name": "hedvig", "team_id": "T0OAK"}

TAKEN: Mapping[str, Mapping[str, Any]] = {
    "a command": {
        "token": "t",
        "team_id": "T0OAK",
        "team_domain": "example",
        "enterprise_id": "",
        "enterprise_name": "",
        "channel_id": "C0MEADOW",
        "channel_name": "test",
        "user_id": "U0HEDVIG",
        "user_name": "hedvig",
        "command": "/earthweek",
        "text": "",
        "response_url": "https://hooks.slack.com/commands/1/2",
        "trigger_id": "12.34.abc",
        "api_app_id": "A0OAK",
    },
    "a button in a message": {
        "type": "block_actions",
        "team": {"id": "T0OAK", "domain": "example"},
        "user": USER,
        "api_app_id": "A0OAK",
        "token": "t",
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0MEADOW", "is_ephemeral": False},
        "trigger_id": "12.34.def",
        "channel": {"id": "C0MEADOW", "name": "week-se"},
        "message": {"bot_id": "B0BOT", "type": "message", "text": "This", "user": "U0BOT", "ts": "1.2"},
        "response_url": "https://hooks.slack.com/actions/A0OAK/12/x",
        "actions": [{"action_id": "did_this", "block_id": "answers", "value": "x", "type": "button"}],
    },
    "a choice in a view of an organisation": {
        "type": "block_actions",
        "team": None,
        "enterprise": {"id": "E0123", "name": "The whole forest"},
        "is_enterprise_install": True,
        "user": USER,
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "team_id": "T1", "type": "home", "callback_id": "", "app_installed_team_id": "E0123"},
        "actions": [{"type": "overflow", "action_id": "o", "block_id": "b", "selected_option": {"value": "v"}}],
    },
    "a form": {
        "type": "view_submission",
        "team": {"id": "T1", "domain": "example"},
        "user": USER,
        "view": {"id": "V0FORM", "type": "modal", "callback_id": "idea", "private_metadata": "", "state": {}},
        "hash": "12.ab",
        "response_urls": [{"block_id": "b", "action_id": "a", "channel_id": "C1", "response_url": "https://hooks.slack.com/x"}],
    },
    "a form that is closed": {
        "type": "view_closed",
        "team": {"id": "T1"},
        "user": USER,
        "view": {"id": "V1", "type": "modal", "callback_id": "idea"},
        "is_cleared": False,
    },
    "a look at the Home": {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev0ONE",
        "event_time": 1800000000,
        "authorizations": [{"enterprise_id": None, "team_id": "T1", "user_id": "U1", "is_bot": True}],
        "event": {
            "type": "app_home_opened",
            "user": "U0HEDVIG",
            "channel": "D0HEDVIG",
            "tab": "home",
            "view": {"id": "V1", "type": "home"},
        },
    },
    "tokens that are revoked": {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["U2"]}},
    },
    "the app that is taken away": {"type": "event_callback", "team_id": "T1", "event": {"type": "app_uninstalled"}},
    "a question who is there": {"type": "url_verification", "token": "t", "challenge": "say this"},
    "a look at the certificate": {"ssl_check": "1", "token": "t"},
    "too many events": {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": 1800000000},
    "what there is not yet": {"type": "url_verification", "context": [{"new": None}], "user": {**USER, "x": 1}},
}  # fmt: skip
"""In the forms of https://docs.slack.dev/reference/interaction-payloads and /apis/events-api."""


@pytest.mark.parametrize("name", TAKEN)
def test_what_slack_sends_is_taken(name: str) -> None:
    assert is_valid(TAKEN[name])


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["type", "user", "view", "event", "id", "actions"]), inner)
        ),
    )
)
def test_anything_can_be_looked_at(body: Any) -> None:
    assert is_valid(body) in {True, False}
    if not isinstance(body, dict):
        assert not is_valid(body)


@given(st.text(st.characters() | st.characters(categories=["Cs"]) | st.just("\0")))
def test_kept_text_can_be_stored_and_sent_everywhere(text: str) -> None:
    kept = storable(text)
    assert kept.encode().decode() == kept
    assert "\0" not in kept
    assert storable(kept) == kept
    if text.isprintable() and text.isascii():
        assert kept == text


async def test_broken_characters_in_idea_are_replaced(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("idea")
    form = ann.submission({}, {})
    form["view"]["state"]["values"]["text"]["text"]["value"] = "A\0shed\ud800 for \ud83d\ude00 bikes"
    assert (await ann.sends(form)).text == SV("idea.sent")
    [idea] = await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)
    assert idea.text == "A\ufffdshed\ufffd for 😀 bikes"


async def test_a_command_with_broken_characters_is_answered(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    assert "\0" not in (await ann.types("country \0SE")).text
    assert "\0" not in (await ann.types("\0")).text

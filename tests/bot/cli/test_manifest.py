from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.slack.manifest import SCOPES

from .conftest import Command

METHOD_SCOPES = {
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_history": "channels:history",
    "conversations_info": "channels:read",
    "conversations_join": "channels:join",
    "conversations_list": "channels:read",
    "conversations_open": "im:write",
    "conversations_replies": "channels:history",
    "files_upload_v2": "files:write",
    "users_info": "users:read",
    "users_list": "users:read",
}
NO_SCOPE = {"auth_test", "apps_connections_open", "views_open", "views_publish", "views_push", "views_update"}


def manifest(earthweek: Command, *more: str) -> Any:
    return json.loads(earthweek("manifest", *more, campaign=None).out)


def test_socket_mode_is_used_unless_url_is_given(earthweek: Command) -> None:
    settings = manifest(earthweek)["settings"]
    assert settings["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(settings)


def test_given_url_receives_events_interactivity_and_commands(earthweek: Command) -> None:
    made = manifest(earthweek, "--url", "https://bot.example.com/")
    assert made["settings"]["interactivity"]["request_url"] == "https://bot.example.com/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://bot.example.com/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert '"url": "https://bot.example.com/slack/events"' in json.dumps(made["features"]["slash_commands"])


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("https://x.example/slack/events", "https://x.example/slack/events"),
        ("https://x.example/slack/events/", "https://x.example/slack/events"),
        (" HTTPS://X.example:8443/ ", "https://x.example:8443/slack/events"),
        ("https://x.example/bot", "https://x.example/bot/slack/events"),
        ("https://x.example/bot/slack/events", "https://x.example/bot/slack/events"),
    ],
)
def test_url_is_accepted_with_or_without_its_path(given: str, made: str, earthweek: Command) -> None:
    assert manifest(earthweek, "--url", given)["settings"]["interactivity"]["request_url"] == made


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("http://bot.example.com", "Slack sends to https alone; write it as https://bot.example.com"),
        ("bot.example.com", "write it as https://bot.example.com"),
        ("", "write it as https://bot.example.com"),
        ("https://", "write it as https://bot.example.com"),
        ("https://ann:pw@bot.example.com", "write it as https://bot.example.com"),
        ("https://bot.example.com/?x=1", "more than a host and a path"),
        ("https://bot.example.com/#a", "more than a host and a path"),
        ("https://bot.example.com/a b", "more than a host and a path"),
        ("https://localhost:3000", "Slack cannot reach localhost"),
        ("https://127.0.0.1", "Slack cannot reach 127.0.0.1"),
        ("https://bot", "Slack cannot reach bot"),
        ("https://bot.example.com:port", "is no address"),
        ("https://[::1", "is no address"),
    ],
)
def test_url_that_slack_cannot_reach_is_refused(given: str, says: str, earthweek: Command) -> None:
    said = earthweek("manifest", "--url", given, campaign=None)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("--url: ")
    assert says in said.err


def test_what_people_write_to_the_bot_arrives(earthweek: Command) -> None:
    made = manifest(earthweek)
    assert "message.im" in made["settings"]["event_subscriptions"]["bot_events"]
    assert "im:history" in made["oauth_config"]["scopes"]["bot"]
    home = made["features"]["app_home"]
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)


def test_scopes_cover_every_slack_method_the_bot_calls(earthweek: Command) -> None:
    source = Path(bot.__file__).parent
    code = "".join(file.read_text(encoding="utf-8") for file in source.rglob("*.py") if "rehearsal" not in file.parts)
    called = set(re.findall(r"client\.((?:chat|conversations|files|users|auth|apps|views)_\w+)\(", code))
    assert called <= set(METHOD_SCOPES) | NO_SCOPE
    asked = set(SCOPES)
    assert {METHOD_SCOPES[method] for method in called - NO_SCOPE} <= asked
    oauth = manifest(earthweek)["oauth_config"]["scopes"]
    assert oauth["bot"] == list(SCOPES)

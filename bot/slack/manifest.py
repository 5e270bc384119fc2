"""The app manifest: the bot as Slack is told about it when it is installed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.proxy import is_loopback

SCOPES = (
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "pins:write",
    "users:read",
)
"""Permissions of the bot token.

`*:history` and `im:write` are for looking whether a message is already there before it is sent again; `im:history` is
also for `message.im`, since what somebody writes to the bot is read as a command, and stored nowhere. `channels:read`
and `groups:read` tell whether a channel is archived, or one to which nobody has invited the bot yet. `files:write` is
for the calendar file of Earth Hour and the pictures of posts, and `pins:write` for the week at a glance; without them
posts have no pictures, and it is only not pinned.
"""

_SCOPES_HEADER = "x-oauth-scopes"

COMMAND = "/earthweek"
SHORTCUT = "earthweek"
EVENTS = ("app_home_opened", "app_uninstalled", "message.im", "tokens_revoked")

_PATH = "/slack/events"


def missing_scopes(response: AsyncSlackResponse) -> list[str]:
    """Return the permissions that the token of a call does not have."""
    # Slack names the scopes of the token in a header of every answer.
    granted = {scope.strip() for scope in response.headers.get(_SCOPES_HEADER, "").split(",")}
    return [scope for scope in SCOPES if scope not in granted]


def request_url(url: str) -> str:
    """Return the URL to which Slack sends what people do, of the bot's public address with that path or without.

    Raises:
        ValueError: Slack could not send there; the message says what to write.
    """
    written = url.strip()
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        # `urlsplit` raises for broken brackets of an IPv6 address, and `port` for a number above 65535.
        raise ValueError(f"{written!r} is no address; write it as https://bot.example.com") from None
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise ValueError(f"Slack sends to https alone; write it as https://{host or 'bot.example.com'}")
    # A name without a dot is one of the company's own network.
    if is_loopback(host) or "." not in host:
        raise ValueError(f"Slack cannot reach {host}; write the address that the bot has on the internet")
    if parts.query or parts.fragment or any(sign.isspace() for sign in written):
        raise ValueError("the address has more than a host and a path; write it as https://bot.example.com")
    at = f"https://{host}:{port}" if port else f"https://{host}"
    return f"{at}{parts.path.rstrip('/').removesuffix(_PATH)}{_PATH}"


def manifest(url: str | None = None) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for HTTP where `url` is the bot's public address.

    Raises:
        ValueError: Slack could not send there.
    """
    request = request_url(url) if url is not None else None
    address = {"request_url": request} if request else {}
    command = {
        "command": COMMAND,
        "description": "Earth Week: pledges, tips and Earth Hour",
        "usage_hint": "help",
        # Users and channels arrive as they were typed: the bot looks up nobody by what a person writes.
        "should_escape": False,
    }
    return {
        "display_information": {
            "name": "Earth Week",
            "description": "A week of tips, pledges and Earth Hour, in your language and at your local time.",
            "background_color": "#1f5f3f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                # Without the tab Slack refuses direct messages with messages_tab_disabled.
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Earth Week", "always_online": True},
            "shortcuts": [
                {
                    "name": "Earth Week",
                    "type": "global",
                    "callback_id": SHORTCUT,
                    "description": "Pledges, tips and Earth Hour",
                }
            ],
            "slash_commands": [{**command, **({"url": request} if request else {})}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **address},
            "interactivity": {"is_enabled": True, **address},
            # One installation has one workspace and one bot token.
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            # A rotated token expires after twelve hours, and the bot would have to store the next one.
            "token_rotation_enabled": False,
        },
    }

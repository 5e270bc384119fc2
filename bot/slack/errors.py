"""Slack's error codes: which are permanent, and what the operator can do about each."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError)
"""Everything that a call to Slack can raise."""

_TOKEN = "Slack does not accept SLACK_BOT_TOKEN; copy it again from the app's OAuth page and restart"  # noqa: S105

PERMANENT = {
    "account_inactive": _TOKEN,
    "as_user_not_supported": "Slack no longer takes messages of this form; update the bot",
    "block_mismatch": "the message has another form by now; nothing has to be done, or name this to whoever changed it",
    "cannot_dm_bot": "{to} is a bot, which takes no messages; name a person in campaign.toml",
    "cant_update_message": "the bot may not change this message; ask whoever has installed the app anew",
    "channel_not_found": "Slack does not know {to}; correct it in campaign.toml, or invite the bot if it is private",
    "edit_window_closed": "messages may not be changed any more after so long; ask an administrator to allow it",
    "ekm_access_denied": "the workspace's administrators stopped messages; ask them",
    "invalid_auth": _TOKEN,
    "invalid_blocks": "Slack does not take the form of this message, not even the plain one; please report it",
    "is_archived": "{to} is archived; unarchive it in Slack, or name another one in campaign.toml",
    "is_inactive": "{to} is frozen; name another one in campaign.toml",
    "message_not_found": "somebody has deleted the message in {to}; ask them, if it should be there",
    "messages_tab_disabled": "the app takes no direct messages; turn on its Messages tab, as earthweek manifest has it",
    "missing_scope": "the app lacks a permission ({needed}); install it again with the scopes of earthweek manifest",
    "msg_too_long": "the text is too long for Slack; shorten it",
    "no_permission": "the bot may not post to {to}; ask an administrator of the workspace",
    "no_text": "the message is empty; write its text",
    "not_allowed_token_type": _TOKEN,
    "not_authed": _TOKEN,
    "not_in_channel": "the bot is not in {to}; type /invite and the bot's name there",
    "org_login_required": "the workspace is being moved by Slack; try again after that",
    "restricted_action": "the bot may not post to {to}; allow it in the channel's posting permissions",
    "restricted_action_read_only_channel": "{to} is read-only; allow the bot in the channel's posting permissions",
    "token_expired": _TOKEN,
    "token_revoked": _TOKEN,
    "user_disabled": "the person {to} is deactivated; name somebody else in campaign.toml",
    "user_not_found": "Slack does not know {to}; correct the ID in campaign.toml",
}
"""Codes that do not pass by themselves. After any other one the call is tried again."""

TOKEN_ERRORS = frozenset(
    {"account_inactive", "invalid_auth", "not_allowed_token_type", "not_authed", "token_expired", "token_revoked"}
)
"""Those of them that are about the token and not about the call: nothing works until there is a new one."""

PROXY_UNREACHABLE, PROXY_UNAUTHORIZED, PROXY_REFUSED = "proxy_away", "proxy_unauthorised", "proxy_refused"
UNTRUSTED = "certificate_untrusted"

NETWORK_ERRORS = {
    PROXY_UNREACHABLE: "the proxy of HTTPS_PROXY cannot be reached; correct its address, or ask who runs the network",
    PROXY_UNAUTHORIZED: "the proxy of HTTPS_PROXY wants other credentials; write http://user:password@host:port",
    PROXY_REFUSED: "the proxy of HTTPS_PROXY does not let the bot through to Slack; ask who runs it",
    UNTRUSTED: "who answers for Slack is not trusted; where a proxy opens TLS, name its authority in SSL_CERT_FILE",
}
"""Codes of the bot's own for what goes wrong on the way, before anything has reached Slack."""

RATE_LIMITED = frozenset({"ratelimited", "rate_limited"})
"""Codes of an answer that says how long to wait."""

OUTCOME_UNKNOWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
"""Codes after which Slack may have posted the message all the same, by its own documentation."""

INVALID_BLOCKS, INVALID_CURSOR = "invalid_blocks", "invalid_cursor"
CHANNEL_GONE = frozenset({"channel_not_found", "is_archived"})
USER_NOT_VISIBLE = frozenset({"user_not_found", "user_not_visible"})
"""Codes for users of other workspaces whom Slack does not show to the bot."""

_CODE = re.compile(r"\w{1,60}", re.ASCII)
_UNKNOWN_SCOPE = "see Slack's answer"


def is_about_file(error: Exception) -> bool:
    """Return whether Slack refused blocks because it cannot show a file in them."""
    if not isinstance(error, SlackApiError) or error_code(error) != INVALID_BLOCKS:
        return False
    said = response_parts(error)[2].get("errors")
    return isinstance(said, list) and any("slack_file" in str(each) for each in said)


def explain(code: str, to: str, needed: str = "") -> str:
    """Return an error code with a sentence about what to do."""
    known = PERMANENT.get(code) or NETWORK_ERRORS.get(code, "Slack refused")
    return f"{code}: {known.format(to=to, needed=needed or _UNKNOWN_SCOPE)}"


def error_code(error: Exception) -> str:
    """Return Slack's error code, or one for what kept Slack from answering."""
    match error:
        case SlackApiError():
            status, _headers, body = response_parts(error)
            code = str(body.get("error", ""))
            # Codes are labels of metrics and are logged, and a proxy may answer anything.
            return code if _CODE.fullmatch(code) else f"http_{status}"
        case aiohttp.ClientProxyConnectionError():
            return PROXY_UNREACHABLE
        case aiohttp.ClientHttpProxyError(status=HTTPStatus.PROXY_AUTHENTICATION_REQUIRED):
            return PROXY_UNAUTHORIZED
        case aiohttp.ClientHttpProxyError():
            return PROXY_REFUSED
        case aiohttp.ClientConnectorCertificateError():
            return UNTRUSTED
        case _:
            return type(error).__name__


def describe(error: SlackApiError, to: str) -> str:
    """Return the error code of an answer with a sentence about what to do."""
    return explain(error_code(error), to, str(response_parts(error)[2].get("needed", "")))


def describe_failure(error: Exception, to: str) -> str:
    """Say why Slack did not answer a question, and what to do where somebody can do something."""
    code = error_code(error)
    # Only these have a sentence about what to do; any other code passes by itself.
    if isinstance(error, SlackApiError) and code in PERMANENT:
        return describe(error, to)
    return explain(code, to) if code in NETWORK_ERRORS else f"Slack could not be asked ({code})"


def response_parts(error: SlackApiError) -> tuple[int, Mapping[str, str], Mapping[str, Any]]:
    """Return status, headers and body of an answer."""
    response: Any = error.response
    # Where the body cannot be read, slack_sdk puts aiohttp's response here instead of its own.
    if isinstance(response, aiohttp.ClientResponse):
        return response.status, response.headers, {}
    body = response.data if isinstance(response.data, dict) else {}
    return int(response.status_code), response.headers, body

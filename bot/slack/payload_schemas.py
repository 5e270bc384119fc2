"""The shape of what Slack sends, checked once where it comes in, so that no handler has to check it.

Only what is read is described; Slack may add to the rest at any time.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]
"""Of a user, a workspace, a channel or an event. It is stored, in columns of this width."""

_Place = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{0,32}$")]
"""Of what is not stored, and may be empty."""

_Name = Annotated[str, Field(max_length=255)]

_Kind = Literal[
    "", "block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action",
    "event_callback", "url_verification", "app_rate_limited",
]  # fmt: skip
"""Bolt knows more, of surfaces that Slack has given up."""

_INTERACTIONS = frozenset({"block_actions", "shortcut", "view_submission"})
"""Payloads that name their author as `user`; events and commands do it in other ways."""

_HOME = "app_home_opened"


class _Part(BaseModel):
    # Strict: Slack sends the types it documents, so a value that needs conversion was made by somebody else.
    model_config = ConfigDict(strict=True, frozen=True)


class _Named(_Part):
    id: _Place | None = None
    name: str | None = None
    team_id: _Place | None = None
    enterprise_id: _Place | None = None


class _Team(_Named):
    id: _Id | None = None


class _Author(_Named):
    id: _Id
    team_id: _Id | None = None


class _Option(_Part):
    value: str | None = None


class _Action(_Part):
    action_id: _Name
    type: str
    value: str | None = None
    selected_option: _Option | None = None


class _View(_Part):
    id: _Name = ""
    type: Literal["modal", "home"]
    callback_id: _Name = ""
    team_id: _Id | None = None
    app_installed_team_id: _Id | None = None


class _Event(_Part):
    type: str
    user: _Id | _Author | None = None
    tab: str | None = None
    text: str | None = None
    channel_type: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    team: _Id | _Named | None = None
    channel: _Place | _Named | None = None
    enterprise: _Place | _Named | None = None


class _Address(_Part):
    response_url: str | None = None


class _Payload(_Part):
    type: _Kind = ""
    command: str | None = None
    text: str | None = None
    user: _Id | _Author | None = None
    user_id: _Id | None = None
    team: _Team | None = None
    team_id: _Id | None = None
    enterprise: _Place | _Named | None = None
    enterprise_id: _Place | None = None
    channel: _Place | _Named | None = None
    channel_id: _Place | None = None
    channel_name: str | None = None
    authorizations: list[_Named] | None = None
    trigger_id: str | None = None
    response_url: str | None = None
    response_urls: list[_Address] = []
    message: dict[str, Any] | None = None
    # These may be missing and cannot be null: Bolt reads them without a check.
    event: _Event = Field(default=_Event(type=""))
    event_id: _Id | None = None
    actions: Annotated[list[_Action], Field(min_length=1)] = []
    view: _View = Field(default=_View(type="modal"))


def is_valid(body: Any) -> bool:
    """Return whether Slack could have sent this."""
    try:
        return _names_its_author(_Payload.model_validate(body))
    # Deeply nested JSON overflows the stack, and anybody can send it.
    except (ValidationError, RecursionError):
        return False


def _names_its_author(payload: _Payload) -> bool:
    """Return whether an action, a command or the opening of the Home names a user; only those are ever stored."""
    if payload.command is not None:
        return payload.user_id is not None
    if payload.type in _INTERACTIONS:
        return isinstance(payload.user, _Author)
    return payload.event.type != _HOME or payload.event.user is not None


_HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
"""Hosts of Slack's response URLs."""


def is_slack_url(url: str, api_url: str) -> bool:
    """Return whether a response URL is on the API's own host or, for the real API, on one of Slack's.

    Host and port are compared as they are written: parsers disagree about odd spellings, and Slack uses none.
    """
    if not (url.isascii() and url.isprintable()) or "\\" in url:
        return False
    try:
        there, here = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    # The rehearsal's Slack is plain HTTP on loopback; the real one never is.
    if there.scheme != here.scheme:
        return False
    return there.netloc == here.netloc or (here.scheme == "https" and there.netloc in _HOOKS)

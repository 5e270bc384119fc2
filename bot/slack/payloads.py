"""The gate: what comes in has the form of what Slack sends, so that nobody behind it has to ask.

Only what is read is described; Slack may add to the rest at any time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from slack_bolt.response import BoltResponse

_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]
"""Of a user, a workspace, a channel or an event: it is stored, and the columns are as wide."""

_Place = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{0,32}$")]
"""Of what is not stored, and may be empty."""

_Name = Annotated[str, Field(max_length=255)]

_Kind = Literal[
    "", "block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action",
    "event_callback", "url_verification", "app_rate_limited",
]  # fmt: skip
"""Bolt knows more, of surfaces that Slack has given up."""

_ACTS = frozenset({"block_actions", "view_submission"})
"""What somebody does; events and commands say in other ways who it was."""

_HOME = "app_home_opened"


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Named(_Part):
    id: _Place | None = None
    name: str | None = None
    team_id: _Place | None = None
    enterprise_id: _Place | None = None


class _Team(_Named):
    id: _Id | None = None


class _Somebody(_Named):
    id: _Id
    team_id: _Id | None = None


class _Action(_Part):
    action_id: _Name
    type: str
    value: str | None = None


class _View(_Part):
    id: _Name = ""
    type: Literal["modal", "home"]
    callback_id: _Name = ""
    team_id: _Id | None = None
    app_installed_team_id: _Id | None = None


class _Event(_Part):
    type: str
    user: _Id | _Somebody | None = None
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


class _Arrival(_Part):
    type: _Kind = ""
    command: str | None = None
    text: str | None = None
    user: _Id | _Somebody | None = None
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
    # Bolt takes what is there for what it should be, so that these may be missing and cannot be null.
    event: _Event = Field(default=_Event(type=""))
    event_id: _Id | None = None
    actions: Annotated[list[_Action], Field(min_length=1)] = []
    view: _View = Field(default=_View(type="modal"))


def is_valid(body: Any) -> bool:
    """Whether Slack could have sent this."""
    try:
        return _is_somebodys(_Arrival.model_validate(body))
    except (ValidationError, RecursionError):
        return False


def _is_somebodys(arrival: _Arrival) -> bool:
    """Whoever does something is named; nothing is ever kept of nobody."""
    if arrival.command is not None:
        return arrival.user_id is not None
    if arrival.type in _ACTS:
        return isinstance(arrival.user, _Somebody)
    return arrival.event.type != _HOME or arrival.event.user is not None


async def check(body: Any, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
    """Let Bolt go on only with what is sound, whichever way it came."""
    return await next_() if is_valid(body) else BoltResponse(status=400)

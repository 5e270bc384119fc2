"""Response URLs: each lets the app answer one press or command, five times within half an hour.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses. They need no token: the address
itself is the permission.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rehearsal.slack import chat, errors
from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.workspace import Ephemeral, PostedMessage, Workspace

RESPONSE_URL = "response_url"
"""The name of a use in the call log and among the faults."""
GOOD_FOR = timedelta(minutes=30)
MOST_USES = 5
TYPES = ("", "ephemeral", "in_channel")


class GoneError(RefusedError):
    """The address is too old, used up, or was never given out."""


@dataclass(frozen=True)
class ResponseTarget:
    """The press or command that a response URL answers; `pressed` is the message with the button."""

    user: str
    channel: str
    pressed: PostedMessage | Ephemeral | None = None


@dataclass
class _Url:
    origin: ResponseTarget
    made_at: datetime
    uses: int = 0


@dataclass
class ResponseUrls:
    """The addresses that can still be used, oldest first; the others are forgotten."""

    _live: dict[str, _Url] = field(default_factory=dict)
    _count: int = 0

    def __len__(self) -> int:
        """Return the number of addresses that are remembered."""
        return len(self._live)

    def make(self, origin: ResponseTarget, at: datetime) -> str:
        """Make a new address, and return its last part."""
        self._forget(at)
        self._count += 1
        key = f"{self._count:012d}"
        self._live[key] = _Url(origin, at)
        return key

    def use(self, key: str, workspace: Workspace, args: Arguments, at: datetime) -> None:
        """Do what the app asks for; only what is accepted counts as a use."""
        url = self._live.get(key)
        if url is None or at - url.made_at >= GOOD_FOR:
            raise GoneError("expired_url")
        if url.uses >= MOST_USES:
            raise GoneError("used_url")
        respond(url.origin, workspace, args, at)
        url.uses += 1

    def _forget(self, at: datetime) -> None:
        while self._live:
            oldest = next(iter(self._live))
            if at - self._live[oldest].made_at < GOOD_FOR:
                return
            del self._live[oldest]


def respond(origin: ResponseTarget, workspace: Workspace, args: Arguments, at: datetime) -> None:
    """Answer a press or a command: to the person alone, to the channel, or in the place of what was pressed."""
    if args.flag("delete_original"):
        _remove(_original(origin, workspace), workspace)
        return
    chat.need_no_thread(args)
    content = chat.content_of(args, chat.LONGEST_POST)
    kind = args.text("response_type")
    if kind not in TYPES:
        raise errors.listing("invalid_arguments", [f"the rehearsal has no response_type {kind}"])
    if args.flag("replace_original") and origin.pressed is not None:
        _replace(_original(origin, workspace), workspace, content, at)
    elif kind == "in_channel":
        workspace.post(origin.channel, workspace.bot.id, content.text, at, blocks=content.blocks or ())
    else:
        workspace.post_ephemeral(origin.channel, origin.user, content.text, at, blocks=content.blocks or ())


def _original(origin: ResponseTarget, workspace: Workspace) -> PostedMessage | Ephemeral:
    """Return the pressed message as it stands now."""
    pressed = origin.pressed
    found: PostedMessage | Ephemeral | None = None
    # Ephemeral messages are in no history, so they are found by person.
    if isinstance(pressed, Ephemeral):
        found = workspace.ephemerals.find(pressed.user, pressed.channel, pressed.ts)
    elif pressed is not None:
        found = workspace.conversation(pressed.channel).find(pressed.ts)
    if found is None:
        raise RefusedError("message_not_found")
    return found


def _remove(original: PostedMessage | Ephemeral, workspace: Workspace) -> None:
    if isinstance(original, Ephemeral):
        workspace.ephemerals.remove(original)
    else:
        workspace.conversation(original.channel).remove(original)


def _replace(
    original: PostedMessage | Ephemeral, workspace: Workspace, content: chat.MessageContent, at: datetime
) -> None:
    given = tuple(content.blocks or ())
    if isinstance(original, Ephemeral):
        workspace.ephemerals.keep(replace(original, text=content.text, blocks=given))
        return
    workspace.conversation(original.channel).change(
        original, text=content.text, blocks=given, metadata=original.metadata, at=at
    )

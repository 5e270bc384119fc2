"""The Web API methods that the rehearsal knows, by name; `files.*` and `users.*` are small and stand here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from rehearsal.slack import chat, conversations, errors, paging, pins, serializers, views
from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.conversation import File
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.method_call import ApiAnswer, ApiRequest


class TokenKind(Enum):
    """The kind of token that a method wants."""

    NONE = auto()
    BOT = auto()
    APP = auto()


@dataclass(frozen=True)
class Method:
    """A method: what it does, and the token it wants."""

    run: Callable[[ApiRequest], ApiAnswer]
    token: TokenKind = TokenKind.BOT


def api_test(request: ApiRequest) -> ApiAnswer:
    """Answer, which is all that this is for."""
    return {"args": {"error": request.args.text("error")} if "error" in request.args else {}}


def auth_test(request: ApiRequest) -> ApiAnswer:
    """Say who the token belongs to."""
    workspace = request.workspace
    return {
        "url": "https://rehearsal.slack.com/",
        "team": workspace.team,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": serializers.BOT_ID,
        "is_enterprise_install": False,
    }


def connections_open(request: ApiRequest) -> ApiAnswer:
    """Give out an address for a Socket Mode connection."""
    return {"url": request.link()}


ABSENT = ("channels", "thread_ts", "blocks")
"""Arguments that Slack has and the rehearsal has not."""


def get_upload_url(request: ApiRequest) -> ApiAnswer:
    """Give out an address for the bytes of one file."""
    request.need("files:write")
    name, length = request.args.required("filename"), request.args.required("length")
    # Slack refuses empty files.
    if not length.isdecimal() or not int(length):
        raise errors.listing("invalid_arguments", ["length must be a whole number above 0"])
    file_id = request.workspace.uploads.begin(name, int(length))
    return {"upload_url": f"{request.origin}/upload/{file_id}", "file_id": file_id}


def complete_upload(request: ApiRequest) -> ApiAnswer:
    """Finish uploads, and show them where they shall be seen."""
    request.need("files:write")
    for name in ABSENT:
        if name in request.args:
            raise errors.listing("invalid_arguments", [f"the rehearsal has no {name}"])
    files = [_finished(request, each) for each in _wanted(request.args)]
    channel = request.args.text("channel_id")
    if channel:
        _share(request, channel, files)
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def _wanted(args: Arguments) -> list[Any]:
    wanted = args.structure("files")
    if not isinstance(wanted, list) or not wanted:
        raise errors.missing("files")
    return wanted


def _finished(request: ApiRequest, wanted: Any) -> File:
    file_id, title = (wanted.get("id"), wanted.get("title")) if isinstance(wanted, dict) else (None, None)
    found = request.workspace.uploads.finish(str(file_id), str(title) if title else None, request.at)
    if found is None:
        raise RefusedError("file_not_found")
    return found


def _share(request: ApiRequest, channel: str, files: Sequence[File]) -> None:
    workspace = request.workspace
    if channel not in workspace.ims and channel not in workspace.channels:
        raise RefusedError("channel_not_found")
    if not workspace.is_member(channel, workspace.bot.id):
        raise RefusedError("not_in_channel")
    workspace.post(channel, workspace.bot.id, request.args.text("initial_comment"), request.at, files=files)


MOST_USERS = 1000


def user_info(request: ApiRequest) -> ApiAnswer:
    """Describe a person or a bot."""
    request.need("users:read")
    known = request.workspace.users.get(request.args.required("user"))
    # Slack hides some users of other workspaces, even when a payload has named them.
    if known is None or not known.is_shown:
        raise RefusedError("user_not_found")
    locale = request.args.flag("include_locale")
    return {"user": serializers.user(known, request.workspace, request.at, locale=locale)}


def user_list(request: ApiRequest) -> ApiAnswer:
    """List all users, including deactivated people, bots and Slackbot."""
    request.need("users:read")
    everyone = [user for user in request.workspace.users.values() if user.is_shown]
    limit = request.args.limit(MOST_USERS, MOST_USERS)
    page, following = paging.slice_of(everyone, "user", request.args.text("cursor"), limit)
    locale = request.args.flag("include_locale")
    shown = [serializers.user(known, request.workspace, request.at, locale=locale) for known in page]
    return {"members": shown, "response_metadata": {"next_cursor": following}}


METHODS: Mapping[str, Method] = {
    "api.test": Method(api_test, TokenKind.NONE),
    "apps.connections.open": Method(connections_open, TokenKind.APP),
    "auth.test": Method(auth_test),
    "chat.postEphemeral": Method(chat.post_ephemeral),
    "chat.postMessage": Method(chat.post_message),
    "chat.update": Method(chat.update),
    "conversations.history": Method(conversations.history),
    "conversations.info": Method(conversations.info),
    "conversations.join": Method(conversations.join),
    "conversations.list": Method(conversations.list_),
    "conversations.members": Method(conversations.members),
    "conversations.open": Method(conversations.open_),
    "conversations.replies": Method(conversations.replies),
    "files.completeUploadExternal": Method(complete_upload),
    "files.getUploadURLExternal": Method(get_upload_url),
    "pins.add": Method(pins.add),
    "pins.list": Method(pins.list_),
    "pins.remove": Method(pins.remove),
    "users.conversations": Method(conversations.own),
    "users.info": Method(user_info),
    "users.list": Method(user_list),
    "views.open": Method(views.open_),
    "views.publish": Method(views.publish),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
}

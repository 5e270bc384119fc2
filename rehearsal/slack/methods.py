"""The Web API methods that the rehearsal knows, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from rehearsal.slack import chat, conversations, files, modals, serializers, users
from rehearsal.slack.request import ApiAnswer, ApiRequest


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
    "files.completeUploadExternal": Method(files.complete_upload),
    "files.getUploadURLExternal": Method(files.get_upload_url),
    "users.conversations": Method(conversations.own),
    "users.info": Method(users.info),
    "users.list": Method(users.list_),
    "views.open": Method(modals.open_),
    "views.publish": Method(modals.publish),
    "views.push": Method(modals.push),
    "views.update": Method(modals.update),
}

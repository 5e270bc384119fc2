"""The `conversations.*` methods.

The bot sees what Slack shows it: public channels, and where it is a member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rehearsal.slack import errors, paging, serializers, timestamp
from rehearsal.slack.conversation import NOTICES, Conversation, HistoryPage
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.method_call import ApiAnswer, ApiRequest
from rehearsal.slack.workspace import Channel, Workspace

FAMILIES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
"""The scope that each type of conversation needs, without the `:read` or `:history`."""
MOST_HISTORY = 999
MOST_REPLIES = 1000
MOST_LISTED, MOST_OWN = 1000, 999
_NEXT = "next_ts"


def list_(request: ApiRequest) -> ApiAnswer:
    """List channels of the requested types, in the order in which they were created."""
    return _page(request, _listed(request, _types(request)), MOST_LISTED)


def own(request: ApiRequest) -> ApiAnswer:
    """List the channels that the bot, or a named user, is a member of: `users.conversations`."""
    member = request.args.text("user") or request.workspace.bot.id
    listed = _listed(request, _types(request))
    return _page(request, (each for each in listed if request.workspace.is_member(each, member)), MOST_OWN)


def _types(request: ApiRequest) -> set[str]:
    types = {kind.strip() for kind in (request.args.text("types") or "public_channel").split(",")}
    for kind in sorted(types):
        if kind not in FAMILIES:
            raise RefusedError("invalid_types")
        request.need(f"{FAMILIES[kind]}:read")
    return types


def _page(request: ApiRequest, found: Iterable[str], most: int) -> ApiAnswer:
    limit = request.args.limit(100, most)
    page, following = paging.slice_of(list(found), "channel", request.args.text("cursor"), limit)
    shown = [_shown(each, request.workspace) for each in page]
    return {"channels": shown, "response_metadata": {"next_cursor": following}}


def _shown(channel: str, workspace: Workspace) -> dict[str, Any]:
    known = workspace.channels.get(channel)
    return serializers.im(channel, workspace) if known is None else serializers.channel(known, workspace)


def info(request: ApiRequest) -> ApiAnswer:
    """Describe a channel or direct conversation."""
    found = seen(request)
    request.need(f"{_family(request, found)}:read")
    return {"channel": _shown(found, request.workspace)}


def join(request: ApiRequest) -> ApiAnswer:
    """Let the bot into a public channel."""
    request.need("channels:join")
    found, workspace = seen(request), request.workspace
    known = workspace.channels.get(found)
    # Apps can join public channels only; private ones need an invitation.
    if known is None or known.is_private:
        raise RefusedError("method_not_supported_for_channel_type")
    if known.is_archived:
        raise RefusedError("is_archived")
    already = workspace.is_member(found, workspace.bot.id)
    workspace.join(found, workspace.bot.id)
    joined: ApiAnswer = {"channel": serializers.channel(known, workspace)}
    if already:
        joined |= {"warning": "already_in_channel"}
    return joined


def open_(request: ApiRequest) -> ApiAnswer:
    """Open the bot's direct conversation with one person."""
    request.need("im:write")
    users = request.args.required("users").split(",")
    if len(users) > 1:
        raise errors.listing("invalid_arguments", ["the rehearsal has no group conversations"])
    if users[0] not in request.workspace.users:
        raise RefusedError("user_not_found")
    already = users[0] in request.workspace.ims.values()
    found = request.workspace.im(users[0])
    flags: ApiAnswer = {"no_op": True, "already_open": True} if already else {}
    if request.args.flag("return_im"):
        return {"channel": serializers.im(found, request.workspace), **flags}
    return {"channel": {"id": found}, **flags}


def history(request: ApiRequest) -> ApiAnswer:
    """List the messages of a conversation that the bot is in, newest first; metadata only on request.

    Replies are not among them, unless they were broadcast.
    """
    conversation = _read(request)
    oldest, latest = _instant(request, "oldest"), _instant(request, "latest")
    inclusive = request.args.flag("inclusive")
    following = paging.decode(_NEXT, request.args.text("cursor"))
    if following is not None:
        # The cursor names the first message of its page, which an exclusive `latest` would drop.
        latest = following if inclusive else following + 1
    limit = request.args.limit(100, MOST_HISTORY)
    page = conversation.page(oldest=oldest, latest=latest, inclusive=inclusive, limit=limit)
    return {**_messages(request, page), "pin_count": len(conversation.pins)}


def replies(request: ApiRequest) -> ApiAnswer:
    """List a message and the replies to it, oldest first; metadata only on request."""
    conversation = _read(request)
    parent = conversation.find(request.args.required("ts"))
    if parent is None or parent.subtype in NOTICES:
        raise RefusedError("thread_not_found")
    if parent.parent_ts is not None:
        raise errors.listing("invalid_arguments", ["the rehearsal finds a thread by its first message alone"])
    oldest, latest = _instant(request, "oldest"), _instant(request, "latest")
    inclusive = request.args.flag("inclusive")
    following = paging.decode(_NEXT, request.args.text("cursor"))
    if following is not None:
        oldest = following if inclusive else following - 1
    limit = request.args.limit(MOST_REPLIES, MOST_REPLIES)
    page = conversation.thread_page(parent, oldest=oldest, latest=latest, inclusive=inclusive, limit=limit)
    return _messages(request, page)


def _read(request: ApiRequest) -> Conversation:
    """Return a conversation whose messages the bot may read."""
    found, workspace = seen(request), request.workspace
    request.need(f"{_family(request, found)}:history")
    # Messages can be read by members only, even in a public channel.
    if not workspace.is_member(found, workspace.bot.id):
        raise RefusedError("not_in_channel")
    return workspace.conversation(found)


def _messages(request: ApiRequest, page: HistoryPage) -> ApiAnswer:
    metadata = request.args.flag("include_all_metadata")
    return {
        "messages": [serializers.message(each, request.workspace, metadata=metadata) for each in page.messages],
        "has_more": page.next_micros is not None,
        "response_metadata": {"next_cursor": paging.encode(_NEXT, page.next_micros)},
    }


def members(request: ApiRequest) -> ApiAnswer:
    """List the IDs of the people in a conversation."""
    found = seen(request)
    request.need(f"{_family(request, found)}:read")
    everyone = request.workspace.members(found)
    limit = request.args.limit(100, MOST_LISTED)
    page, following = paging.slice_of(everyone, "member", request.args.text("cursor"), limit)
    return {"members": page, "response_metadata": {"next_cursor": following}}


def _listed(request: ApiRequest, types: set[str]) -> Iterator[str]:
    workspace, skips_archived = request.workspace, request.args.flag("exclude_archived")
    for known in workspace.channels.values():
        kind = "private_channel" if known.is_private else "public_channel"
        if kind in types and _visible(request, known) and not (skips_archived and known.is_archived):
            yield known.id
    if "im" in types:
        yield from workspace.ims


def _visible(request: ApiRequest, channel: Channel) -> bool:
    return not channel.is_private or request.workspace.is_member(channel.id, request.workspace.bot.id)


def seen(request: ApiRequest) -> str:
    """Return the conversation that a call names by its id, unless the bot may not know of it."""
    wanted = request.args.required("channel")
    if wanted in request.workspace.ims:
        return wanted
    channel = request.workspace.channels.get(wanted)
    # Slack does not admit that a private channel exists.
    if channel is None or not _visible(request, channel):
        raise RefusedError("channel_not_found")
    return wanted


def _family(request: ApiRequest, channel: str) -> str:
    known = request.workspace.channels.get(channel)
    if known is None:
        return "im"
    return "groups" if known.is_private else "channels"


def _instant(request: ApiRequest, name: str) -> int | None:
    value = request.args.text(name)
    if not value:
        return None
    micros = timestamp.parse(value)
    if micros is None:
        raise RefusedError(f"invalid_ts_{name}")
    return micros

"""Serializes the workspace's values as Slack's answers show them, with the fields that an app reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rehearsal.slack import interactive_elements, timestamp
from rehearsal.slack.conversation import BROADCAST, Conversation
from rehearsal.slack.open_views import View
from rehearsal.slack.workspace import Channel, File, PostedMessage, User, Workspace

APP_ID = "A0EARTHWEEK"
BOT_ID = "B0EARTHWEEK"
MOST_REPLY_USERS = 5
"""Those who replied that a message names; it counts the others."""


def message(said: PostedMessage, workspace: Workspace, *, metadata: bool) -> dict[str, Any]:
    """Serialize a message; `metadata` only where it was requested."""
    shown: dict[str, Any] = {
        "type": "message",
        "user": said.user,
        "text": said.text,
        "ts": said.ts,
        "team": workspace.team_id,
    }
    if said.user == workspace.bot.id:
        # Apps recognise their own messages by these, for instance when they look whether one has arrived.
        shown |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if said.blocks:
        shown["blocks"] = list(said.blocks)
    if said.files:
        shown |= {"upload": False, "files": [_file(each) for each in said.files]}
    if said.subtype is not None:
        shown["subtype"] = said.subtype
    conversation = workspace.conversation(said.channel)
    shown |= _in_thread(said, conversation, workspace)
    pin = conversation.pins.get(said.ts)
    if pin is not None:
        pinned_ts = int(pin.pinned_at.timestamp())
        shown["pinned_to"] = [said.channel]
        shown["pinned_info"] = {"channel": said.channel, "pinned_by": pin.user, "pinned_ts": pinned_ts}
    if said.edited_at is not None:
        shown["edited"] = {"user": said.user, "ts": timestamp.text(timestamp.of(said.edited_at))}
    if metadata and said.metadata is not None:
        shown["metadata"] = said.metadata
    return shown


def _in_thread(said: PostedMessage, conversation: Conversation, workspace: Workspace) -> dict[str, Any]:
    """Return what a message says of its thread, as a reply or as the parent of one that has replies."""
    replies = conversation.replies(said)
    if replies:
        writers = list(dict.fromkeys(reply.user for reply in replies))
        return {
            "thread_ts": said.ts,
            "reply_count": len(replies),
            "reply_users_count": len(writers),
            "latest_reply": replies[-1].ts,
            "reply_users": writers[:MOST_REPLY_USERS],
            "is_locked": False,
            "subscribed": False,
        }
    if said.parent_ts is None:
        return {}
    parent = conversation.find(said.parent_ts)
    shown: dict[str, Any] = {"thread_ts": said.parent_ts}
    if parent is not None:
        shown["parent_user_id"] = parent.user
        if said.subtype == BROADCAST:
            shown["root"] = message(parent, workspace, metadata=False)
    return shown


def channel(known: Channel, workspace: Workspace) -> dict[str, Any]:
    """Serialize a public or private channel."""
    return {
        "id": known.id,
        "name": known.name,
        "name_normalized": known.name,
        "previous_names": list(known.previous_names),
        "is_channel": not known.is_private,
        "is_group": known.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": known.is_private,
        "is_archived": known.is_archived,
        "is_general": False,
        "is_shared": known.is_ext_shared,
        "is_org_shared": False,
        "is_ext_shared": known.is_ext_shared,
        "is_pending_ext_shared": known.is_pending_ext_shared,
        "is_member": workspace.is_member(known.id, workspace.bot.id),
        "context_team_id": workspace.team_id,
        "num_members": len(workspace.members(known.id)),
    }


def im(im_id: str, workspace: Workspace) -> dict[str, Any]:
    """Serialize the direct conversation of the bot and one person."""
    person = workspace.users[workspace.ims[im_id]]
    return {
        "id": im_id,
        "is_im": True,
        "user": person.id,
        "is_user_deleted": person.deleted,
        "is_archived": False,
    }


def user(known: User, workspace: Workspace, at: datetime, *, locale: bool) -> dict[str, Any]:
    """Serialize a person or bot; deactivated people have no time zone, and `locale` is shown only on request."""
    shown: dict[str, Any] = {
        "id": known.id,
        "team_id": workspace.team_of(known),
        "name": known.name,
        "real_name": known.name,
        "deleted": known.deleted,
        "is_bot": known.is_bot,
        "is_restricted": known.is_guest,
        "is_ultra_restricted": False,
        "is_app_user": False,
        "profile": {"real_name": known.name, "display_name": known.name, "team": workspace.team_of(known)},
    }
    if known.team_id is not None:
        # Slack says so only of those with whom the bot shares no channel, https://docs.slack.dev/reference/objects/user-object
        shown["is_stranger"] = not any(
            workspace.is_member(each, known.id) and workspace.is_member(each, workspace.bot.id)
            for each in workspace.channels
        )
    # Slack leaves these out for deactivated people, and apps have to cope.
    if known.tz is not None and not known.deleted:
        shown |= {"tz": known.tz, "tz_offset": _offset(known.tz, at)}
    if locale and not known.deleted:
        shown["locale"] = known.locale
    return shown


def view(known: View, workspace: Workspace) -> dict[str, Any]:
    """Serialize a modal or a Home tab, with what the app sent and what Slack adds."""
    defaults = {"private_metadata": "", "callback_id": "", "external_id": ""}
    return {
        **defaults,
        "clear_on_close": False,
        "notify_on_close": False,
        **known.content,
        "id": known.id,
        "team_id": workspace.team_id,
        "state": interactive_elements.state(known.content["blocks"], known.filled),
        "hash": known.hash,
        "root_view_id": known.root,
        "previous_view_id": known.previous,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
    }


def _file(known: File) -> dict[str, Any]:
    return {"id": known.id, "name": known.name, "title": known.title, "size": len(known.content), "mode": "hosted"}


def _offset(tz: str, at: datetime) -> int:
    try:
        offset = at.astimezone(ZoneInfo(tz)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        return 0
    return int(offset.total_seconds()) if offset is not None else 0

"""The `chat.*` methods: posting, changing, and saying something to one person only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from rehearsal.slack import block_validation, errors, serializers, timestamp
from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.conversation import BROADCAST, NOTICES, TOMBSTONE, Block
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.method_call import ApiAnswer, ApiRequest
from rehearsal.slack.workspace import PostedMessage

LONGEST_POST = 40_000
"""Characters of `text`, https://docs.slack.dev/reference/methods/chat.postMessage."""
LONGEST_UPDATE = 4_000
"""Characters of `text`, https://docs.slack.dev/reference/methods/chat.update."""
ABSENT = ("attachments", "markdown_text")
"""Arguments that Slack has and the rehearsal has not: refused, because dropping them quietly would be a lie."""
OUT_OF_THREADS = ("thread_ts", "reply_broadcast")
"""Arguments that the rehearsal has for new messages alone."""


@dataclass(frozen=True)
class MessageContent:
    """The content of a message."""

    text: str
    blocks: list[Block] | None


def post_message(request: ApiRequest) -> ApiAnswer:
    """Post to a channel by id or name, or to a person, whose direct conversation is opened for it; or reply there."""
    request.need("chat:write")
    channel = _target(request)
    content = _content(request, LONGEST_POST)
    parent = _parent(request, channel)
    is_broadcast = parent is not None and request.args.flag("reply_broadcast")
    said = request.workspace.post(
        channel,
        request.workspace.bot.id,
        content.text,
        request.at,
        blocks=content.blocks or (),
        metadata=_metadata(request) or None,
        parent_ts=parent.ts if parent else None,
        subtype=BROADCAST if is_broadcast else None,
    )
    shown = serializers.message(said, request.workspace, metadata=True)
    return {"channel": channel, "ts": said.ts, "message": shown}


def update(request: ApiRequest) -> ApiAnswer:
    """Change one of the bot's own messages.

    A text without blocks takes the blocks away, and ``{}`` the metadata; whatever else is not sent stays as it was, as
    https://docs.slack.dev/reference/methods/chat.update says.
    """
    request.need("chat:write")
    need_no_thread(request.args)
    old = _own_message(request)
    content = _content(request, LONGEST_UPDATE)
    metadata = _metadata(request)
    kept = () if content.text else old.blocks
    new = request.workspace.conversation(old.channel).change(
        old,
        text=content.text or old.text,
        blocks=kept if content.blocks is None else content.blocks,
        metadata=old.metadata if metadata is None else metadata or None,
        at=request.at,
    )
    shown = serializers.message(new, request.workspace, metadata=True)
    return {"channel": new.channel, "ts": new.ts, "text": new.text, "message": shown}


def post_ephemeral(request: ApiRequest) -> ApiAnswer:
    """Say something that only one person in a channel sees."""
    request.need("chat:write")
    need_no_thread(request.args)
    channel = _target(request)
    user = request.args.required("user")
    if user not in request.workspace.users:
        raise RefusedError("user_not_found")
    if not request.workspace.is_member(channel, user):
        raise RefusedError("user_not_in_channel")
    content = _content(request, LONGEST_POST)
    said = request.workspace.post_ephemeral(channel, user, content.text, request.at, blocks=content.blocks or ())
    return {"message_ts": said.ts}


def _target(request: ApiRequest) -> str:
    wanted, workspace = request.args.required("channel"), request.workspace
    if wanted in workspace.ims:
        return wanted
    # As in Slack, a user's ID opens the direct conversation by itself.
    if wanted in workspace.users:
        return workspace.im(wanted)
    channel = workspace.channels.get(wanted) or workspace.channel_named(wanted)
    if channel is None:
        raise RefusedError("channel_not_found")
    if not workspace.is_member(channel.id, workspace.bot.id):
        # Slack does not admit that a private channel exists.
        if channel.is_private:
            raise RefusedError("channel_not_found")
        if "chat:write.public" not in request.scopes:
            raise RefusedError("not_in_channel")
    if channel.is_archived:
        raise RefusedError("is_archived")
    return channel.id


def _own_message(request: ApiRequest) -> PostedMessage:
    workspace, wanted, ts = request.workspace, request.args.required("channel"), request.args.required("ts")
    if not workspace.is_member(wanted, workspace.bot.id):
        raise RefusedError("channel_not_found")
    channel = workspace.channels.get(wanted)
    if channel is not None and channel.is_archived:
        # `chat.update` has another word for an archived channel than `chat.postMessage`.
        raise RefusedError("is_inactive")
    message = workspace.conversation(wanted).find(ts)
    if message is None or message.subtype == TOMBSTONE:
        raise RefusedError("message_not_found")
    # A bot can change only its own messages.
    if message.user != workspace.bot.id or message.subtype in NOTICES:
        raise RefusedError("cant_update_message")
    if workspace.edit_window is not None and request.at - message.posted_at > workspace.edit_window:
        raise RefusedError("edit_window_closed")
    return message


def _parent(request: ApiRequest, channel: str) -> PostedMessage | None:
    """Return the message that is replied to; None where the new one belongs into the channel."""
    wanted = request.args.text("thread_ts")
    if not wanted:
        return None
    if not timestamp.parse(wanted):
        raise errors.listing("invalid_thread_ts", [f"{wanted} is not a valid thread_ts"])
    parent = request.workspace.conversation(channel).find(wanted)
    # Slack takes a reply to what is gone, and shows it to the whole channel; its answer has no `thread_ts`:
    # https://github.com/slack-go/slack/issues/1571, https://github.com/slackapi/python-slack-events-api/issues/87
    if parent is None:
        return None
    if parent.subtype in NOTICES:
        raise RefusedError("cannot_reply_to_message")
    # Slack warns of it, and does not say what comes of it.
    if parent.parent_ts is not None:
        raise errors.listing("invalid_arguments", ["the rehearsal has no replies to replies"])
    return parent


def need_no_thread(args: Arguments) -> None:
    """Refuse what would belong into a thread."""
    for name in OUT_OF_THREADS:
        if name in args:
            raise errors.listing("invalid_arguments", [f"the rehearsal has no {name} here"])


def _content(request: ApiRequest, longest: int) -> MessageContent:
    # A file that the bot has uploaded and shared with nobody can be shown by the bot.
    return content_of(request.args, longest, request.workspace.uploads.images(request.at))


def content_of(args: Arguments, longest: int, files: Collection[str] = ()) -> MessageContent:
    """Validate the content of a message as Slack does; `files` are those that its blocks may show."""
    for name in ABSENT:
        if name in args:
            raise errors.listing("invalid_arguments", [f"the rehearsal has no {name}"])
    text, given = args.text("text"), _blocks(args, files)
    if not text and not given:
        raise RefusedError("no_text")
    if len(text) > longest:
        raise RefusedError("msg_too_long")
    return MessageContent(text, given)


def _blocks(args: Arguments, files: Collection[str]) -> list[Block] | None:
    given = args.structure("blocks", "invalid_blocks_format")
    if given is None:
        return None
    if not isinstance(given, list):
        raise RefusedError("invalid_blocks_format")
    # Slack has its own word for this one, https://github.com/slackapi/bolt-js/issues/2509
    if block_validation.markdown_length(given) > block_validation.LONGEST_MARKDOWN:
        raise RefusedError("msg_blocks_too_long")
    problems = block_validation.problems(given, args.text("text")) or block_validation.file_problems(given, files)
    if problems:
        raise errors.listing("invalid_blocks", problems)
    return block_validation.named(given)


def _metadata(request: ApiRequest) -> dict[str, Any] | None:
    given = request.args.structure("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise RefusedError("invalid_metadata_format")
    if given and not _is_event(given):
        raise RefusedError("invalid_metadata_schema")
    return given


def _is_event(metadata: dict[str, Any]) -> bool:
    return isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)

"""Draws posts as messages, and messages in a form that every workspace takes."""

from __future__ import annotations

from bot.messages.blocks import section
from bot.messages.markdown_to_mrkdwn import mrkdwn, split_text
from bot.messages.message import Block, Message
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS

_CHART = "data_visualization"


def compose(post: PostContext) -> Message:
    """Draw the message of a post."""
    return Message(post.text.summary, tuple(KINDS[post.post.kind].draw(post)))


def plain(message: Message) -> Message:
    """Return the message without the newer blocks, for workspaces in which Slack does not take them.

    A chart is left out: what it shows stands beside it as text.
    """
    blocks: list[Block] = []
    for block in message.blocks:
        if block["type"] == "markdown":
            parts = split_text(mrkdwn(block["text"]))
            # Block IDs have to stay unique when one block becomes several.
            blocks += [section(piece, f"{block['block_id']}_{index}") for index, piece in enumerate(parts)]
        elif block["type"] != _CHART:
            blocks.append(block)
    return Message(message.text, tuple(blocks))

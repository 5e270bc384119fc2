"""Draws posts as messages, and messages in a form that every workspace takes."""

from __future__ import annotations

from datetime import time

from bot.messages.blocks import context, section
from bot.messages.markdown_to_mrkdwn import mrkdwn, split_text
from bot.messages.message import Block, Message
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS
from bot.messages.words import Words

_CHART, _PICTURE = "data_visualization", "image"


def compose(post: PostContext) -> Message:
    """Draw the message of a post."""
    return Message(post.shown.summary, tuple(KINDS[post.post.kind].draw(post)))


def corrected(message: Message, words: Words, at: time) -> Message:
    """Add when the words of a message were corrected: Slack does not show that blocks were edited."""
    line = context("corrected", [words("post.corrected", time=words.time(at))])
    return Message(message.text, (*message.blocks, line))


def files_of(message: Message) -> list[str]:
    """List the IDs of the files that a message shows."""
    return [block["slack_file"]["id"] for block in message.blocks if block["type"] == _PICTURE]


def plain(message: Message) -> Message:
    """Return the message without the newer blocks, for workspaces in which Slack does not take them.

    A chart is left out: what it shows stands beside it as text. So is a picture, which Slack may not be able to show.
    """
    blocks: list[Block] = []
    for block in message.blocks:
        if block["type"] == "markdown":
            parts = split_text(mrkdwn(block["text"]))
            # Block IDs have to stay unique when one block becomes several.
            blocks += [section(piece, f"{block['block_id']}_{index}") for index, piece in enumerate(parts)]
        elif block["type"] not in {_CHART, _PICTURE}:
            blocks.append(block)
    return Message(message.text, tuple(blocks))

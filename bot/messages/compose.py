"""From a post to a message, and from a message to its plain form."""

from __future__ import annotations

from bot.campaign.model import Campaign, Post
from bot.messages.blocks import section
from bot.messages.message import Block, Message
from bot.messages.mrkdwn import mrkdwn, pieces
from bot.messages.post_context import NO_FIGURES, Figures, occasion
from bot.messages.posts import KINDS
from bot.messages.words import Words

_CHART = "data_visualization"


def compose(campaign: Campaign, post: Post, words: Words, figures: Figures = NO_FIGURES) -> Message:
    """The message of a post in the language of `words`."""
    this = occasion(campaign, post, words, figures)
    return Message(this.text.summary, tuple(KINDS[post.kind].draw(this)))


def plain(message: Message) -> Message:
    """The same message without the newer blocks, for workspaces in which Slack does not take them.

    A chart goes without a substitute: what it shows stands beside it as text.
    """
    blocks: list[Block] = []
    for block in message.blocks:
        if block["type"] == "markdown":
            parts = pieces(mrkdwn(block["text"]))
            blocks += [section(piece, f"{block['block_id']}_{index}") for index, piece in enumerate(parts)]
        elif block["type"] != _CHART:
            blocks.append(block)
    return Message(message.text, tuple(blocks))

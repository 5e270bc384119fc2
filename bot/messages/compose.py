"""From a post to a message, and from a message to its plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.campaign.model import Campaign, Post
from bot.messages.blocks import escape, section
from bot.messages.kinds import KINDS
from bot.messages.message import Block, Message
from bot.messages.occasion import occasion
from bot.messages.words import Words

_SECTION = 2900
"""Slack allows 3,000 characters a section."""

_LINK = re.compile(r"\[([^\]]+)\]\((https://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?!\s)([^*\n]+?)\*(?![*\w])")
_BULLET = re.compile(r"^(\s*)[-*] ", re.MULTILINE)


def compose(campaign: Campaign, post: Post, words: Words) -> Message:
    """The message of a post in the language of `words`."""
    this = occasion(campaign, post, words)
    return Message(this.text.summary, tuple(KINDS[post.kind].draw(this)))


def plain(message: Message) -> Message:
    """The same message without the newer blocks, for workspaces in which Slack does not take them."""
    blocks: list[Block] = []
    for block in message.blocks:
        if block["type"] == "markdown":
            pieces = _pieces(_mrkdwn(block["text"]))
            blocks += [section(piece, f"{block['block_id']}_{index}") for index, piece in enumerate(pieces)]
        else:
            blocks.append(block)
    return Message(message.text, tuple(blocks))


def _mrkdwn(markdown: str) -> str:
    """Slack's own markup of standard Markdown, as far as campaign texts use it."""
    text = escape(markdown)
    text = _BULLET.sub(r"\1• ", text)
    text = _ITALIC.sub(r"_\1_", text)
    text = _BOLD.sub(r"*\1*", text)
    return _LINK.sub(r"<\2|\1>", text)


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for paragraph in text.split("\n\n"):
        joined = f"{pieces[-1]}\n\n{paragraph}" if pieces[-1] else paragraph
        if len(joined) <= _SECTION:
            pieces[-1] = joined
        else:
            pieces += _cut(paragraph)
    return [piece for piece in pieces if piece]


def _cut(paragraph: str) -> Iterator[str]:
    """Pieces of a long paragraph, cut between words where there is any space."""
    while len(paragraph) > _SECTION:
        space = max(paragraph.rfind(space, 0, _SECTION + 1) for space in " \n")
        end = space if space > 0 else _SECTION
        yield paragraph[:end]
        paragraph = paragraph[end:].lstrip()
    yield paragraph

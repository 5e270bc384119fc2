"""Posts as organisers try them: they look as they will, and their buttons do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.messages.blocks import action_id_for, context
from bot.messages.message import Block, Message
from bot.messages.words import Words

ACTION = "organise_test"
"""The action of every button of a post that is only tried."""


def without_effect(message: Message) -> Message:
    """Return a message whose buttons say that it is a test, and change nothing."""
    return Message(message.text, tuple(_blocks(message.blocks)))


def as_test(words: Words, message: Message) -> Message:
    """Mark a message as a test, whose buttons change nothing."""
    tried = without_effect(message)
    return Message(words("organise.test_text", text=tried.text), (_mark(words), *tried.blocks))


def _mark(words: Words) -> Block:
    return context("test", [words("organise.test_mark")])


def _blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if block["type"] != "actions":
            yield block
            continue
        buttons = [_button(block["block_id"], index, each) for index, each in enumerate(block["elements"])]
        yield {**block, "elements": buttons}


def _button(row: str, index: int, button: Block) -> Block:
    # An ID of its own for each, because a view may have it once only.
    return {**button, "action_id": action_id_for(ACTION, f"{row}_{index}"), "value": "test"}

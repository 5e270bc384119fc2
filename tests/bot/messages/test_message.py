from __future__ import annotations

from types import MappingProxyType

from bot.messages.message import Message


def test_arguments_are_plain_dictionaries() -> None:
    block = MappingProxyType({"type": "divider"})
    arguments = Message("A line.", (block,)).arguments
    assert arguments == {"text": "A line.", "blocks": [{"type": "divider"}]}
    assert type(arguments["blocks"][0]) is dict

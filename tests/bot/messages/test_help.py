"""The answer to help, and to what is no command."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.campaign.model import Campaign
from bot.messages.message import Message
from bot.messages.replies import help as help_reply
from rehearsal.slack.block_validation import problems

from .reply_samples import (
    HOSTILE,
    LANGUAGES,
    english,
    noon,
    pressable,
    taken,
    texts,
)


def helped(campaign: Campaign, language: str = "en", **more: Any) -> Message:
    usual = {"at": noon(campaign), "joined": True, "pledged": True, "organises": False, "nearest": None}
    return help_reply.draw(english(language), **{**usual, "unknown": None, **more})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("joined", [True, False])
def test_help_names_every_command_and_suggests_first_steps(
    shipped: Campaign,
    language: str,
    joined: bool,  # noqa: FBT001
) -> None:
    message = helped(shipped, language, joined=joined, pledged=True)
    assert problems(message.blocks, message.text) == []
    taken(message.blocks)
    told = "\n".join(texts(message.blocks)).split("\n")
    assert [line.split("`")[1] for line in told[1:]] == [f"/earthweek {each}" for each in help_reply.SUBCOMMANDS]
    first = "pledge" if joined else "join"
    assert pressable(message.blocks) == dict.fromkeys([first, "done", "my", "standings", "idea"], "help")


def test_help_offers_reporting_only_with_something_to_report(shipped: Campaign) -> None:
    assert "done" not in pressable(helped(shipped, pledged=False).blocks)


def test_help_after_closing_offers_only_working_commands(shipped: Campaign) -> None:
    after = noon(shipped, shipped.closes + timedelta(days=1))
    assert list(pressable(helped(shipped, at=after).blocks)) == ["my", "standings"]
    assert list(pressable(helped(shipped, at=after, joined=False).blocks)) == ["standings"]


def test_help_begins_with_unknown_command_and_the_nearest(shipped: Campaign) -> None:
    with_nearest = helped(shipped, nearest="pledge", unknown="plegde")
    assert texts(with_nearest.blocks)[0] == "There is no command “plegde”. Did you mean `/earthweek pledge`?"
    without = helped(shipped, unknown="xyz")
    assert texts(without.blocks)[0] == "There is no command “xyz”. These are the ones there are."


@pytest.mark.parametrize("said_word", [word for word in HOSTILE if word])
def test_unknown_command_in_help_mentions_nobody(shipped: Campaign, said_word: str) -> None:
    message = helped(shipped, unknown=said_word)
    assert problems(message.blocks, message.text) == []
    assert "<" not in "".join(texts(message.blocks))
    assert message.text == "Here is what you can do with /earthweek."

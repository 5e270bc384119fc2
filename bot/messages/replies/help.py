"""The answer to `/earthweek help`: the commands, and the most useful buttons."""

from __future__ import annotations

from bot.campaign.campaign_moment import Moment
from bot.messages.blocks import heading
from bot.messages.button_availability import is_available
from bot.messages.message import Block, Message
from bot.messages.replies.reply_blocks import action_button, button_row, inline_quote, line, lines
from bot.messages.words import Words

COMMAND = "/earthweek"

SUBCOMMANDS = (
    "join",
    "pledge",
    "done",
    "my",
    "standings",
    "measures",
    "tip",
    "earthhour",
    "idea",
    "country",
    "language",
    "messages",
    "pause",
    "data",
    "forget",
    "help",
)
"""The subcommands, in the order in which they are listed."""

FOR_ORGANISERS = ("organise",)
"""The subcommands that only organisers are told of."""

_MAX_WORD_LENGTH = 60


def draw(  # noqa: PLR0913 - what is known of the reader, and what was typed
    words: Words,
    at: Moment,
    *,
    joined: bool,
    pledged: bool,
    organises: bool,
    nearest: str | None,
    unknown: str | None,
) -> Message:
    """List the commands, after the word that was not understood and the command that is nearest to it.

    `pledged` tells whether the reader has a pledge to report on.
    """
    commands = [_command(words, each) for each in (*SUBCOMMANDS, *(FOR_ORGANISERS if organises else ()))]
    blocks = [
        heading(words("help.title"), "title"),
        *lines(commands, "commands"),
        _buttons(words, at, joined=joined, pledged=pledged),
    ]
    return Message(words("help.summary"), (*_not_understood(words, unknown, nearest), *blocks))


def _not_understood(words: Words, unknown: str | None, nearest: str | None) -> list[Block]:
    if not unknown:
        return []
    word = inline_quote(unknown, _MAX_WORD_LENGTH)
    if nearest:
        return [line(words("help.nearest", word=word, command=f"`{COMMAND} {inline_quote(nearest)}`"), "unknown")]
    return [line(words("help.unknown", word=word), "unknown")]


def _command(words: Words, name: str) -> str:
    return words("help.line", command=f"`{COMMAND} {name}`", about=words(f"help.{name}"))


def _buttons(words: Words, at: Moment, *, joined: bool, pledged: bool) -> Block:
    first = "pledge" if joined else "join"
    names = (first, *(["done"] if pledged else []), *(["my"] if joined or at.is_open else []), "standings", "idea")
    return button_row(
        "next", *(action_button(words, name, "help", primary=name == first) for name in names if is_available(name, at))
    )

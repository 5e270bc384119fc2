"""The answer to `/earthweek my`: the reader's pledges, Earth Hour and settings."""

from __future__ import annotations

from collections.abc import Iterator

from bot.campaign.moment import Moment
from bot.messages.availability import is_available
from bot.messages.blocks import heading
from bot.messages.message import Block, Message
from bot.messages.replies.reply_blocks import action_button, button_row, line, repeated_button, small_print
from bot.messages.replies.status import (
    OwnPledge,
    Reader,
    done_today_button,
    earth_hour_lines,
    pledge_lines,
    settings_line,
)
from bot.messages.words import Words

MAX_PLEDGES = 20
"""Pledges in one message: each takes two of the fifty blocks that Slack allows."""


def draw(words: Words, reader: Reader, at: Moment) -> Message:
    """Show every pledge with its buttons, `at` a moment in the reader's time zone."""
    campaign, today = at.campaign, at.today
    count = len(reader.pledges)
    text = words.plural("my.count", count) if count else words("my.none")
    hour = earth_hour_lines(words, campaign, reader, today)
    blocks = [
        heading(words("my.title"), "title"),
        *([block for own in reader.pledges[:MAX_PLEDGES] for block in _pledge(words, reader, own, at)]),
        *([line(words("my.none"), "none")] if not count else []),
        *([small_print([words.plural("my.more", count - MAX_PLEDGES)], "more")] if count > MAX_PLEDGES else []),
        *([line("\n".join([f"*{words('my.earth_hour')}*", *hour]), "earth_hour")] if hour else []),
        small_print([settings_line(words, reader, today)], "settings"),
        button_row("next", *_next(words, at, primary=not count)),
    ]
    return Message(text, tuple(blocks))


def _next(words: Words, at: Moment, *, primary: bool) -> Iterator[Block]:
    if is_available("pledge", at):
        yield action_button(words, "pledge", "my", primary=primary)
    yield action_button(words, "settings", "my")


def _pledge(words: Words, reader: Reader, own: OwnPledge, at: Moment) -> list[Block]:
    text = line("\n".join(pledge_lines(words, at.campaign, reader, own, at.today)), f"pledge:{own.pledge}")
    actions = list(_actions(words, own, at))
    return [text, button_row(f"pledge_actions:{own.pledge}", *actions)] if actions else [text]


def _actions(words: Words, own: OwnPledge, at: Moment) -> Iterator[Block]:
    """Yield the buttons of a pledge. One that the campaign has removed can still be withdrawn."""
    if not is_available("pledge_withdraw", at):
        return
    if done := done_today_button(words, own, at):
        yield done
    if at.campaign.pledge(own.pledge) and not own.already:
        yield repeated_button(words, "pledge_choose", own.pledge, label="pledge_change")
    yield {**repeated_button(words, "pledge_withdraw", own.pledge), "confirm": _confirm(words)}


def _confirm(words: Words) -> dict[str, object]:
    names = {"title": "withdraw.title", "text": "withdraw.text", "confirm": "withdraw.yes", "deny": "withdraw.no"}
    return {part: {"type": "plain_text", "text": words(name)} for part, name in names.items()}

"""The reader's pledges, Earth Hour and settings, for nobody else to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.campaign.model import Campaign
from bot.messages.blocks import heading
from bot.messages.message import Block, Message
from bot.messages.panels.rows import line, press, press_for, row, small
from bot.messages.panels.status import earth_hour, pledge_lines, settings
from bot.messages.panels.values import Me, Mine
from bot.messages.words import Words

MOST = 20
"""Pledges in one message: each takes two blocks of fifty."""


def draw(words: Words, campaign: Campaign, me: Me, today: date) -> Message:
    """Every pledge with what can be done about it; `today` is the reader's local date."""
    count = len(me.pledges)
    text = words.many("my.count", count) if count else words("my.none")
    hour = earth_hour(words, campaign, me, today)
    blocks = [
        heading(words("my.title"), "title"),
        *([block for mine in me.pledges[:MOST] for block in _pledge(words, campaign, me, mine, today)]),
        *([line(words("my.none"), "none")] if not count else []),
        *([small([words.many("my.more", count - MOST)], "more")] if count > MOST else []),
        *([line("\n".join([f"*{words('my.earth_hour')}*", *hour]), "earth_hour")] if hour else []),
        small([settings(words, me, today)], "settings"),
        row("next", press(words, "pledge", "my", primary=not count), press(words, "settings", "my")),
    ]
    return Message(text, tuple(blocks))


def _pledge(words: Words, campaign: Campaign, me: Me, mine: Mine, today: date) -> list[Block]:
    told = pledge_lines(words, campaign, me, mine, today)
    actions = row(f"pledge_actions:{mine.pledge}", *_actions(words, campaign, mine, today))
    return [line("\n".join(told), f"pledge:{mine.pledge}"), actions]


def _actions(words: Words, campaign: Campaign, mine: Mine, today: date) -> Iterator[Block]:
    if campaign.pledge(mine.pledge) and not mine.already:
        if today not in mine.days_done:
            yield press_for(words, "done_today", mine.pledge)
        yield press_for(words, "pledge_choose", mine.pledge, label="pledge_change")
    yield {**press_for(words, "pledge_withdraw", mine.pledge), "confirm": _confirm(words)}


def _confirm(words: Words) -> dict[str, object]:
    names = {"title": "withdraw.title", "text": "withdraw.text", "confirm": "withdraw.yes", "deny": "withdraw.no"}
    return {part: {"type": "plain_text", "text": words(name)} for part, name in names.items()}

"""A reminder of a pledge, at the time at which the person wanted one."""

from __future__ import annotations

from bot.campaign.model import Campaign, Pledge
from bot.messages.blocks import escape
from bot.messages.message import Message
from bot.messages.parts import pause_or_stop
from bot.messages.replies.rows import inline, line, press, row
from bot.messages.words import Words


def draw(words: Words, campaign: Campaign, pledge: Pledge, plan: str | None) -> Message:
    """The pledge and the person's own plan, a press for "done", and an end to these reminders."""
    said = campaign.pledge_words[pledge.id, campaign.language_for(words.language)]
    reminded = words("reminder.text", title=escape(said.title))
    told = [reminded, *([words("my.plan", plan=inline(plan))] if plan else [])]
    label = "check_in_decided" if pledge.lasting else None
    presses = (
        press(words, "done_today", pledge.id, label=label, primary=True),
        press(words, "reminders_stop", pledge.id),
    )
    blocks = (line("\n".join(told), "words"), row("answers", *presses), pause_or_stop(words, pledge.id))
    return Message(reminded, blocks)

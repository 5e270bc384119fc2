"""An idea for a representative to decide on."""

from __future__ import annotations

from bot.messages.blocks import escape
from bot.messages.message import Block, Message
from bot.messages.notifications.quoted import asked_and_answered, mention, quoted
from bot.messages.notifications.verdict import Verdict, sentence
from bot.messages.parts import on_duty
from bot.messages.replies.rows import line, press, row, small
from bot.messages.words import Words


def draw(  # noqa: PLR0913 - a representative decides on all of it
    words: Words,
    idea_id: str,
    text: str,
    country_name: str | None,
    *,
    question: str | None,
    answer: str | None,
    named_by: str | None,
    can_post: bool,
    verdict: Verdict | None = None,
) -> Message:
    """The idea as it was written, what was asked about it, and the decisions there are, or the one that was taken.

    `named_by` is the author's user id, only where they want to be named. Without a channel to post it in, `can_post` is
    false.
    """
    came = (
        words("idea_letter.review", country=escape(country_name))
        if country_name
        else words("idea_letter.review_elsewhere")
    )
    blocks = (
        line(came, "came"),
        *quoted(text, "idea"),
        *asked_and_answered(words, question, answer),
        small([_author(words, named_by), *([] if verdict else [words("idea_letter.review_hint")])], "author"),
        line(sentence(words, verdict), "verdict")
        if verdict
        else row("answers", *_decisions(words, idea_id, can_post=can_post)),
        on_duty(words),
    )
    return Message(came, blocks)


def _author(words: Words, named_by: str | None) -> str:
    name = mention(named_by)
    return words("idea_letter.named", author=name) if name else words("idea_letter.unnamed")


def _decisions(words: Words, idea_id: str, *, can_post: bool) -> list[Block]:
    approve = press(words, "idea_approve", idea_id, primary=True)
    others = (*(["idea_publish"] if can_post else []), "idea_ask", "idea_decline")
    return [approve, *(press(words, name, idea_id) for name in others)]

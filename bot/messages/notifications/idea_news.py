"""What became of an idea, for its author."""

from __future__ import annotations

from bot.messages.message import Block, Message
from bot.messages.notifications.quoted import quoted
from bot.messages.notifications.verdict import Verdict, sentence
from bot.messages.parts import pause_or_stop
from bot.messages.replies.rows import line, press, row
from bot.messages.words import Words

STATES = frozenset({"approved", "published", "declined", "asked"})


def draw(  # noqa: PLR0913 - what an author hears of
    words: Words,
    state: str,
    text: str,
    reason: str | None,
    question: str | None,
    idea_id: str,
    *,
    verdict: Verdict | None = None,
) -> Message:
    """The decision with its reason, or the question with a press to answer it; `state` is one of `STATES`.

    `verdict` closes a question.

    Raises:
        ValueError: There is no such news.
    """
    if state not in STATES:
        raise ValueError(f"an author is not told that an idea is {state!r}")
    news = words(f"idea_letter.{state}")
    asked = state == "asked"
    why = quoted(question or "", "question") if asked else quoted(reason, "reason") if reason else []
    blocks = (
        line(news, "news"),
        *why,
        line(words("idea_letter.yours"), "yours"),
        *quoted(text, "idea"),
        *([_answering(words, idea_id, verdict)] if asked else []),
        pause_or_stop(words, idea_id),
    )
    return Message(news, blocks)


def _answering(words: Words, idea_id: str, verdict: Verdict | None) -> Block:
    if verdict:
        return line(sentence(words, verdict), "verdict")
    return row("answers", press(words, "idea_answer", idea_id, primary=True))

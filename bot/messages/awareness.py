"""The blocks of a wave of awareness: its questions, with their answers as buttons."""

from __future__ import annotations

from collections.abc import Iterator

from bot.campaign.awareness import ANSWERS, QUESTIONS, last_day
from bot.messages.blocks import action_id_for, actions, button, context, section
from bot.messages.button_availability import is_available
from bot.messages.message import Block
from bot.messages.post_context import PostContext

ACTION = "awareness"


def awareness_value(post: str, question: str, answer: str) -> str:
    """Return the value of the button for an answer to a question."""
    return f"{post}:{question}:{answer}"


def questions(post: PostContext) -> list[Block]:
    """Return each question with its answers, none of them before the others, and how they are kept."""
    if not is_available(ACTION, post.moment):
        return []
    asked = [block for question in QUESTIONS for block in _question(post, question)]
    day = post.words.day(last_day(post.campaign, post.post, post.country))
    return [*asked, context("kept_apart", [post.words("awareness.nameless", day=day)])]


def _question(post: PostContext, question: str) -> Iterator[Block]:
    yield section(f"*{post.words(f'awareness.{question}')}*", question)
    yield actions(
        f"answers_{question}",
        [
            button(
                action_id_for(ACTION, f"{question}-{answer}"),
                post.words(f"awareness.{answer}"),
                awareness_value(post.post.post, question, answer),
            )
            for answer in ANSWERS
        ],
    )

"""The blocks of a guess: its answers as buttons, and later which one is right and how colleagues guessed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.campaign.guesses import answer_of, guess_of
from bot.campaign.model import Post
from bot.messages.blocks import action_id_for, actions, button, context, escape
from bot.messages.button_availability import is_available
from bot.messages.campaign_texts import post_text
from bot.messages.message import Block
from bot.messages.post_context import PostContext
from bot.messages.replies.phrases import moment_fields, people_phrase
from bot.messages.replies.reply_blocks import lines
from bot.standings.indicators import guess_cell
from bot.standings.published_figures import Band, Figure, Standings

ACTION = "guess"

_RIGHT, _OTHER = "✅", "▫️"


def guess_value(post: str, answer: int) -> str:
    """Return the value of the button for an answer."""
    return f"{post}:{answer}"


def question(post: PostContext) -> list[Block]:
    """Return a button for each answer, none of them before the others, and when the right one is told."""
    answer = answer_of(post.campaign.posts, post.post.post)
    if answer is None or not is_available(ACTION, post.moment):
        return []
    row = [
        button(action_id_for(ACTION, str(number)), label, guess_value(post.post.post, number))
        for number, label in enumerate(post.shown.answers, start=1)
    ]
    return [actions("answers", row), context("until", [post.words("guess.until", time=post.words.time(answer.time))])]


def solution(post: PostContext) -> list[Block]:
    """Return all answers, the right one marked, with how many guessed each where figures were taken since."""
    guess = guess_of(post.campaign, post.post)
    if guess is None:
        return []
    answers = post_text(post.campaign, guess.post, post.words, post.country).answers
    figures = _figures(post, guess, len(answers))
    said = [_answer(post, guess, number, label, figures) for number, label in enumerate(answers, start=1)]
    title = f"*{post.words('guess.how' if figures else 'guess.answers')}*"
    return [*lines([title, *said], "guesses"), *(_small_print(post, post.standings) if figures else [])]


def _answer(post: PostContext, guess: Post, number: int, label: str, figures: Mapping[int, Figure]) -> str:
    named = f"{_RIGHT} *{escape(label)}*" if number == guess.right else f"{_OTHER} {escape(label)}"
    figure = figures.get(number)
    if figure is None:
        return named
    return f"{named} · {people_phrase(post.words, figure, post.campaign.smallest_group)}"


def _figures(post: PostContext, guess: Post, count: int) -> Mapping[int, Figure]:
    """Return how many guessed each answer, or nothing where that was not published or is few for every answer."""
    published = post.standings.guesses if post.standings else {}
    cells = {number: published.get(guess_cell(post.campaign, guess, number)) for number in range(1, count + 1)}
    # Nothing but "fewer than five" would discourage, as below a tip.
    return {} if all(figure in {None, Band.FEW} for figure in cells.values()) else cells


def _small_print(post: PostContext, standings: Standings | None) -> list[Block]:
    if standings is None:
        return []
    counted = post.words("standings.taken", **moment_fields(post.words, post.campaign, standings.taken_at))
    return [context("counted", [counted, post.words("standings.blurred")])]

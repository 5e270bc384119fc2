"""Guesses: a post that asks for one in the morning, and the post that answers it below on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import instant
from bot.campaign.model import Audience, Campaign, Post
from bot.campaign.parsed_campaign import ParsedCampaign
from bot.campaign.schedule import day_of, everyone, slots_of
from bot.campaign.toml import Location

GUESS = "guess"
"""The kind of a post that asks for a guess."""

ANSWER = "guess_answer"
"""The kind of a post that answers one, in the thread below it."""

_FEWEST, _MOST = 3, 5
"""Answers to guess from. Slack shows five buttons in a row."""

_TOGETHER = ("audience", "day", "working_day", "countries", "left_out")
"""Keys that a guess has in common with its answer, so that wherever one is sent the other is."""


def answer_of(posts: Sequence[Post], guess: str) -> Post | None:
    """Return the post that answers a guess."""
    return next((post for post in posts if post.kind == ANSWER and post.guess == guess), None)


def guess_of(campaign: Campaign, answer: Post) -> Post | None:
    """Return the post with the guess that a post answers, if it answers one."""
    guesses = (post for post in campaign.posts if post.kind == GUESS)
    return next((post for post in guesses if post.post == answer.guess), None)


def answer_count(campaign: Campaign, guess: Post) -> int:
    """Return how many answers a guess has, which is the same in all languages."""
    return len(campaign.text(guess.post, campaign.languages[0]).answers)


def closes_at(campaign: Campaign, guess: Post, country: str | None, zone: str) -> datetime | None:
    """Return the instant at which a guess is answered to somebody from a country, and closes for them.

    `zone` is that of somebody whose country is none of the campaign.
    """
    answer = answer_of(campaign.posts, guess.post)
    home = campaign.country(country)
    # On the clock of the channel: whoever travels must not see the answer there and guess afterwards.
    clock = campaign.zone if guess.audience is Audience.COMPANY else home.zone if home else zone
    return instant(datetime.combine(day_of(answer, country), answer.time), clock) if answer else None


def asked_at(campaign: Campaign, guess: Post) -> datetime | None:
    """Return the instant at which the first readers can guess."""
    return min((slot.due_at for slot in slots_of(campaign, guess, everyone(campaign))), default=None)


def with_deadlines(posts: Sequence[Post]) -> tuple[Post, ...]:
    """Return the posts with every guess too late once its answer is due, unless its file says something else."""
    return tuple(_with_deadline(post, answer_of(posts, post.post)) for post in posts)


def _with_deadline(post: Post, answer: Post | None) -> Post:
    if post.kind != GUESS or post.until or answer is None or answer.time <= post.time:
        return post
    return post.model_copy(update={"until": answer.time})


def check_guesses(draft: ParsedCampaign, campaign: Campaign) -> None:
    """Check that each guess has its answers in every language, one right answer, and one post that tells it."""
    document = draft.document
    for index, post in enumerate(campaign.posts):
        at: Location = ("posts", index)
        for what, todo in (*_misplaced_keys(post), *_faults(campaign, post)):
            document.error(at, what, todo)
        if post.kind == GUESS and not document.problems.errors:
            _warn_of_no_figures(draft, campaign, post, at)
    _check_texts(draft, campaign)


def _misplaced_keys(post: Post) -> Iterator[tuple[str, str]]:
    for key, kind in (("right", GUESS), ("guess", ANSWER)):
        if getattr(post, key) is not None and post.kind != kind:
            yield f"`{key}` is for posts of kind {kind}", f'take it away, or write `kind = "{kind}"`'


def _faults(campaign: Campaign, post: Post) -> Iterator[tuple[str, str]]:
    others = [each for each in campaign.posts if each is not post]
    if post.kind == GUESS:
        if any(each.post == post.post for each in others):
            yield f"the guess {post.post!r} is scheduled twice, and colleagues guess once", "keep one of the two"
        answers = [each for each in others if each.kind == ANSWER and each.guess == post.post]
        if len(answers) != 1:
            what = f"the guess {post.post!r} has {len(answers) or 'no'} answers"
            yield what, f'add one post with `kind = "{ANSWER}"` and `guess = "{post.post}"`, later that day'
    if post.kind == ANSWER:
        yield from _faults_of_answer(campaign, post)


def _faults_of_answer(campaign: Campaign, post: Post) -> Iterator[tuple[str, str]]:
    guess = guess_of(campaign, post)
    if guess is None:
        yield f"there is no guess {post.guess!r}", f'name a post with `kind = "{GUESS}"`'
        return
    for key in _TOGETHER:
        if getattr(post, key) != getattr(guess, key):
            yield f"`{key}` is not that of the guess {guess.post!r}", "write the same in both posts"
    if post.day == guess.day and post.time <= guess.time:
        yield f"the answer is due before the guess {guess.post!r}", "make it later"


def _warn_of_no_figures(draft: ParsedCampaign, campaign: Campaign, post: Post, at: Location) -> None:
    asked, answer = asked_at(campaign, post), answer_of(campaign.posts, post.post)
    told = asked_at(campaign, answer) if answer else None
    if asked and told and not any(asked < taken <= told for taken in set_times(campaign)):
        what = "no figures are taken between this guess and its answer, so nobody sees how colleagues guessed"
        draft.document.warn((*at, "day"), what, "move both to a day on which they are taken, before and after noon")


def _check_texts(draft: ParsedCampaign, campaign: Campaign) -> None:
    guesses = {post.post: post for post in campaign.posts if post.kind == GUESS}
    for (name, language), text in campaign.texts.items():
        guess, path = guesses.get(name), draft.folder.name(f"posts/{name}/{language}.md")
        for what, todo in _faults_of_text(campaign, guess, text.answers):
            draft.document.problems.error(path, 1, what, todo)


def _faults_of_text(campaign: Campaign, guess: Post | None, answers: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if guess is None:
        if answers:
            yield f"`answers` is for posts of kind {GUESS}", "take it away"
        return
    if not _FEWEST <= len(answers) <= _MOST:
        yield f"`answers` has {len(answers)}", 'write three to five, such as answers = ["2 %", "8 %", "20 %"]'
    elif len(answers) != answer_count(campaign, guess):
        first = campaign.languages[0]
        yield f"`answers` has {len(answers)}, and {answer_count(campaign, guess)} in {first}", "write as many in each"
    elif guess.right and guess.right > len(answers):
        yield f"there is no answer {guess.right}, which is `right` in campaign.toml", "correct it there, or add one"
    if len({answer.strip() for answer in answers}) < len(answers):
        yield "an answer is there twice", "write another one"

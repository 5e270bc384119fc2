"""Answers of colleagues to the questions on awareness: the cells of a wave, and its figures once it has ended.

The answers do not change after that, so each figure has one noise, however often it is published.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from bot.campaign.awareness import ANSWERS, QUESTIONS, WAVES, ended_waves, wave_post
from bot.campaign.model import Campaign, Post
from bot.standings import displayed_figures
from bot.standings.cell_key_noise import Cell
from bot.standings.indicators import headcount, is_shown, readers
from bot.standings.published_figures import ELSEWHERE, WHOLE, AwarenessFigures
from bot.store.awareness import awareness_measure

_YES = ANSWERS[0]


def places(campaign: Campaign, post: Post) -> dict[str, Collection[str]]:
    """Return the places in which a wave has figures, with the countries in each, as of all figures."""
    asked = readers(campaign, post)
    alone = [country for country in asked if len(campaign.countries) > 1 and is_shown(campaign, [country])]
    whole = {WHOLE: {country.code for country in asked}} if is_shown(campaign, asked) else {}
    return {**whole, **{country.code: {country.code} for country in alone}, ELSEWHERE: {ELSEWHERE}}


def cells(campaign: Campaign) -> Iterator[tuple[str, str, Collection[str]]]:
    """Yield measure, place and its countries of each cell."""
    for post in filter(None, (wave_post(campaign, wave) for wave in WAVES)):
        for place, countries in places(campaign, post).items():
            for question in QUESTIONS:
                for answer in ANSWERS:
                    yield awareness_measure(str(post.wave), question, answer), place, countries


def figures(campaign: Campaign, now: datetime, cell: Callable[[str, str], Cell]) -> Iterator[AwarenessFigures]:
    """Yield what is shown of each wave that has ended, by question and place."""
    for post in ended_waves(campaign, now):
        for question in QUESTIONS:
            for place in places(campaign, post):
                blurred = {
                    answer: cell(awareness_measure(str(post.wave), question, answer), place).blurred()
                    for answer in ANSWERS
                }
                yield _shown(campaign, post, question, place, blurred)


def is_allowed(campaign: Campaign, published: AwarenessFigures) -> bool:
    """Decide whether figures that were published are shown under the headcounts and boards of today."""
    post = wave_post(campaign, published.wave)
    return post is not None and published.place in places(campaign, post)


def _shown(campaign: Campaign, post: Post, question: str, place: str, blurred: dict[str, int]) -> AwarenessFigures:
    asked = {WHOLE: readers(campaign, post)}.get(place, [each for each in campaign.countries if each.code == place])
    known = headcount(asked) if asked else None
    people = {
        answer: displayed_figures.count(number, campaign.smallest_group, known) for answer, number in blurred.items()
    }
    # Each answer has a noise of its own, so their sum has to stand out from three.
    share = displayed_figures.share(blurred[_YES], sum(blurred.values()), cells=len(blurred))
    return AwarenessFigures(wave=str(post.wave), question=question, place=place, share=share, **people)

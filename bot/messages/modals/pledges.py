"""The pledges to choose from, those that save most in the reader's country first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import groupby

from bot.campaign.model import Campaign, Impact, Pledge
from bot.messages.blocks import action_id_for, actions, button, escape, heading, section
from bot.messages.campaign_texts import pledge_words
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.modals.pledge import figure, goals, title
from bot.messages.words import Words

CALLBACK = "pledges"

_MAX_BLOCKS = 90
"""Blocks for pledges on a page. Slack allows 100 blocks, and less of them if all texts are as long as they can be."""

_BLOCKS_OF_PLEDGE = 2

_CACHED = 2048
"""Rows that are kept as they were drawn: of fifty pledges, in five languages, for eight countries."""

_ORDER = tuple(Impact)


def draw(words: Words, campaign: Campaign, country: str | None, own: Collection[str], page: int = 0) -> View:
    """Draw a page of the pledges. `own` are those that the person has made already."""
    pages = _pages(campaign, country)
    if not pages:
        return modal(words, CALLBACK, "form.pledges.title", [section(words("form.pledges.none"), "none")])
    # The button may come from a time when there were more pages.
    page = max(0, min(page, len(pages) - 1))
    blocks = [section(words(_intro(campaign, country)), "intro")]
    for impact, pledges in groupby(pages[page], key=lambda pledge: pledge.impact(country)):
        blocks.append(heading(words(f"impact.{impact}"), f"impact:{impact}"))
        for pledge in pledges:
            blocks += _row(words, campaign, pledge.id, country, is_mine=pledge.id in own)
    return modal(words, CALLBACK, "form.pledges.title", [*blocks, *_page_buttons(words, page, len(pages))])


def _intro(campaign: Campaign, country: str | None) -> str:
    """Return the name of the sentence about the order; some figures may depend on a country that is not known."""
    everywhere = all(pledge.kilograms(country) is not None for pledge in campaign.offered(country))
    return "form.pledges.intro" if everywhere else "form.pledges.intro_anywhere"


@lru_cache(_CACHED)
def _pages(campaign: Campaign, country: str | None) -> list[list[Pledge]]:
    """Divide the pledges into pages. Each impact takes a heading, which is repeated on the next page."""
    pages: list[list[Pledge]] = []
    room = 0
    for pledge in sorted(
        campaign.offered(country), key=lambda each: (_ORDER.index(each.impact(country)), -each.weight(country))
    ):
        is_first = not pages or pages[-1][-1].impact(country) != pledge.impact(country)
        if room < _BLOCKS_OF_PLEDGE + is_first:
            pages.append([])
            room, is_first = _MAX_BLOCKS, True
        pages[-1].append(pledge)
        room -= _BLOCKS_OF_PLEDGE + is_first
    return pages


@lru_cache(_CACHED)
def _row(words: Words, campaign: Campaign, name: str, country: str | None, *, is_mine: bool) -> tuple[Block, Block]:
    """Draw a pledge and its buttons, which are the same for all colleagues of a country."""
    pledge = next(each for each in campaign.pledges if each.id == name)
    lines = [
        title(words, campaign, pledge),
        figure(words, campaign, pledge, country),
        goals(words, pledge),
        escape(pledge_words(campaign, name, words).about),
        words("form.pledges.lasting") if pledge.lasting else "",
        words("form.pledges.mine") if is_mine else "",
    ]
    about = section("\n".join(line for line in lines if line), f"pledge:{name}")
    return about, actions(f"answers:{name}", _buttons(words, name, is_mine=is_mine))


def _buttons(words: Words, name: str, *, is_mine: bool) -> list[Block]:
    choose = words("button.pledge_change" if is_mine else "button.pledge_choose")
    already = button(action_id_for("pledge_already", name), words("button.pledge_already"), name)
    return [
        button(action_id_for("pledge_choose", name), choose, name, primary=not is_mine),
        *([] if is_mine else [already]),
        button(action_id_for("pledge_why", name), words("button.pledge_why"), name),
    ]


def _page_buttons(words: Words, page: int, pages: int) -> Iterator[Block]:
    """Yield the buttons to the previous and the next page."""
    ways = ((page - 1, "button.pledges_back"), (page + 1, "button.pledges_more"))
    row = [
        button(action_id_for("pledges_page", str(to)), words(label), str(to)) for to, label in ways if 0 <= to < pages
    ]
    if row:
        yield actions("pages", row)

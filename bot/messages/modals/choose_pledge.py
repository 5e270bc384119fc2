"""The pledges to choose from: first three that suit, then all by theme, each of which opens with its details."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from bot.campaign.model import Campaign, Pledge
from bot.campaign.pledge_suggestions import suggested
from bot.messages.blocks import action_id_for, actions, button, escape, heading, section
from bot.messages.campaign_texts import pledge_words
from bot.messages.co2_estimates import pledge_estimate
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.modals.pledge_summary import title
from bot.messages.words import Words

CALLBACK = "pledges"

_MAX_BLOCKS = 85
"""Blocks for pledges and themes on a page. Slack allows 100, and the intro and the three that suit need some."""

_CACHED = 2048
"""Rows that are kept as they were drawn: of fifty pledges, in five languages, for eight countries."""


def draw(words: Words, campaign: Campaign, country: str | None, own: Collection[str], page: int = 0) -> View:
    """Draw a page of the pledges. `own` are those that the person has made already."""
    suiting = suggested(campaign, country, own)
    pages = _pages(campaign, country, {each.id for each in suiting.values()})
    if not pages and not suiting:
        return modal(words, CALLBACK, "form.pledges.title", [section(words("form.pledges.none"), "none")])
    # The button may come from a time when there were more pages.
    page = max(0, min(page, len(pages) - 1))
    blocks = [section(words(_intro(campaign, country)), "intro")]
    if page == 0:
        blocks += _suiting(words, campaign, country, suiting)
    for theme, pledges in groupby(pages[page] if pages else (), key=lambda pledge: pledge.theme):
        blocks.append(heading(_theme(words, campaign, theme), f"theme:{theme or ''}"))
        blocks += [_row(words, campaign, pledge.id, country, is_mine=pledge.id in own) for pledge in pledges]
    return modal(words, CALLBACK, "form.pledges.title", [*blocks, *_page_buttons(words, page, len(pages))])


def _intro(campaign: Campaign, country: str | None) -> str:
    """Return the name of the sentence about the order; some figures may depend on a country that is not known."""
    everywhere = all(pledge.kilograms(country) is not None for pledge in campaign.offered(country))
    return "form.pledges.intro" if everywhere else "form.pledges.intro_anywhere"


def _suiting(words: Words, campaign: Campaign, country: str | None, suiting: Mapping[str, Pledge]) -> Iterator[Block]:
    if suiting:
        yield heading(words("form.pledges.suiting"), "suiting")
    for name, pledge in suiting.items():
        text = f"{words(f'form.pledges.{name}')}\n{_short(words, campaign, pledge, country)}"
        yield {**section(text, f"pledge:{pledge.id}"), "accessory": _button(words, pledge.id, is_mine=False)}


def _theme(words: Words, campaign: Campaign, theme: str | None) -> str:
    return campaign.themes[theme][words.language] if theme else words("form.pledges.no_theme")


def _pages(campaign: Campaign, country: str | None, above: Collection[str]) -> list[list[Pledge]]:
    """Divide the pledges into pages. Each theme takes a heading, which is repeated on the next page."""
    pages: list[list[Pledge]] = []
    room = 0
    for pledge in _ranked(campaign, country):
        if pledge.id in above:
            continue
        is_first = not pages or pages[-1][-1].theme != pledge.theme
        if room < 1 + is_first:
            pages.append([])
            room, is_first = _MAX_BLOCKS, True
        pages[-1].append(pledge)
        room -= 1 + is_first
    return pages


@lru_cache(_CACHED)
def _ranked(campaign: Campaign, country: str | None) -> tuple[Pledge, ...]:
    """Return the pledges by theme, in the order of the themes, and what saves most in the country first."""
    order = [*campaign.themes, None]
    ranked = sorted(campaign.offered(country), key=lambda each: (order.index(each.theme), -each.weight(country)))
    return tuple(ranked)


@lru_cache(_CACHED)
def _row(words: Words, campaign: Campaign, name: str, country: str | None, *, is_mine: bool) -> Block:
    """Draw a pledge and its button, which are the same for all colleagues of a country."""
    pledge = next(each for each in campaign.pledges if each.id == name)
    mine = f"\n{words('form.pledges.mine')}" if is_mine else ""
    text = f"{_short(words, campaign, pledge, country)}{mine}"
    return {**section(text, f"pledge:{name}"), "accessory": _button(words, name, is_mine=is_mine)}


def _short(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> str:
    """Return the title and what it saves; everything else is in the form that the button opens."""
    unit = escape(pledge_words(campaign, pledge.id, words).unit)
    return f"{title(words, campaign, pledge)}\n{pledge_estimate(words, pledge, country, unit)}"


def _button(words: Words, name: str, *, is_mine: bool) -> Block:
    label = words("button.pledge_change" if is_mine else "button.pledge_choose")
    return button(action_id_for("pledge_choose", name), label, name)


def _page_buttons(words: Words, page: int, pages: int) -> Iterator[Block]:
    """Yield the buttons to the previous and the next page."""
    ways = ((page - 1, "button.pledges_back"), (page + 1, "button.pledges_more"))
    row = [
        button(action_id_for("pledges_page", str(to)), words(label), str(to)) for to, label in ways if 0 <= to < pages
    ]
    if row:
        yield actions("pages", row)

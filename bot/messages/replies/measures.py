"""The answer to `/earthweek measures`: what the company has done and will do, and how far its goals are."""

from __future__ import annotations

from collections.abc import Iterator

from bot.campaign.measures import Measure
from bot.campaign.model import Campaign
from bot.messages import measures
from bot.messages.blocks import heading
from bot.messages.markdown_to_mrkdwn import split_text
from bot.messages.message import Block, Message
from bot.messages.replies.reply_blocks import line
from bot.messages.words import Words

MOST = 8
"""Measures, and goals, that one message lists; what is more is counted."""


def draw(words: Words, campaign: Campaign, country: str | None) -> Message:
    """List goals and measures. Those of the reader's country and of all come before those of other countries."""
    title = words("measures.title")
    found = list(_blocks(words, campaign, country)) or [line(words("measures.none"), "none")]
    return Message(title, (heading(title, "title"), *found))


def _blocks(words: Words, campaign: Campaign, country: str | None) -> Iterator[Block]:
    goals, known = measures.arranged(campaign, country)
    if goals:
        texts = ["\n".join(measures.goal_lines(words, campaign, each)) for each in goals[:MOST]]
        yield from _list(words, "measures.goals_title", texts, len(goals), "goals")
    near = measures.in_reach(known, country)
    yield from _measures(words, campaign, "measures.measures_title", near, "near")
    far = [each for each in known if each not in near]
    yield from _measures(words, campaign, "measures.elsewhere", far, "far")


def _measures(words: Words, campaign: Campaign, title: str, found: list[Measure], name: str) -> Iterator[Block]:
    if found:
        texts = ["\n".join(measures.measure_lines(words, campaign, each)) for each in found[:MOST]]
        yield from _list(words, title, texts, len(found), name)


def _list(words: Words, title: str, texts: list[str], count: int, name: str) -> Iterator[Block]:
    more = [words.plural("measures.more", count - MOST)] if count > MOST else []
    yield heading(words(title), f"{name}_title")
    for index, piece in enumerate(split_text("\n\n".join([*texts, *more]))):
        yield line(piece, f"{name}_{index}")

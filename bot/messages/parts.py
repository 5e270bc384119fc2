"""The parts that posts are made of; a kind chooses among them and puts them in order."""

from __future__ import annotations

from bot.campaign.model import PEOPLE, Audience
from bot.messages.blocks import actions, button, context, escape, header, link, markdown
from bot.messages.message import Block
from bot.messages.occasion import Occasion

DIRECT = PEOPLE | {Audience.REPRESENTATIVES}
"""Audiences that are reached by direct message."""


def words_of(this: Occasion) -> list[Block]:
    """Title and text, as the campaign has them."""
    return [header(this.text.title), markdown(this.text.body)]


def small_print(this: Occasion) -> list[Block]:
    """Theme, goals and source, as far as the post has them."""
    lines = [*_theme(this), *_goals(this), *_source(this)]
    return [context("about", lines)] if lines else []


def _theme(this: Occasion) -> list[str]:
    return [this.words("line.theme", theme=escape(this.theme))] if this.theme else []


def _goals(this: Occasion) -> list[str]:
    names = " · ".join(f"{goal} {this.words(f'sdg.{goal}')}" for goal in this.post.sdgs)
    return [this.words("line.goals", goals=escape(names))] if names else []


def _source(this: Occasion) -> list[str]:
    if not this.post.source:
        return []
    url = this.post.source_url
    source = link(this.post.source, url) if url else escape(this.post.source)
    return [this.words("line.source", source=source)]


def earth_hour_doubt(this: Occasion) -> list[Block]:
    """Says that the date is only an estimate, wherever Earth Hour is spoken of and nobody has confirmed it."""
    if this.earth_hour.confirmed:
        return []
    doubt = this.words("line.earth_hour_unconfirmed", date=this.words.day(this.earth_hour.day))
    return [context("earth_hour_doubt", [doubt])]


def buttons(this: Occasion, *names: str) -> list[Block]:
    """A row of buttons by name, the first one standing out."""
    row = [_button(this, name, primary=index == 0) for index, name in enumerate(names)]
    return [actions("answers", row)]


def ending(this: Occasion) -> list[Block]:
    """Every direct message can be paused or stopped where it is read."""
    if this.post.audience not in DIRECT:
        return []
    return [actions("messages", [_button(this, name) for name in ("messages_pause", "messages_stop")])]


def _button(this: Occasion, name: str, *, primary: bool = False) -> Block:
    return button(name, this.words(f"button.{name}"), this.post.post, primary=primary)

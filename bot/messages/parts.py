"""The parts that posts are made of; a kind chooses among them and puts them in order."""

from __future__ import annotations

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import PEOPLE, Audience
from bot.messages.availability import offered
from bot.messages.blocks import actions, button, context, escape, header, link, markdown
from bot.messages.message import Block
from bot.messages.post_context import Occasion
from bot.messages.replies.phrases import begun, named_representatives, people
from bot.messages.words import Words
from bot.standings.figures import Band

DIRECT = PEOPLE | {Audience.REPRESENTATIVES}
"""Audiences that are reached by direct message."""

_ENDINGS = ("messages_pause", "messages_stop")


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


def how_many(this: Occasion) -> list[Block]:
    """How many colleagues have done it, where that may be shown."""
    if this.count in {None, Band.FEW}:
        return []
    done = begun(people(this.words, this.count, this.campaign.smallest_group))
    return [context("count", [this.words("count.done", people=done), this.words("standings.blurred")])]


def earth_hour_doubt(this: Occasion) -> list[Block]:
    """Says that the date is only an estimate, wherever Earth Hour is spoken of and nobody has confirmed it."""
    return doubt(this.words, this.earth_hour)


def doubt(words: Words, earth_hour: EarthHour) -> list[Block]:
    """One line that the date of Earth Hour is only an estimate, unless somebody has confirmed it."""
    if earth_hour.confirmed:
        return []
    line = words("line.earth_hour_unconfirmed", date=words.day(earth_hour.day))
    return [context("earth_hour_doubt", [line])]


def buttons(this: Occasion, *names: str) -> list[Block]:
    """A row of those buttons that do something then, the first one standing out; none where none does."""
    alive = [name for name in names if offered(name, this.at)]
    row = [_button(this, name, primary=index == 0) for index, name in enumerate(alive)]
    return [actions("answers", row)] if row else []


def joining(this: Occasion) -> tuple[str, ...]:
    """The button to join, by name: until the week is over, not below what looks back at it."""
    return ("join",) if this.at.is_in_time else ()


def ending(this: Occasion) -> list[Block]:
    """Every direct message can be paused or stopped where it is read, but for what somebody gets as a duty."""
    if this.post.audience is Audience.REPRESENTATIVES:
        return [on_duty(this.words)]
    return [pause_or_stop(this.words, this.post.post)] if this.post.audience in DIRECT else []


def on_duty(words: Words) -> Block:
    """Says why a representative gets this: stopping messages would not stop it, the campaign's files decide."""
    return context("duty", [words("line.duty")])


def representatives(this: Occasion) -> list[Block]:
    """Who the country's representatives are, so that colleagues know whom to ask."""
    home = this.campaign.country(this.country)
    told = home and named_representatives(this.words, home)
    return [context("representatives", [told])] if told else []


def pause_or_stop(words: Words, value: str) -> Block:
    """The row that a direct message ends with; `value` says which message it stands under."""
    return actions("messages", [button(name, words(f"button.{name}"), value) for name in _ENDINGS])


def _button(this: Occasion, name: str, *, primary: bool = False) -> Block:
    return button(name, this.words(f"button.{name}"), this.post.post, primary=primary)

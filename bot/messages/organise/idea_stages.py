"""The stages of ideas, as organisers count them and turn from one to the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.messages.words import Words

STAGES: Mapping[str, Collection[str]] = {
    "new": ("new", "asked"),
    "approved": ("approved",),
    "planned": ("planned",),
    "done": ("done",),
    "declined": ("declined",),
}
"""The stages in their order, each with the states of its ideas."""


def stage_of(state: str) -> str:
    """Return the stage that a state belongs to."""
    return next(stage for stage, states in STAGES.items() if state in states)


def stage_label(words: Words, stage: str, count: int) -> str:
    """Name a stage, with the number of its ideas."""
    return words("organise.stage_count", stage=words(f"organise.stage.{stage}"), count=words.number(count))


def counts_sentence(words: Words, counts: Mapping[str, int]) -> str:
    """Say how many ideas there are in each stage that has any."""
    said = [stage_label(words, stage, counts[stage]) for stage in STAGES if counts.get(stage)]
    return " · ".join(said) if said else words("organise.no_ideas")


def ideas_value(country: str, stage: str = "", page: int | None = None) -> str:
    """Write the value of a button that leads to the ideas of a stage, or to the first stage that has any."""
    return "/".join([country, *([stage] if stage else []), *([] if page is None else [str(page)])])


def stage_and_page(value: str) -> tuple[str, str | None, int]:
    """Read the value of such a button: a country, a stage or nothing, and a page."""
    country, stage, page = (*value.split("/", 2), "", "")[:3]
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < len("1000") else 0
    return country, stage if stage in STAGES else None, number

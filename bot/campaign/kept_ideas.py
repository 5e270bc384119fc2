"""Ideas of earlier campaigns whose authors agreed that they are kept, without their authors: the file `ideas.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from bot.campaign import toml
from bot.campaign.folder import Folder
from bot.campaign.problems import Problems
from bot.campaign.toml_table import Slug, Table
from bot.campaign.toml_table_parsing import tables, value

FILE = "ideas.toml"

Stage = Literal["new", "approved", "planned", "done", "declined"]

_HEAD = """\
# Ideas of earlier campaigns whose authors agreed that they are kept. Nobody's name is here, unless it stands in a text:
# read them, and take away what names somebody. `earthweek texts export` adds those of this campaign.
# What customers may read, once it is done, has customers = true; with next_year = false it is for this year alone."""


class KeptIdea(Table):
    """`[[ideas]]`: an idea, how far it came, and what the representatives said last."""

    campaign: Slug = Field(examples=['"earth-week-2027"'])
    country: str | None = Field(None, examples=['"SE"'])
    language: str = Field(examples=['"sv"'])
    text: Annotated[str, Field(min_length=1, max_length=1000)] = Field(examples=['"More bicycle racks"'])
    stage: Stage = Field(examples=['"planned"'])
    became: Annotated[str, Field(max_length=500)] = Field("", examples=['"They are ordered."'])
    customers: bool = False
    next_year: bool = True

    @property
    def is_for_customers(self) -> bool:
        """True if it was done, and its author agreed that customers read of it."""
        return self.customers and self.stage == "done"


def read_kept_ideas(folder: Folder, problems: Problems) -> tuple[KeptIdea, ...]:
    """Read the ideas that were kept. A campaign need not have any."""
    if not folder.exists(FILE):
        return ()
    raw = folder.read(FILE, problems, "put the file itself here, or take the link away")
    document = toml.parse(folder.name(FILE), raw, problems) if raw is not None else None
    if document is None:
        return ()
    for key in document.data.keys() - {"ideas"}:
        document.error((key,), f"the key `{key}` is not known here", "write [[ideas]]")
    read = (value(KeptIdea, table, document, ("ideas", at)) for at, table in enumerate(tables(document, "ideas")))
    return tuple(each for each in read if each)


def with_ideas(before: str | None, known: Iterable[KeptIdea], ideas: Iterable[KeptIdea]) -> str | None:
    """Return the file with some ideas more, or None if each of them is there already."""
    there = {(each.campaign, each.text) for each in known}
    # By their words: another order would say who was first.
    new = sorted((each for each in ideas if (each.campaign, each.text) not in there), key=lambda each: each.text)
    if not new:
        return None
    return "\n\n".join([(before or _HEAD).rstrip(), *("\n".join(_written(each)) for each in new)]) + "\n"


def for_next_year(text: str) -> str | None:
    """Return the file without the ideas whose authors agreed to this year alone, or None if no other is there."""
    stays = [each.get("next_year", True) for each in tomllib.loads(text).get("ideas", [])]
    for index in reversed([index for index, is_kept in enumerate(stays) if not is_kept]):
        text = toml.remove(text, ("ideas", index))
    return text if any(stays) else None


def _written(idea: KeptIdea) -> Iterator[str]:
    yield "[[ideas]]"
    for key in ("campaign", "country", "language", "text", "stage", "became"):
        if said := getattr(idea, key):
            yield f"{key} = {toml.quoted(said)}"
    if idea.customers:
        yield "customers = true"
    if not idea.next_year:
        yield "next_year = false"

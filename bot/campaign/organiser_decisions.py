"""Values for what organisers have decided in Slack, beside the campaign's files.

`by` is the user ID of the organiser, or None once that person has asked to be forgotten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash

ALL_COUNTRIES = ""
"""The country of a pause that holds for every country."""


class Ending(StrEnum):
    """The way in which a revision ended: its file said something else, or the same; or an organiser ended it."""

    SUPERSEDED = "superseded"
    ABSORBED = "absorbed"
    REPLACED = "replaced"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Revision:
    """Words of a post in one language that an organiser has written.

    `base` is the hash of the file's words that they were made from, and empty for a post that is in no file.
    """

    id: str
    post: str
    language: str
    text: Text
    base: str
    by: str | None
    at: dt.datetime

    @cached_property
    def hash(self) -> str:
        """The hash of the words."""
        return text_hash(self.text)


@dataclass(frozen=True)
class OwnPost:
    """A post that an organiser has added for one country.

    `origin` is what it was made from: an idea or another country's post that was shared, by its ID.
    """

    id: str
    country: str
    day: dt.date
    time: dt.time
    by: str | None
    at: dt.datetime
    origin: str | None = None


@dataclass(frozen=True)
class StandIn:
    """Somebody who stands in for the representatives of a country, with the last day."""

    country: str
    user: str
    until: dt.date
    by: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Omission:
    """A post that a country leaves out."""

    post: str
    country: str
    by: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Pause:
    """A pause in force, of one country or of all."""

    id: str
    country: str
    by: str | None
    at: dt.datetime

    def holds_for(self, country: str | None) -> bool:
        """Return whether messages for a country wait. What is for the whole company waits only for a pause of all."""
        return self.country in {ALL_COUNTRIES, country}


@dataclass(frozen=True)
class Approval:
    """Words of a post in one language, by their hash, that an organiser has approved."""

    post: str
    language: str
    hash: str
    by: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Decisions:
    """Everything that organisers of a campaign have decided and that holds now."""

    revisions: Mapping[tuple[str, str], Revision] = field(default_factory=dict)
    own_posts: tuple[OwnPost, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    omissions: tuple[Omission, ...] = ()
    pauses: tuple[Pause, ...] = ()
    approvals: Mapping[tuple[str, str, str], Approval] = field(default_factory=dict)

    def approval(self, post: str, language: str, text: Text) -> Approval | None:
        """Return the approval of words. It lapses when they change, and holds again when they are as they were."""
        return self.approvals.get((post, language, text_hash(text)))

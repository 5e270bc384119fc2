"""What may stand where, and why: everything else is a leak."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .marks import Kind, Mark


class Place(StrEnum):
    """Where a mark is looked for."""

    LOG = "the log at DEBUG, as the bot says it, before anything is taken out of it"
    METRICS = "metrics and health"
    METADATA = "the metadata of messages"
    DATABASE = "the database: every byte of its files, or a dump"
    BACKUP = "a backup made now"
    REPORT = "the files of a report"
    SITE = "the page for customers"
    SNAPSHOTS = "published figures"
    CHANNELS = "what stands in channels"
    READERS = "what representatives and managers were sent"
    OWN = "what a person was shown of themselves"
    OTHERS = "what a person was shown of others"


class Step(StrEnum):
    """How far the life of the campaign has come."""

    LIVED = "the week is over"
    FORGOTTEN = "every second person has been forgotten"
    PURGED = "the campaign is purged, and with it the others"


class Whose(StrEnum):
    """Of whom."""

    ANYBODY = "anybody"
    NAMED = "who wanted to be named"
    STAYED = "who has not asked to be forgotten"


@dataclass(frozen=True)
class Allowed:
    """Kinds of marks that may stand in a place after some steps."""

    place: Place
    steps: frozenset[Step]
    kinds: frozenset[Kind]
    whose: Whose
    why: str


def _at(*steps: Step) -> frozenset[Step]:
    return frozenset(steps or Step)


_KEPT = frozenset(Kind) - {Kind.NAME}
_WRITTEN = frozenset({Kind.REMARK, Kind.IDEA, Kind.ANSWER, Kind.QUESTION, Kind.REASON, Kind.ID})
_TOLD = frozenset({Kind.USER, Kind.PLAN, Kind.REMARK, Kind.IDEA, Kind.ANSWER, Kind.QUESTION, Kind.REASON, Kind.ID})
_DECIDED = frozenset({Kind.ORGANISER, Kind.WORDS})

ALLOWED = (
    Allowed(Place.DATABASE, _at(Step.LIVED), _KEPT, Whose.ANYBODY, "it is kept until the person or the time says no"),
    Allowed(Place.BACKUP, _at(Step.LIVED), _KEPT, Whose.ANYBODY, "a copy has what the database has"),
    Allowed(Place.DATABASE, _at(Step.FORGOTTEN), _KEPT, Whose.STAYED, "of others nothing is removed"),
    Allowed(Place.BACKUP, _at(Step.FORGOTTEN), _KEPT, Whose.STAYED, "a copy has what the database has"),
    Allowed(Place.READERS, _at(), _WRITTEN, Whose.ANYBODY, "it was written to them; what was sent stays in Slack"),
    Allowed(Place.READERS, _at(), frozenset({Kind.USER}), Whose.NAMED, "the author wanted to be named"),
    Allowed(Place.CHANNELS, _at(), frozenset({Kind.IDEA}), Whose.ANYBODY, "a representative published the idea"),
    Allowed(Place.CHANNELS, _at(), frozenset({Kind.USER}), Whose.NAMED, "the author wanted to be named"),
    Allowed(Place.READERS, _at(), _DECIDED, Whose.ANYBODY, "organisers are shown who decided what"),
    Allowed(Place.CHANNELS, _at(), frozenset({Kind.WORDS}), Whose.ANYBODY, "they are the words of a post"),
    Allowed(Place.REPORT, _at(), frozenset({Kind.WORDS}), Whose.ANYBODY, "posts are named by their titles"),
    Allowed(Place.SITE, _at(), frozenset({Kind.WORDS}), Whose.ANYBODY, "the page shows the posts of the week"),
    Allowed(Place.DATABASE, _at(Step.FORGOTTEN), frozenset({Kind.WORDS}), Whose.ANYBODY, "words stay, nameless"),
    Allowed(Place.BACKUP, _at(Step.FORGOTTEN), frozenset({Kind.WORDS}), Whose.ANYBODY, "words stay, nameless"),
    Allowed(Place.OWN, _at(), _TOLD, Whose.ANYBODY, "everybody sees their own; what was sent stays in Slack"),
)
"""Names are nowhere: the bot does not ask for any. Log, metrics, metadata and figures hold nothing at all."""


def may_stand(mark: Mark, place: Place, step: Step, *, named: bool, stayed: bool) -> bool:
    """Whether a mark is allowed there; the last two are about its person."""
    whose = {Whose.ANYBODY} | ({Whose.NAMED} if named else set()) | ({Whose.STAYED} if stayed else set())
    return any(
        rule.place is place and step in rule.steps and mark.kind in rule.kinds and rule.whose in whose
        for rule in ALLOWED
    )

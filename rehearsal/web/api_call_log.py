"""The log of Web API calls and their answers, for developers of the bot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from bot.campaign.localtime import local
from rehearsal.slack.call_log import Call

_THROTTLED = ("ratelimited", "http_429")


@dataclass(frozen=True)
class CallGroup:
    """Calls in a row that ended alike: how many, and when the newest was made, on the company's clock.

    `error` is Slack's word where it refused, and `fault` what was done to the calls on purpose.
    """

    method: str
    at: datetime
    ok: bool
    error: str | None
    fault: str | None
    times: int


@dataclass(frozen=True)
class CallSummary:
    """The newest entries first; calls by method and refusals by error word, the commonest first; answers of 429."""

    entries: Sequence[CallGroup]
    calls: int
    methods: Sequence[tuple[str, int]]
    errors: Sequence[tuple[str, int]]
    throttled: int


def summarize(calls: Sequence[Call], most: int, zone: str = "UTC") -> CallSummary:
    """Summarize calls, which are given oldest first, in at most `most` entries with times in a zone."""
    errors = Counter(call.error for call in calls if call.error is not None)
    return CallSummary(
        entries=tuple(islice(_folded(reversed(calls), zone), most)),
        calls=len(calls),
        methods=_ranked(Counter(call.method for call in calls)),
        errors=_ranked(errors),
        throttled=sum(errors[word] for word in _THROTTLED),
    )


def _folded(calls: Iterable[Call], zone: str) -> Iterator[CallGroup]:
    # Calls in a row are folded: a broadcast would push everything else off the list.
    for (method, ok, error, fault), found in groupby(calls, _ending):
        alike = list(found)
        yield CallGroup(method, local(alike[0].at, zone), ok, error, fault, len(alike))


def _ending(call: Call) -> tuple[str, bool, str | None, str | None]:
    return call.method, call.ok, call.error, call.fault


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))

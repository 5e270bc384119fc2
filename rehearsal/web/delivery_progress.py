"""Progress of the week: the state of the messages by country, and what comes next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.campaign.model import ANOTHER_COUNTRY, Campaign
from bot.campaign.schedule import Slot
from bot.delivery.unscheduled_messages import NOTIFICATIONS
from bot.locales.catalogues import words
from bot.store.outbox import Entry, State
from rehearsal.preview.language_names import PAGE, country_name

COMPANY = "-"
"""The code of what is in no country: the company's channel, and people who said none."""

_WHOLE = "all"
_WAITING = frozenset({State.DUE, State.SENDING})
_NOT_SENT = frozenset({State.SKIPPED, State.CANCELLED, State.FAILED, State.UNCONFIRMED})
_FEW = 5


@dataclass(frozen=True)
class CountryProgress:
    """The messages of a country, or of all: how many, and how late the latest of those that were sent was."""

    code: str
    name: str
    planned: int
    to_come: int
    under_way: int
    sent: int
    skipped: int
    cancelled: int
    failed: int
    unconfirmed: int
    latest_seconds: float | None


@dataclass(frozen=True)
class Reason:
    """Why messages were not sent, or why nobody knows; which posts, and the codes of the countries."""

    why: str
    state: State
    count: int
    codes: Sequence[str]
    posts: Sequence[str]


@dataclass(frozen=True)
class Broadcast:
    """A post at the same local time for several recipients; `when` is such as `Mon 15 Mar 09:00`."""

    post: str
    when: str
    recipients: int


@dataclass(frozen=True)
class Progress:
    """The state of the week. `coming` has the next broadcasts first, `sent` the latest."""

    parts: Sequence[CountryProgress]
    together: CountryProgress
    reasons: Sequence[Reason]
    coming: Sequence[Broadcast]
    sent: Sequence[Broadcast]


def progress(campaign: Campaign, entries: Sequence[Entry], now: datetime) -> Progress:
    """Summarize the outbox of a campaign at an instant."""
    by_code = _by_code(campaign, entries)
    ahead = [entry for entry in entries if entry.state is State.DUE and entry.slot.due_at > now]
    gone = [entry for entry in entries if entry.sent_at]
    return Progress(
        parts=[_part(code, of_code, now) for code, of_code in by_code.items()],
        together=_part(_WHOLE, entries, now),
        reasons=_reasons(by_code),
        coming=_rounds(sorted(ahead, key=lambda entry: entry.slot.due_at)),
        sent=_rounds(sorted(gone, key=lambda entry: entry.sent_at or entry.slot.due_at, reverse=True)),
    )


def _by_code(campaign: Campaign, entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Group entries by country. Countries without messages are kept; other groups only if they have some."""
    codes = [country.code for country in campaign.countries]
    by_code: dict[str, list[Entry]] = {code: [] for code in (*codes, COMPANY, ANOTHER_COUNTRY)}
    for entry in entries:
        by_code.get(entry.slot.country or COMPANY, by_code[ANOTHER_COUNTRY]).append(entry)
    return {code: found for code, found in by_code.items() if found or code in codes}


def _part(code: str, entries: Sequence[Entry], now: datetime) -> CountryProgress:
    states = Counter(entry.state for entry in entries)
    begun = sum(1 for entry in entries if entry.state in _WAITING and entry.slot.due_at <= now)
    late = [(entry.sent_at - entry.slot.due_at).total_seconds() for entry in entries if entry.sent_at]
    return CountryProgress(
        code=code,
        name=_name(code),
        planned=len(entries),
        to_come=states[State.DUE] + states[State.SENDING] - begun,
        under_way=begun,
        sent=states[State.SENT],
        skipped=states[State.SKIPPED],
        cancelled=states[State.CANCELLED],
        failed=states[State.FAILED],
        unconfirmed=states[State.UNCONFIRMED],
        latest_seconds=max(late, default=None),
    )


def _name(code: str) -> str:
    others = {COMPANY: "Company, or not said", ANOTHER_COUNTRY: "Another country", _WHOLE: "All together"}
    return others.get(code) or country_name(words(PAGE), code)


def _reasons(by_code: dict[str, list[Entry]]) -> list[Reason]:
    alike: defaultdict[tuple[State, str], list[tuple[str, str]]] = defaultdict(list)
    for code, entries in by_code.items():
        for entry in entries:
            if entry.state in _NOT_SENT:
                alike[entry.state, entry.reason or "no reason was given"].append((code, _post(entry.slot)))
    reasons = [
        Reason(why, state, len(found), _distinct(code for code, _ in found), _distinct(post for _, post in found))
        for (state, why), found in alike.items()
    ]
    return sorted(reasons, key=lambda each: (-each.count, each.why))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _rounds(entries: Iterable[Entry]) -> list[Broadcast]:
    """Return the first few broadcasts, in the order of their first entries."""
    # Without seconds, since channels of one round are spread over a few.
    counts = Counter((_post(entry.slot), entry.slot.local.replace(second=0, microsecond=0)) for entry in entries)
    return [Broadcast(post, f"{wall:%a %d %b %H:%M}", times) for (post, wall), times in islice(counts.items(), _FEW)]


def _post(line: Slot) -> str:
    """Return the name of a message: its post's, or the kind of a notification, which is in no schedule."""
    return line.kind.replace("_", " ") if line.kind in NOTIFICATIONS else line.post

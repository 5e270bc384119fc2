"""Reports the result of a rehearsal: as objects, as tables, and in a sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rich.table import Table

from bot.campaign.localtime import local
from bot.campaign.model import ANOTHER_COUNTRY
from bot.campaign.schedule import Slot
from bot.delivery.unscheduled_messages import NotificationKind
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Standing
from bot.store.outbox import Entry, State
from rehearsal.headless import Participation, RehearsalResult
from rehearsal.verify.journal_totals import FIGURES, journal_acts

NOWHERE = "-"
"""The key of whatever is in no country: the whole company's messages, and people who said none."""

_SHOWN = ("participants", "pledges", "confirmed", "earth_hour", "earth_hour_minutes", "tips", "ideas", "opted_out")
_NONE: Mapping[str, int] = dict.fromkeys(FIGURES, 0)


def as_json(result: RehearsalResult) -> dict[str, Any]:
    """Make plain objects of the outcome; instants are ISO 8601 in UTC."""
    return {
        "slots": [_slot(entry) for entry in _named(result.entries)],
        "slack": {
            "posts": result.audit.posts,
            "duplicates": result.audit.duplicates,
            "lost": result.audit.lost,
            "errors": result.errors.total(),
            "error_words": dict(result.errors),
        },
        "activities": dict(sorted(result.activities.items())),
        "countries": countries(result),
        "organisers": {f"{user} {act}": counts for (user, act), counts in sorted(_acts(result).items())},
        "published": result.published.model_dump(mode="json") if result.published else None,
    }


_ABOUT_IDEAS = (NotificationKind.IDEA_REVIEW, NotificationKind.IDEA_NEWS, NotificationKind.IDEA_POST)


def _named(entries: Iterable[Entry]) -> list[Entry]:
    """Sort the entries reproducibly; ideas, whose IDs are random, are named by a number."""
    ordered = sorted(
        entries, key=lambda entry: (entry.slot.due_at, entry.slot.recipient, entry.slot.kind, str(entry.sent_at))
    )
    numbers: dict[str, str] = {}
    for entry in ordered:
        if entry.slot.kind in _ABOUT_IDEAS:
            # Numbered in the order of their first message, so that two runs with one seed give the same report.
            numbers.setdefault(_idea(entry.slot), f"idea-{len(numbers) + 1}")
    named = [replace(entry, slot=_under(entry.slot, numbers.get(_idea(entry.slot)))) for entry in ordered]
    return sorted(named, key=lambda entry: (entry.slot.due_at, entry.slot.key))


def _idea(line: Slot) -> str:
    return line.post.partition("-")[0]


def _under(line: Slot, name: str | None) -> Slot:
    return replace(line, post=line.post.replace(_idea(line), name)) if name else line


def _slot(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.slot.key,
        "post": entry.slot.post,
        "recipient": entry.slot.recipient,
        "due_at": entry.slot.due_at.isoformat(),
        "sent_at": entry.sent_at.isoformat() if entry.sent_at else None,
        "state": entry.state.value,
        "reason": entry.reason,
    }


def countries(result: RehearsalResult) -> dict[str, dict[str, Any]]:
    """Summarize each country: the outcome of its messages, the longest delay, and what people did.

    `totals` is what the colleagues say, `stored` what the bot's store says.
    """
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in result.entries:
        entries[entry.slot.country or NOWHERE].append(entry)
    totals, stored = _by_code(result.totals), _by_code(result.stored)
    codes = [country.code for country in result.campaign.countries]
    others = sorted({*entries, *totals, *stored, ANOTHER_COUNTRY, NOWHERE} - set(codes))
    return {
        code: {
            **_country(entries[code]),
            "totals": dict(totals.get(code, _NONE)),
            "stored": dict(stored.get(code, _NONE)),
        }
        for code in [*codes, *others]
    }


def _by_code(participation: Participation) -> dict[str, Mapping[str, int]]:
    return {country or NOWHERE: figures for country, figures in participation.items()}


def _country(entries: list[Entry]) -> dict[str, Any]:
    states = Counter(entry.state for entry in entries)
    late = [(entry.sent_at - entry.slot.due_at).total_seconds() for entry in entries if entry.sent_at]
    return {
        "planned": len(entries),
        **{state.value: states[state] for state in State if state not in {State.DUE, State.SENDING}},
        "unsettled": states[State.DUE] + states[State.SENDING],
        "latest_seconds": max(late, default=None),
    }


def differences(result: RehearsalResult) -> Iterator[str]:
    """Describe every figure on which the colleagues and the store disagree."""
    for code, found in countries(result).items():
        for name in FIGURES:
            totals, stored = found["totals"][name], found["stored"][name]
            if totals != stored:
                yield f"{_name(code)}: the colleagues say {totals} for {name}, the store says {stored}"

    for (user, act), (counted, stored) in sorted(_acts(result).items()):
        if counted != stored:
            yield f"{user}: the organiser says {counted} times {act}, the store says {stored}"


def _acts(result: RehearsalResult) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how often an organiser did what, by their own count and by the bot's."""
    own = journal_acts(result.journals)
    return {key: (own.get(key, 0), result.organised.get(key, 0)) for key in {*own, *result.organised}}


def is_well(result: RehearsalResult) -> bool:
    """Return whether every message came once and both accounts agree."""
    return not result.audit.duplicates and not result.audit.lost and not any(differences(result))


def tables(result: RehearsalResult) -> Iterator[Table]:
    """Make tables of the outcome for a terminal."""
    yield _messages(result)
    if result.activities:
        yield _participation(result)
        yield from _organised(result)
        yield from _published(result)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, header_style="bold", title_justify="left")
    for column in columns:
        table.add_column(column, justify="left" if column == "country" else "right")
    return table


def _messages(result: RehearsalResult) -> Table:
    """Make the table of messages by country."""
    names = ("planned", "sent", "skipped", "cancelled", "failed", "unconfirmed")
    table = _table("What became of every message, by country", "country", *names, "latest by")
    for code, found in countries(result).items():
        late = found["latest_seconds"]
        if found["planned"]:
            figures = [str(found[name]) for name in names]
            table.add_row(_name(code, "company, or not said"), *figures, "" if late is None else f"{late:.1f} s")
    return table


def _participation(result: RehearsalResult) -> Table:
    title = "What the colleagues did: their own count, and the bot's where it differs"
    table = _table(title, "country", *(name.replace("_", " ") for name in _SHOWN))
    for code, found in countries(result).items():
        totals, stored = found["totals"], found["stored"]
        table.add_row(_name(code), *(_both(totals[name], stored[name]) for name in _SHOWN))
    return table


def _organised(result: RehearsalResult) -> Iterator[Table]:
    """Make the table of what representatives and managers decided, by the country that they speak for."""
    found = _acts(result)
    names = sorted({act for _, act in found})
    if not names:
        return
    title = "What the organisers decided: their own count, and the bot's where it differs"
    table = _table(title, "country", *(name.replace("_", " ") for name in names))
    homes = {user: each.code for each in result.campaign.countries for user in each.representatives}
    for country in (*(each.code for each in result.campaign.countries), None):
        mine = {key: counts for key, counts in found.items() if homes.get(key[0]) == country}
        if mine:
            sums = [_sums(counts for (_, act), counts in mine.items() if act == name) for name in names]
            table.add_row(country or "managers", *(_both(*each) for each in sums))
    yield table


def _sums(counts: Iterable[tuple[int, int]]) -> tuple[int, int]:
    own, stored = (sum(column) for column in zip((0, 0), *counts, strict=True))
    return own, stored


def _both(totals: int, stored: int) -> str:
    return str(totals) if totals == stored else f"{totals} ≠ {stored}"


def _name(code: str, nowhere: str = "not said") -> str:
    return {NOWHERE: nowhere, ANOTHER_COUNTRY: "another country"}.get(code, code)


_FIGURES = ("participants", "rate", "pledges", "confirmed_pledges", "earth_hour_people", "earth_hour_minutes")


def _published(result: RehearsalResult) -> Iterator[Table]:
    """Make the table of the figures that were published last."""
    found = result.published
    if found is None:
        return
    at = local(found.taken_at, result.campaign.zone)
    title = f"What was published last, {at:%a %d %b %H:%M}: about so many, blurred so that nobody can be singled out"
    table = _table(title, "country", *(name.replace("_", " ") for name in _FIGURES), "kg CO2e confirmed")
    for each in found.rows():
        table.add_row(_PLACES.get(each.place, each.place), *_row(each, found.smallest_group))
    yield table


_PLACES = {WHOLE: "together", ELSEWHERE: "elsewhere"}


def _row(each: Standing, smallest: int) -> Iterator[str]:
    for name in _FIGURES:
        value = getattr(each, name)
        said = {None: "", Band.FEW: f"fewer than {smallest}", Band.NEARLY_ALL: "nearly all"}.get(value, str(value))
        yield f"{said} %" if name == "rate" and said else said
    yield f"about {each.confirmed.about:g}" if each.confirmed else ""


def verdict(result: RehearsalResult) -> str:
    """Summarise the result in a sentence or two."""
    count = result.audit
    said = (
        f"Slack counted {count.posts} messages, {count.duplicates} of them too many, "
        f"{count.lost} missing, and {result.errors.total()} errors."
    )
    if not result.activities:
        return said
    wrong = sum(1 for _ in differences(result))
    same = f"disagree on {wrong} figures" if wrong else "agree on every figure"
    return f"{said}\nThe colleagues acted {result.activities.total()} times; their books and the bot's store {same}."

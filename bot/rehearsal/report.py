"""What a rehearsal shows: the timeline as it goes, and how it ended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from rich.table import Table

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.rehearsal.player import Moment, Outcome
from bot.rehearsal.slack.workspace import Message, Workspace
from bot.store.outbox import Row, State

NOWHERE = "-"
_ROUND = timedelta(minutes=10)
"""Direct messages go out at the workspace's pace; within this time they count as one round."""


class Timeline:
    """Says in words what happened, from Slack's side.

    A message in a channel gets a line, and so do all the people who got the same words directly.
    """

    def __init__(self, campaign: Campaign) -> None:
        self._zones = {country.channel: country.zone for country in campaign.countries}
        self._zone = campaign.company.zone if campaign.company else campaign.countries[0].zone
        self._direct: list[Message] = []

    def lines(self, moment: Moment) -> Iterator[str]:
        """What there is to say at an instant; direct messages are said once their round is over."""
        town = moment.town
        channels = [message for message in moment.messages if message.channel not in town.ims]
        if channels or moment.share == 1 or (self._direct and moment.at - self._direct[0].posted_at > _ROUND):
            yield from self._people(town)
        for message in channels:
            name = town.channels[message.channel].name
            yield _line(message, self._zones.get(name, self._zone), f"#{name}")
        self._direct += [message for message in moment.messages if message.channel in town.ims]
        if moment.share == 1:
            yield from self._people(town)

    def _people(self, town: Workspace) -> Iterator[str]:
        rounds: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
        for message in self._direct:
            zone = town.users[town.ims[message.channel]].tz or self._zone
            rounds[zone, title(message)].append(message)
        for (zone, _title), messages in rounds.items():
            one = town.users[town.ims[messages[0].channel]].name
            yield _line(messages[0], zone, f"@{one}" if len(messages) == 1 else f"{len(messages)} people directly")
        self._direct = []


def _line(message: Message, zone: str, whom: str) -> str:
    at = local(message.posted_at, zone)
    return f"{at:%a %d %b %H:%M}  {zone.rpartition('/')[2]:<12}{whom:<20}  {title(message)}"


def title(message: Message) -> str:
    """The title of a message, or its text where it has none."""
    first = message.blocks[0] if message.blocks else {}
    return str(first["text"]["text"]) if first.get("type") == "header" else message.text


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain objects; instants are ISO 8601 in UTC."""
    return {
        "slots": [_slot(row) for row in outcome.rows],
        "slack": {
            "posts": outcome.count.posts,
            "duplicates": outcome.count.duplicates,
            "lost": outcome.count.lost,
            "errors": outcome.errors.total(),
            "error_words": dict(outcome.errors),
        },
        "countries": countries(outcome),
    }


def _slot(row: Row) -> dict[str, Any]:
    return {
        "key": row.line.key,
        "post": row.line.post,
        "recipient": row.line.recipient,
        "due_at": row.line.due_at.isoformat(),
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "state": row.state.value,
        "reason": row.reason,
    }


def countries(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """For each country: how many messages were planned, what became of them, and how late the latest one was."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in outcome.rows:
        rows[row.line.country or NOWHERE].append(row)
    codes = [country.code for country in outcome.campaign.countries]
    return {code: _country(rows[code]) for code in [*codes, *sorted(set(rows) - set(codes))]}


def _country(rows: list[Row]) -> dict[str, Any]:
    states = Counter(row.state for row in rows)
    late = [(row.sent_at - row.line.due_at).total_seconds() for row in rows if row.sent_at]
    return {
        "planned": len(rows),
        **{state.value: states[state] for state in State if state not in {State.DUE, State.SENDING}},
        "unsettled": states[State.DUE] + states[State.SENDING],
        "latest_seconds": max(late, default=None),
    }


def as_table(outcome: Outcome) -> Table:
    """The outcome a country, for reading in a terminal."""
    table = Table(title="What became of every message, by country", header_style="bold")
    for column in ("country", "planned", "sent", "skipped", "cancelled", "failed", "unconfirmed", "latest by"):
        table.add_column(column, justify="left" if column == "country" else "right")
    for code, found in countries(outcome).items():
        late = found["latest_seconds"]
        figures = [str(found[name]) for name in ("planned", "sent", "skipped", "cancelled", "failed", "unconfirmed")]
        table.add_row("whole company" if code == NOWHERE else code, *figures, "" if late is None else f"{late:.1f} s")
    return table


def verdict(outcome: Outcome) -> str:
    """What Slack counted, in a sentence."""
    count = outcome.count
    return (
        f"Slack counted {count.posts} messages, {count.duplicates} of them too many, "
        f"{count.lost} missing, and {outcome.errors.total()} errors."
    )

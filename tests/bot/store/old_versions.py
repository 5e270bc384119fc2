"""Databases as each released version left them, with one row a table; made once, and copied for every test."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, Text, bindparam, text

import bot
from bot.store.pledges import Factor
from bot.store.tables import metadata

from .databases import Server, file_of, migrated, within
from .lines import CAMPAIGN, DUE, LEASE

MIGRATIONS = Path(bot.__file__).parent / "store" / "migrations"
JOINED = datetime(2027, 3, 14, 9, 30, tzinfo=UTC)
DAY = date(2027, 3, 16)
FACTOR = Factor(2.1, 0.1, 3.4, "1")
Rows = dict[str, dict[str, Any]]

FIRST: Rows = {
    "outbox": {
        "id": "row", "campaign": CAMPAIGN, "post": "tip", "audience": "countries", "recipient": "SE",
        "local_date": DUE.date(), "kind": "tip", "country": "SE", "language": "sv", "zone": "Europe/Stockholm",
        "local": datetime(2027, 3, 15, 9), "due_at": DUE, "late_until": DUE + timedelta(hours=2),  # noqa: DTZ001
        "planned_at": JOINED, "state": "sent", "attend_at": DUE + LEASE, "owner": "me", "reason": None,
        "channel": "C0WEEK", "ts": "1.000100", "sent_at": DUE,
    },
    "people": {
        "workspace": "T0TEAM", "user": "U0ANN", "country": "SE", "country_source": "said", "language": "sv",
        "zone": "Europe/Stockholm", "joined_at": JOINED, "direct_messages": True, "earth_hour_reminder": False,
        "paused_until": date(2027, 3, 17),
    },
}  # fmt: skip
"""One row a table, as the first version wrote them."""

PUBLISHED = json.dumps({
    "campaign": CAMPAIGN, "taken_at": JOINED.isoformat(), "definition": "1", "factors": "1", "smallest_group": 5,
    "goal_percent": 20, "whole": {"place": "all", "headcount": 200, "participants": 60, "rate": 30},
    "places": [
        {"place": "SE", "headcount": 100, "participants": 34, "rate": 34}, {"place": "NO", "headcount": 100},
        {"place": "ZZ"}, {"place": "", "participants": 0},
    ],
    "rest": {"place": "rest", "participants": 7771},
})  # fmt: skip
HIDDEN = json.dumps({"measures": {"participants": {"pooled": {"NO": 7772}}}})
"""Figures as they were published first, and what was hidden in them."""

_MINE = {"campaign": CAMPAIGN, "user": "U0ANN", "country": "SE"}
_BIKE = {**_MINE, "pledge": "bike", "kg": 2.1, "kg_low": 0.1, "kg_high": 3.4, "factors": "1"}
SECOND: Rows = {
    "outbox": {**FIRST["outbox"], "shown": 15, "shown_at": DUE},
    "people": {**FIRST["people"], "stopped_at": JOINED},
    "deeds": {**_MINE, "kind": "tip", "subject": "tip", "at": JOINED, "answer": None, "minutes": None},
    "pledges": {
        **_BIKE, "made_at": JOINED, "already": False, "plan": "Till jobbet", "remind_at": time(9, 30),
        "any_hour": True, "withdrawn_at": None,
    },
    "reminders": {"campaign": CAMPAIGN, "user": "U0ANN", "pledge": "bike", "day": DAY},
    "outcomes": {
        **_BIKE, "occasion": "2027-03-15", "at": JOINED, "answer": "done", "obstacle": None, "continues": None,
    },
    "remarks": {
        **_MINE, "id": "5a1d", "pledge": "bike", "occasion": "friday", "at": JOINED, "obstacle": "time",
        "text": "Too early.",
    },
    "ideas": {
        **_MINE, "id": "1dea", "language": "sv", "text": "Fler tåg!", "named": True, "at": JOINED, "state": "asked",
        "round": 1, "published": False, "changed_at": JOINED, "reason": None, "question": "Where?", "answer": None,
    },
    "snapshots": {
        "campaign": CAMPAIGN, "taken_at": JOINED, "definition": "1", "standings": PUBLISHED, "basis": HIDDEN,
    },
    "campaigns": {"id": CAMPAIGN, "keep_until": date(2027, 7, 21)},
    "arrivals": {"event": "Ev1", "at": JOINED},
}  # fmt: skip
"""One row a table, as the second version wrote them."""

THIRD: Rows = {**SECOND, "replicas": {"owner": "me", "seen_at": DUE, "held_until": None}}
"""One row a table, as the third version wrote them."""

FOURTH: Rows = {
    **THIRD,
    "people": {**THIRD["people"], "left_at": None},
    "nights": {"campaign": CAMPAIGN, "night": DAY, "cursor": None, "owner": "me", "until": DUE},
}
"""One row a table, as the fourth version wrote them."""

FIFTH: Rows = {**FOURTH, "ideas": {**FOURTH["ideas"], "form": "f0e1"}}
"""One row a table, as the fifth version wrote them."""

SIXTH: Rows = {
    **FIFTH,
    "snapshots": {name: value for name, value in FIFTH["snapshots"].items() if name != "basis"},
    "campaigns": {**FIFTH["campaigns"], "secret": "5ec2" * 8},
}
"""One row a table, as the sixth version wrote them."""

SEVENTH: Rows = {**SIXTH, "ideas": {**SIXTH["ideas"], "decided_by": "U0REP"}}
"""One row a table, as the seventh version wrote them."""

TABLES = {"deeds": "actions", "arrivals": "seen_events", "nights": "sync_cursors"}
COLUMNS = {"late_until": "expires_at", "attend_at": "next_attempt_at", "until": "claimed_until"}
"""What has another name by now."""

_OWNERS = {"outbox": "claimed_by", "replicas": "id", "sync_cursors": "claimed_by"}

EIGHTH: Rows = {
    (now := TABLES.get(name, name)): {
        _OWNERS[now] if column == "owner" else COLUMNS.get(column, column): value for column, value in row.items()
    }
    for name, row in SEVENTH.items()
}
"""One row a table, as the eighth version wrote them."""

_BY = {"by": "U0REP", "at": JOINED}
_POST = {"campaign": CAMPAIGN, "post": "tip"}
_SAID = {"title": "Tip", "summary": "A tip.", "body": "Walk."}
NINTH: Rows = {
    **EIGHTH,
    "outbox": {**EIGHTH["outbox"], "text_hash": "f" * 64},
    "ideas": {**EIGHTH["ideas"], "state": "approved", "published": True},
    "revisions": {
        **_POST, **_SAID, **_BY, "id": "4e71", "language": "sv", "base": "f" * 64, "ended_at": None, "ended_how": None,
    },
    "approvals": {**_POST, **_BY, "language": "sv", "hash": "f" * 64},
    "sent_texts": {"campaign": CAMPAIGN, "hash": "f" * 64, **_SAID},
    "omissions": {**_POST, **_BY, "country": "SE", "restored_by": None, "restored_at": None},
    "pauses": {
        **_BY, "id": "9a05", "campaign": CAMPAIGN, "country": "SE", "resumed_by": None, "resumed_at": None,
        "choice": None,
    },
    "own_posts": {
        **_BY, "id": "own-1", "campaign": CAMPAIGN, "country": "SE", "day": DAY, "time": time(9),
        "withdrawn_by": None, "withdrawn_at": None,
    },
    "stand_ins": {**_BY, "campaign": CAMPAIGN, "country": "SE", "user": "U0BO", "until": DAY},
    "organiser_acts": {
        "id": "ac7", "campaign": CAMPAIGN, "user": "U0REP", "act": "paused", "subject": "", "language": None,
        "country": "SE", "at": JOINED,
    },
}  # fmt: skip
"""One row a table, as the ninth version wrote them."""

TENTH: Rows = {**NINTH, "ideas": {**NINTH["ideas"], "approved_at": JOINED}}
"""One row a table, as the tenth version wrote them."""

ELEVENTH: Rows = {**TENTH, "shares": {**_BY, "campaign": CAMPAIGN, "subject": "1dea"}}
"""One row a table, as the eleventh version wrote them."""

TWELFTH: Rows = {**ELEVENTH, "own_posts": {**ELEVENTH["own_posts"], "origin": None}}
"""One row a table, as the twelfth version wrote them."""

THIRTEENTH: Rows = {
    **TWELFTH,
    "stand_ins": {**TWELFTH["stand_ins"], "ended_at": None, "change": None},
    "digest_opt_outs": {"campaign": CAMPAIGN, "user": "U0REP", "at": JOINED},
}
"""One row a table, as the thirteenth version wrote them."""

FOURTEENTH: Rows = {
    **THIRTEENTH,
    **{name: {**THIRTEENTH[name], "ask": "Rack?", "local": "{}"} for name in ("revisions", "sent_texts")},
}
"""One row a table, as the fourteenth version wrote them."""

FIFTEENTH: Rows = {
    **FOURTEENTH,
    **{name: {**FOURTEENTH[name], "picture": "laundry", "alt": "A line."} for name in ("revisions", "sent_texts")},
    "pictures": {"team": "T0", "hash": "0" * 64, "file": None, "uploaded_at": None, "claimed_until": JOINED},
}
"""One row a table, as the fifteenth version wrote them."""

SIXTEENTH: Rows = {
    **FIFTEENTH,
    **{name: {**FIFTEENTH[name], "answers": "[]"} for name in ("revisions", "sent_texts")},
}
"""One row a table, as the sixteenth version wrote them."""

SEVENTEENTH: Rows = {
    **SIXTEENTH,
    "awareness_answers": {
        "id": "a05e", "campaign": CAMPAIGN, "wave": "before", "question": "company", "answer": "yes", "country": "SE",
    },
    "awareness_answered": {"campaign": CAMPAIGN, "wave": "before", "user": "U0ANN", "question": "company"},
}  # fmt: skip
"""One row a table, as the seventeenth version wrote them."""

RELEASED = {
    "0001": FIRST, "0002": SECOND, "0003": THIRD, "0004": FOURTH, "0005": FIFTH, "0006": SIXTH, "0007": SEVENTH,
    "0008": EIGHTH, "0009": NINTH, "0010": TENTH, "0011": ELEVENTH, "0012": TWELFTH,
    "0013": THIRTEENTH, "0014": FOURTEENTH, "0015": FIFTEENTH, "0016": SIXTEENTH, "0017": SEVENTEENTH,
}  # fmt: skip


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def grow(connection: Connection, revision: str) -> None:
    """Make a database as it was at a version, with its rows."""
    command.upgrade(config(connection), revision)
    there = MetaData()
    there.reflect(connection)
    known = {table.name: table for table in metadata.sorted_tables}
    for name, row in RELEASED[revision].items():
        # Types of today read and write instants on both databases; the columns are those of then.
        now = known[TABLES.get(name, name)].c
        types = {
            column: next((now[each].type for each in (column, COLUMNS.get(column, column)) if each in now), Text())
            for column in row
        }
        values = ", ".join(f":{column}" for column in row)
        names = ", ".join(f'"{column}"' for column in row)
        insertion = text(f'INSERT INTO "{name}" ({names}) VALUES ({values})')  # noqa: S608 - our own names
        connection.execute(
            insertion.bindparams(*(bindparam(column, type_=kind) for column, kind in types.items())), row
        )
        assert set(there.tables[name].columns.keys()) == set(row), "each column is written"
    connection.commit()


class Templates:
    """Databases that are made when the first test asks for them. Every test gets a copy of its own."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request = request
        self._files: dict[str, bytes] = {}
        self._urls: dict[str, str] = {}

    def copy(self, kind: str, name: str, make: Callable[[str], None], file: Path) -> str:
        """Copy the database of that name, made by `make` from an empty one; a SQLite database is put into `file`."""
        if kind == "sqlite":
            if name not in self._files:
                self._files[name] = file_of(make)
            file.write_bytes(self._files[name])
            return f"sqlite:///{file}"
        server: Server = self._request.getfixturevalue("server")
        if name not in self._urls:
            self._urls[name] = server.empty()
            make(self._urls[name])
        return server.copy(self._urls[name])


def make_old(version: str, url: str) -> None:
    """Make a database of a released version, in use."""
    within(url, lambda connection: grow(connection, version))


def make_upgraded(version: str, url: str) -> None:
    """Make one, and bring it up to date."""
    make_old(version, url)
    migrated(url)

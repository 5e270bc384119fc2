"""The migrations on a database of each released version, with something in it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, MetaData, Text, bindparam, inspect, text

import bot
from bot.database.database import Database
from bot.database.urls import open_database
from bot.standings.figures import Standings
from bot.store.ideas import Idea, IdeaState
from bot.store.organisers import Organisers
from bot.store.outbox import Outbox, State
from bot.store.people import People, Person
from bot.store.pledges import Answer, Factor, Outcome, Pledged
from bot.store.schema import upgrade
from bot.store.snapshots import Snapshots
from bot.store.store import Store
from bot.store.tables import metadata

from .databases import Server
from .lines import CAMPAIGN, DUE, LEASE, line, planned
from .together import together

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


@pytest.fixture(params=RELEASED)
def version(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
async def old(empty: Database, version: str) -> Database:
    """A database of a released version, in use."""
    with empty.transaction() as connection:
        grow(connection, version)
    return empty


async def differences(database: Database) -> list[object]:
    with database.transaction() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))


async def test_an_empty_database_is_brought_up_to_date(empty: Database) -> None:
    await upgrade(empty)
    with empty.transaction() as connection:
        names = inspect(connection).get_table_names()
    assert set(names) == {*metadata.tables, "alembic_version"}


async def test_bringing_up_to_date_again_keeps_every_row(database: Database) -> None:
    outbox = Outbox("me", LEASE)
    before = await planned(database, outbox, line())
    await upgrade(database)
    assert await database.read(outbox.entries, CAMPAIGN) == before


async def test_migrations_create_the_tables_of_the_code(database: Database) -> None:
    assert await differences(database) == []


async def test_upgraded_database_has_the_tables_of_the_code(old: Database) -> None:
    await upgrade(old)
    assert await differences(old) == []


async def test_rows_of_every_version_are_read_after_upgrade(old: Database, version: str) -> None:
    await upgrade(old)
    stopped_at = None if version == "0001" else JOINED
    assert await old.read(People().get, "U0ANN") == Person(
        "T0TEAM",
        "U0ANN",
        "Europe/Stockholm",
        JOINED,
        "SE",
        "said",
        "sv",
        direct_messages=True,
        paused_until=date(2027, 3, 17),
        stopped_at=stopped_at,
    )
    [row] = await old.read(Outbox("me", LEASE).entries, CAMPAIGN)
    shown = None if version == "0001" else 15
    assert (row.id, row.slot, row.state, row.ts, row.shown) == ("row", line(), State.SENT, "1.000100", shown)


async def test_what_any_version_sent_is_not_sent_again(old: Database) -> None:
    await upgrade(old)
    outbox = Outbox("me", LEASE)
    assert [row.id for row in await planned(old, outbox, line())] == ["row"]
    assert await old.write(outbox.claim, line().due_at, 5) == []


WITH_FIGURES = pytest.mark.parametrize("version", ["0002", "0003", "0004", "0005"], indirect=True)


@WITH_FIGURES
async def test_what_held_hidden_figures_is_gone(old: Database) -> None:
    await upgrade(old)
    with old.transaction() as connection:
        row = (connection.execute(text("SELECT * FROM snapshots"))).mappings().one()
    assert set(row) == {"campaign", "taken_at", "definition", "standings"}
    assert "777" not in str(dict(row))


@WITH_FIGURES
async def test_what_was_published_is_read_by_the_newest(old: Database) -> None:
    await upgrade(old)
    found = await old.read(Snapshots().newest, CAMPAIGN)
    assert found is not None
    standings = Standings.model_validate_json(found.standings)
    assert [(each.place, each.participants) for each in standings.rows()] == [
        *(("all", 60), ("SE", 34), ("NO", None), ("ZZ", None)),
    ]


@WITH_FIGURES
async def test_upgraded_campaign_gets_its_own_lasting_secret(old: Database) -> None:
    await upgrade(old)
    secret = await old.write(Snapshots().secret, CAMPAIGN, DAY)
    assert len(secret) == 32
    assert (
        await old.write(Snapshots().secret, CAMPAIGN, DAY)
        == secret
        != await old.write(Snapshots().secret, "next-year", DAY)
    )


@pytest.mark.parametrize("version", ["0002", "0003", "0004"], indirect=True)
async def test_what_people_did_is_read_by_the_newest(old: Database) -> None:
    await upgrade(old)
    store = Store(old, "me", LEASE)
    bike = Pledged(
        CAMPAIGN, "U0ANN", "bike", "SE", JOINED, FACTOR, plan="Till jobbet", remind_at=time(9, 30), any_hour=True
    )
    assert await store.read(store.pledges.of, CAMPAIGN, "U0ANN") == [Pledged(**{**vars(bike), "remind_on": (DAY,)})]
    done = Outcome(CAMPAIGN, "U0ANN", "bike", "2027-03-15", "SE", JOINED, Answer.DONE, FACTOR)
    assert await store.read(store.pledges.outcomes, CAMPAIGN, "U0ANN") == [done]
    asked = Idea("1dea", CAMPAIGN, "U0ANN", "SE", "sv", "Fler tåg!", named=True, at=JOINED, changed_at=JOINED)
    said = {"state": IdeaState.ASKED, "round": 1, "question": "Where?"}
    assert await store.read(store.ideas.get, "1dea") == Idea(**{**vars(asked), **said})
    assert not await store.write(store.seen_events.is_first, "Ev1", JOINED)


@pytest.mark.parametrize("version", ["0009"], indirect=True)
async def test_approved_idea_keeps_the_time_of_approval(old: Database) -> None:
    await upgrade(old)
    store = Store(old, "me", LEASE)
    found = await store.read(store.ideas.get, "1dea")
    assert found is not None
    assert found.approved_at == JOINED


GUESSABLE = "0123456789abcdef0123456789abcdef"


def letters(connection: Connection) -> None:
    """Messages for persons in a database of the fourth version: sent, waiting and without a clear answer."""
    metadata_then = MetaData()
    metadata_then.reflect(connection)
    then = metadata_then.tables["outbox"]
    [row] = connection.execute(then.select()).mappings()
    sent = {"remark": GUESSABLE, "joined": "check", "idea_review": "1dea-0", "idea_post": "1dea", "reminder": "bike"}
    for audience, post in sent.items():
        more = {"audience": audience, "post": post, "recipient": "U0REP", "id": f"{audience}-{post}"[:32]}
        connection.execute(then.insert(), {**row, **more})
    for state in ("sending", "unconfirmed", "due"):
        more = {"audience": "joined", "post": state, "recipient": "U0ANN", "id": f"in {state}", "state": state}
        connection.execute(then.insert(), {**row, **more})
    connection.execute(metadata_then.tables["remarks"].update().values(id=GUESSABLE))
    connection.commit()


@pytest.mark.parametrize("version", ["0007"], indirect=True)
async def test_renamed_tables_keep_what_they_hold(old: Database) -> None:
    before = {name: list(row.values()) for name, row in EIGHTH.items()}
    before["outbox"].append(None)  # The hash of its words, which nobody knows any more.
    # When it was approved, which it has not been, and what its author agreed to, whom nobody has asked.
    before["ideas"] += [None, None, None]
    await upgrade(old)
    with old.transaction() as connection:
        found = {name: (connection.execute(metadata.tables[name].select())).all() for name in EIGHTH}
    assert {name: sorted(map(str, row)) for name, [row] in found.items()} == {
        name: sorted(map(str, values)) for name, values in before.items()
    }


@pytest.mark.parametrize("version", ["0004"], indirect=True)
async def test_ids_that_could_be_guessed_are_drawn_anew(old: Database) -> None:
    with old.transaction() as connection:
        letters(connection)
    await upgrade(old)
    [remark] = await old.read(Store(old, "me", LEASE).ideas.remarks_of, CAMPAIGN)
    rows = {(row.slot.audience, row.slot.post): row.id for row in await old.read(Outbox("me", LEASE).entries, CAMPAIGN)}
    kept = {
        key: rows.pop(key)
        for key in list(rows)
        if rows[key] in {"row", "idea_post-1dea", "in sending", "in unconfirmed"}
    }
    assert {key[1] for key in kept} == {"tip", "1dea", "sending", "unconfirmed"}, "Slack is asked for these"
    assert set(rows) == {
        ("remark", remark.id), ("joined", "check"), ("idea_review", "1dea-0"), ("reminder", "bike"), ("joined", "due"),
    }  # fmt: skip
    for name in (remark.id, *rows.values()):
        assert re.fullmatch(r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", name), "drawn at random"
    assert len({remark.id, *rows.values()}) == 6


@pytest.fixture
async def new(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """Another database of the same kind, without tables."""
    server: Server | None = None if url.startswith("sqlite") else request.getfixturevalue("server")
    database = open_database(server.empty() if server else f"sqlite:///{tmp_path / 'new.db'}")
    yield database
    await database.close()


async def test_new_and_upgraded_databases_have_the_same_shape(old: Database, new: Database) -> None:
    for each in (old, new):
        await upgrade(each)
    assert await shape(new) == await shape(old)


def _primary_key(seen: Inspector, table: str) -> object:
    key = seen.get_pk_constraint(table)
    # SQLite cannot rename a constraint, and the key of a renamed table keeps its first name.
    return key["constrained_columns"] if seen.dialect.name == "sqlite" else key


async def shape(database: Database) -> dict[str, object]:
    def look(connection: Connection) -> dict[str, object]:
        seen = inspect(connection)
        return {
            name: (
                {column["name"]: (str(column["type"]), column["nullable"]) for column in seen.get_columns(name)},
                sorted((index["name"] or "", index["column_names"]) for index in seen.get_indexes(name)),
                _primary_key(seen, name),
                sorted(each["name"] or "" for each in seen.get_unique_constraints(name)),
            )
            for name in seen.get_table_names()
        }

    with database.transaction() as connection:
        return look(connection)


@pytest.mark.parametrize("version", ["0009", "0012"], indirect=True)
async def test_stand_in_of_before_is_kept_and_unannounced(old: Database) -> None:
    await upgrade(old)
    kept = await old.read(Organisers().stand_ins, CAMPAIGN)
    assert [(each.country, each.user, each.until) for each in kept] == [("SE", "U0BO", DAY)]
    assert await old.read(Organisers().stand_in_changes, CAMPAIGN) == []


async def test_simultaneous_starts_upgrade_the_database_once(old: Database, url: str) -> None:
    assert together("upgrader.py", *[(url,)] * 4) == ["done\n"] * 4
    assert await differences(old) == []
    assert await old.read(People().get, "U0ANN") is not None


def test_newest_version_is_unique_and_releases_are_tested() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    [newest] = scripts.get_heads()
    assert [*RELEASED, newest] == sorted(each.revision for each in scripts.walk_revisions())

"""The migrations on a database of each released version, with something in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, time
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, MetaData, inspect, text
from sqlalchemy.engine import make_url

from bot.database.database import Database
from bot.database.urls import open_database
from bot.standings.published_figures import Standings
from bot.store.ideas import Idea, IdeaState
from bot.store.organiser_acts import Organisers
from bot.store.outbox import Outbox, State
from bot.store.people import People, Person
from bot.store.pledges import Answer, Outcome, Pledged
from bot.store.schema import upgrade
from bot.store.snapshots import Snapshots
from bot.store.store import Store
from bot.store.tables import metadata

from .lines import CAMPAIGN, LEASE, line, planned
from .old_versions import DAY, EIGHTH, FACTOR, JOINED, MIGRATIONS, RELEASED, Templates, make_old, make_upgraded
from .together import together


@pytest.fixture
def kind(url: str) -> str:
    return make_url(url).get_backend_name()


@pytest.fixture(params=RELEASED)
def version(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def templates(request: pytest.FixtureRequest) -> Templates:
    return Templates(request)


@pytest.fixture
def old_url(templates: Templates, kind: str, version: str, tmp_path: Path) -> str:
    return templates.copy(kind, f"old-{version}", partial(make_old, version), tmp_path / "old.db")


@pytest.fixture
async def old(old_url: str) -> AsyncIterator[Database]:
    """A database of a released version, in use."""
    database = open_database(old_url)
    yield database
    await database.close()


@pytest.fixture
async def upgraded(templates: Templates, kind: str, version: str, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of a released version that was brought up to date."""
    made = partial(make_upgraded, version)
    database = open_database(templates.copy(kind, f"upgraded-{version}", made, tmp_path / "old.db"))
    yield database
    await database.close()


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


async def test_upgraded_database_has_the_tables_of_the_code(upgraded: Database) -> None:
    assert await differences(upgraded) == []


async def test_rows_of_every_version_are_read_after_upgrade(upgraded: Database, version: str) -> None:
    stopped_at = None if version == "0001" else JOINED
    assert await upgraded.read(People().get, "U0ANN") == Person(
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
    [row] = await upgraded.read(Outbox("me", LEASE).entries, CAMPAIGN)
    shown = None if version == "0001" else 15
    assert (row.id, row.slot, row.state, row.ts, row.shown) == ("row", line(), State.SENT, "1.000100", shown)


async def test_what_any_version_sent_is_not_sent_again(upgraded: Database) -> None:
    outbox = Outbox("me", LEASE)
    assert [row.id for row in await planned(upgraded, outbox, line())] == ["row"]
    assert await upgraded.write(outbox.claim, line().due_at, 5) == []


WITH_FIGURES = pytest.mark.parametrize("version", ["0002", "0003", "0004", "0005"], indirect=True)


@WITH_FIGURES
async def test_what_held_hidden_figures_is_gone(upgraded: Database) -> None:
    with upgraded.transaction() as connection:
        row = (connection.execute(text("SELECT * FROM snapshots"))).mappings().one()
    assert set(row) == {"campaign", "taken_at", "definition", "standings"}
    assert "777" not in str(dict(row))


@WITH_FIGURES
async def test_what_was_published_is_read_by_the_newest(upgraded: Database) -> None:
    found = await upgraded.read(Snapshots().newest, CAMPAIGN)
    assert found is not None
    standings = Standings.model_validate_json(found.standings)
    assert [(each.place, each.participants) for each in standings.rows()] == [
        *(("all", 60), ("SE", 34), ("NO", None), ("ZZ", None)),
    ]


@WITH_FIGURES
async def test_upgraded_campaign_gets_its_own_lasting_secret(upgraded: Database) -> None:
    secret = await upgraded.write(Snapshots().secret, CAMPAIGN, DAY)
    assert len(secret) == 32
    assert (
        await upgraded.write(Snapshots().secret, CAMPAIGN, DAY)
        == secret
        != await upgraded.write(Snapshots().secret, "next-year", DAY)
    )


@pytest.mark.parametrize("version", ["0002", "0003", "0004"], indirect=True)
async def test_what_people_did_is_read_by_the_newest(upgraded: Database) -> None:
    store = Store(upgraded, "me", LEASE)
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
async def test_approved_idea_keeps_the_time_of_approval(upgraded: Database) -> None:
    store = Store(upgraded, "me", LEASE)
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
async def test_renamed_tables_keep_what_they_hold(upgraded: Database) -> None:
    before = {name: list(row.values()) for name, row in EIGHTH.items()}
    before["outbox"].append(None)  # The hash of its words, which nobody knows any more.
    # When it was approved, which it has not been, and what its author agreed to, whom nobody has asked.
    before["ideas"] += [None, None, None]
    with upgraded.transaction() as connection:
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


async def test_new_and_upgraded_databases_have_the_same_shape(upgraded: Database, database: Database) -> None:
    assert await shape(database) == await shape(upgraded)


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
async def test_stand_in_of_before_is_kept_and_unannounced(upgraded: Database) -> None:
    kept = await upgraded.read(Organisers().stand_ins, CAMPAIGN)
    assert [(each.country, each.user, each.until) for each in kept] == [("SE", "U0BO", DAY)]
    assert await upgraded.read(Organisers().stand_in_changes, CAMPAIGN) == []


# What happens at once does not hang on the version, and four processes take long to start.
@pytest.mark.parametrize("version", [min(RELEASED), max(RELEASED)], indirect=True)
async def test_simultaneous_starts_upgrade_the_database_once(old: Database, old_url: str) -> None:
    assert together("upgrader.py", *[(old_url,)] * 4) == ["done\n"] * 4
    assert await differences(old) == []
    assert await old.read(People().get, "U0ANN") is not None


def test_newest_version_is_unique_and_releases_are_tested() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    [newest] = scripts.get_heads()
    assert [*RELEASED, newest] == sorted(each.revision for each in scripts.walk_revisions())

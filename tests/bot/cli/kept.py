"""A database in the folder where a command is typed, in which two people took part in two campaigns."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from bot.database.urls import open_database
from bot.store.actions import Action, ActionKind
from bot.store.people import Person
from bot.store.schema import upgrade
from bot.store.store import Store

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
CAMPAIGN = "earth-week-2027"
URL = "sqlite:///earthweek.db"


def keep() -> None:
    """Store that Ann took part in this campaign and Bo in another one."""

    async def both() -> None:
        database = open_database(URL)
        await upgrade(database)
        store = Store(database, "test", timedelta(seconds=30))
        for user, campaign in (("U0ANN", CAMPAIGN), ("U0BO", "another")):
            await store.write(store.people.keep, [Person("T0", user, "Europe/Oslo", NOW, "NO")])
            await store.write(store.actions.record, Action(campaign, user, ActionKind.JOINED, "", "NO", NOW))
        await database.close()

    asyncio.run(both())


def known(url: str = URL) -> set[str]:
    """Whoever of the two is in a database."""

    async def users() -> set[str]:
        database = open_database(url)
        found = await database.read(Store(database, "test", timedelta(seconds=30)).people.among, ["U0ANN", "U0BO"])
        await database.close()
        return set(found)

    return asyncio.run(users())


def make_version(revision: str) -> None:
    """Let the database be of another version of the bot."""
    with closing(sqlite3.connect("earthweek.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()

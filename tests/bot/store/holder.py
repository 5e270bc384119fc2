"""A process that lets messages leave until none is free, or that pauses them in the middle; it prints how many left."""

from __future__ import annotations

import asyncio
import sys

from sqlalchemy import Connection, func, select

from bot.database.database import Database
from bot.database.urls import open_database
from bot.store.organiser_acts import Actor
from bot.store.store import Store
from bot.store.tables import outbox
from tests.bot.store.lines import CAMPAIGN, DUE, LEASE

ENOUGH = 20
"""Messages that leave before the pause, so that it falls among others that are leaving."""


def left(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(outbox.c.channel.is_not(None))) or 0


async def send(store: Store) -> int:
    count = 0
    while entries := await store.write(store.outbox.claim, DUE, 3):
        for entry in entries:
            if await store.write(store.leave, entry, "C0", None, DUE):
                count += 1
                await store.write(store.outbox.mark_sent, entry.id, "C0", f"{count}.0", DUE)
    return count


async def pause(store: Store) -> int:
    while await store.read(left) < ENOUGH:
        pass
    await store.write(store.pauses.pause, Actor(CAMPAIGN, "U0BOSS", DUE))
    return await store.read(left)


async def main(url: str, role: str) -> int:
    database: Database = open_database(url)
    store = Store(database, role, LEASE)
    sys.stdin.readline()  # Until everybody is ready.
    count = await (pause(store) if role == "pause" else send(store))
    await database.close()
    return count


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 - the test reads it
    print(asyncio.run(main(sys.argv[1], sys.argv[2])))  # noqa: T201

"""A process that brings a database up to date, and prints whether it could."""

from __future__ import annotations

import asyncio
import sys

from bot.database.urls import open_database
from bot.store.schema import upgrade


async def bring_up_to_date(url: str) -> str:
    database = open_database(url)
    sys.stdin.readline()  # Until everybody is ready.
    await upgrade(database)
    await database.close()
    return "done"


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 - the test reads it
    print(asyncio.run(bring_up_to_date(sys.argv[1])))  # noqa: T201

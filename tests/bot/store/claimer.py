"""A process that claims until there is nothing left, and prints what it got."""

from __future__ import annotations

import asyncio
import json
import sys

from bot.database.urls import open_database
from bot.store.outbox import Outbox
from tests.bot.store.lines import DUE, LEASE


async def claim_everything(url: str, owner: str) -> list[str]:
    database = open_database(url)
    outbox = Outbox(owner, LEASE)
    got: list[str] = []
    sys.stdin.readline()  # Until everybody is ready.
    while rows := await database.write(outbox.claim, DUE, 3):
        got += [row.id for row in rows]
        for row in rows:
            await database.write(outbox.mark_sent, row.id, "C0", f"{len(got)}.{owner}", DUE)
    await database.close()
    return got


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 - the test reads it
    print(json.dumps(asyncio.run(claim_everything(sys.argv[1], sys.argv[2]))))  # noqa: T201

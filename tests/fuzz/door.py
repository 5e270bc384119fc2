"""Spoilt requests through the whole bot: from the bytes of the request to the database, signature included.

A case is bad if anything is raised or logged as an error, if the answer is 500 or more, if Slack would refuse what the
bot shows, if the bot follows an address that is none of Slack's, or if a request that must be refused stores a row.
Where a spoilt request may still be a good one, the rows that it leaves must be such as the bot writes, and be about
those whom the requests named.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from slack_bolt.response import BoltResponse

from bot.campaign.model import ANOTHER_COUNTRY
from bot.store.tables import metadata
from rehearsal.slack.block_validation import view_problems

from .findings import Findings
from .knocks import KINDS, Knock
from .world import BYSTANDER, IDEA, MOMENTS, Rows, World, create, noting

AT_ONCE = 25
"""Requests after which the database is looked at; where it is wrong, they are sent anew one by one."""

_USER = re.compile(r"[A-Za-z0-9]{1,32}")
_SERVER_ERROR = 500
_TAKEN = 200

Named = tuple[str, Knock]


def run(seed: str, cases: int) -> Findings:
    """So many requests; the same ones for the same seed."""
    return asyncio.run(_run(Random(seed), cases))  # noqa: S311 - the same seed makes the same cases


async def _run(random: Random, cases: int) -> Findings:
    found = Findings()
    async with create() as world:
        with noting(world.logs):
            await knock(world, random, cases, found)
    return found


async def knock(world: World, random: Random, cases: int, found: Findings) -> None:
    """Send so many requests, a batch of one sort after the other."""
    done = 0
    while done < cases:
        world.watch.at = random.choice(MOMENTS)
        batch = _batch(world, random, min(AT_ONCE, cases - done))
        done += len(batch)
        for name, each in batch:
            await _send(world, name, each, found)
        await _look(world, batch, found)


def _batch(world: World, random: Random, size: int) -> list[Named]:
    """Requests of one kind, so that all of them or none must be refused."""
    name = random.choice(list(KINDS))
    return [(name, KINDS[name](world.campaign, random)) for _ in range(size)]


async def _send(world: World, name: str, case: Knock, found: Findings) -> None:
    try:
        answer = await world.knock(case.raw, case.headers)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
        found.note(name, "broke off")
        found.blame(f"{name}: raised {error!r}", case)
        return
    found.note(name, str(answer.status))
    for what in _faults(world, case, answer):
        found.blame(f"{name}: {what}", case)
    world.logs.clear()
    world.slack.refused.clear()


def _faults(world: World, case: Knock, answer: BoltResponse) -> Iterator[str]:
    if answer.status >= _SERVER_ERROR or (case.turned_away and answer.status == _TAKEN):
        yield f"answered {answer.status}"
    if answer.body.startswith("{") and "view" in (said := json.loads(answer.body)):
        yield from (f"Slack would refuse: {line}" for line in view_problems(said["view"], "modal"))
    yield from (f"logged {line[-1500:]}" for line in world.logs)
    yield from (f"Slack would refuse: {line}" for line in world.slack.refused)


async def _look(world: World, batch: Sequence[Named], found: Findings) -> None:
    rows = await world.rows()
    if rows == world.before:
        return
    if batch[0][1].refused:
        await _find(world, batch, found)
    else:
        for what in _unsound(world, rows):
            found.blame(f"{batch[0][0]}: {what}", [case.raw for _, case in batch])
    await world.restore()


async def _find(world: World, batch: Sequence[Named], found: Findings) -> None:
    """Which of them stored something."""
    for name, case in batch:
        await world.restore()
        await world.knock(case.raw, case.headers)
        rows = await world.rows()
        if rows != world.before:
            found.blame(f"{name}: stored {_changed(world.before, rows)}", case)


def _changed(before: Rows, after: Rows) -> list[Any]:
    return [row for table in after for row in after[table] if row not in before[table]] or ["less than before"]


def _unsound(world: World, rows: Rows) -> Iterator[str]:
    """Rows as the bot would never write them, and changes in what is about somebody who did nothing."""
    for table in metadata.sorted_tables:
        names = [column.name for column in table.c]
        made = [dict(zip(names, row, strict=True)) for row in rows[table.name]]
        before = [dict(zip(names, row, strict=True)) for row in world.before[table.name]]
        yield from (f"{table.name}: {what}" for row in made for what in _odd(world, row))
        yield from (f"{table.name}: not signed for: {row}" for row in _of_bystander(before) if row not in made)
        yield from (f"{table.name}: not signed for: {row}" for row in _of_bystander(made) if row not in before)


def _of_bystander(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Their own rows; their idea is the representatives' to decide, who are among those who act."""
    return [row for row in rows if row.get("user") == BYSTANDER and row.get("id") != IDEA]


def _odd(world: World, row: Mapping[str, Any]) -> Iterator[str]:
    countries = {None, ANOTHER_COUNTRY, *(country.code for country in world.campaign.countries)}
    pledges = {None, *(pledge.id for pledge in world.campaign.pledges)}
    if "user" in row and not _USER.fullmatch(row["user"]):
        yield f"user {row['user']!r}"
    if row.get("country") not in countries:
        yield f"country {row['country']!r}"
    if row.get("language") not in {None, *world.campaign.languages}:
        yield f"language {row['language']!r}"
    if row.get("pledge") not in pledges:
        yield f"pledge {row['pledge']!r}"
    for name, value in row.items():
        if isinstance(value, str) and (len(value) > _longest(name) or "\0" in value):
            yield f"{name} {value[:99]!r}"


def _longest(column: str) -> int:
    return {"text": 1000, "plan": 200}.get(column, 500)

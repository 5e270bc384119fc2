"""Who wrote a nameless remark or idea, looked for by somebody who knows everything but that.

The attacker knows the source, every user, pledge, post and day, and sees all that a representative's tokens can read.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import uuid
from collections.abc import Iterator
from typing import Any

from bot.store import outbox as outbox_source
from bot.store.ideas import Remark
from bot.store.tables import metadata
from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import FRIDAY, MONDAY_AFTER, REPRESENTATIVE, SV, VISITED, member, moment, said
from tests.simulation import Simulation, person

_ID = re.compile(r"[0-9a-f]{32}")
USERS = [f"U0COLLEAGUE{number}" for number in range(8)]
AUTHOR = USERS[5]
PLEDGES = ["bike", "dryer", "laptop", "candle"]


async def told(run_bot: RunBot) -> tuple[Simulation, list[Remark]]:
    """A remark and an idea without a name before the representative."""
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await member(week, AUTHOR, messages=True)
    await ann.pledges("bike")
    await week.run_until(moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_not")
    await ann.fills(obstacle="time", line="A shed and a shower")
    await ann.types("idea")
    await ann.fills(text="Less paper")
    await week.run_until(moment(MONDAY_AFTER, 12))
    return week, await week.bot.store.read(week.bot.store.ideas.remarks_of, week.campaign.id)


def seen(week: Simulation) -> str:
    """Everything in the representative's direct messages, with metadata and buttons."""
    return repr([(each.text, each.blocks, each.metadata, each.ts) for each in week.messages(REPRESENTATIVE)])


def guesses(week: Simulation, user: str) -> Iterator[str]:
    """IDs that could be made of what the attacker knows, if this user were the author."""
    campaign = week.campaign.id
    posts = [post.post for post in week.campaign.posts]
    for pledge, post in itertools.product(PLEDGES, posts):
        whole = f"{campaign} {user} {pledge} {post}"
        yield from derived(week, whole)
        yield from derived(week, hashlib.sha256(whole.encode()).hexdigest()[:32])
    yield from derived(week, user)


def derived(week: Simulation, name: str) -> Iterator[str]:
    yield hashlib.sha256(name.encode()).hexdigest()[:32]
    yield hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    for audience in ("remark", "idea_review"):
        for day in (FRIDAY, MONDAY_AFTER):
            key = f"{week.campaign.id}:{name}:{audience}:{REPRESENTATIVE}:{day}"
            yield uuid.uuid5(outbox_source._IDS, key).hex


async def test_messages_to_representatives_reveal_no_colleague(run_bot: RunBot) -> None:
    week, [remark] = await told(run_bot)
    shown = seen(week)
    assert "A shed and a shower" in shown
    assert "Less paper" in shown
    assert not any(user in shown for user in USERS)
    ids = set(_ID.findall(shown))
    assert len(ids) >= 3, "messages carry IDs"
    for user in USERS:
        assert ids.isdisjoint(guesses(week, user))
    for row in await week.rows():
        if row.slot.recipient == REPRESENTATIVE and row.slot.post == remark.id:
            key = row.slot.key
            assert row.id != uuid.uuid5(outbox_source._IDS, key).hex, "whoever knows the key does not know the ID"


async def test_nothing_names_the_author_once_forgotten(run_bot: RunBot) -> None:
    week, [remark] = await told(run_bot)
    [idea] = await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)
    assert await week.bot.store.privacy.forget(AUTHOR)
    kept = repr([await rows(week, name) for name in metadata.tables])
    for name in (AUTHOR, remark.id, idea.id, "Less paper", "A shed"):
        assert name not in kept
    assert SV("remark.nameless") in seen(week), "what was sent stays in Slack"


async def rows(week: Simulation, table: str) -> list[Any]:
    with week.bot.store.database.transaction() as connection:
        return list((connection.execute(metadata.tables[table].select())).mappings())


async def test_remarks_arrive_next_morning_in_unrevealing_order(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, [person(user) for user in USERS], start=moment(FRIDAY, 10))
    store = week.bot.store
    for number, user in enumerate(USERS):
        at = moment(FRIDAY, 10, number)
        await store.write(
            store.ideas.remark,
            Remark(
                f"{7 * number % 8:032x}",
                week.campaign.id,
                user,
                "bike",
                "how",
                "SE",
                at,
                None,
                f"remark number {number}",
            ),
        )
        await week.run_until(at)
    await week.run_until(moment(MONDAY_AFTER, 7))
    assert "remark number" not in seen(week), "none comes while it is known who is just here"
    await week.run_until(moment(MONDAY_AFTER, 9))
    came = [int(number) for number in re.findall(r"remark number (\d)", seen(week))]
    assert list(dict.fromkeys(came)) != sorted(came), "and not in the order in which they were written"
    assert set(came) == set(range(len(USERS)))

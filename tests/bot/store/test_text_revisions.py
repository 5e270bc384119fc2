"""Words that organisers have written: one revision in force, whoever writes at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import update

from bot.campaign.organiser_decisions import Ending
from bot.campaign.text_hash import text_hash
from bot.database.database import Database
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from bot.store.store import Store
from bot.store.tables import outbox
from bot.store.text_revisions import OvertakenError

from .decided import FILE, NEW, NOW, edit
from .lines import CAMPAIGN, LEASE, line, planned

ANN, BO = Actor(CAMPAIGN, "U0ANN", NOW), Actor(CAMPAIGN, "U0BO", NOW + timedelta(minutes=1))
KEY = ("tip", "sv")
OTHER = NEW.model_copy(update={"title": "Another title"})


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


async def test_new_words_are_in_force_as_written(store: Store) -> None:
    made = await store.write(store.revisions.revise, ANN, edit())
    assert (made.text, made.by, made.at, made.base) == (NEW, "U0ANN", NOW, text_hash(FILE))
    assert await store.read(store.revisions.in_force, CAMPAIGN) == {KEY: made}
    assert await store.read(store.revisions.in_force, "another") == {}


async def test_who_saw_older_words_is_told_what_holds(store: Store) -> None:
    first = await store.write(store.revisions.revise, ANN, edit())
    with pytest.raises(OvertakenError) as told:
        await store.write(store.revisions.revise, BO, edit(OTHER))
    assert told.value.current == first
    second = await store.write(store.revisions.revise, BO, edit(OTHER, seen=first.id))
    assert await store.read(store.revisions.in_force, CAMPAIGN) == {KEY: second}
    assert await store.read(store.revisions.get, first.id) == first, "nothing is lost"


async def test_words_that_fell_back_to_the_file_are_told(store: Store) -> None:
    first = await store.write(store.revisions.revise, ANN, edit())
    assert await store.write(store.revisions.discard, BO, first.id)
    with pytest.raises(OvertakenError) as told:
        await store.write(store.revisions.revise, BO, edit(OTHER, seen=first.id))
    assert told.value.current is None


async def test_of_two_at_once_one_is_in_force(store: Store) -> None:
    both = [store.write(store.revisions.revise, who, edit(text)) for who, text in ((ANN, NEW), (BO, OTHER))]
    made = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(each, OvertakenError) for each in made) == 1
    assert len(await store.read(store.revisions.in_force, CAMPAIGN)) == 1


async def test_a_form_delivered_twice_is_one_revision(store: Store) -> None:
    made = [await store.write(store.revisions.revise, ANN, edit()) for _ in range(2)]
    assert made[0] == made[1]
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 5)) == 1


async def test_a_revision_ends_once_and_for_good(store: Store) -> None:
    made = await store.write(store.revisions.revise, ANN, edit())
    ended = [await store.write(store.revisions.end, made.id, Ending.SUPERSEDED, NOW) for _ in range(2)]
    assert ended == [True, False]
    assert await store.read(store.revisions.in_force, CAMPAIGN) == {}
    assert [each.revision for each in await store.read(store.revisions.superseded, CAMPAIGN)] == [made]
    assert not await store.write(store.revisions.discard, ANN, made.id)


async def test_languages_and_posts_have_their_own_words(store: Store) -> None:
    for words in (edit(), edit(language="nb"), edit(post="notice")):
        await store.write(store.revisions.revise, ANN, words)
    assert set(await store.read(store.revisions.in_force, CAMPAIGN)) == {KEY, ("tip", "nb"), ("notice", "sv")}


async def test_a_post_of_ones_own_is_there_until_withdrawn(store: Store) -> None:
    made = await store.write(store.revisions.add_post, ANN, "NO", date(2027, 3, 17), time(9, 30), {"nb": NEW})
    assert made.id.startswith("own-")
    assert await store.read(store.revisions.own_posts, CAMPAIGN) == (made,)
    words = await store.read(store.revisions.in_force, CAMPAIGN)
    assert {key: (each.text, each.base) for key, each in words.items()} == {(made.id, "nb"): (NEW, "")}
    assert [await store.write(store.revisions.withdraw_post, BO, made.id) for _ in range(2)] == [True, False]
    assert await store.read(store.revisions.own_posts, CAMPAIGN) == ()


async def test_one_own_post_at_a_time_in_a_country(store: Store) -> None:
    when = (date(2027, 3, 17), time(9, 30))
    made = [await store.write(store.revisions.add_post, who, "NO", *when, {"nb": NEW}) for who in (ANN, BO)]
    assert made[0] == made[1]
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 5)) == 1
    for country, at in (("SE", when[1]), ("NO", time(9, 31))):
        await store.write(store.revisions.add_post, BO, country, when[0], at, {"nb": NEW})
    assert len(await store.read(store.revisions.own_posts, CAMPAIGN)) == 3


@pytest.mark.parametrize(
    ("state", "channel", "goes"),
    [
        (State.DUE, None, True),
        (State.SENDING, None, True),
        (State.SKIPPED, "C1", True),
        (State.SENDING, "C1", False),
        (State.SENT, "C1", False),
        (State.UNCONFIRMED, "C1", False),
    ],
)
async def test_own_post_that_may_have_left_stays(
    store: Store, state: State, channel: str | None, *, goes: bool
) -> None:
    made = await store.write(store.revisions.add_post, ANN, "NO", date(2027, 3, 17), time(9, 30), {"nb": NEW})
    await planned(store.database, store.outbox, line(made.id, "NO", country="NO"))
    with store.database.transaction() as connection:
        connection.execute(update(outbox).values(state=state, channel=channel))
    assert await store.write(store.revisions.withdraw_post, BO, made.id) is goes
    assert bool(await store.read(store.revisions.own_posts, CAMPAIGN)) is not goes


async def test_words_that_left_are_kept_by_hash(store: Store) -> None:
    for text in (NEW, FILE, NEW):
        await store.write(store.revisions.keep_sent, CAMPAIGN, text)
    assert await store.read(store.revisions.sent, CAMPAIGN) == {text_hash(NEW): NEW, text_hash(FILE): FILE}
    assert await store.read(store.revisions.sent, "another") == {}


async def test_revision_of_somebody_forgotten_stays_nameless(store: Store) -> None:
    made = await store.write(store.revisions.revise, ANN, edit())
    await store.privacy.forget("U0ANN")
    assert await store.read(store.revisions.in_force, CAMPAIGN) == {KEY: replace(made, by=None)}
    [act] = await store.read(store.organisers.acts, CAMPAIGN, 5)
    assert (act.user, act.subject) == (None, "tip")

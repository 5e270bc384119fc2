"""Corrections: one row for a message and its new words, however often they are asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.text_hash import text_hash
from bot.database.database import Database
from bot.store.corrections import CORRECTION, correction_name
from bot.store.hold_conditions import Leaving
from bot.store.organiser_acts import Act, Actor
from bot.store.outbox import Entry, State
from bot.store.store import Store

from .decided import FILE, NEW
from .lines import CAMPAIGN, DUE, LEASE, line, planned

NOW = DUE + timedelta(hours=1)
ANN = Actor(CAMPAIGN, "U0SEA", NOW)
SWEDEN, NORWAY = line(), line(recipient="NO", country="NO", language="nb")
PERSON = line(recipient="U0ANN", audience="joined")


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


@pytest.fixture
async def sent(store: Store) -> dict[str, Entry]:
    """A post that is in two channels and was sent to a person, with the words of its files."""
    await planned(store.database, store.outbox, SWEDEN, NORWAY, PERSON, line("later"))
    rows = {row.slot.key: row for row in await store.write(store.outbox.claim, DUE, 9)}
    for number, slot in enumerate((SWEDEN, NORWAY, PERSON), 1):
        row = rows[slot.key]
        assert await store.write(store.leave, row, f"C{number}", Leaving("tip", FILE), DUE)
        await store.write(store.arrived, row, f"C{number}", f"{number}.0", DUE)
    return rows


async def corrections(store: Store) -> list[Entry]:
    rows = await store.read(store.outbox.entries, CAMPAIGN)
    return [row for row in rows if row.slot.audience == CORRECTION]


async def make(store: Store, ts: str) -> None:
    """Make the correction that is due, as the dispatcher does."""
    [row] = await store.write(store.outbox.claim, NOW, 9)
    assert await store.write(store.leave, row, "C1", Leaving("tip", NEW), NOW)
    await store.write(store.arrived, row, "C1", ts, NOW)


async def test_only_channel_messages_with_other_words_are_corrected(store: Store, sent: dict[str, Entry]) -> None:
    assert await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW, "nb": FILE}) == 1
    [row] = await corrections(store)
    assert (row.slot.recipient, row.slot.country, row.slot.due_at) == (sent[SWEDEN.key].id, "SE", NOW)
    assert row.slot.post == correction_name("tip", text_hash(NEW))
    [act] = await store.read(store.organisers.acts, CAMPAIGN, 9)
    assert (act.act, act.subject) == (Act.CORRECTED, "tip")


@pytest.mark.usefixtures("sent")
async def test_asking_twice_is_one_correction(store: Store) -> None:
    for at in (NOW, NOW + timedelta(days=1)):
        await store.write(store.corrections.correct, replace(ANN, at=at), "tip", {"sv": NEW})
    assert len(await corrections(store)) == 1
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 9)) == 1


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize(("country", "languages"), [("NO", {"nb"}), (None, {"sv", "nb"})])
async def test_a_country_corrects_its_own_messages(store: Store, country: str | None, languages: set[str]) -> None:
    await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW, "nb": NEW}, country)
    assert {row.slot.language for row in await corrections(store)} == languages


async def test_corrected_message_shows_the_new_words(store: Store, sent: dict[str, Entry]) -> None:
    await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW})
    await make(store, "1.0")
    row = await store.read(store.outbox.entry, sent[SWEDEN.key].id)
    assert row is not None
    assert (row.text_hash, row.state, row.ts) == (text_hash(NEW), State.SENT, "1.0")
    assert await store.read(store.corrections.times, CAMPAIGN) == {row.id: NOW}
    assert await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW}) == 0


async def test_words_can_be_corrected_back_and_forth(store: Store, sent: dict[str, Entry]) -> None:
    for words in (NEW, FILE, NEW):
        await store.write(store.corrections.correct, ANN, "tip", {"sv": words})
        [row] = await store.write(store.outbox.claim, NOW, 9)
        assert await store.write(store.leave, row, "C1", Leaving("tip", words), NOW)
        await store.write(store.arrived, row, "C1", "1.0", NOW)
        shown = await store.read(store.outbox.entry, sent[SWEDEN.key].id)
        assert shown is not None
        assert shown.text_hash == text_hash(words)
    assert len(await corrections(store)) == 2


@pytest.mark.usefixtures("sent")
async def test_a_reply_is_said_once_and_changes_no_message(store: Store) -> None:
    await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW})
    await make(store, "9.0")
    assert await store.read(store.corrections.times, CAMPAIGN) == {}
    await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW})
    assert await store.write(store.outbox.claim, NOW, 9) == []


@pytest.mark.usefixtures("sent")
async def test_a_pause_keeps_no_correction(store: Store) -> None:
    await store.write(store.pauses.pause, ANN)
    await store.write(store.corrections.correct, ANN, "tip", {"sv": NEW})
    await make(store, "1.0")

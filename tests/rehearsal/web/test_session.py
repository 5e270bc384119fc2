from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rehearsal.slack.workspace import Channel, User, Workspace
from rehearsal.web.session import ReadMarkers

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)


@pytest.fixture
def town() -> Workspace:
    return Workspace([User("U1", "Ann"), User("U2", "Ben")], [Channel("C1", "one"), Channel("C2", "two")])


def test_what_others_said_is_unread_until_one_looks(town: Workspace) -> None:
    reading = ReadMarkers()
    for minute in range(3):
        town.post("C1", "U2", "hi", NOON + timedelta(minutes=minute))
    assert reading.unread("U1", "C1", town) == 3
    reading.mark("U1", "C1", town)
    assert reading.unread("U1", "C1", town) == 0
    town.post("C1", "U2", "hi", NOON + timedelta(hours=1))
    assert reading.unread("U1", "C1", town) == 1


def test_everybody_reads_every_conversation_for_themselves(town: Workspace) -> None:
    reading = ReadMarkers()
    town.post("C1", town.bot.id, "hi", NOON)
    town.post("C2", town.bot.id, "hi", NOON)
    reading.mark("U1", "C1", town)
    assert [reading.unread(user, where, town) for user in ("U1", "U2") for where in ("C1", "C2")] == [0, 1, 1, 1]


def test_what_one_said_oneself_is_never_unread(town: Workspace) -> None:
    town.post("C1", "U1", "hi", NOON)
    assert ReadMarkers().unread("U1", "C1", town) == 0


def test_changed_message_is_not_unread_again(town: Workspace) -> None:
    reading = ReadMarkers()
    said = town.post("C1", "U2", "hi", NOON)
    reading.mark("U1", "C1", town)
    town.conversation("C1").change(said, text="ho", blocks=(), metadata=None, at=NOON + timedelta(hours=1))
    assert reading.unread("U1", "C1", town) == 0


def test_an_empty_conversation_can_be_looked_at(town: Workspace) -> None:
    reading = ReadMarkers()
    reading.mark("U1", "C1", town)
    assert reading.unread("U1", "C1", town) == 0


def test_messages_of_one_instant_are_told_apart(town: Workspace) -> None:
    reading = ReadMarkers()
    town.post("C1", "U2", "hi", NOON)
    reading.mark("U1", "C1", town)
    town.post("C1", "U2", "ho", NOON)
    assert reading.unread("U1", "C1", town) == 1

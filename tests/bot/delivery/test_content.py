from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.campaign.schedule import Slot
from bot.delivery.content import unwanted
from bot.store.people import Person

NOW = datetime(2027, 3, 15, 12, tzinfo=UTC)


def line(audience: str) -> Slot:
    return Slot(
        "week", "how", audience, "U0ANN", NOW.date(), "check_in", "SE", "sv", "UTC", NOW, NOW, NOW + timedelta(hours=1)
    )


def ann(*, joined: bool = False, hour: bool = False, until: date | None = None, zone: str = "UTC") -> Person:
    return Person("T0", "U0ANN", zone, NOW, direct_messages=joined, earth_hour_reminder=hour, paused_until=until)


def test_who_has_left_wants_nothing() -> None:
    assert unwanted(None, line("joined"), NOW) == "the person has left"


@pytest.mark.parametrize(
    ("person", "audience", "wanted"),
    [
        (ann(joined=True), "joined", True),
        (ann(hour=True), "joined", False),
        (ann(hour=True), "earth_hour_reminder", True),
        (ann(joined=True), "earth_hour_reminder", False),
        (ann(), "joined", False),
        (ann(), "earth_hour_reminder", False),
    ],
)
def test_consent_is_checked_per_kind_of_message(person: Person, audience: str, *, wanted: bool) -> None:
    assert unwanted(person, line(audience), NOW) == (None if wanted else "the person has stopped messages")


@pytest.mark.parametrize(
    ("until", "zone", "paused"),
    [
        (date(2027, 3, 15), "UTC", False),
        (date(2027, 3, 16), "UTC", True),
        (date(2027, 3, 16), "Pacific/Kiritimati", False),
        (date(2027, 3, 15), "Etc/GMT+12", False),
        (date(2027, 3, 16), "Etc/GMT+12", True),
    ],
)
def test_a_pause_ends_on_a_local_date(until: date, zone: str, *, paused: bool) -> None:
    objection = unwanted(ann(joined=True, until=until, zone=zone), line("joined"), NOW)
    assert objection == ("the person has paused messages" if paused else None)

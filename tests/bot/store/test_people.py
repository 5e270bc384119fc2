"""The people who asked to take part, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.database.database import Database
from bot.store.actions import Action, ActionKind, Actions
from bot.store.outbox import WITHDRAWN, Outbox, State
from bot.store.people import LEFT, DirectoryChanges, People, Person

from .lines import line, planned

JOINED = datetime(2027, 3, 14, 9, 30, tzinfo=UTC)
ANN = Person("T0TEAM", "U0ANN", "Europe/Stockholm", JOINED, "SE", "said", "sv", direct_messages=True)
BO = Person("T0TEAM", "U0BO", "Asia/Kolkata", JOINED, earth_hour_reminder=True, paused_until=date(2027, 3, 17))
CAI = Person("T0TEAM", "U0CAI", "UTC", JOINED)


CAMPAIGN = "earth-week-2027"


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture
def deeds() -> Actions:
    return Actions()


async def join(database: Database, deeds: Actions, *persons: Person, campaign: str = CAMPAIGN) -> None:
    for person in persons:
        await database.write(
            deeds.record, Action(campaign, person.user, ActionKind.JOINED, "", person.country, person.joined_at)
        )


async def test_a_person_is_kept_as_they_are(database: Database, people: People) -> None:
    await database.write(people.keep, [ANN, BO])
    assert await database.read(people.get, "U0ANN") == ANN
    assert await database.read(people.get, "U0BO") == BO


async def test_nobody_is_known_before_they_join(database: Database, people: People) -> None:
    assert await database.read(people.get, "U0ANN") is None
    assert await database.read(people.member, "U0ANN", CAMPAIGN) is None
    assert await database.read(people.reachable, CAMPAIGN) == []


async def test_keeping_a_person_again_replaces_what_was_known(database: Database, people: People) -> None:
    await database.write(people.keep, [ANN, BO])
    changed = replace(ANN, zone="Europe/Oslo", direct_messages=False, paused_until=date(2027, 3, 18))
    await database.write(people.keep, [changed])
    await database.write(people.keep, [changed])
    assert await database.read(people.get, "U0ANN") == changed
    assert await database.read(people.get, "U0BO") == BO


async def test_only_people_wanting_messages_are_reachable_in_order(
    database: Database, people: People, deeds: Actions
) -> None:
    await database.write(people.keep, [CAI, BO, ANN])
    await join(database, deeds, CAI, BO, ANN)
    assert await database.read(people.reachable, CAMPAIGN) == [ANN, BO]


async def test_member_of_another_campaign_gets_no_messages_here(
    database: Database, people: People, deeds: Actions
) -> None:
    await database.write(people.keep, [ANN, BO])
    await join(database, deeds, ANN, campaign="earth-week-2026")
    await database.write(deeds.record, Action(CAMPAIGN, "U0BO", ActionKind.TIP, "monday-tip", "SE", JOINED))
    assert await database.read(people.member, "U0ANN", "earth-week-2026") == ANN
    assert await database.read(people.member, "U0ANN", CAMPAIGN) is None
    assert await database.read(people.reachable, CAMPAIGN) == []
    await join(database, deeds, ANN)
    assert await database.read(people.member, "U0ANN", CAMPAIGN) == ANN
    assert await database.read(people.reachable, CAMPAIGN) == [ANN]


async def test_keeping_nobody_is_allowed(database: Database, people: People) -> None:
    await database.write(people.keep, [])
    assert await database.read(people.reachable, CAMPAIGN) == []


async def test_the_instant_of_joining_comes_back_in_utc(database: Database, people: People) -> None:
    await database.write(people.keep, [replace(ANN, joined_at=JOINED.astimezone(ZoneInfo("America/New_York")))])
    found = await database.read(people.get, "U0ANN")
    assert found is not None
    assert (found.joined_at, found.joined_at.tzinfo) == (JOINED, UTC)


async def test_joining_and_stopping_instants_return_in_utc(database: Database, people: People) -> None:
    stopped = replace(CAI, stopped_at=JOINED.astimezone(ZoneInfo("Asia/Tokyo")))
    await database.write(people.keep, [stopped])
    found = await database.read(people.get, "U0CAI")
    assert found is not None
    assert (found, found.stopped_at and found.stopped_at.tzinfo) == (stopped, UTC)


async def test_keeping_a_person_again_preserves_joining_date(database: Database, people: People) -> None:
    await database.write(people.keep, [ANN])
    await database.write(people.keep, [replace(ANN, joined_at=JOINED + timedelta(days=2), country="NO")])
    assert await database.read(people.get, "U0ANN") == replace(ANN, country="NO")


async def test_changing_one_field_leaves_other_fields_and_people(database: Database, people: People) -> None:
    await database.write(people.keep, [ANN, BO])
    stopped = replace(ANN, direct_messages=False, stopped_at=JOINED + timedelta(days=1))
    assert await database.write(people.change, "U0ANN", direct_messages=False, stopped_at=stopped.stopped_at)
    assert await database.read(people.get, "U0ANN") == stopped
    assert await database.write(people.change, "U0ANN", country="ZZ", language=None)
    assert await database.read(people.get, "U0ANN") == replace(stopped, country="ZZ", language=None)
    assert await database.read(people.get, "U0BO") == BO


async def test_nothing_of_somebody_unknown_can_be_changed(database: Database, people: People) -> None:
    assert not await database.write(people.change, "U0ANN", country="SE")
    assert await database.read(people.get, "U0ANN") is None


async def test_people_are_kept_all_or_none(database: Database, people: People) -> None:
    await database.write(people.keep, [ANN])
    broken = replace(BO, joined_at=JOINED.replace(tzinfo=None))
    with pytest.raises(Exception, match="an instant needs a zone"):
        await database.write(people.keep, [replace(ANN, zone="Europe/Oslo"), broken])
    assert await database.read(people.get, "U0ANN") == ANN
    assert await database.read(people.get, "U0BO") is None


LATER = JOINED + timedelta(days=1)


def news(*left: str, back: tuple[str, ...] = (), **zones: str) -> DirectoryChanges:
    return DirectoryChanges(zones, left, back)


async def test_applied_news_updates_zone_and_departure(database: Database, people: People) -> None:
    await database.write(people.keep, [ANN, BO, CAI])
    await database.write(people.apply, news("U0BO", U0ANN="Asia/Tokyo", U0NOBODY="Asia/Tokyo"), LATER)
    gone = replace(BO, left_at=LATER)
    everybody = ["U0ANN", "U0BO", "U0CAI", "U0NOBODY"]
    moved = replace(ANN, zone="Asia/Tokyo")
    assert await database.read(people.among, everybody) == {"U0ANN": moved, "U0BO": gone, "U0CAI": CAI}
    await database.write(people.apply, news("U0CAI", back=("U0BO",)), LATER)
    assert await database.read(people.among, everybody) == {
        "U0ANN": moved,
        "U0BO": BO,
        "U0CAI": replace(CAI, left_at=LATER),
    }


async def test_departed_person_is_unreachable_and_uncounted_until_back(
    people: People, deeds: Actions, database: Database
) -> None:
    present = People(present=True)
    await database.write(people.keep, [ANN, BO])
    await join(database, deeds, ANN, BO)
    asked = await database.read(people.demand, CAMPAIGN)
    await database.write(people.apply, news("U0BO"), LATER)
    assert await database.read(people.reachable, CAMPAIGN) == [ANN]
    assert [(each.zone, each.earth_hour) for each in await database.read(people.demand, CAMPAIGN)] == [
        ("Europe/Stockholm", 0)
    ]
    assert await database.read(people.get, "U0BO") == replace(BO, left_at=LATER)
    assert (await database.read(present.get, "U0BO"), await database.read(present.among, ["U0ANN", "U0BO"])) == (
        None,
        {"U0ANN": ANN},
    )
    await database.write(people.apply, news(back=("U0BO",)), LATER)
    assert await database.read(people.reachable, CAMPAIGN) == [ANN, BO]
    assert await database.read(present.get, "U0BO") == BO
    assert sorted(await database.read(people.demand, CAMPAIGN), key=str) == sorted(asked, key=str)


async def test_messages_of_departed_person_are_cancelled_until_back(
    database: Database, people: People, outbox: Outbox
) -> None:
    duty = line("review", "U0ANN", audience="idea_review")
    lines = [
        line(audience, user, audience=audience) for audience in ("joined", "reminder") for user in ("U0ANN", "U0BO")
    ]
    await planned(database, outbox, *lines, duty, line())
    await database.write(people.keep, [ANN, BO])

    async def ended() -> set[tuple[str, str, State, str | None]]:
        rows = await database.read(outbox.entries, line().campaign)
        return {(row.slot.audience, row.slot.recipient, row.state, row.reason) for row in rows if row.reason}

    await database.write(people.apply, news("U0ANN"), LATER)
    left = {("joined", "U0ANN"), ("reminder", "U0ANN")}
    assert await ended() == {(*each, State.CANCELLED, LEFT) for each in left}
    await database.write(people.apply, news(back=("U0ANN",)), LATER)
    assert await ended() == {(*each, State.CANCELLED, WITHDRAWN) for each in left}


async def test_person_who_stopped_before_leaving_stays_stopped(database: Database, people: People) -> None:
    stopped = replace(ANN, direct_messages=False, stopped_at=JOINED)
    await database.write(people.keep, [stopped])
    await database.write(people.apply, news("U0ANN"), LATER)
    await database.write(people.apply, news(back=("U0ANN",)), LATER)
    assert await database.read(people.get, "U0ANN") == stopped

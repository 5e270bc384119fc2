"""The people who asked to take part, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

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
def people(engine: AsyncEngine) -> People:
    return People(engine)


@pytest.fixture
def deeds(engine: AsyncEngine) -> Actions:
    return Actions(engine)


async def join(deeds: Actions, *persons: Person, campaign: str = CAMPAIGN) -> None:
    for person in persons:
        await deeds.record(Action(campaign, person.user, ActionKind.JOINED, "", person.country, person.joined_at))


async def test_a_person_is_kept_as_they_are(people: People) -> None:
    await people.keep([ANN, BO])
    assert await people.get("U0ANN") == ANN
    assert await people.get("U0BO") == BO


async def test_nobody_is_known_before_they_join(people: People) -> None:
    assert await people.get("U0ANN") is None
    assert await people.member("U0ANN", CAMPAIGN) is None
    assert await people.reachable(CAMPAIGN) == []


async def test_keeping_a_person_again_replaces_what_was_known(people: People) -> None:
    await people.keep([ANN, BO])
    changed = replace(ANN, zone="Europe/Oslo", direct_messages=False, paused_until=date(2027, 3, 18))
    await people.keep([changed])
    await people.keep([changed])
    assert await people.get("U0ANN") == changed
    assert await people.get("U0BO") == BO


async def test_only_people_wanting_messages_are_reachable_in_order(people: People, deeds: Actions) -> None:
    await people.keep([CAI, BO, ANN])
    await join(deeds, CAI, BO, ANN)
    assert await people.reachable(CAMPAIGN) == [ANN, BO]


async def test_member_of_another_campaign_gets_no_messages_here(people: People, deeds: Actions) -> None:
    await people.keep([ANN, BO])
    await join(deeds, ANN, campaign="earth-week-2026")
    await deeds.record(Action(CAMPAIGN, "U0BO", ActionKind.TIP, "monday-tip", "SE", JOINED))
    assert await people.member("U0ANN", "earth-week-2026") == ANN
    assert await people.member("U0ANN", CAMPAIGN) is None
    assert await people.reachable(CAMPAIGN) == []
    await join(deeds, ANN)
    assert await people.member("U0ANN", CAMPAIGN) == ANN
    assert await people.reachable(CAMPAIGN) == [ANN]


async def test_keeping_nobody_is_allowed(people: People) -> None:
    await people.keep([])
    assert await people.reachable(CAMPAIGN) == []


async def test_the_instant_of_joining_comes_back_in_utc(people: People) -> None:
    await people.keep([replace(ANN, joined_at=JOINED.astimezone(ZoneInfo("America/New_York")))])
    found = await people.get("U0ANN")
    assert found is not None
    assert (found.joined_at, found.joined_at.tzinfo) == (JOINED, UTC)


async def test_joining_and_stopping_instants_return_in_utc(people: People) -> None:
    stopped = replace(CAI, stopped_at=JOINED.astimezone(ZoneInfo("Asia/Tokyo")))
    await people.keep([stopped])
    found = await people.get("U0CAI")
    assert found is not None
    assert (found, found.stopped_at and found.stopped_at.tzinfo) == (stopped, UTC)


async def test_keeping_a_person_again_preserves_joining_date(people: People) -> None:
    await people.keep([ANN])
    await people.keep([replace(ANN, joined_at=JOINED + timedelta(days=2), country="NO")])
    assert await people.get("U0ANN") == replace(ANN, country="NO")


async def test_changing_one_field_leaves_other_fields_and_people(people: People) -> None:
    await people.keep([ANN, BO])
    stopped = replace(ANN, direct_messages=False, stopped_at=JOINED + timedelta(days=1))
    assert await people.change("U0ANN", direct_messages=False, stopped_at=stopped.stopped_at)
    assert await people.get("U0ANN") == stopped
    assert await people.change("U0ANN", country="ZZ", language=None)
    assert await people.get("U0ANN") == replace(stopped, country="ZZ", language=None)
    assert await people.get("U0BO") == BO


async def test_nothing_of_somebody_unknown_can_be_changed(people: People) -> None:
    assert not await people.change("U0ANN", country="SE")
    assert await people.get("U0ANN") is None


async def test_people_are_kept_all_or_none(people: People) -> None:
    await people.keep([ANN])
    broken = replace(BO, joined_at=JOINED.replace(tzinfo=None))
    with pytest.raises(Exception, match="an instant needs a zone"):
        await people.keep([replace(ANN, zone="Europe/Oslo"), broken])
    assert await people.get("U0ANN") == ANN
    assert await people.get("U0BO") is None


LATER = JOINED + timedelta(days=1)


def news(*left: str, back: tuple[str, ...] = (), **zones: str) -> DirectoryChanges:
    return DirectoryChanges(zones, left, back)


async def test_applied_news_updates_zone_and_departure(people: People) -> None:
    await people.keep([ANN, BO, CAI])
    await people.apply(news("U0BO", U0ANN="Asia/Tokyo", U0NOBODY="Asia/Tokyo"), LATER)
    gone = replace(BO, left_at=LATER)
    everybody = ["U0ANN", "U0BO", "U0CAI", "U0NOBODY"]
    moved = replace(ANN, zone="Asia/Tokyo")
    assert await people.among(everybody) == {"U0ANN": moved, "U0BO": gone, "U0CAI": CAI}
    await people.apply(news("U0CAI", back=("U0BO",)), LATER)
    assert await people.among(everybody) == {"U0ANN": moved, "U0BO": BO, "U0CAI": replace(CAI, left_at=LATER)}


async def test_departed_person_is_unreachable_and_uncounted_until_back(
    people: People, deeds: Actions, engine: AsyncEngine
) -> None:
    present = People(engine, present=True)
    await people.keep([ANN, BO])
    await join(deeds, ANN, BO)
    asked = await people.demand(CAMPAIGN)
    await people.apply(news("U0BO"), LATER)
    assert await people.reachable(CAMPAIGN) == [ANN]
    assert [(each.zone, each.earth_hour) for each in await people.demand(CAMPAIGN)] == [("Europe/Stockholm", 0)]
    assert await people.get("U0BO") == replace(BO, left_at=LATER)
    assert (await present.get("U0BO"), await present.among(["U0ANN", "U0BO"])) == (None, {"U0ANN": ANN})
    await people.apply(news(back=("U0BO",)), LATER)
    assert await people.reachable(CAMPAIGN) == [ANN, BO]
    assert await present.get("U0BO") == BO
    assert sorted(await people.demand(CAMPAIGN), key=str) == sorted(asked, key=str)


async def test_messages_of_departed_person_are_cancelled_until_back(people: People, outbox: Outbox) -> None:
    duty = line("review", "U0ANN", audience="idea_review")
    lines = [
        line(audience, user, audience=audience) for audience in ("joined", "reminder") for user in ("U0ANN", "U0BO")
    ]
    await planned(outbox, *lines, duty, line())
    await people.keep([ANN, BO])

    async def ended() -> set[tuple[str, str, State, str | None]]:
        rows = await outbox.entries(line().campaign)
        return {(row.slot.audience, row.slot.recipient, row.state, row.reason) for row in rows if row.reason}

    await people.apply(news("U0ANN"), LATER)
    left = {("joined", "U0ANN"), ("reminder", "U0ANN")}
    assert await ended() == {(*each, State.CANCELLED, LEFT) for each in left}
    await people.apply(news(back=("U0ANN",)), LATER)
    assert await ended() == {(*each, State.CANCELLED, WITHDRAWN) for each in left}


async def test_person_who_stopped_before_leaving_stays_stopped(people: People) -> None:
    stopped = replace(ANN, direct_messages=False, stopped_at=JOINED)
    await people.keep([stopped])
    await people.apply(news("U0ANN"), LATER)
    await people.apply(news(back=("U0ANN",)), LATER)
    assert await people.get("U0ANN") == stopped

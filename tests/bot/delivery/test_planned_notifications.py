"""Letters on their way: planned beside the files' slots, and looked at once more before they leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.model import Campaign
from bot.campaign.schedule import Slot
from bot.delivery.channels import Channels
from bot.delivery.content import Cancelled, Content, Ready, Waiting
from bot.delivery.outbox_planner import Planned, Planner
from bot.delivery.unscheduled_messages import NOTIFICATIONS, Notifications
from bot.locales.catalogues import words
from bot.standings.publisher import Publisher
from bot.store.actions import Action, ActionKind
from bot.store.ideas import IdeaState
from bot.store.organiser_acts import Actor
from bot.store.outbox import WITHDRAWN, Entry, State
from bot.store.store import Store
from rehearsal.clock import VirtualClock

from .correspondence import CAMPAIGN, NEWS, NOW, PLEDGE, POST, REVIEW, TUESDAY, WEDNESDAY, idea, person, pledged, remark

LATER = NOW + timedelta(hours=2)
NINE = datetime(2027, 3, 16, 8, tzinfo=NOW.tzinfo)
"""Tuesday at nine in Stockholm."""


@pytest.fixture
def planner(store: Store, letters: Notifications) -> Planner:
    return Planner(store, letters)


@pytest.fixture
def content(store: Store, letters: Notifications, campaign: Campaign) -> Content:
    channels = Channels(AsyncWebClient(), VirtualClock(NOW))
    channels._found, channels._usable = {"earth-week-se": "C0SWEDEN"}, {"earth-week-se"}
    channels.missing = {"earth-week-de": "nobody made it"}
    publisher = Publisher(store)
    return Content(lambda: campaign, store, channels, letters, publisher, words)


async def of_letters(store: Store) -> list[Entry]:
    return [row for row in await store.read(store.outbox.entries, CAMPAIGN) if row.slot.audience in NOTIFICATIONS]


async def states(store: Store) -> dict[tuple[str, str, date], State]:
    return {
        (row.slot.kind, row.slot.recipient, row.slot.local_date): row.state
        for row in sorted(await of_letters(store), key=lambda row: row.slot.due_at)
    }


async def take(store: Store, kind: str, at: datetime) -> list[Entry]:
    """Claim what is due; whatever is of another kind goes back."""
    claimed = await store.write(store.outbox.claim, at, 1000)
    for row in claimed:
        if row.slot.kind != kind:
            await store.write(store.outbox.release, row.id, row.next_attempt_at, "not in this test")
    return [row for row in claimed if row.slot.kind == kind]


async def send(store: Store, kind: str, at: datetime) -> None:
    for row in await take(store, kind, at):
        await store.write(store.outbox.mark_posting, row.id, "D1")
        await store.write(store.outbox.mark_sent, row.id, "D1", "1.000100", at)


# Planning


async def test_repeated_planning_adds_notifications_once(planner: Planner, store: Store, campaign: Campaign) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged(remind_on=(TUESDAY, WEDNESDAY)))
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.remark, remark())
    assert (await planner.plan_everybody(campaign, NOW)).added > 6
    before = await store.read(store.outbox.entries, CAMPAIGN)
    assert not await planner.plan_everybody(campaign, NOW)
    assert not await planner.plan_everybody(campaign, LATER)
    assert await store.read(store.outbox.entries, CAMPAIGN) == before
    assert len(await of_letters(store)) == 6


async def test_notifications_do_not_change_planned_posts(planner: Planner, store: Store, campaign: Campaign) -> None:
    await planner.plan_everybody(campaign, NOW)
    before = await store.read(store.outbox.entries, CAMPAIGN)
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    await store.write(store.ideas.submit, idea())
    changes = await planner.plan_everybody(campaign, NOW)
    letters = await of_letters(store)
    assert changes == Planned(added=len(letters)) != Planned()
    assert [
        row for row in await store.read(store.outbox.entries, CAMPAIGN) if row.slot.audience not in NOTIFICATIONS
    ] == before


async def test_unwanted_reminder_is_withdrawn_and_returns_when_wanted(
    planner: Planner, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    await planner.plan_everybody(campaign, NOW)
    await store.write(store.pledges.withdraw, CAMPAIGN, "U0ANN", PLEDGE, NOW)
    await planner.plan_everybody(campaign, NOW)
    [row] = await of_letters(store)
    assert (row.state, row.reason) == (State.CANCELLED, WITHDRAWN)
    await store.write(store.pledges.make, pledged())
    await planner.plan_everybody(campaign, NOW)
    assert [row.state for row in await of_letters(store)] == [State.DUE]


async def test_a_reminder_at_another_time_is_moved(planner: Planner, store: Store, campaign: Campaign) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    await planner.plan_everybody(campaign, NOW)
    await store.write(store.pledges.make, pledged(remind_at=time(13)))
    await planner.plan_everybody(campaign, NOW)
    [row] = await of_letters(store)
    assert (row.state, row.slot.local.time(), row.next_attempt_at) == (State.DUE, time(13), NINE + timedelta(hours=4))


async def test_reminder_on_another_day_is_separate_after_sending(
    planner: Planner, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    await planner.plan_everybody(campaign, NOW)
    await send(store, "reminder", NINE)
    await store.write(store.pledges.make, pledged(remind_on=(WEDNESDAY,)))
    changes = await planner.plan_everybody(campaign, NINE)
    assert changes.refused == 0
    assert await states(store) == {
        ("reminder", "U0ANN", TUESDAY): State.SENT,
        ("reminder", "U0ANN", WEDNESDAY): State.DUE,
    }


async def test_sent_reminder_is_not_repeated_at_another_time(
    planner: Planner, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    await planner.plan_everybody(campaign, NOW)
    await send(store, "reminder", NINE)
    await store.write(store.pledges.make, pledged(remind_at=time(16)))
    assert not await planner.plan_everybody(campaign, NINE)


async def test_idea_decided_before_review_is_sent_cancels_review(
    planner: Planner, store: Store, campaign: Campaign
) -> None:
    at = datetime(2027, 3, 19, 20, tzinfo=NOW.tzinfo)
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.submit, idea(at=at, changed_at=at))
    await planner.plan_everybody(campaign, at)
    monday = date(2027, 3, 22)
    assert await states(store) == {(REVIEW, "U0SEA", monday): State.DUE, (REVIEW, "U0SEB", monday): State.DUE}
    await store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, at)
    await planner.plan_everybody(campaign, at)
    assert await states(store) == {
        (REVIEW, "U0SEA", monday): State.CANCELLED,
        (REVIEW, "U0SEB", monday): State.CANCELLED,
        (NEWS, "U0ANN", monday): State.DUE,
    }


async def test_sent_review_stays_when_the_idea_is_decided(planner: Planner, store: Store, campaign: Campaign) -> None:
    await store.write(store.ideas.submit, idea())
    await planner.plan_everybody(campaign, NOW)
    await send(store, REVIEW, NOW)
    await store.write(store.ideas.decide, "1dea", IdeaState.DECLINED, LATER)
    assert not await planner.plan_everybody(campaign, LATER)
    assert {row.state for row in await of_letters(store)} == {State.SENT}


async def test_stopping_cancels_waiting_messages_and_asking_restores_them(
    planner: Planner, store: Store, campaign: Campaign
) -> None:
    asking = person(direct_messages=True)
    await store.write(store.people.keep, [asking])
    await store.write(store.actions.record, Action(CAMPAIGN, "U0ANN", ActionKind.JOINED, "", "SE", NOW))
    await planner.plan_everybody(campaign, NOW)
    before = await store.read(store.outbox.entries, CAMPAIGN)
    await store.write(store.people.stop, Action(CAMPAIGN, "U0ANN", ActionKind.OPTED_OUT, "", "SE", LATER))
    assert {row.state for row in await mine(store)} == {State.CANCELLED}
    await planner.plan_everybody(campaign, LATER)
    assert not [row for row in await mine(store) if row.state is State.DUE]
    await store.write(store.people.keep, [asking])
    await planner.plan_everybody(campaign, LATER)
    assert await store.read(store.outbox.entries, CAMPAIGN) == before


async def mine(store: Store) -> list[Entry]:
    return [row for row in await store.read(store.outbox.entries, CAMPAIGN) if row.slot.recipient == "U0ANN"]


async def test_forgotten_person_gets_nothing_and_idea_is_dropped(
    planner: Planner, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person(direct_messages=True, earth_hour_reminder=True)])
    await store.write(store.pledges.make, pledged())
    await store.write(store.ideas.submit, idea())
    await planner.plan_everybody(campaign, NOW)
    await store.privacy.forget("U0ANN")
    await planner.plan_everybody(campaign, NOW)
    assert await mine(store) == []
    assert await of_letters(store) == []


# Leaving


async def planned(store: Store, planner: Planner, campaign: Campaign, kind: str) -> Slot:
    await planner.plan_everybody(campaign, NOW)
    return next(row.slot for row in await of_letters(store) if row.slot.kind == kind)


@pytest.fixture
async def lines(planner: Planner, store: Store, campaign: Campaign) -> dict[str, Slot]:
    """One planned letter of each kind, for Sweden."""
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.remark, remark())
    await store.write(store.ideas.submit, idea(id="2", state=IdeaState.APPROVED, published=True))
    await planner.plan_everybody(campaign, NOW)
    return {row.slot.kind: row.slot for row in await of_letters(store)}


async def test_only_published_ideas_go_to_a_channel(content: Content, lines: dict[str, Slot]) -> None:
    went = {kind: await content.of(line, NOW) for kind, line in lines.items()}
    assert {kind: to for kind, (to, *_) in leaving(went).items()} == {
        "reminder": "U0ANN",
        "idea_news": "U0ANN",
        "idea_review": lines[REVIEW].recipient,
        "remark": lines["remark"].recipient,
        "idea_post": "C0SWEDEN",
    }
    assert lines[REVIEW].recipient in {"U0SEA", "U0SEB"}


async def test_share_without_a_channel_goes_nowhere(content: Content, store: Store, lines: dict[str, Slot]) -> None:
    await store.write(store.shares.share, Actor(CAMPAIGN, "U0SEA", NOW), "1dea")
    line = replace(lines[REVIEW], audience="share", kind="share", post="1dea", recipient="organisers")
    assert isinstance(await content.of(line, NOW), Waiting)


def leaving(went: dict[str, Any]) -> dict[str, Ready]:
    return {kind: each for kind, each in went.items() if isinstance(each, Ready)}


async def test_an_idea_waits_for_its_channel(
    content: Content, store: Store, planner: Planner, campaign: Campaign
) -> None:
    await store.write(store.ideas.submit, idea(country="DE", state=IdeaState.APPROVED, published=True))
    line = await planned(store, planner, campaign, POST)
    assert await content.of(line, NOW) == Waiting("earth-week-de: nobody made it")


@pytest.mark.parametrize(
    ("change", "objection"),
    [
        ({"stopped_at": LATER}, "the person has stopped messages"),
        ({"paused_until": WEDNESDAY}, "the person has paused messages"),
    ],
)
async def test_stopped_or_paused_person_gets_no_waiting_notification(
    content: Content, store: Store, lines: dict[str, Slot], change: dict[str, Any], objection: str
) -> None:
    await store.write(store.people.change, "U0ANN", **change)
    for kind in ("reminder", "idea_news"):
        assert await content.of(lines[kind], LATER) == Cancelled(objection)
    for kind in ("idea_review", "idea_post", "remark"):
        assert isinstance(await content.of(lines[kind], LATER), Ready), "it is not for the author"


async def test_reminder_is_sent_to_people_without_check_ins(content: Content, lines: dict[str, Slot]) -> None:
    assert isinstance(await content.of(lines["reminder"], NINE), Ready)


async def test_who_was_forgotten_is_not_written_to(content: Content, store: Store, lines: dict[str, Slot]) -> None:
    await store.privacy.forget("U0ANN")
    assert await content.of(lines["reminder"], LATER) == Cancelled("the person has left")
    assert await content.of(lines[REVIEW], LATER) == Cancelled(WITHDRAWN)
    assert await content.of(lines[POST], LATER) == Cancelled(WITHDRAWN)


async def test_notification_without_its_cause_stays_cancelled(
    content: Content, planner: Planner, store: Store, campaign: Campaign, lines: dict[str, Slot]
) -> None:
    await store.write(store.ideas.decide, "1dea", IdeaState.DECLINED, LATER)
    for row in await take(store, REVIEW, LATER):
        verdict = await content.of(row.slot, LATER)
        assert verdict == Cancelled(WITHDRAWN)
        await store.write(store.outbox.mark_cancelled, row.id, WITHDRAWN)
    await planner.plan_everybody(campaign, LATER)
    found = [row for row in await of_letters(store) if row.slot.kind == REVIEW]
    assert {row.state for row in found} == {State.CANCELLED}
    assert lines[REVIEW] in [row.slot for row in found]


async def test_notification_keeps_the_language_of_its_plan(content: Content, lines: dict[str, Slot]) -> None:
    found = await content.of(replace(lines[POST], language="en"), NOW)
    assert isinstance(found, tuple)
    assert found[1].text == words("en")("idea_letter.post")

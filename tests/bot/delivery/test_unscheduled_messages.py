"""Which letters there are, for whom, when, and what they say: through the real store."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.localtime import instant, local
from bot.campaign.model import Campaign
from bot.campaign.schedule import Slot
from bot.campaign.workdays import FIRST_HOUR, LAST_HOUR, is_working_day, reminded_at
from bot.delivery.unscheduled_messages import NotificationKind, Notifications, Recipient, working_moment
from bot.store.ideas import IdeaState
from bot.store.organiser_acts import Actor
from bot.store.recipient_batches import EVERYBODY
from bot.store.shared_ideas_and_posts import SHARE, SHARE_NEWS
from bot.store.store import Store

from .correspondence import (
    CAMPAIGN,
    NEWS,
    NOW,
    PLEDGE,
    POST,
    REVIEW,
    TUESDAY,
    WEDNESDAY,
    idea,
    person,
    pledged,
    remark,
)

LATER = NOW + timedelta(hours=2)
Heading = tuple[str, str, str]


async def every(letters: Notifications, campaign: Campaign) -> list[Slot]:
    store = letters._store
    return [*await store.read(letters.reminders, campaign, EVERYBODY), *await store.read(letters.for_texts, campaign)]


def headings(lines: list[Slot]) -> set[Heading]:
    """What each letter is, for whom, and about what."""
    return {(line.kind, line.recipient, line.post) for line in lines}


async def english(letters: Notifications, campaign: Campaign, line: Slot) -> str:
    """Everything a letter says, in English."""
    return said(await letters.message(campaign, replace(line, language="en"), NOW))


def said(message: Any) -> str:
    """Everything a message says."""
    return json.dumps([message.text, *message.blocks], ensure_ascii=False)


# Reminders


async def test_reminder_is_due_daily_at_its_local_time(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person(zone="Asia/Kolkata", country="ZZ", language="en")])
    await store.write(store.pledges.make, pledged(remind_at=time(9, 30), remind_on=(TUESDAY, WEDNESDAY)))
    first, second = await every(letters, campaign)
    due_at = datetime(2027, 3, 16, 4, tzinfo=UTC)
    assert first == Slot(
        campaign=CAMPAIGN,
        post=PLEDGE,
        audience="reminder",
        recipient="U0ANN",
        local_date=TUESDAY,
        kind="reminder",
        country="ZZ",
        language="en",
        zone="Asia/Kolkata",
        local=datetime.combine(TUESDAY, time(9, 30)),
        due_at=due_at,
        expires_at=due_at + timedelta(hours=3),
    )
    assert (second.local_date, second.due_at) == (WEDNESDAY, due_at + timedelta(days=1))


@pytest.mark.parametrize(
    ("wanted", "any_hour", "comes"),
    [
        (time(6), False, time(8)),
        (time(6), True, time(6)),
        (time(8), False, time(8)),
        (time(12, 15), False, time(12, 15)),
        (time(17), False, time(17)),
        (time(17, 1), False, time(17)),
        (time(22), True, time(22)),
    ],
)
async def test_reminder_stays_in_working_hours_unless_wanted_otherwise(
    letters: Notifications, store: Store, campaign: Campaign, wanted: time, comes: time, *, any_hour: bool
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged(remind_at=wanted, any_hour=any_hour))
    [line] = await every(letters, campaign)
    assert line.local == datetime.combine(TUESDAY, comes)


@given(st.times())
def test_no_reminder_is_moved_further_than_it_must(at: time) -> None:
    moved = reminded_at(at, any_hour=False)
    assert FIRST_HOUR <= moved <= LAST_HOUR
    assert moved == at or not FIRST_HOUR <= at <= LAST_HOUR
    assert reminded_at(at, any_hour=True) == at


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        (date(2027, 3, 27), time(9), datetime(2027, 3, 27, 8, tzinfo=UTC)),
        (date(2027, 3, 28), time(9), datetime(2027, 3, 28, 7, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, tzinfo=UTC)),
    ],
    ids=["the day before", "after the clocks went forward", "in the hour that is skipped"],
)
async def test_reminder_keeps_wall_clock_time_across_summer_time(
    letters: Notifications, store: Store, campaign: Campaign, day: date, at: time, due: datetime
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged(remind_on=(day,), remind_at=at, any_hour=True))
    [line] = await every(letters, campaign)
    assert (line.local_date, line.due_at) == (day, due)


@pytest.mark.parametrize(
    ("language", "country", "spoken"),
    [("de", "SE", "de"), (None, "DK", "da"), (None, "ZZ", "en"), (None, None, "en"), ("fr", "NO", "nb")],
)
async def test_notification_uses_language_of_person_or_else_country(
    letters: Notifications, store: Store, campaign: Campaign, language: str | None, country: str | None, spoken: str
) -> None:
    await store.write(store.people.keep, [person(language=language, country=country)])
    await store.write(store.pledges.make, pledged())
    await store.write(store.ideas.submit, idea(state=IdeaState.DECLINED))
    lines = await every(letters, campaign)
    assert {(line.kind, line.language, line.country) for line in lines} == {
        ("reminder", spoken, country),
        ("idea_news", spoken, country),
    }


async def test_nobody_is_reminded_without_a_reason(letters: Notifications, store: Store, campaign: Campaign) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged(pledge="no-longer-in-the-files"))
    await store.write(store.pledges.make, pledged(user="U0GONE"))
    await store.write(store.pledges.make, replace(pledged(), campaign="another"))
    await store.write(store.pledges.make, pledged(pledge="vegetarian_day", remind_at=None, remind_on=()))
    assert await every(letters, campaign) == []


async def test_reminder_quotes_plan_and_offers_pause_and_stop(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person(language="en")])
    await store.write(store.pledges.make, pledged(plan="Via parken"))
    [line] = await every(letters, campaign)
    message = await letters.message(campaign, line, NOW)
    assert "Via parken" in said(message)
    assert campaign.pledge_words[PLEDGE, "en"].title in said(message)
    assert message
    assert {"done_today", "reminders_stop"} <= presses(message)
    entries = [each["value"].partition(":")[0] for each in message.blocks[-1]["accessory"]["options"]]
    assert entries == ["messages_pause", "messages_stop", "settings"]


def presses(message: Any) -> set[str]:
    return {each["action_id"] for block in message.blocks if block["type"] == "actions" for each in block["elements"]}


async def test_outdated_reminder_of_changed_pledge_has_no_message(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.pledges.make, pledged())
    [line] = await every(letters, campaign)
    await store.write(store.pledges.make, pledged(remind_on=(WEDNESDAY,)))
    assert await letters.message(campaign, line, NOW) is None
    [later] = await every(letters, campaign)
    assert await letters.message(campaign, later, NOW) is not None
    assert await letters.message(replace(campaign, pledges=()), later, NOW) is None
    await store.write(store.pledges.withdraw, CAMPAIGN, "U0ANN", PLEDGE, LATER)
    assert await letters.message(campaign, later, NOW) is None


# When people work


@pytest.mark.parametrize(
    ("at", "country", "comes"),
    [
        ("2027-03-15 10:00", "SE", "2027-03-15 11:00"),
        ("2027-03-15 04:00", "SE", "2027-03-15 08:00"),
        ("2027-03-15 16:00", "SE", "2027-03-15 17:00"),
        ("2027-03-15 16:01", "SE", "2027-03-16 08:00"),
        ("2027-03-19 20:00", "SE", "2027-03-22 08:00"),
        ("2027-03-20 10:00", "SE", "2027-03-22 08:00"),
        ("2027-03-21 23:30", "SE", "2027-03-22 08:00"),
        ("2027-03-26 10:00", "SE", "2027-03-30 08:00"),
        ("2027-03-25 10:00", "SE", "2027-03-25 11:00"),
        ("2027-03-25 10:00", "DK", "2027-03-30 08:00"),
        ("2027-03-26 10:00", None, "2027-03-26 11:00"),
        ("2027-03-26 10:00", "ZZ", "2027-03-26 11:00"),
    ],
)
def test_a_letter_waits_until_people_work(at: str, country: str | None, comes: str) -> None:
    to = Recipient("U0ANN", "Europe/Stockholm", "sv", country)
    assert working_moment(datetime.fromisoformat(f"{at}+00:00"), to) == datetime.fromisoformat(comes)


YEAR = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 24), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
ZONES = st.sampled_from(
    ["Europe/Stockholm", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Etc/GMT+12"]
)
COUNTRIES = st.sampled_from(["SE", "NO", "DK", "DE", "US", "ZZ", None])


@given(YEAR, ZONES, COUNTRIES)
def test_notification_comes_after_its_cause_in_working_hours(at: datetime, zone: str, country: str | None) -> None:
    to = Recipient("U0ANN", zone, "en", country)
    wall = working_moment(at, to)
    assert FIRST_HOUR <= wall.time() <= LAST_HOUR
    assert is_working_day(wall.date(), country)
    assert instant(wall, zone) >= at
    assert working_moment(instant(wall, zone), to) == wall
    here = local(at, zone)
    if FIRST_HOUR <= here.time() <= LAST_HOUR and is_working_day(here.date(), country):
        assert wall == here, "whoever is at work is told at once"


# Ideas


async def test_new_idea_goes_to_each_country_representative(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.submit, idea())
    lines = await every(letters, campaign)
    assert headings(lines) == {(REVIEW, "U0SEA", "1dea-0"), (REVIEW, "U0SEB", "1dea-0")}
    line = lines[0]
    assert (line.local, line.due_at, line.expires_at) == (
        datetime(2027, 3, 15, 11),  # noqa: DTZ001 - wall time
        NOW,
        NOW + timedelta(days=7),
    )
    assert (line.language, line.zone, line.country, line.audience) == ("sv", "Europe/Stockholm", "SE", "idea_review")


@pytest.mark.parametrize("country", ["NO", "ZZ", None])
async def test_idea_without_representatives_goes_to_the_managers(
    letters: Notifications, store: Store, campaign: Campaign, country: str | None
) -> None:
    await store.write(store.ideas.submit, idea(country=country))
    [line] = await every(letters, campaign)
    assert (line.kind, line.recipient, line.language, line.country) == (REVIEW, "U0BOSS", "en", None)


async def test_question_reaches_author_and_answer_reaches_representatives(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.ask, "1dea", "Vart?", LATER)
    [asked] = await every(letters, campaign)
    assert (asked.kind, asked.recipient, asked.post, asked.due_at) == (NEWS, "U0ANN", "1dea-asked-1", LATER)
    message = await letters.message(campaign, asked, NOW)
    assert "Vart?" in said(message)
    assert "idea_answer" in presses(message)
    await store.write(store.ideas.answer, "1dea", "U0ANN", "Till Oslo.", LATER)
    lines = await every(letters, campaign)
    assert headings(lines) == {(REVIEW, "U0SEA", "1dea-1"), (REVIEW, "U0SEB", "1dea-1")}
    review = said(await letters.message(campaign, lines[0], NOW))
    assert "Vart?" in review
    assert "Till Oslo." in review
    await store.write(store.ideas.ask, "1dea", "När?", LATER)
    assert headings(await every(letters, campaign)) == {(NEWS, "U0ANN", "1dea-asked-2")}


@pytest.mark.parametrize("state", [IdeaState.APPROVED, IdeaState.DECLINED])
async def test_the_author_hears_what_was_decided_and_why(
    letters: Notifications, store: Store, campaign: Campaign, state: IdeaState
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.decide, "1dea", state, LATER, reason="Den finns redan.")
    [line] = await every(letters, campaign)
    assert (line.kind, line.recipient, line.post, line.due_at) == (NEWS, "U0ANN", f"1dea-{state}-0", LATER)
    assert "Den finns redan." in said(await letters.message(campaign, line, NOW))


@pytest.mark.parametrize("named", [True, False])
async def test_published_idea_is_posted_in_its_original_country(
    letters: Notifications, store: Store, campaign: Campaign, *, named: bool
) -> None:
    await store.write(store.people.keep, [person(country="DE", language="de", zone="Asia/Tokyo")])
    await store.write(store.ideas.submit, idea(named=named))
    await store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, LATER, published=True)
    lines = {line.kind: line for line in await every(letters, campaign)}
    assert headings([*lines.values()]) == {(NEWS, "U0ANN", "1dea-approved-0"), (POST, "SE", "1dea")}
    post = lines[POST]
    assert (post.country, post.language, post.zone, post.due_at) == ("SE", "sv", "Europe/Stockholm", LATER)
    assert lines[NEWS].language == "de"
    assert lines[NEWS].local == datetime.combine(TUESDAY, FIRST_HOUR), "in Tokyo it is evening"
    assert ("<@U0ANN>" in await english(letters, campaign, post)) is named


async def test_posted_idea_keeps_its_time_when_planned_later(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, LATER, published=True)
    before = await every(letters, campaign)
    tomorrow = LATER + timedelta(days=1)
    await store.write(store.ideas.decide, "1dea", IdeaState.PLANNED, tomorrow, seen=IdeaState.APPROVED)
    assert await every(letters, campaign) == before
    await store.write(store.ideas.decide, "1dea", IdeaState.DECLINED, tomorrow, seen=IdeaState.PLANNED)
    assert await every(letters, campaign) == []


@pytest.mark.parametrize("state", [IdeaState.PLANNED, IdeaState.DONE])
async def test_author_hears_of_each_later_stage(
    letters: Notifications, store: Store, campaign: Campaign, state: IdeaState
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, NOW, published=True)
    await store.write(store.ideas.decide, "1dea", state, LATER, seen=IdeaState.APPROVED, reason="In May.")
    lines = {line.kind: line for line in await every(letters, campaign)}
    assert lines[NEWS].post == f"1dea-{state}-0"
    told = await english(letters, campaign, lines[NEWS])
    assert "In May." in told
    assert "posted" not in told


async def share(store: Store) -> None:
    await store.write(store.ideas.submit, idea())
    await store.write(store.shares.share, Actor(CAMPAIGN, "U0SEA", LATER), "1dea")


def with_room(campaign: Campaign) -> Campaign:
    assert campaign.company is not None
    return replace(campaign, company=campaign.company.model_copy(update={"organisers_channel": "C0ORGANISERS"}))


async def test_shared_idea_has_a_slot_in_one_language(letters: Notifications, store: Store, campaign: Campaign) -> None:
    await share(store)
    assert SHARE not in {line.kind for line in await every(letters, campaign)}, "there is no channel for it"
    [line] = [each for each in await every(letters, with_room(campaign)) if each.kind == SHARE]
    assert (line.post, line.recipient, line.language, line.country, line.due_at) == (
        *("1dea", "organisers", "en", None, LATER),
    )
    assert await letters.message(campaign, line, NOW) is not None


async def test_news_below_a_share_is_of_the_present_state(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await share(store)
    room = with_room(campaign)
    told = []
    for before, after in ((IdeaState.NEW, IdeaState.APPROVED), (IdeaState.APPROVED, IdeaState.PLANNED)):
        await store.write(store.ideas.decide, "1dea", after, LATER, seen=before)
        told.append([each.post for each in await every(letters, room) if each.kind == SHARE_NEWS])
    assert told == [[], ["1dea~planned"]]
    [line] = [each for each in await every(letters, room) if each.kind == SHARE_NEWS]
    assert await letters.message(room, line, NOW) is not None
    await store.write(store.ideas.decide, "1dea", IdeaState.DONE, LATER, seen=IdeaState.PLANNED)
    assert await letters.message(room, line, NOW) is None


async def test_idea_from_another_country_is_posted_nowhere(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person(country="ZZ")])
    await store.write(store.ideas.submit, idea(country="ZZ", state=IdeaState.APPROVED, published=True))
    assert headings(await every(letters, campaign)) == {(NEWS, "U0ANN", "1dea-approved-0")}


@pytest.mark.parametrize(("after", "told"), [(timedelta(seconds=-1), True), (timedelta(seconds=1), False)])
async def test_author_who_stopped_messages_later_is_not_told(
    letters: Notifications, store: Store, campaign: Campaign, after: timedelta, *, told: bool
) -> None:
    await store.write(store.people.keep, [person(stopped_at=NOW + after)])
    await store.write(store.ideas.submit, idea())
    await store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, LATER, published=True)
    assert {line.kind for line in await every(letters, campaign)} == ({NEWS, POST} if told else {POST})


async def test_unknown_author_is_not_told(letters: Notifications, store: Store, campaign: Campaign) -> None:
    await store.write(store.ideas.submit, idea(state=IdeaState.DECLINED))
    assert await every(letters, campaign) == []


@pytest.mark.parametrize("named", [True, False])
async def test_representatives_see_the_author_only_with_consent(
    letters: Notifications, store: Store, campaign: Campaign, *, named: bool
) -> None:
    await store.write(store.ideas.submit, idea(named=named))
    line, *_ = await every(letters, campaign)
    message = await letters.message(campaign, replace(line, language="en"), NOW)
    assert "More trains!" in said(message)
    assert ("U0ANN" in said(message)) is named
    assert {"idea_approve", "idea_publish", "idea_ask", "idea_decline"} <= presses(message)


async def test_ideas_of_another_campaign_notify_nobody(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.ideas.submit, replace(idea(), campaign="another"))
    await store.write(store.ideas.remark, replace(remark(), campaign="another"))
    assert await every(letters, campaign) == []


async def test_outdated_idea_notification_has_no_message(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    """Between a press and the next plan a letter may be claimed that is no longer true."""
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.submit, idea())
    seen: list[Slot] = []
    steps = (
        store.write(store.ideas.ask, "1dea", "Vart?", LATER),
        store.write(store.ideas.answer, "1dea", "U0ANN", "Till Oslo.", LATER),
        store.write(store.ideas.ask, "1dea", "När?", LATER),
        store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, LATER, published=True),
    )
    for step in steps:
        seen += await every(letters, campaign)
        assert await step
        assert {await letters.message(campaign, line, NOW) for line in seen} == {None}
    for line in await every(letters, campaign):
        assert await letters.message(campaign, line, NOW) is not None
    await store.privacy.forget("U0ANN")
    assert {await letters.message(campaign, line, NOW) for line in seen} == {None}


# Remarks


async def test_remark_goes_to_representatives_without_its_author(
    letters: Notifications, store: Store, campaign: Campaign
) -> None:
    await store.write(store.people.keep, [person()])
    await store.write(store.ideas.remark, remark())
    lines = await every(letters, campaign)
    assert headings(lines) == {("remark", "U0SEA", "5a1d"), ("remark", "U0SEB", "5a1d")}
    message = await english(letters, campaign, lines[0])
    assert "No place for bicycles." in message
    assert campaign.pledge_words[PLEDGE, "en"].title in message
    assert "U0ANN" not in message


async def test_forgotten_remark_has_no_message(letters: Notifications, store: Store, campaign: Campaign) -> None:
    await store.write(store.ideas.remark, remark(pledge="no-longer-in-the-files", obstacle=None, country=None))
    [line] = await every(letters, campaign)
    assert line.recipient == "U0BOSS"
    assert await letters.message(campaign, line, NOW) is not None
    await store.privacy.forget("U0ANN")
    assert await letters.message(campaign, line, NOW) is None


# All of them


async def everything(store: Store) -> None:
    """Something of each kind."""
    await store.write(store.people.keep, [person(), person("U0BO", country="DE", language="de", zone="Europe/Berlin")])
    for user in ("U0ANN", "U0BO"):
        await store.write(store.pledges.make, pledged(user, remind_on=(TUESDAY, WEDNESDAY)))
        await store.write(store.pledges.make, pledged(user, pledge="vegetarian_day"))
    for number, state in enumerate([*IdeaState, *IdeaState]):
        published = state is IdeaState.APPROVED
        await store.write(store.ideas.submit, idea(id=f"{number}", state=state, published=published, round=1))
        await store.write(store.ideas.remark, remark(id=f"r{number}", occasion=f"post-{number}", country="DE"))
        await store.write(store.shares.share, Actor(CAMPAIGN, "U0REP", NOW), f"{number}")


@pytest.fixture
def shared(campaign: Campaign) -> Campaign:
    """The campaign, with a channel of all organisers."""
    assert campaign.company
    return replace(campaign, company=campaign.company.model_copy(update={"organisers_channel": "C0ORGANISERS"}))


async def test_every_notification_has_a_unique_stable_key(
    letters: Notifications, store: Store, shared: Campaign
) -> None:
    await everything(store)
    lines = await every(letters, shared)
    assert {line.kind for line in lines} == set(NotificationKind)
    assert len({line.key for line in lines}) == len(lines)
    assert await every(letters, shared) == lines


async def test_every_letter_says_something_in_every_language(
    letters: Notifications, store: Store, shared: Campaign
) -> None:
    await everything(store)
    for line in await every(letters, shared):
        for language in shared.languages:
            message = await letters.message(shared, replace(line, language=language), NOW)
            assert message is not None, line.key
            assert message.text

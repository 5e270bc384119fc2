"""Messages about ideas show what was decided, each once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign
from bot.campaign.schedule import Slot
from bot.delivery.idea_message_updates import EVERY, IdeaReviews, Shown, standing
from bot.delivery.sender import Sender
from bot.delivery.unscheduled_messages import NotificationKind, idea_message
from bot.locales.catalogues import words
from bot.slack.installation import Installation
from bot.slack.manifest import SCOPES
from bot.slack.send_results import Posted
from bot.store.ideas import Idea, IdeaState
from bot.store.outbox import Changes, Entry, State
from bot.store.store import Store
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import User, Workspace

from .correspondence import CAMPAIGN, NEWS, NOW, REVIEW, idea

LATER = NOW + timedelta(hours=1)
REPRESENTATIVES = ("U0SEA", "U0SEB")


def slot(kind: NotificationKind, post: str, recipient: str = "U0SEA") -> Slot:
    local = datetime(2027, 3, 15, 11)  # noqa: DTZ001 - a wall time
    place = {"country": "SE", "language": "sv", "zone": "Europe/Stockholm"}
    times = {"local": local, "due_at": NOW, "expires_at": NOW + timedelta(days=7)}
    return Slot(CAMPAIGN, post, kind.value, recipient, date(2027, 3, 15), kind.value, **place, **times)  # type: ignore[arg-type]


def entry(kind: NotificationKind, post: str, shown: int | None = None) -> Entry:
    return Entry("row", slot(kind, post), State.SENT, NOW, NOW, None, "D1", "1.0", NOW, shown)


@pytest.mark.parametrize(
    ("post", "of_idea", "shown"),
    [
        ("1dea-0", {}, None),
        ("1dea-0", {"state": IdeaState.ASKED, "round": 1}, Shown.ASKED),
        ("1dea-0", {"round": 1}, Shown.ANSWERED),
        ("1dea-1", {"round": 1}, None),
        ("1dea-1", {"state": IdeaState.APPROVED, "round": 1}, Shown.APPROVED),
        ("1dea-0", {"state": IdeaState.APPROVED, "published": True}, Shown.PUBLISHED),
        ("1dea-0", {"state": IdeaState.PLANNED}, Shown.PLANNED),
        ("1dea-0", {"state": IdeaState.DONE}, Shown.DONE),
        ("1dea-0", {"state": IdeaState.DECLINED}, Shown.DECLINED),
    ],
)
def test_review_shows_what_became_of_the_idea(post: str, of_idea: dict[str, Any], shown: Shown | None) -> None:
    assert standing(entry(REVIEW, post), idea(**of_idea)) is shown


@pytest.mark.parametrize(
    ("post", "of_idea", "shown"),
    [
        ("1dea-asked-1", {"state": IdeaState.ASKED, "round": 1}, None),
        ("1dea-asked-1", {"state": IdeaState.ASKED, "round": 2}, Shown.CLOSED),
        ("1dea-asked-1", {"round": 1}, Shown.CLOSED),
        ("1dea-asked-1", {"state": IdeaState.DECLINED, "round": 1}, Shown.CLOSED),
        ("1dea-approved", {"state": IdeaState.APPROVED}, None),
        ("1dea-declined", {"state": IdeaState.DECLINED}, None),
    ],
)
def test_question_closes_once_it_is_answered(post: str, of_idea: dict[str, Any], shown: Shown | None) -> None:
    assert standing(entry(NEWS, post), idea(**of_idea)) is shown


@pytest.mark.parametrize("state", [state for state in IdeaState if state is not IdeaState.NEW])
def test_every_decision_can_be_shown(state: IdeaState) -> None:
    assert standing(entry(REVIEW, "1dea-0"), idea(state=state)) is Shown[state.name]


def test_stored_numbers_stay_as_they_are() -> None:
    assert [each.name for each in sorted(Shown)] == [
        "ASKED", "ANSWERED", "APPROVED", "PUBLISHED", "DECLINED", "CLOSED", "PLANNED", "DONE",
    ]  # fmt: skip


# In Slack


@pytest.fixture
async def slack() -> AsyncIterator[RehearsalSlack]:
    town = Workspace([User(user, user.lower()) for user in REPRESENTATIVES], [])
    made = RehearsalSlack(town, lambda: LATER, app=App(SCOPES), limits=RateLimits.none())
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def sender(slack: RehearsalSlack) -> AsyncIterator[Sender]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])
        yield Sender(Installation(client))


@pytest.fixture
def reviews(store: Store, sender: Sender) -> IdeaReviews:
    return IdeaReviews(store, sender, words)


@pytest.fixture
async def sent(store: Store, sender: Sender, campaign: Campaign) -> Idea:
    """An idea that both representatives have been asked about."""
    new = idea()
    await store.write(store.ideas.submit, new)
    slots = [slot(REVIEW, "1dea-0", user) for user in REPRESENTATIVES]
    await store.write(store.outbox.apply, Changes(add=slots), NOW)
    for row in await store.write(store.outbox.claim, NOW, 9):
        at = Moment(campaign, NOW, row.slot.zone)
        message = idea_message(REVIEW, new, words("sv"), at)
        posted = await sender.post(row.slot.recipient, message, row.id)
        assert isinstance(posted, Posted)
        await store.write(store.outbox.mark_sent, row.id, posted.channel, posted.ts, NOW)
    return new


async def approve(store: Store) -> None:
    assert await store.write(store.ideas.decide, "1dea", IdeaState.APPROVED, LATER, by="U0SEA")


def buttons(slack: RehearsalSlack) -> list[bool]:
    """Whether each letter has buttons that do something."""
    return ["idea_approve" in str(message.blocks) for message in slack.workspace.messages()]


def edits(slack: RehearsalSlack) -> int:
    return sum(call.method == "chat.update" for call in slack.calls)


async def rows(store: Store) -> list[tuple[int | None, str | None]]:
    return [(row.shown, row.reason) for row in await store.read(store.outbox.entries, CAMPAIGN)]


@pytest.mark.usefixtures("sent")
async def test_open_idea_changes_nothing(reviews: IdeaReviews, slack: RehearsalSlack, campaign: Campaign) -> None:
    await reviews.refresh(campaign, LATER)
    assert (edits(slack), buttons(slack)) == (0, [True, True])


@pytest.mark.usefixtures("sent")
async def test_decision_is_shown_everywhere_once(
    reviews: IdeaReviews, store: Store, slack: RehearsalSlack, campaign: Campaign
) -> None:
    await approve(store)
    for minute in range(3):
        await reviews.refresh(campaign, LATER + minute * EVERY)
    assert (edits(slack), buttons(slack)) == (2, [False, False])
    assert await rows(store) == [(Shown.APPROVED, None)] * 2
    assert all("<@U0SEA>" in str(message.blocks) for message in slack.workspace.messages())
    assert await store.write(store.ideas.decide, "1dea", IdeaState.DONE, LATER, seen=IdeaState.APPROVED, by="U0SEB")
    await reviews.refresh(campaign, LATER + 4 * EVERY)
    assert await rows(store) == [(Shown.DONE, None)] * 2


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("word", ["message_not_found", "edit_window_closed", "channel_not_found"])
async def test_failed_update_is_not_repeated(
    reviews: IdeaReviews, store: Store, slack: RehearsalSlack, campaign: Campaign, word: str
) -> None:
    await approve(store)
    slack.faults.answer(word, method="chat.update")
    for minute in range(3):
        await reviews.refresh(campaign, LATER + minute * EVERY)
    assert (edits(slack), sorted(buttons(slack))) == (2, [False, True]), "the other one is changed all the same"
    frozen, changed = sorted(await rows(store), key=lambda row: row[0] or 0)
    assert frozen == (None, frozen[1])
    assert (frozen[1] or "").startswith(f"its decision is not shown: {word}")
    assert changed == (Shown.APPROVED, None)


@pytest.mark.usefixtures("sent")
async def test_busy_slack_is_left_alone_for_a_minute(
    reviews: IdeaReviews, store: Store, slack: RehearsalSlack, campaign: Campaign
) -> None:
    await approve(store)
    slack.faults.throttle(30, method="chat.update")
    await reviews.refresh(campaign, LATER)
    assert (edits(slack), buttons(slack)) == (1, [True, True])
    await reviews.refresh(campaign, LATER + EVERY - timedelta(seconds=1))
    assert edits(slack) == 2, "the one that was not tried yet"
    await reviews.refresh(campaign, LATER + EVERY)
    assert (edits(slack), buttons(slack)) == (3, [False, False])


@pytest.mark.usefixtures("sent")
async def test_after_a_month_nothing_is_changed(
    reviews: IdeaReviews, store: Store, slack: RehearsalSlack, campaign: Campaign
) -> None:
    await approve(store)
    await reviews.refresh(campaign, NOW + timedelta(days=30, seconds=1))
    assert edits(slack) == 0
    await reviews.refresh(campaign, NOW + timedelta(days=30))
    assert edits(slack) == 2


@pytest.mark.usefixtures("sent")
async def test_idea_that_was_forgotten_is_left(
    reviews: IdeaReviews, store: Store, slack: RehearsalSlack, campaign: Campaign
) -> None:
    await approve(store)
    await store.privacy.forget("U0ANN")
    await reviews.refresh(campaign, LATER)
    await reviews.refresh(replace(campaign, id="another"), LATER)
    assert edits(slack) == 0

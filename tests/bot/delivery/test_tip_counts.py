"""The count under a tip, through the real store and a Slack that takes what it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.model import Audience, Campaign, Post
from bot.campaign.pictures import Picture
from bot.campaign.schedule import Slot
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.delivery.tip_counts import EVERY, TipCounts
from bot.locales.catalogues import words
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose
from bot.slack.installation import Installation
from bot.slack.manifest import SCOPES
from bot.slack.send_results import Posted
from bot.standings.indicators import tip_cell
from bot.standings.published_figures import Band, Figure, Standing, Standings
from bot.store.hold_conditions import Leaving
from bot.store.outbox import Changes, Entry
from bot.store.store import Store
from rehearsal.clock import VirtualClock
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import BOT, Channel, User, Workspace
from tests.campaigns import png

DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
NOW = DUE + timedelta(hours=3)
NOTHING = Standings(
    campaign="earth-week-2027",
    taken_at=NOW,
    definition="2",
    factors="1",
    smallest_group=5,
    goal_percent=None,
    whole=Standing(place="all"),
    places=(),
)
WEEK = Channel("C0SWEDEN", "earth-week-se")


@dataclass
class Street:
    """A tip that was posted, those who do it, and what everyone sees of that."""

    campaign: Campaign
    store: Store
    slack: RehearsalSlack
    clock: VirtualClock
    poster: Sender
    tip: Post
    pictures: Pictures
    published: Standings = NOTHING

    async def post(self, post: Post, recipient: str, language: str, channel: str) -> Entry:
        """Send a post as the dispatcher would."""
        local = datetime.combine(post.day, post.time)
        name, audience = self.campaign.id, post.audience.value
        zone, late = "Europe/Stockholm", DUE + timedelta(hours=12)
        line = Slot(name, post.post, audience, recipient, post.day, post.kind, "SE", language, zone, local, DUE, late)
        await self.store.write(self.store.outbox.apply, Changes(add=[line]), DUE)
        [row] = await self.store.write(self.store.outbox.claim, DUE, 1)
        words_sent = Leaving(post.post, self.campaign.text(post.post, language))
        assert await self.store.write(self.store.leave, row, channel, words_sent, DUE)
        picture = await self.pictures.file_of(self.campaign, self.campaign.text(post.post, language))
        drawn = compose(PostContext(self.campaign, post, words(language), country="SE", picture=picture))
        verdict = await self.poster.post(channel, drawn, row.id)
        assert isinstance(verdict, Posted)
        await self.store.write(self.store.outbox.mark_sent, row.id, verdict.channel, verdict.ts, DUE)
        return row

    def publish(self, figure: Figure, post: Post | None = None) -> None:
        """It is published that so many colleagues have done a tip."""
        tips = {**self.published.tips, tip_cell(self.campaign, post or self.tip): figure}
        self.published = self.published.model_copy(update={"tips": tips})

    async def refresh(self, at: datetime) -> int:
        """Go round once; how often Slack was asked to change a message."""
        before = self.asked()
        self.clock.turn_to(max(at, self.clock.now()))
        # Nothing is kept in the process: a restart makes these anew each time.
        await TipCounts(self.store, self.poster, words, self.pictures).refresh(self.campaign, self.published, at)
        return self.asked() - before

    def asked(self) -> int:
        return sum(each.method == "chat.update" for each in self.slack.calls)

    def counts(self, channel: str = "C0SWEDEN") -> list[str]:
        """The count under each message of a channel, empty where there is none."""
        return [_count(message.blocks) for message in self.slack.workspace.messages(channel)]


def _count(blocks: Any) -> str:
    return "".join(block["elements"][0]["text"] for block in blocks if block.get("block_id") == "count")


def done(count: int, language: str = "sv") -> str:
    spoken = words(language)
    told = spoken("people.about", count=spoken.number(count))
    return spoken("count.done", people=f"{told[:1].upper()}{told[1:]}")


@pytest.fixture
async def street(campaign: Campaign, store: Store) -> AsyncIterator[Street]:
    clock = VirtualClock(DUE)
    town = Workspace([User("U0ANN", "ann")], [WEEK], members={"C0SWEDEN": [BOT.id]})
    slack = RehearsalSlack(town, clock.now, app=App(SCOPES), limits=RateLimits.none())
    await slack.start()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])
        tip = next(post for post in campaign.posts if post.kind == "tip" and post.day == date(2027, 3, 15))
        pictures = Pictures(store, Installation(client), clock)
        made = Street(campaign, store, slack, clock, Sender(Installation(client)), tip, pictures)
        await made.post(tip, "SE", "sv", "C0SWEDEN")
        yield made
    await slack.stop()


async def test_before_the_first_figures_nothing_is_changed(street: Street) -> None:
    counts = TipCounts(street.store, street.poster, words, street.pictures)
    await counts.refresh(street.campaign, None, NOW)
    assert street.counts() == [""]


@pytest.mark.parametrize("figure", [None, Band.FEW])
async def test_few_are_not_shown(street: Street, figure: Figure) -> None:
    street.publish(figure)
    assert await street.refresh(NOW) == 0
    assert street.counts() == [""]


async def test_post_changes_only_when_its_published_count_changes(street: Street) -> None:
    shown = []
    for hours, figure in enumerate((5, 5, 20, 20, 15)):
        street.publish(figure)
        await street.refresh(NOW + timedelta(hours=hours))
        shown += street.counts()
    assert shown == [done(count) for count in (5, 5, 20, 20, 15)]
    assert street.asked() == 3


async def test_a_count_keeps_the_words_that_were_sent(street: Street) -> None:
    [before] = street.slack.workspace.messages(WEEK.id)
    key = (street.tip.post, "sv")
    edited = street.campaign.text(*key).model_copy(update={"title": "Ändrat", "body": "Ändrat.", "summary": "Ändrat."})
    street.campaign = replace(street.campaign, texts={**street.campaign.texts, key: edited})
    street.publish(15)
    assert await street.refresh(NOW) == 1
    [after] = street.slack.workspace.messages(WEEK.id)
    assert (after.text, after.blocks[:2]) == (before.text, before.blocks[:2])
    assert street.counts() == [done(15)]


async def test_a_count_keeps_the_picture(street: Street) -> None:
    key = (street.tip.post, "nb")
    text = street.campaign.text(*key).model_copy(update={"picture": "line", "alt": "Klær på en snor."})
    street.campaign = replace(
        street.campaign, texts={**street.campaign.texts, key: text}, pictures={"line": Picture("line", png())}
    )
    await street.pictures.upload(street.campaign)
    street.clock.turn_to(DUE + timedelta(minutes=2))
    street.slack.workspace.add_channel(Channel("C0NORWAY", "earth-week-no"), [BOT.id])
    await street.post(street.tip, "NO", "nb", "C0NORWAY")
    [before] = street.slack.workspace.messages("C0NORWAY")
    assert before.blocks[1]["alt_text"] == "Klær på en snor."
    street.publish(15)
    await street.refresh(NOW)
    [after] = street.slack.workspace.messages("C0NORWAY")
    assert (after.blocks[1], _count(after.blocks)) == (before.blocks[1], done(15, "nb"))


async def test_nearly_all_is_said_in_words_and_once(street: Street) -> None:
    street.publish(Band.NEARLY_ALL)
    assert await street.refresh(NOW) == 1
    assert street.counts() == ["Nästan alla kollegor har gjort det här."]
    assert await street.refresh(NOW + EVERY) == 0


async def test_post_for_one_country_shows_that_countrys_count(street: Street) -> None:
    own = street.tip.model_copy(update={"countries": ("SE",)})
    street.publish(80)
    street.campaign = replace(
        street.campaign, posts=tuple(own if post == street.tip else post for post in street.campaign.posts)
    )
    assert await street.refresh(NOW) == 0, "that of all countries is not its own"
    street.publish(15, own)
    assert await street.refresh(NOW + EVERY) == 1
    assert street.counts() == [done(15)]


async def test_post_changes_at_most_once_a_minute(street: Street) -> None:
    street.publish(5)
    assert await street.refresh(NOW) == 1
    street.publish(10)
    assert await street.refresh(NOW + EVERY - timedelta(seconds=1)) == 0
    assert street.counts() == [done(5)]
    assert await street.refresh(NOW + EVERY) == 1
    assert street.counts() == [done(10)]


async def test_simultaneous_refreshes_change_a_post_once(street: Street) -> None:
    street.publish(5)
    await asyncio.gather(*(street.refresh(NOW) for _ in range(2)))
    assert street.asked() == 1


async def test_what_is_shown_is_known_after_a_restart(street: Street, store: Store) -> None:
    street.publish(5)
    await street.refresh(NOW)
    [row] = await store.read(store.outbox.entries, street.campaign.id)
    assert row.shown == 5
    assert await street.refresh(NOW + timedelta(hours=1)) == 0


async def test_only_the_count_of_a_post_changes(street: Street) -> None:
    [before] = street.slack.workspace.messages("C0SWEDEN")
    street.publish(5)
    await street.refresh(NOW)
    [after] = street.slack.workspace.messages("C0SWEDEN")
    assert (after.ts, after.text, after.metadata) == (before.ts, before.text, before.metadata)
    assert [block for block in after.blocks if block.get("block_id") != "count"] == list(before.blocks)
    assert not street.slack.errors, "Slack takes the blocks"


async def test_each_channel_shows_the_count_in_its_language(street: Street) -> None:
    street.slack.workspace.add_channel(Channel("C0GERMANY", "earth-week-de"), [BOT.id])
    await street.post(street.tip, "DE", "de", "C0GERMANY")
    street.publish(10)
    assert await street.refresh(NOW) == 2
    assert (street.counts(), street.counts("C0GERMANY")) == ([done(10)], [done(10, "de")])


async def test_every_tip_has_its_own_count(street: Street) -> None:
    another = next(post for post in street.campaign.posts if post.kind == "tip" and post.post != street.tip.post)
    await street.post(another, "SE", "sv", "C0SWEDEN")
    street.publish(5)
    await street.refresh(NOW)
    assert street.counts() == [done(5), ""]


async def test_counted_direct_message_can_still_be_stopped(street: Street) -> None:
    direct = street.tip.model_copy(update={"audience": Audience.JOINED})
    street.campaign = replace(street.campaign, posts=(*street.campaign.posts, direct))
    await street.post(direct, "U0ANN", "sv", "U0ANN")
    conversation = street.slack.workspace.im("U0ANN")
    [before] = street.slack.workspace.messages(conversation)
    street.publish(5)
    await street.refresh(NOW)
    [after] = street.slack.workspace.messages(conversation)
    assert _count(after.blocks) == done(5)
    assert [block for block in after.blocks if block.get("block_id") != "count"] == list(before.blocks)


async def test_failed_change_is_retried_a_minute_later(street: Street) -> None:
    street.slack.faults.answer("ratelimited", method="chat.update")
    street.publish(5)
    assert await street.refresh(NOW) == 1
    assert await street.refresh(NOW + timedelta(seconds=30)) == 0
    assert street.counts() == [""]
    assert await street.refresh(NOW + EVERY) == 1
    assert street.counts() == [done(5)]


async def test_count_uses_plain_form_when_blocks_are_refused(street: Street) -> None:
    street.slack.faults.answer("invalid_blocks", method="chat.update")
    street.publish(5)
    assert await street.refresh(NOW) == 2
    assert street.counts() == [done(5)]
    [message] = street.slack.workspace.messages("C0SWEDEN")
    assert "markdown" not in {block["type"] for block in message.blocks}


PERMANENT = ["message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived",
             "is_inactive", "not_in_channel"]  # fmt: skip


@pytest.mark.parametrize("word", PERMANENT)
async def test_post_that_cannot_be_changed_is_tried_once(
    street: Street, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    street.slack.faults.answer(word, method="chat.update", times=99)
    street.publish(5)
    assert [await street.refresh(NOW + number * EVERY) for number in range(5)] == [1, 0, 0, 0, 0]
    assert capsys.readouterr().out.count("tip_counts.frozen") == 1


async def test_deleted_post_does_not_stop_other_counts(street: Street) -> None:
    street.slack.workspace.add_channel(Channel("C0GERMANY", "earth-week-de"), [BOT.id])
    await street.post(street.tip, "DE", "de", "C0GERMANY")
    street.slack.faults.answer("message_not_found", method="chat.update")
    street.publish(5)
    await street.refresh(NOW)
    assert sorted(map(bool, (*street.counts(), *street.counts("C0GERMANY")))) == [False, True]


async def test_rate_limit_stops_changes_of_other_posts(street: Street) -> None:
    street.slack.workspace.add_channel(Channel("C0GERMANY", "earth-week-de"), [BOT.id])
    await street.post(street.tip, "DE", "de", "C0GERMANY")
    street.slack.faults.throttle(30, method="chat.update")
    street.publish(5)
    assert await street.refresh(NOW) == 1
    assert await street.refresh(NOW + EVERY) == 2


async def test_posts_older_than_a_week_stay_unchanged(street: Street) -> None:
    street.publish(5)
    assert await street.refresh(DUE + timedelta(days=7, seconds=1)) == 0
    assert await street.refresh(DUE + timedelta(days=7)) == 1


async def test_post_missing_from_the_files_stays_unchanged(street: Street) -> None:
    whole = street.campaign
    street.campaign = replace(whole, posts=tuple(post for post in whole.posts if post.post != street.tip.post))
    street.publish(5)
    assert await street.refresh(NOW) == 0


async def test_what_waits_has_nothing_to_show(street: Street, store: Store) -> None:
    [sent] = await store.read(store.outbox.entries, street.campaign.id)
    waiting = replace(sent.slot, recipient="NO")
    await store.write(store.outbox.apply, Changes(add=[waiting]), DUE)
    street.publish(5)
    assert await street.refresh(NOW) == 1

"""Messages outside the schedule: reminders that people asked for, and news about ideas and remarks.

They are computed from the store, as slots are from the files: planning twice changes nothing, and a notification that
has lost its reason is withdrawn while it is still due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from bot.campaign.campaign_moment import Moment
from bot.campaign.idea_recipients import readers
from bot.campaign.localtime import end_of_day, instant, local
from bot.campaign.model import Audience, Campaign, Per
from bot.campaign.organiser_decisions import OwnPost
from bot.campaign.schedule import Addressee, Slot
from bot.campaign.workdays import FIRST_HOUR, LAST_HOUR, first_working_day, reminded_at
from bot.messages.button_availability import is_available
from bot.messages.campaign_texts import filled_text, pledge_words
from bot.messages.message import Message
from bot.messages.replies.phrases import place_name
from bot.messages.unscheduled_messages import (
    Decision,
    idea_news,
    idea_post,
    idea_review,
    idea_share,
    pledge_reminder,
    post_share,
    remark,
    share_news,
    share_taken_over,
)
from bot.messages.words import Words
from bot.store.ideas import Idea, IdeaState, Remark
from bot.store.people import Person
from bot.store.pledges import Pledged
from bot.store.recipient_batches import Recipients
from bot.store.shared_ideas_and_posts import Share, copy_name, news_name, subject_of
from bot.store.store import Store

REMINDER_WITHIN = timedelta(hours=3)
NOTIFICATION_WITHIN = timedelta(days=7)


class NotificationKind(StrEnum):
    """The kinds of notifications. A slot has one as its kind and as its audience."""

    REMINDER = "reminder"
    IDEA_REVIEW = "idea_review"
    IDEA_NEWS = "idea_news"
    IDEA_POST = "idea_post"
    SHARE = "share"
    SHARE_NEWS = "share_news"
    REMARK = "remark"


NOTIFICATIONS = frozenset(NotificationKind)

ORGANISERS = "organisers"
"""The recipient of what is posted in the channel of all organisers."""

NOTHING_TO_ASK = "the person has made no pledge that a check-in could ask about"
"""The reason why a check-in is not sent. A pledge made later that day is asked about in the next one."""

ALREADY_DONE = "the person has done already what this would remind of"
"""The reason why a reminder is not sent."""


@dataclass(frozen=True)
class Recipient:
    """The recipient of a notification: a Slack user, or a country whose channel gets it."""

    recipient: str
    zone: str
    language: str
    country: str | None


class Notifications:
    """Plans notifications, and renders them when they are sent."""

    def __init__(self, store: Store, words: Callable[[str], Words]) -> None:
        self._store = store
        self._words = words

    def reminders(self, connection: Connection, campaign: Campaign, recipients: Recipients) -> list[Slot]:
        """List the slots of the reminders that some people asked for."""
        reminded = self._store.pledges.to_remind(connection, campaign.id, recipients)
        # A pledge may have been taken out of the campaign's files since.
        known = [(person, pledged) for person, pledged in reminded if campaign.pledge(pledged.pledge)]
        return [each for person, pledged in known for each in _reminders(campaign, person, pledged)]

    def for_texts(self, connection: Connection, campaign: Campaign) -> list[Slot]:
        """List the slots of the notifications about ideas and remarks."""
        slots: list[Slot] = []
        ideas = self._store.ideas.of_campaign(connection, campaign.id)
        authors = self._store.present.among(connection, {idea.user for idea in ideas})
        shares = self._store.shares.of_campaign(connection, campaign.id)
        for idea in ideas:
            slots += _about(campaign, idea, authors.get(idea.user))
        own = self._store.revisions.own_posts(connection, campaign.id)
        slots += _shared(campaign, shares, ideas, own)
        for each in self._store.ideas.remarks_of(connection, campaign.id):
            slots += _to_representatives(
                campaign, each.country, NotificationKind.REMARK, each.id, each.at, overnight=True
            )
        return slots

    async def obsolete(self, campaign: Campaign, slot: Slot) -> str | None:
        """Return why a message is no longer worth sending, or None."""
        if slot.kind == "check_in" and slot.audience == Audience.JOINED:
            asked = await self._store.read(self._store.pledges.asked_about, campaign.id, slot.recipient)
            return None if any(map(campaign.pledge, asked)) else NOTHING_TO_ASK
        if slot.kind == NotificationKind.REMINDER and await self._is_done(campaign, slot):
            return ALREADY_DONE
        return None

    async def _is_done(self, campaign: Campaign, slot: Slot) -> bool:
        """Return whether a pledge is done on the day of its reminder, or on any day if it is done once."""
        pledge = campaign.pledge(slot.post)
        days = {
            each.occasion
            for each in await self._store.read(self._store.pledges.outcomes, campaign.id, slot.recipient)
            if each.is_day and each.pledge == slot.post
        }
        return slot.local_date.isoformat() in days or bool(days and pledge and pledge.per is Per.ONCE)

    async def message(self, campaign: Campaign, slot: Slot, now: datetime) -> Message | None:
        """Render a notification from the present state. Returns None when it has lost its reason."""
        words = self._words(slot.language)
        match NotificationKind(slot.kind):
            case NotificationKind.REMINDER:
                return await self._reminder(campaign, slot, words)
            case NotificationKind.REMARK:
                found = await self._store.read(self._store.ideas.get_remark, slot.post)
                return _remark(campaign, found, words) if found else None
            case NotificationKind.SHARE:
                return await self._share(campaign, slot, words)
            case NotificationKind.SHARE_NEWS:
                return await self._share_news(slot, words)
            case kind:
                idea = await self._store.read(self._store.ideas.get, slot.post.partition("-")[0])
                at = Moment(campaign, now, slot.zone)
                # A slot is named after the idea's state and round, so it matches only while it is up to date.
                return idea_message(kind, idea, words, at) if idea and _posts(idea).get(kind) == slot.post else None

    async def _share(self, campaign: Campaign, slot: Slot, words: Words) -> Message | None:
        """Draw an idea or a post of a country's own for the organisers of all countries."""
        idea = await self._store.read(self._store.ideas.get, slot.post)
        if idea:
            return idea_share(words, idea.id, idea.text, _place(words, idea.country), idea.user if idea.named else None)
        own = await self._store.read(self._store.revisions.own_post, campaign.id, slot.post)
        written = campaign.texts.get((slot.post, slot.language))
        if own is None or written is None:
            return None
        text = filled_text(written, campaign, words, own.country)
        return post_share(words, own.id, text, _place(words, own.country))

    async def _share_news(self, slot: Slot, words: Words) -> Message | None:
        """Draw what became of something that was shared, as it is now."""
        subject = subject_of(slot.post)
        idea = await self._store.read(self._store.ideas.get, subject)
        if idea and slot.post == news_name(subject, idea.state):
            return share_news(words, idea.state, _place(words, idea.country), idea.reason)
        own_posts = await self._store.read(self._store.revisions.own_posts, slot.campaign)
        made = next((own for own in own_posts if own.origin == subject and copy_name(own) == slot.post), None)
        return share_taken_over(words, _place(words, made.country), made.day, made.time) if made else None

    async def _reminder(self, campaign: Campaign, slot: Slot, words: Words) -> Message | None:
        mine = await self._store.read(self._store.pledges.of, campaign.id, slot.recipient)
        found = next((each for each in mine if each.pledge == slot.post and slot.local_date in each.remind_on), None)
        pledge = campaign.pledge(slot.post)
        return pledge_reminder(words, campaign, pledge, found.plan) if found and pledge else None


def _reminders(campaign: Campaign, person: Person, pledged: Pledged) -> Iterator[Slot]:
    to = Recipient(person.user, person.zone, campaign.language_for(person.language, person.country), person.country)
    for day in pledged.remind_on:
        wall = datetime.combine(day, reminded_at(pledged.remind_at or FIRST_HOUR, any_hour=pledged.any_hour))
        yield _slot(campaign, NotificationKind.REMINDER, pledged.pledge, to, wall, REMINDER_WITHIN)


def working_moment(at: datetime, to: Recipient | Addressee, pause: date | None = None) -> datetime:
    """Return the first local time in working hours from an instant on, and not before a pause is over."""
    wall = local(at, to.zone)
    if pause and wall.date() < pause:
        wall = datetime.combine(pause, FIRST_HOUR)
    if wall.time() > LAST_HOUR:
        wall = datetime.combine(wall.date() + timedelta(days=1), FIRST_HOUR)
    day = first_working_day(wall.date(), to.country)
    # On a working day after the first hour, `wall` stays; before it, or on a later day, the first hour is later.
    return max(wall, datetime.combine(day, FIRST_HOUR))


def _posts(idea: Idea) -> dict[NotificationKind, str]:
    """Return the notifications that an idea's state gives reason for, with the names of their slots."""
    if idea.state is IdeaState.NEW:
        return {NotificationKind.IDEA_REVIEW: f"{idea.id}-{idea.round}"}
    news = {NotificationKind.IDEA_NEWS: f"{idea.id}-{idea.state}-{idea.round}"}
    is_posted = idea.published and idea.state is not IdeaState.DECLINED
    return news | ({NotificationKind.IDEA_POST: idea.id} if is_posted else {})


def _about(campaign: Campaign, idea: Idea, author: Person | None) -> Iterator[Slot]:
    """Yield the slots about an idea: for representatives to act on it, for its author, and for the country."""
    for kind, post in _posts(idea).items():
        if kind is NotificationKind.IDEA_REVIEW:
            yield from _to_representatives(campaign, idea.country, kind, post, idea.changed_at)
        elif to := _author(campaign, idea, author) if kind is NotificationKind.IDEA_NEWS else _home(campaign, idea):
            pause = author.paused_until if author and kind is NotificationKind.IDEA_NEWS else None
            # A post in the channel keeps its time, whatever becomes of the idea later.
            since = idea.approved_at if kind is NotificationKind.IDEA_POST else None
            wall = working_moment(since or idea.changed_at, to, pause)
            yield _slot(campaign, kind, post, to, wall, NOTIFICATION_WITHIN)


_TOLD_BELOW = frozenset({IdeaState.PLANNED, IdeaState.DONE, IdeaState.DECLINED})
"""States of an idea that are told below the message in which it was shared."""


def _organisers(campaign: Campaign) -> Recipient | None:
    company = campaign.company
    return (
        Recipient(ORGANISERS, company.zone, company.language, None) if company and company.organisers_channel else None
    )


def _shared(
    campaign: Campaign, shares: Mapping[str, Share], ideas: Sequence[Idea], own_posts: Sequence[OwnPost]
) -> Iterator[Slot]:
    """Yield the slots in the organisers' channel: what is shared, and below it what became of that."""
    to = _organisers(campaign)
    if to is None:
        return
    # Forgotten ideas and posts that were taken back are shared no more.
    subjects = (*(idea.id for idea in ideas), *(own.id for own in own_posts))
    there = [shares[subject] for subject in subjects if subject in shares]
    for share in there:
        wall = working_moment(share.at, to)
        yield _slot(campaign, NotificationKind.SHARE, share.subject, to, wall, NOTIFICATION_WITHIN)
    shared_at = {share.subject: share.at for share in there}
    for name, at in _news_below(ideas, own_posts):
        if since := shared_at.get(subject_of(name)):
            wall = working_moment(max(at, since), to)
            yield _slot(campaign, NotificationKind.SHARE_NEWS, name, to, wall, NOTIFICATION_WITHIN)


def _news_below(ideas: Sequence[Idea], own_posts: Sequence[OwnPost]) -> Iterator[tuple[str, datetime]]:
    for idea in ideas:
        if idea.state in _TOLD_BELOW:
            yield news_name(idea.id, idea.state), idea.changed_at
    for own in own_posts:
        if own.origin:
            yield copy_name(own), own.at


def _author(campaign: Campaign, idea: Idea, author: Person | None) -> Recipient | None:
    # Sending an idea after stopping messages asks for news about it.
    if author is None or (author.stopped_at and author.stopped_at > idea.at):
        return None
    return Recipient(author.user, author.zone, campaign.language_for(author.language, author.country), author.country)


def _home(campaign: Campaign, idea: Idea) -> Recipient | None:
    home = campaign.country(idea.country)
    return Recipient(home.code, home.zone, home.language, home.code) if home else None


def _to_representatives(
    campaign: Campaign, country: str | None, kind: NotificationKind, post: str, at: datetime, *, overnight: bool = False
) -> Iterator[Slot]:
    """Yield a slot for each representative. With `overnight`, its time does not give an anonymous author away."""
    for reader in readers(campaign, country).values():
        to = Recipient(reader.recipient, reader.zone, reader.language, reader.country)
        since = end_of_day(local(at, to.zone).date(), to.zone) if overnight else at
        yield _slot(campaign, kind, post, to, working_moment(since, to), NOTIFICATION_WITHIN)


def _slot(
    campaign: Campaign, kind: NotificationKind, post: str, to: Recipient, wall: datetime, within: timedelta
) -> Slot:
    due_at = instant(wall, to.zone)
    return notification_slot(campaign, kind, post, to, wall, (due_at, due_at + within))


def notification_slot(
    campaign: Campaign,
    kind: StrEnum,
    post: str,
    to: Recipient | Addressee,
    wall: datetime,
    between: tuple[datetime, datetime],
) -> Slot:
    """Make the slot of a message that has its kind as its audience.

    It can be sent between two instants; `wall` is the local time of the first.
    """
    due_at, expires_at = between
    return Slot(
        campaign=campaign.id,
        post=post,
        audience=kind.value,
        recipient=to.recipient,
        local_date=wall.date(),
        kind=kind.value,
        country=to.country,
        language=to.language,
        zone=to.zone,
        local=wall,
        due_at=due_at,
        expires_at=expires_at,
    )


def _place(words: Words, country: str | None) -> str | None:
    return place_name(words, country) if country else None


def _remark(campaign: Campaign, each: Remark, words: Words) -> Message:
    title = pledge_words(campaign, each.pledge, words).title if campaign.pledge(each.pledge) else None
    return remark(words, title, each.obstacle, each.text)


def idea_message(
    kind: NotificationKind, idea: Idea, words: Words, at: Moment, decision: Decision | None = None
) -> Message:
    """Render a notification about an idea. With a `decision`, it shows that in place of the buttons."""
    by = idea.user if idea.named else None
    match kind:
        case NotificationKind.IDEA_REVIEW:
            country = place_name(words, idea.country) if idea.country else None
            talk = {"question": idea.question, "answer": idea.answer}
            can_post = at.campaign.country(idea.country) is not None
            return idea_review(
                words,
                idea.id,
                idea.text,
                country,
                **talk,
                named_by=by,
                can_post=can_post,
                decision=decision,
                reason=idea.reason,
            )
        case NotificationKind.IDEA_POST:
            return idea_post(words, idea.text, by, can_share=is_available("idea", at))
        case _:
            is_published = idea.published and idea.state is IdeaState.APPROVED
            decided = "published" if is_published else idea.state.value
            state = "asked" if decision else decided
            return idea_news(words, state, idea.text, idea.reason, idea.question, idea.id, decision=decision)

"""The messages to organisers as slots: pure functions of the campaign and of what the store has.

Each is planned while it can still be sent. What the files and the store no longer give reason for is withdrawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.campaign.localtime import end_of_day, instant, local
from bot.campaign.model import Audience, Campaign
from bot.campaign.organisers import approvers, organisers, representatives
from bot.campaign.overlay import sent_words
from bot.campaign.schedule import Addressee, Slot
from bot.campaign.workdays import LAST_HOUR, first_working_day, is_working_day, working_days_before
from bot.delivery.unscheduled_messages import NOTIFICATION_WITHIN, notification_slot, working_moment
from bot.store.organiser_acts import StandInChange
from bot.store.text_revisions import Superseded

DAYS_BEFORE = (7, 3, 1)
"""Working days before the first day on which organisers hear what is not ready."""

MORNING, AFTERNOON = time(9), time(16)
_DAY, _SHORTLY = timedelta(days=1), timedelta(hours=2)
_DIGEST_WITHIN = timedelta(hours=4)
"""Later in the evening the next day's posts are no longer news that anybody can act on."""

_REACH_WITHIN = timedelta(days=2)


class OrganiserMessage(StrEnum):
    """The kinds of messages to organisers. A slot has one as its kind and as its audience."""

    WORDS_SUPERSEDED = "words_superseded"
    STAND_IN = "stand_in"
    APPROVAL_WAITING = "approval_waiting"
    COUNTDOWN = "countdown"
    DIGEST = "digest"
    REACH = "reach"


ORGANISER_MESSAGES = frozenset(OrganiserMessage)


class WaitingPost(NamedTuple):
    """A post in a language that is due at an instant and waits to be approved, and the slot of a message about it."""

    slot: Slot
    post: str
    language: str
    due_at: datetime


def about_words(campaign: Campaign, superseded: Iterable[Superseded]) -> Iterator[Slot]:
    """Yield a slot for each revision that a file has ended, to whoever wrote it."""
    known = organisers(campaign)
    for each in superseded:
        if user := each.revision.by:
            # Somebody who no longer organises is told as well: they may count on their words.
            to = known.get(user) or _elsewhere(campaign, user)
            due_at = instant(working_moment(each.at, to), to.zone)
            within = (due_at, due_at + NOTIFICATION_WITHIN)
            yield _slot(campaign, OrganiserMessage.WORDS_SUPERSEDED, each.revision.id, to, *within)


def _elsewhere(campaign: Campaign, user: str) -> Addressee:
    return Addressee(Audience.REPRESENTATIVES, user, campaign.zone, campaign.language_for(None))


def about_stand_ins(campaign: Campaign, changes: Iterable[StandInChange]) -> Iterator[Slot]:
    """Yield the slots about who was named and whose time was ended: to that person, and to the representatives."""
    for change in changes:
        home = campaign.country(change.stand_in.country)
        if home is None:
            continue
        user = change.stand_in.user
        themselves = Addressee(Audience.REPRESENTATIVES, user, home.zone, home.language, home.code)
        others = (each for each in representatives(home) if each.recipient != user)
        for to in (themselves, *others):
            within = _while_it_matters(change, to)
            yield _slot(campaign, OrganiserMessage.STAND_IN, change.id, to, *within)


def _while_it_matters(change: StandInChange, to: Addressee) -> tuple[datetime, datetime]:
    due_at = instant(working_moment(change.at, to), to.zone)
    if change.ended_at:
        return due_at, due_at + NOTIFICATION_WITHIN
    over = end_of_day(change.stand_in.until, to.zone)
    if due_at < over:
        return due_at, min(over, due_at + NOTIFICATION_WITHIN)
    # Named on a Saturday for that Saturday: working hours would come too late.
    return change.at, over


def about_approvals(campaign: Campaign, waiting: Collection[tuple[str, str]]) -> Iterator[WaitingPost]:
    """Yield the posts that wait to be approved, each with the slots of the messages in which approvers hear of it.

    Posts that are due at one moment share a message: a day before, and once more two hours before.
    """
    soonest: dict[tuple[str, str, date], datetime] = {}
    for made, language in sent_words(campaign) if waiting else ():
        if (made.post, language) in waiting:
            # One in several zones is due in the first of them.
            soonest.setdefault((made.post, language, made.local_date), made.due_at)
    for (post, language, _), due_at in soonest.items():
        for to in approvers(campaign, post, language).values():
            for slot in _before(campaign, to, due_at):
                yield WaitingPost(slot, post, language, due_at)


def _before(campaign: Campaign, to: Addressee, due_at: datetime) -> Iterator[Slot]:
    wall = local(due_at, to.zone)
    shortly, name = due_at - _SHORTLY, f"{wall:%Y-%m-%d-%H%M}"
    kind = OrganiserMessage.APPROVAL_WAITING
    yield _slot(campaign, kind, f"day-{name}", to, instant(wall - _DAY, to.zone), shortly)
    yield _slot(campaign, kind, f"hours-{name}", to, shortly, due_at)


def countdown(campaign: Campaign) -> Iterator[Slot]:
    """Yield the slots of the messages before the week, in the morning of working days."""
    for to in organisers(campaign).values():
        for number in DAYS_BEFORE:
            day = working_days_before(campaign.first_day, number, to.country)
            within = (instant(datetime.combine(day, at), to.zone) for at in (MORNING, LAST_HOUR))
            yield _slot(campaign, OrganiserMessage.COUNTDOWN, f"countdown-{number}", to, *within)


def digests(campaign: Campaign, off: Collection[str]) -> Iterator[Slot]:
    """Yield the slots of the digest, on each working day of the week. Those in `off` want none."""
    for to in organisers(campaign).values():
        for day in digest_days(campaign, to.country) if to.recipient not in off else ():
            due_at = instant(datetime.combine(day, AFTERNOON), to.zone)
            yield _slot(campaign, OrganiserMessage.DIGEST, f"digest-{day}", to, due_at, due_at + _DIGEST_WITHIN)


def digest_days(campaign: Campaign, country: str | None) -> list[date]:
    """List the days of the week on which people work in a country."""
    week = (
        campaign.first_day + timedelta(days=after) for after in range((campaign.last_day - campaign.first_day).days + 1)
    )
    return [day for day in week if is_working_day(day, country)]


def reach(campaign: Campaign) -> Iterator[Slot]:
    """Yield the slots of the message that says what has arrived, on the first working day after the week."""
    for to in organisers(campaign).values():
        day = first_working_day(campaign.last_day + timedelta(days=1), to.country)
        due_at = instant(datetime.combine(day, MORNING), to.zone)
        yield _slot(campaign, OrganiserMessage.REACH, "reach", to, due_at, due_at + _REACH_WITHIN)


def _slot(
    campaign: Campaign, kind: OrganiserMessage, post: str, to: Addressee, due_at: datetime, expires_at: datetime
) -> Slot:
    return notification_slot(campaign, kind, post, to, local(due_at, to.zone), (due_at, expires_at))

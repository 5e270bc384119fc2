"""Schedules a campaign: a slot for each post and each of its addressees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.campaign.localtime import instant
from bot.campaign.model import PEOPLE, Audience, Campaign, Country, Post
from bot.campaign.post_deadlines import Until, expiry
from bot.campaign.workdays import first_working_day


@dataclass(frozen=True)
class Addressee:
    """A person or channel that a post can go to, with the zone of its local times.

    `recipient` is a country's code, `SE-2` for its second channel, `company`, or a Slack user ID. The channel is looked
    up only when a post is sent.
    """

    audience: Audience
    recipient: str
    zone: str
    language: str
    country: str | None = None


@dataclass(frozen=True)
class Slot:
    """A message to one recipient at one moment. `local` is wall time in `zone`; the instants are UTC.

    `audience` is an audience of posts, or the kind of a notification.
    """

    campaign: str
    post: str
    audience: str
    recipient: str
    local_date: date
    kind: str
    country: str | None
    language: str
    zone: str
    local: datetime
    due_at: datetime
    expires_at: datetime

    @property
    def key(self) -> str:
        """The identity of the slot across restarts and edits: a message is sent at most once under this key."""
        return f"{self.series}:{self.local_date}"

    @property
    def series(self) -> str:
        """The key without the date, which stays when a post is moved to another day."""
        return f"{self.campaign}:{self.post}:{self.audience}:{self.recipient}"


def addressees(campaign: Campaign) -> Iterator[Addressee]:
    """Yield the addressees that the files name: the countries' channels, the company's, and the representatives."""
    for country in campaign.countries:
        for recipient in country.channels:
            yield Addressee(Audience.COUNTRIES, recipient, country.zone, country.language, country.code)
    if campaign.company:
        company = campaign.company
        yield Addressee(Audience.COMPANY, "company", company.zone, company.language)
    for country in campaign.countries:
        for user in country.representatives:
            yield Addressee(Audience.REPRESENTATIVES, user, country.zone, country.language, country.code)


def groups_of_people(campaign: Campaign) -> Iterator[Addressee]:
    """Yield an addressee a country for people, who are known only once they have asked for messages."""
    for audience in sorted(PEOPLE):
        for country in campaign.countries:
            yield Addressee(audience, country.code, country.zone, country.language, country.code)


def everyone(campaign: Campaign) -> list[Addressee]:
    """List the addressees that the files name, and one for each group of people."""
    return [*addressees(campaign), *groups_of_people(campaign)]


def lay_out(campaign: Campaign, to: Iterable[Addressee]) -> list[Slot]:
    """List the slots of all posts for some addressees, by due instant, without duplicates."""
    slots = {made.key: made for _post, made in slots_by_post(campaign, to)}
    # The key decides between equal instants, so that every process plans in one order.
    return sorted(slots.values(), key=lambda each: (each.due_at, each.key))


def slots_by_post(campaign: Campaign, to: Iterable[Addressee]) -> Iterator[tuple[Post, Slot]]:
    """Yield every entry of the schedule with each of its slots, in the order of the file."""
    addressed = list(to)
    for post in campaign.posts:
        for made in slots_of(campaign, post, addressed):
            yield post, made


def slots_of(campaign: Campaign, post: Post, to: Iterable[Addressee]) -> Iterator[Slot]:
    """Yield the slots of one entry of the schedule."""
    for addressee in to:
        if addressee.audience == post.audience and post.reaches(addressee.country):
            yield slot(campaign, post, addressee)


def slot(campaign: Campaign, post: Post, to: Addressee) -> Slot:
    """Make the slot of a post for an addressee, due when clocks in its zone show the post's time."""
    local = datetime.combine(day_of(post, to.country), post.time)
    due_at = instant(local, to.zone)
    rule = Until(post.until) if post.until else campaign.deadlines[post.kind]
    expires_at = expiry(rule, local, due_at, to.zone, campaign.earth_hour)
    return Slot(
        campaign=campaign.id,
        post=post.post,
        audience=to.audience.value,
        recipient=to.recipient,
        local_date=local.date(),
        kind=post.kind,
        country=to.country,
        language=to.language,
        zone=to.zone,
        local=local,
        due_at=due_at,
        expires_at=expires_at,
    )


def day_of(post: Post, country: str | None) -> date:
    """Return the local date of a post in a country. With `working_day` it moves to the first working day."""
    return first_working_day(post.day, country) if post.working_day else post.day


def post_of(campaign: Campaign, slot: Slot) -> Post | None:
    """Find the entry that a slot was planned from. A post for several audiences or days has an entry for each."""
    # Planned for a campaign that this process no longer runs.
    if slot.campaign != campaign.id:
        return None
    entries = [each for each in campaign.posts if each.post == slot.post and each.audience == slot.audience]
    return next((each for each in entries if day_of(each, slot.country) == slot.local_date), None)


class Misplaced(StrEnum):
    """Reasons for which a new post cannot be due on a day and time, each the name of a sentence."""

    OUTSIDE = "outside"
    PAST = "past"
    MEETS = "meets"


def misplaced(campaign: Campaign, home: Country, day: date, at: time, now: datetime) -> Misplaced | None:
    """Return why a new post cannot be due in a country's channel then, or None.

    It would be outside the campaign, or too late already, or meet another post: nobody could say which comes first.
    """
    if not campaign.opens <= day <= campaign.closes:
        return Misplaced.OUTSIDE
    due_at = instant(datetime.combine(day, at), home.zone)
    if due_at <= now:
        return Misplaced.PAST
    own = home.channels.values()
    there = [each for each in addressees(campaign) if campaign.channel(each.audience, each.recipient) in own]
    is_taken = any(made.due_at == due_at for _post, made in slots_by_post(campaign, there))
    return Misplaced.MEETS if is_taken else None

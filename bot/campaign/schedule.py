"""Lays a campaign out in time: every post, for everyone it is for, as slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.campaign.deadlines import Until, expiry
from bot.campaign.localtime import instant
from bot.campaign.model import PEOPLE, Audience, Campaign, Post
from bot.campaign.workdays import first_working_day


@dataclass(frozen=True)
class Addressee:
    """Somebody or some channel a post can go to, with the zone its local times are read in.

    `recipient` is a country's code, `company`, or a Slack user ID; which channel that means is decided when it is sent.
    """

    audience: Audience
    recipient: str
    zone: str
    language: str
    country: str | None = None


@dataclass(frozen=True)
class Slot:
    """A message to one recipient at one moment. `local` is wall time in `zone`; the instants are UTC.

    `audience` is one of a post's audiences, or the kind of a notification.
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
        """What makes the slot the same slot after a restart or an edit: it is sent at most once under this key."""
        return f"{self.series}:{self.local_date}"

    @property
    def series(self) -> str:
        """The slot without its date: the same post for the same addressee."""
        return f"{self.campaign}:{self.post}:{self.audience}:{self.recipient}"


def addressees(campaign: Campaign) -> Iterator[Addressee]:
    """Everyone the campaign itself names: the countries' channels, the company's, and the representatives."""
    for country in campaign.countries:
        yield Addressee(Audience.COUNTRIES, country.code, country.zone, country.language, country.code)
    if campaign.company:
        company = campaign.company
        yield Addressee(Audience.COMPANY, "company", company.zone, company.language)
    for country in campaign.countries:
        for user in country.representatives:
            yield Addressee(Audience.REPRESENTATIVES, user, country.zone, country.language, country.code)


def stand_ins(campaign: Campaign) -> Iterator[Addressee]:
    """One addressee a country for the people who are known only once they have asked for messages."""
    for audience in sorted(PEOPLE):
        for country in campaign.countries:
            yield Addressee(audience, country.code, country.zone, country.language, country.code)


def everyone(campaign: Campaign) -> list[Addressee]:
    """Whoever the campaign names, and somebody for each group of people it does not."""
    return [*addressees(campaign), *stand_ins(campaign)]


def lay_out(campaign: Campaign, to: Iterable[Addressee]) -> list[Slot]:
    """Every post for each addressee in its audience, by due instant; each slot comes once."""
    slots = {made.key: made for _post, made in slots_by_post(campaign, to)}
    return sorted(slots.values(), key=lambda each: (each.due_at, each.key))


def slots_by_post(campaign: Campaign, to: Iterable[Addressee]) -> Iterator[tuple[Post, Slot]]:
    """Every entry of the schedule with each slot it makes, in the order of the file."""
    addressed = list(to)
    for post in campaign.posts:
        for made in slots_of(campaign, post, addressed):
            yield post, made


def slots_of(campaign: Campaign, post: Post, to: Iterable[Addressee]) -> Iterator[Slot]:
    """One entry of the schedule for each of the addressees it is for."""
    for addressee in to:
        if addressee.audience == post.audience and post.reaches(addressee.country):
            yield slot(campaign, post, addressee)


def slot(campaign: Campaign, post: Post, to: Addressee) -> Slot:
    """One post for one addressee, at the instant its wall time means there."""
    local = datetime.combine(day_of(post, to.country), post.time)
    due_at = instant(local, to.zone)
    rule = Until(post.until) if post.until else campaign.late[post.kind]
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
    """The local date of a post in a country: a follow-up moves to the first day on which people work."""
    return first_working_day(post.day, country) if post.working_day else post.day

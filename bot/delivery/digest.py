"""Reads what the digest and the message after the week say: figures as published, and what is not about colleagues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.campaign.figure_publication_times import next_at
from bot.campaign.idea_recipients import may_decide
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import PEOPLE, Audience, Campaign, Country
from bot.campaign.organisers import countries_of
from bot.campaign.schedule import Slot, everyone, lay_out
from bot.campaign.workdays import first_working_day
from bot.delivery.organiser_message_times import digest_days
from bot.messages.organise.digest import ComingPost, Digest, FailedPost
from bot.messages.organise.organiser_messages import Reach
from bot.standings.indicators import tip_cell
from bot.standings.published_figures import Standings
from bot.standings.publisher import Publisher
from bot.store.ideas import OPEN, Idea
from bot.store.outbox import Entry, State
from bot.store.recipient_batches import These
from bot.store.store import Store

_COMPANY = "company"
_POSTS = frozenset({Audience.COUNTRIES, Audience.COMPANY})
_FAILED = frozenset({State.FAILED, State.SKIPPED, State.UNCONFIRMED})
_MOST_CHOSEN = 3


@dataclass(frozen=True)
class _Stored:
    """The posts in the channels that an organiser looks after, the campaign's ideas, and who wants no digest."""

    entries: Sequence[Entry]
    ideas: Sequence[Idea]
    off: Collection[str]


class DigestReader:
    """Reads what an organiser is told of the week, for the countries that are theirs."""

    def __init__(self, store: Store, live: LiveCampaign, publisher: Publisher) -> None:
        self._store = store
        self._live = live
        self._publisher = publisher

    async def digest(self, slot: Slot, now: datetime) -> Digest | None:
        """Read the digest of a day, or return None for somebody who does not organise, or wants none."""
        campaign = self._live.campaign
        homes = countries_of(campaign, slot.recipient)
        stored = await self._store.read(self._look_up, campaign.id, homes)
        if not homes or slot.recipient in stored.off:
            return None
        standings = await self._publisher.newest(campaign)
        until = first_working_day(slot.local_date + timedelta(days=1), slot.country)
        return Digest(
            day=slot.local_date,
            zone=slot.zone,
            country=slot.country,
            homes=frozenset(home.code for home in homes),
            standings=standings,
            next_at=next_at(campaign, now),
            chosen=_chosen(campaign, homes, standings) if standings else (),
            ideas=sum(_is_open_for(campaign, each, slot.recipient) for each in stored.ideas),
            failed=list(_failed(campaign, slot, stored.entries, now)),
            pauses=[each for each in self._live.decisions.pauses if any(each.holds_for(home.code) for home in homes)],
            until=until,
            coming=_coming(campaign, homes, (slot.local_date, until), set(self._live.unapproved)),
        )

    async def reach(self, slot: Slot) -> Reach:
        """Read what has arrived of the week, in the channels that somebody looks after."""
        campaign = self._live.campaign
        stored = await self._store.read(self._look_up, campaign.id, countries_of(campaign, slot.recipient))
        due = [each for each in stored.entries if each.slot.due_at <= slot.due_at]
        planned = Counter(each.slot.country for each in due if each.state is not State.CANCELLED)
        arrived = Counter(each.slot.country for each in due if each.state is State.SENT)
        posts = {country: (arrived[country], planned[country]) for country in sorted(planned, key=_company_last)}
        return Reach(posts, await self._publisher.newest(campaign), slot.country)

    def _look_up(self, connection: Connection, campaign: str, homes: Iterable[Country]) -> _Stored:
        store, channels = self._store, These([*(name for each in homes for name in each.channels), _COMPANY])
        return _Stored(
            store.outbox.entries_for(connection, campaign, _POSTS, channels),
            store.ideas.of_campaign(connection, campaign),
            store.digests.off(connection, campaign),
        )


def _company_last(country: str | None) -> tuple[bool, str]:
    return country is None, country or ""


def _chosen(campaign: Campaign, homes: Collection[Country], standings: Standings) -> list[tuple[str, int]]:
    """List the tips that most have tried, as published. What only few have tried has no number."""
    tips = [post for post in campaign.posts if post.kind == "tip" and any(post.reaches(home.code) for home in homes)]
    figures = {post.post: standings.tips.get(tip_cell(campaign, post)) for post in tips}
    numbers = [(post, figure) for post, figure in figures.items() if isinstance(figure, int)]
    return sorted(numbers, key=lambda each: -each[1])[:_MOST_CHOSEN]


def _is_open_for(campaign: Campaign, idea: Idea, user: str) -> bool:
    return idea.state in OPEN and may_decide(campaign, idea.country, user)


def _failed(campaign: Campaign, slot: Slot, entries: Iterable[Entry], now: datetime) -> Iterator[FailedPost]:
    """Yield what did not arrive since the day of the last digest."""
    before = [day for day in digest_days(campaign, slot.country) if day < slot.local_date]
    since = max(before, default=campaign.opens)
    for each in sorted(entries, key=lambda entry: entry.slot.due_at):
        if each.state in _FAILED and each.slot.local_date >= since and each.slot.due_at <= now:
            yield FailedPost(each.slot.post, each.slot.country, each.state.value)


def _coming(
    campaign: Campaign, homes: Collection[Country], days: tuple[date, date], unapproved: Collection[tuple[str, str]]
) -> list[ComingPost]:
    """List the posts after a day and up to another, each once for all countries in which clocks show its time."""
    codes = {home.code for home in homes}
    to = [each for each in everyone(campaign) if each.audience != Audience.REPRESENTATIVES]
    theirs = [each for each in to if each.country in codes or each.audience is Audience.COMPANY]
    found: dict[tuple[datetime, str], ComingPost] = {}
    for slot in lay_out(campaign, theirs):
        if days[0] < slot.local_date <= days[1]:
            spoken = _spoken(homes) if slot.audience in PEOPLE else {slot.language}
            missing = {each for each in spoken if (slot.post, each) in unapproved}
            post = found.setdefault((slot.local, slot.post), ComingPost(slot.post, slot.local))
            found[slot.local, slot.post] = replace(
                post, countries=post.countries | {slot.country}, unapproved=post.unapproved | missing
            )
    return [found[key] for key in sorted(found)]


def _spoken(homes: Iterable[Country]) -> set[str]:
    return {language for home in homes for language in home.languages}

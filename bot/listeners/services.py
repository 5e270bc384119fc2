"""The services that handlers depend on, and a cache of what they know about people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign, Text
from bot.clock import Clock
from bot.listeners.slack_profile import Profile, profile
from bot.messages.words import Words
from bot.slack.account_types import Membership
from bot.slack.installation import Installation
from bot.standings.publisher import Publisher
from bot.store.people import Person
from bot.store.store import Store

# Enough for a company of ten thousand; an entry takes some hundred bytes.
_CACHE_SIZE = 10_000


async def _no_picture(_campaign: Campaign, _text: Text) -> str | None:
    return None


def _no_count(_kind: str, _route: str, _outcome: str, _took: timedelta) -> None: ...


@dataclass(frozen=True)
class Services:
    """The dependencies of handlers, wired in `bot.app`.

    `live` has the campaign's files and what organisers have decided apart, and `missing_channels` names the channels of
    the campaign in which the bot cannot post.
    `refresh_decisions` is called by whoever has stored what an organiser decided, so that it holds at once.
    `request_plan` has the outbox planned anew at once, and `request_personal_plan` what is for those people alone whom
    `mark_changed` names.
    `has_other_replicas` tells whether other processes receive what Slack sends as well, and `picture_of` which file in
    Slack a text shows.
    `on_answered` is told the kind of an interaction, its route, what became of it, and how long that took.

    The languages are cached so that a modal can open in the right one before the database has been asked. The cache
    may lose entries at any time: the database decides.
    """

    campaign: Callable[[], Campaign]
    client: AsyncWebClient
    words: Callable[[str], Words]
    clock: Clock
    store: Store
    publisher: Publisher
    installation: Installation
    live: LiveCampaign
    missing_channels: Callable[[], Collection[str]]
    request_plan: Callable[[], None]
    refresh_decisions: Callable[[], Awaitable[None]]
    request_personal_plan: Callable[[], None] = lambda: None
    mark_changed: Callable[[str], None] = lambda _user: None
    has_other_replicas: Callable[[], bool] = lambda: False
    picture_of: Callable[[Campaign, Text], Awaitable[str | None]] = _no_picture
    on_answered: Callable[[str, str, str, timedelta], None] = _no_count
    member_languages: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def cache_language(self, person: Person) -> None:
        """Remember the language of a member."""
        self.member_languages[person.user] = self.campaign().language_for(person.language, person.country)
        _evict(self.member_languages)

    def cached_language(self, user: str) -> str | None:
        """Return the language of a person, as far as the cache knows it."""
        known = self.profiles.get(user)
        return self.member_languages.get(user) or (self.campaign().language_of(known.locale) if known else None)

    def forget(self, user: str) -> None:
        """Drop a person from the cache."""
        self.member_languages.pop(user, None)
        self.profiles.pop(user, None)

    async def profile(self, user: str) -> Profile:
        """Fetch a person's profile from Slack, or from the cache.

        Only colleagues are cached: others may become colleagues any day.
        """
        if user in self.profiles:
            return self.profiles[user]
        found = await profile(self.client, self.installation, user, guests=self.campaign().guests)
        if found.membership is Membership.COLLEAGUE:
            self.profiles[user] = found
            _evict(self.profiles)
        return found


def _evict(cache: dict[str, str] | dict[str, Profile]) -> None:
    # Dictionaries keep the order of insertion, so the oldest entry goes first.
    while len(cache) > _CACHE_SIZE:
        cache.pop(next(iter(cache)))

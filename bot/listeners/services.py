"""The desk at which people are received: what every listener needs, and who has been here before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient

from bot.campaign.model import Campaign
from bot.clock import Clock
from bot.listeners.profile import Profile, profile
from bot.messages.words import Words
from bot.slack.membership import Membership, TeamLookup
from bot.standings.publisher import Publisher
from bot.store.people import Person
from bot.store.store import Store

_REMEMBERED = 10_000


@dataclass(frozen=True)
class Desk:
    """What is wired for the listeners.

    `plan_soon` lets what somebody did reach the outbox without waiting; `touched` notes whom the next plan looks at.
    `has_company` says whether other replicas take what Slack sends as well.

    The languages are remembered so that a modal can open in the right one before the database is asked. They are a
    convenience that may be forgotten at any time: the database decides.
    """

    campaign: Callable[[], Campaign]
    client: AsyncWebClient
    words: Callable[[str], Words]
    clock: Clock
    store: Store
    publisher: Publisher
    team_lookup: TeamLookup
    plan_soon: Callable[[], None]
    touched: Callable[[str], None] = lambda _user: None
    has_company: Callable[[], bool] = lambda: False
    joined: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)

    def remember(self, person: Person) -> None:
        """Keep in mind which language somebody who has joined reads."""
        self.joined[person.user] = self.campaign().language_for(person.language, person.country)
        _shorten(self.joined)

    def speaks(self, user: str) -> str | None:
        """The language of somebody who has been here before, as far as it is in mind."""
        known = self.profiles.get(user)
        return self.joined.get(user) or (self.campaign().language_of(known.locale) if known else None)

    def forget(self, user: str) -> None:
        """Keep nothing of somebody in mind."""
        self.joined.pop(user, None)
        self.profiles.pop(user, None)

    async def profile(self, user: str) -> Profile:
        """What Slack knows of somebody, asked for once; who is no colleague may be one tomorrow, and is not kept."""
        if user in self.profiles:
            return self.profiles[user]
        found = await profile(self.client, self.team_lookup, user, guests=self.campaign().guests)
        if found.standing is Membership.COLLEAGUE:
            self.profiles[user] = found
            _shorten(self.profiles)
        return found


def _shorten(memory: dict[str, str] | dict[str, Profile]) -> None:
    while len(memory) > _REMEMBERED:
        memory.pop(next(iter(memory)))

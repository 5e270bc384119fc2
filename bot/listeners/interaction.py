"""One interaction of a person with the bot, such as a press or a command, and what is known of that person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign, Pledge, Post
from bot.listeners.errors import RequestRefusedError
from bot.listeners.responder import Responder
from bot.listeners.services import Services
from bot.listeners.slack_profile import Profile
from bot.listeners.typed_words import TypedWords
from bot.messages.blocks import escape
from bot.messages.campaign_texts import pledge_words
from bot.messages.message import Message
from bot.messages.modals.modal import View
from bot.messages.words import Words
from bot.slack.account_types import Membership
from bot.store.actions import Action, ActionKind
from bot.store.people import Person
from bot.store.pledges import Pledged
from bot.store.store import Activity, Knowledge, Member, Store


@dataclass
class Interaction:
    """An interaction, with the person behind it and the words of their language.

    `words` are a guess until `identify` has asked the database.
    """

    services: Services
    body: Mapping[str, Any]
    campaign: Campaign
    now: datetime
    words: Words
    user: str
    responder: Responder
    known: Member = field(default_factory=lambda: Member(None))
    membership: Membership = Membership.UNKNOWN

    @classmethod
    def of(cls, services: Services, body: Mapping[str, Any]) -> Interaction:
        """Read an interaction from its payload, without asking the database or Slack."""
        campaign = services.campaign()
        user = _user(body)
        # Without the cache, the language of the channel in which the command was typed is the best guess.
        language = services.cached_language(user) or _channel_language(campaign, _channel_name(body))
        responder = Responder(services.client, body)
        return cls(services, body, campaign, services.clock.now(), services.words(language), user, responder)

    async def identify(self, knowledge: Knowledge = Knowledge.PERSON) -> None:
        """Look up the person, and use their language from here on.

        With more `knowledge`, `pledged` and `activity` are answered without another question.
        """
        self.known = await self.store.read(self.store.member, self.user, self.campaign.id, knowledge)
        if self.person:
            self.services.cache_language(self.person)
            language = self.services.member_languages[self.user]
            # For members the nightly sync keeps up whether they are still with the company.
            # They may be back since the last sync, so Slack is asked.
            is_gone = self.person.left_at is not None
            self.membership = (await self._fresh_profile()).membership if is_gone else Membership.COLLEAGUE
        else:
            # They may have erased their data in another replica.
            self.services.member_languages.pop(self.user, None)
            profile = await self.services.profile(self.user)
            self.membership = profile.membership
            language = self.campaign.language_of(profile.locale) or self.words.language
        self.words = self.services.words(language)

    async def _fresh_profile(self) -> Profile:
        # The cached zone may be weeks old.
        self.services.profiles.pop(self.user, None)
        profile = await self.services.profile(self.user)
        self.membership = profile.membership
        return profile

    async def refresh_timezone(self) -> None:
        """Ask Slack for the person's time zone again, for messages that come at their local time."""
        zone = (await self._fresh_profile()).zone
        if self.person and zone and zone != self.person.zone:
            await self.store.write(self.store.people.change, self.user, zone=zone)
            self.known = replace(self.known, person=replace(self.person, zone=zone))

    def require_colleague(self) -> None:
        """Require that the person may take part.

        Raises:
            RequestRefusedError: They are a guest, a bot, or from another company.
        """
        if not self.membership.may_participate:
            raise RequestRefusedError(f"standing.{self.membership}")

    def require_open(self) -> None:
        """Require that the campaign is not over where the person is.

        Raises:
            RequestRefusedError: It is over.
        """
        if not self.moment.is_open:
            name = "trouble.over" if self.person else "trouble.closed"
            raise RequestRefusedError(name, day=self.words.day(self.campaign.closes))

    @property
    def store(self) -> Store:
        """The database."""
        return self.services.store

    @property
    def person(self) -> Person | None:
        """The person, or `None` if they have not joined the campaign."""
        return self.known.person

    @property
    def member(self) -> Person:
        """The person, for routes that only members reach."""
        assert self.person is not None  # noqa: S101 - the handlers ask everybody else to join first
        return self.person

    @property
    def is_cached_member(self) -> bool:
        """True if the cache knows that the person is a member."""
        return self.user in self.services.member_languages

    @property
    def typed_words(self) -> TypedWords:
        """The words that people type, in all languages."""
        return TypedWords(self.campaign.bot_words)

    @property
    def moment(self) -> Moment:
        """The present moment in the person's time zone."""
        return Moment(self.campaign, self.now, self.zone)

    @property
    def country(self) -> str | None:
        """The country that the person has given, if any."""
        return self.person.country if self.person else None

    @property
    def zone(self) -> str:
        """The person's time zone, or the company's."""
        return self.person.zone if self.person else self.campaign.zone

    @property
    def today(self) -> date:
        """The date in the person's time zone."""
        return self.moment.today

    def post(self, name: str, kind: str) -> Post:
        """Find the post below which a button was pressed.

        Raises:
            RequestRefusedError: The campaign has no such post, or no longer.
        """
        found = next((post for post in self.campaign.posts if post.post == name and post.kind == kind), None)
        if found is None:
            raise RequestRefusedError("trouble.stale")
        return found

    def pledge(self, name: str) -> Pledge:
        """Find the pledge that a button or a form is about.

        Raises:
            RequestRefusedError: The campaign has no such pledge, or no longer.
        """
        found = self.campaign.pledge(name)
        if found is None:
            raise RequestRefusedError("trouble.stale")
        return found

    def title(self, pledge: str) -> str:
        """Return the title of a pledge in the person's language, escaped."""
        return escape(pledge_words(self.campaign, pledge, self.words).title)

    async def pledged(self) -> list[Pledged]:
        """Return the person's pledges in this campaign."""
        if self.known.pledges is not None:
            return self.known.pledges
        return await self.store.read(self.store.pledges.of, self.campaign.id, self.user)

    async def actions(self) -> list[Action]:
        """Return the actions of the person in this campaign."""
        return await self.store.read(self.store.actions.of, self.campaign.id, self.user)

    async def activity(self) -> Activity:
        """Return everything that the person did in this campaign."""
        if self.known.activity is not None:
            return self.known.activity
        return await self.store.read(self.store.activity, self.campaign.id, self.user)

    def new_action(
        self, kind: ActionKind, subject: str = "", answer: str | None = None, minutes: int | None = None
    ) -> Action:
        """Make a record of an action of the person, now."""
        return Action(self.campaign.id, self.user, kind, subject, self.country, self.now, answer, minutes)

    def request_plan(self) -> None:
        """Request that the person's messages are planned anew at once, rather than at the next plan."""
        self.services.mark_changed(self.user)
        self.services.request_personal_plan()

    def request_full_plan(self) -> None:
        """Request a plan at once of messages to others as well, such as the representatives."""
        self.services.mark_changed(self.user)
        self.services.request_plan()

    async def reply(self, text: str) -> None:
        """Answer with a sentence or more in mrkdwn, which only this person sees."""
        await self.responder.send_text(self.words, text)

    async def reply_message(self, message: Message) -> None:
        """Answer with a message that only this person sees."""
        await self.responder.send(self.words, message)

    async def show(self, view: View) -> None:
        """Answer with a modal."""
        await self.responder.show(view)


def _user(body: Mapping[str, Any]) -> str:
    """Return the ID of the person, which commands, interactions and events have in three places."""
    # Interactions have an object, events and commands a plain ID.
    user = body.get("user") or body.get("event", {}).get("user") or body.get("user_id") or ""
    return str(user.get("id", "")) if isinstance(user, Mapping) else str(user)


def _channel_name(body: Mapping[str, Any]) -> str:
    channel = body.get("channel")
    return str(channel.get("name", "")) if isinstance(channel, Mapping) else str(body.get("channel_name", ""))


def _channel_language(campaign: Campaign, channel: str) -> str:
    """Return the language of a country's channel, or the company's."""
    home = next((country.language for country in campaign.countries if channel in country.channels.values()), None)
    company = campaign.company.language if campaign.company else None
    return campaign.language_for(home or company)

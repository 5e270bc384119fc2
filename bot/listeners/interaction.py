"""One thing that somebody did in Slack, and the way back to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.campaign.model import Campaign, Pledge, Post
from bot.campaign.moment import Moment
from bot.listeners.profile import Profile
from bot.listeners.services import Desk
from bot.messages.blocks import escape
from bot.messages.compose import plain
from bot.messages.message import Message
from bot.messages.modals import loading, notice
from bot.messages.modals.modal import View, is_over_home, over_home
from bot.messages.replies import sentence
from bot.messages.words import Words
from bot.slack.membership import Membership
from bot.slack.response_urls import is_slack_url
from bot.store.people import Person

_ANSWER_WITHIN = 10
"""Seconds for an answer over a response URL."""


class Refusal(Exception):  # noqa: N818 - it reads as what happened
    """What was asked cannot be done; `name` is the sentence in the catalogue that says why, and changes nothing."""

    def __init__(self, name: str, **values: str) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


@dataclass
class Visit:
    """Somebody at the desk. `view` is the modal that is open for them.

    While it is `holding`, what is to be shown is held: the acknowledgement of a form carries it. `answering` says that
    something is there for them already, or on its way. `at_home` says that they have the App Home before them, perhaps
    behind a form. `direct` is the conversation with the bot in which they wrote, and are answered.
    """

    desk: Desk
    body: Mapping[str, Any]
    campaign: Campaign
    now: datetime
    words: Words
    user: str
    person: Person | None = None
    view: str | None = None
    standing: Membership = Membership.UNKNOWN
    holding: bool = False
    held: View | None = None
    answering: bool = False
    at_home: bool = False
    direct: str | None = None

    @classmethod
    def of(cls, desk: Desk, body: Mapping[str, Any]) -> Visit:
        """Somebody has come in; nobody has been asked yet who it is."""
        campaign = desk.campaign()
        user = _user(body)
        language = desk.speaks(user) or _spoken_in(campaign, _channel_name(body))
        opened = body.get("view") or {}
        view = opened.get("id") if opened.get("type") == "modal" else None
        at_home = opened.get("type") == "home" or is_over_home(opened)
        made = cls(desk, body, campaign, desk.clock.now(), desk.words(language), user, view=view, at_home=at_home)
        made.direct = _written_in(body)
        return made

    async def meet(self) -> None:
        """Find out who it is, and speak their language from here on."""
        self.person = await self.desk.store.people.member(self.user, self.campaign.id)
        if self.person:
            self.desk.remember(self.person)
            language = self.desk.joined[self.user]
            # Of whoever has joined, the directory says every night whether they still are one.
            self.standing = Membership.COLLEAGUE if self.person.left_at is None else (await self._look_up()).standing
        else:
            self.desk.joined.pop(self.user, None)
            profile = await self.desk.profile(self.user)
            self.standing = profile.standing
            language = self.campaign.language_of(profile.locale) or self.words.language
        self.words = self.desk.words(language)

    async def _look_up(self) -> Profile:
        self.desk.profiles.pop(self.user, None)
        profile = await self.desk.profile(self.user)
        self.standing = profile.standing
        return profile

    def require_colleague(self) -> None:
        """Only for those who may take part.

        Raises:
            Refusal: This is somebody else.
        """
        if not self.standing.may_participate:
            raise Refusal(f"standing.{self.standing}")

    async def locate(self) -> None:
        """Ask Slack anew where the person is: what comes at their local time has to follow them."""
        zone = (await self._look_up()).zone
        if self.person and zone and zone != self.person.zone:
            await self.desk.store.people.change(self.user, zone=zone)
            self.person = replace(self.person, zone=zone)

    @property
    def known(self) -> Person:
        """The person; only for what asks people to join first."""
        assert self.person is not None  # noqa: S101 - the desk has seen to it
        return self.person

    @property
    def is_remembered(self) -> bool:
        """Whether the person has been here since the start, as one who has joined."""
        return self.user in self.desk.joined

    def require_open(self) -> None:
        """Only until the campaign closes.

        Raises:
            Refusal: It is over where the person is.
        """
        if not self.moment.is_open:
            name = "trouble.over" if self.person else "trouble.closed"
            raise Refusal(name, day=self.words.day(self.campaign.closes))

    @property
    def moment(self) -> Moment:
        """Now, where the person is."""
        return Moment(self.campaign, self.now, self.zone)

    @property
    def country(self) -> str | None:
        """Where the person is, as far as they said."""
        return self.person.country if self.person else None

    @property
    def zone(self) -> str:
        """The person's zone, or the company's."""
        return self.person.zone if self.person else self.campaign.zone

    @property
    def today(self) -> date:
        """The date where the person is."""
        return self.moment.today

    def post(self, name: str, kind: str) -> Post:
        """The post a button stood under.

        Raises:
            Refusal: It is not in the campaign any more, or it never was.
        """
        found = next((post for post in self.campaign.posts if post.post == name and post.kind == kind), None)
        if found is None:
            raise Refusal("trouble.stale")
        return found

    def pledge(self, name: str) -> Pledge:
        """The pledge a button or a form is about.

        Raises:
            Refusal: It is not in the campaign any more, or it never was.
        """
        found = self.campaign.pledge(name)
        if found is None:
            raise Refusal("trouble.stale")
        return found

    def title(self, pledge: str) -> str:
        """A pledge's name in this person's language, safe to show."""
        return escape(self.campaign.pledge_words[pledge, self.words.language].title)

    async def open(self) -> None:
        """Open a modal at once: what lets it open lives for three seconds, and the database may be slow."""
        self.answering = True
        opened = await self.desk.client.views_open(trigger_id=self._trigger, view=dict(self.waiting()))
        self.view = opened["view"]["id"]

    async def push(self) -> None:
        """Open a modal on top of the one that is open."""
        self.answering = True
        opened = await self.desk.client.views_push(trigger_id=self._trigger, view=dict(self.waiting()))
        self.view = opened["view"]["id"]

    def waiting(self) -> View:
        """What is shown until there is an answer."""
        return self._placed(loading.draw(self.words))

    def _placed(self, view: View) -> View:
        return over_home(view) if self.at_home else view

    async def show(self, view: View) -> None:
        """Show a form: in the modal that is open, or in a new one."""
        view = self._placed(view)
        if self.holding:
            self.held = view
            return
        self.answering = True
        if self.view:
            await self.desk.client.views_update(view_id=self.view, view=dict(view))
        else:
            opened = await self.desk.client.views_open(trigger_id=self._trigger, view=dict(view))
            self.view = opened["view"]["id"]

    def plan_soon(self) -> None:
        """Let what was done reach the outbox without waiting."""
        self.desk.touched(self.user)
        self.desk.plan_soon()

    async def release(self, shown: View | None = None) -> None:
        """Hold nothing any more, and show what has been held meanwhile, unless it is `shown` already."""
        self.holding = False
        if self.held and self.held is not shown:
            await self.show(self.held)

    async def tell(self, text: str) -> None:
        """Say something to this person alone, wherever they are looking."""
        if self.direct or (self._response_url and not self.view):
            await self.say(sentence.told(text))
        else:
            await self.show(notice.draw(self.words, text))

    async def say(self, message: Message) -> None:
        """Answer with a message that only this person sees; in the plain form where Slack takes no other.

        Where a modal is open, or there is nowhere to answer, as on the App Home, a modal shows the same.
        """
        if self.direct:
            await self._write(self.direct, message)
            return
        if self.view or not self._response_url:
            await self.show(notice.shown(self.words, plain(message)))
            return
        self.answering = True
        answer = await self._send(message)
        if answer.status_code != _OK and "invalid_blocks" in answer.body:
            answer = await self._send(plain(message))
        if answer.status_code != _OK:
            raise NotDelivered(answer.body)

    async def _write(self, channel: str, message: Message) -> None:
        """Write back where somebody wrote; in the plain form where Slack takes no other."""
        self.answering = True
        try:
            await self._post(channel, message)
        except SlackApiError as error:
            if error.response.get("error") != "invalid_blocks":
                raise
            await self._post(channel, plain(message))

    async def _post(self, channel: str, message: Message) -> None:
        blocks = [dict(block) for block in message.blocks]
        await self.desk.client.chat_postMessage(channel=channel, text=message.text, blocks=blocks, unfurl_links=False)

    async def _send(self, message: Message) -> WebhookResponse:
        # No retries: what they would repeat may have arrived.
        session = self.desk.client.session
        back = AsyncWebhookClient(self._response_url, timeout=_ANSWER_WITHIN, session=session, retry_handlers=[])
        blocks = [dict(block) for block in message.blocks]
        return await back.send(text=message.text, blocks=blocks, response_type="ephemeral", replace_original=False)

    @property
    def _trigger(self) -> str:
        return str(self.body.get("trigger_id", ""))

    @property
    def _response_url(self) -> str:
        url = str(self.body.get("response_url") or "")
        return url if is_slack_url(url, self.desk.client.base_url) else ""


_OK = 200


class NotDelivered(Exception):  # noqa: N818 - it reads as what happened
    """Slack did not take an answer."""


def _user(body: Mapping[str, Any]) -> str:
    """Who it was: commands, interactions and events say it in three ways."""
    user = body.get("user") or body.get("event", {}).get("user") or body.get("user_id") or ""
    return str(user.get("id", "")) if isinstance(user, Mapping) else str(user)


def _written_in(body: Mapping[str, Any]) -> str | None:
    event = body.get("event") or {}
    return str(event.get("channel", "")) or None if event.get("type") == "message" else None


def _channel_name(body: Mapping[str, Any]) -> str:
    channel = body.get("channel")
    return str(channel.get("name", "")) if isinstance(channel, Mapping) else str(body.get("channel_name", ""))


def _spoken_in(campaign: Campaign, channel: str) -> str:
    """The language of a country's channel, else the company's: a guess for as long as nobody knows better."""
    home = next((country.language for country in campaign.countries if country.channel == channel), None)
    company = campaign.company.language if campaign.company else None
    return campaign.language_for(home or company)

"""People who come to the bot: what they type, press and fill in, and what they are answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from bot.locales.catalogues import words
from bot.messages.campaign_texts import post_text
from bot.store.actions import Action
from bot.store.people import Person
from bot.store.pledges import Outcome, Pledged
from rehearsal.slack import payloads
from rehearsal.slack.acting_user import Pressable, SlackUser
from rehearsal.slack.conversation import Block
from rehearsal.slack.http_transport import AppReply
from rehearsal.slack.interactive_elements import Control, controls
from rehearsal.slack.open_views import View
from rehearsal.slack.payloads import Actor
from rehearsal.slack.response_urls import ResponseTarget
from rehearsal.slack.submissions import Submission, apply_reply
from rehearsal.slack.workspace import PostedMessage, User
from rehearsal.verify.stored_totals import measures
from tests.campaigns import GERMANY, NORWAY, SWEDEN, Post, Promise, Week
from tests.simulation import ANSWERED_WITHIN, Simulation

MONDAY, WEDNESDAY, FRIDAY, EARTH_HOUR, MONDAY_AFTER = (date(2027, 3, day) for day in (15, 17, 19, 20, 22))
CLOSES = date(2027, 4, 1)

REPRESENTATIVE, DEPUTY, MANAGER = "U0REP", "U0DEPUTY", "U0MANAGER"
BIKE, DRYER, LAPTOP, CANDLE = (
    Promise("bike"),
    Promise("dryer", kg_by_country={"SE": 2.5, "DE": 4}),
    Promise("laptop", kg=5, per="once"),
    Promise("candle", kg=0),
)

VISITED = Week(
    posts=(
        Post("tip", MONDAY, time(9), kind="tip"),
        Post("call", MONDAY, time(13), kind="pledge_call"),
        Post("ideas", date(2027, 3, 16), time(13), kind="idea_call"),
        Post("progress", date(2027, 3, 17), time(15), kind="progress"),
        Post("notice", FRIDAY, time(11), kind="earth_hour_notice"),
        Post("how", FRIDAY, time(14), kind="check_in", audience="joined"),
        Post("reminder", EARTH_HOUR, time(20, 15), kind="earth_hour_reminder", audience="earth_hour_reminder"),
        Post("hour", MONDAY_AFTER, time(10), kind="earth_hour_check"),
        Post("later", date(2027, 3, 30), time(10), kind="check_in", audience="joined"),
        Post("results", CLOSES, time(10), kind="results"),
    ),
    places=(
        replace(SWEDEN, representative=REPRESENTATIVE, deputy=DEPUTY, headcount=100),
        replace(GERMANY, headcount=100),
        replace(NORWAY, headcount=100),
    ),
    promises=(BIKE, DRYER, LAPTOP, CANDLE),
    managers=(MANAGER,),
    closes=CLOSES,
)
"""A week in which everything can be done. Germany and Norway have no representatives of their own."""

SV, EN = words("sv"), words("en")


def moment(day: date, hour: int, minute: int = 0, zone: str = "Europe/Stockholm") -> datetime:
    """A local time as an instant."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class Answer:
    """What somebody was shown: the modal of a name, or a message for them alone, which has none."""

    form: str | None
    blocks: tuple[Block, ...]
    filled: Mapping[str, Mapping[str, Any]]
    shown: Pressable | None = None

    @cached_property
    def text(self) -> str:
        """What is said, without buttons and fields."""
        said = (block for block in self.blocks if block["type"] not in {"actions", "input"})
        return "\n".join(text for block in said for text in texts({**block, "accessory": None}))

    @property
    def buttons(self) -> list[str]:
        """The action ids of the buttons."""
        rows = (block.get("elements", [block.get("accessory") or {}]) for block in self.blocks)
        return [each["action_id"] for row in rows for each in row if each.get("type") == "button"]

    @property
    def fields(self) -> list[str]:
        """What can be filled in."""
        return [block["block_id"] for block in self.blocks if block["type"] == "input"]

    def chosen(self, name: str) -> Any:
        """The value of the option that stands chosen in a field, if one does."""
        option = self.filled[name][name]["selected_option"]
        return option and option["value"]

    def options(self, name: str) -> list[str]:
        """The values of a field's options."""
        [block] = [block for block in self.blocks if block.get("block_id") == name]
        return [option["value"] for option in block["element"]["options"]]


def texts(part: Any) -> Iterator[str]:
    """Every text that a person reads in blocks or parts of them."""
    if isinstance(part, Mapping):
        if isinstance(part.get("text"), str):
            yield part["text"]
        yield from (
            text
            for name, value in part.items()
            if name != "text" or not isinstance(value, str)
            for text in texts(value)
        )
    elif isinstance(part, list | tuple):
        yield from (text for each in part for text in texts(each))


def menu_entry(blocks: Iterable[Block], action: str) -> tuple[str, str] | None:
    """The menu in which an action is chosen, and the value of its entry there."""
    for menu in controls(blocks):
        for option in menu.options() if menu.kind == "overflow" else ():
            if option["value"].partition(":")[0] == action:
                return menu.action_id, option["value"]
    return None


class Participant:
    """Somebody in Slack. What they do is over when the bot has answered them."""

    def __init__(self, simulation: Simulation, user: str) -> None:
        self._simulation = simulation
        self.user = user

    @property
    def hand(self) -> SlackUser:
        return self._simulation.hand(self.user)

    # What they do

    async def types(self, text: str = "", channel: str | None = None) -> Answer:
        """`/earthweek` and this; whatever modal was open is closed before."""
        self._close()
        return await self._answered(lambda: self.hand.command(text, channel))

    async def presses(self, message: Pressable | None, action: str, value: str | None = None) -> Answer:
        """A button under a message, or an entry of its menu; whatever modal was open is closed before."""
        assert message is not None
        self._close()
        entry = menu_entry(message.blocks, action)
        if entry:
            return await self._answered(lambda: self.hand.choose(message, *entry))
        return await self._answered(lambda: self.hand.press(message, action, value))

    async def presses_in_form(self, action: str, value: str | None = None) -> Answer:
        return await self._answered(lambda: self.hand.press_view(action, value))

    async def presses_at_home(self, action: str, value: str | None = None) -> Answer:
        self._close()
        entry = menu_entry((self.hand.home() or {})["blocks"], action)
        if entry:
            return await self._answered(lambda: self.hand.choose_home(*entry))
        return await self._answered(lambda: self.hand.press_home(action, value))

    async def fills(self, **values: object) -> Answer:
        """Fill in the form and send it; it is one that the bot takes."""
        return await self._answered(lambda: self._sends(values))

    async def _sends(self, values: Mapping[str, object]) -> None:
        submitted = await self.hand.submit(values)
        assert submitted.outcome == "updated", submitted

    async def fills_twice(self, **values: object) -> tuple[Answer, Answer]:
        """Fill in the form and have it arrive twice, one after the other."""
        form = self._top()
        submitted = await self.hand.submit(values)
        assert submitted.reply is not None, submitted
        await self.hand.until(lambda: self._is_shown(form), ANSWERED_WITHIN)
        first = self.answer(modal=True)
        return first, await self.sends_again(submitted.reply)

    async def is_refused(self, **values: object) -> Mapping[str, str]:
        """Fill in the form and send it; what the bot says is wrong with it, by field."""
        submitted = await self.hand.submit(values)
        assert submitted.outcome == "errors", submitted
        return submitted.errors

    async def looks_home(self) -> str:
        """Look at the App Home; what is said there."""
        await self._simulation.settle()
        await self.hand.open_home()
        await self._simulation.settle()
        return self.home

    @property
    def home(self) -> str:
        """What the App Home says by now."""
        return "\n".join(texts((self.hand.home() or {})["blocks"]))

    # What they send that nobody could press

    async def forges(self, action: str, value: str, on: Pressable) -> Answer:
        """Send the press of a button that does not stand there."""
        self._close()
        return await self._answered(lambda: self.hand.send(self._forged(action, value, on)))

    def _forged(self, action: str, value: str, on: Pressable) -> payloads.Payload:
        control = Control({"block_id": "answers"}, {"type": "button", "action_id": action, "value": value})
        return self._on_message(control, {}, on)

    def _on_message(self, control: Control, chosen: Mapping[str, Any], on: Pressable) -> payloads.Payload:
        town = self._simulation.slack.workspace
        act = Actor(town, town.users[self.user], self._simulation.clock.now())
        url = self._simulation.slack.response_url(ResponseTarget(self.user, on.channel, on))
        return payloads.on_message(act, on, (control, chosen), url, self._simulation.slack.trigger(self.user))

    async def forges_entry(self, value: str, on: Pressable) -> Answer:
        """Choose an entry of a menu that does not stand there."""
        self._close()
        control = Control({"block_id": "messages"}, {"type": "overflow", "action_id": "messages_menu"})
        chosen = {"type": "overflow", "selected_option": {"text": {"type": "plain_text", "text": "?"}, "value": value}}
        return await self._answered(lambda: self.hand.send(self._on_message(control, chosen, on)))

    async def forges_in_form(self, action: str, value: str) -> Answer:
        """Send the press of a button that does not stand in the form on top, as one that was open before would."""
        return await self._answered(lambda: self.hand.send(self._forged_in_form(action, value)))

    def _forged_in_form(self, action: str, value: str) -> payloads.Payload:
        town, top = self._simulation.slack.workspace, self._top()
        assert top is not None
        act = Actor(town, town.users[self.user], self._simulation.clock.now())
        control = Control({"block_id": "answers"}, {"type": "button", "action_id": action, "value": value})
        return payloads.on_view(act, top, (control, {}), self._simulation.slack.trigger(self.user))

    async def sends_forged(self, memo: Mapping[str, object], chosen: Mapping[str, str]) -> Answer:
        """Send the form on top with another memo and other options chosen than it offers."""
        return await self.sends(self.submission(memo, chosen))

    async def sends(self, payload: Mapping[str, Any]) -> Answer:
        """Send whatever this is."""
        return await self._answered(lambda: self._delivers(payload))

    async def _delivers(self, payload: Mapping[str, Any]) -> None:
        """Have it arrive, and have Slack do what the bot answers to a form."""
        reply = await self.hand.send(payload)
        views = self._simulation.slack.workspace.views
        form = views.modals.get(payload.get("view", {}).get("id", ""))
        if form and isinstance(reply.body, dict):
            apply_reply(views, form, reply, self._simulation.clock.now())

    def submission(self, memo: Mapping[str, object], chosen: Mapping[str, str]) -> payloads.Payload:
        """The form on top as it would be sent, with changes that nobody's hand could make."""
        town, top = self._simulation.slack.workspace, self._top()
        assert top is not None
        act = Actor(town, town.users[self.user], self._simulation.clock.now())
        sent = payloads.submission(act, top, self._simulation.slack.trigger(self.user))
        view = sent["view"]
        view["private_metadata"] = json.dumps({**json.loads(view["private_metadata"]), **memo})
        for name, value in chosen.items():
            view["state"]["values"][name][name]["selected_option"] = {"value": value}
        return sent

    async def sends_again(self, reply: AppReply) -> Answer:
        """Send the same thing once more, as an impatient second click does."""
        return await self.sends({**reply.sent, "trigger_id": self._simulation.slack.trigger(self.user)})

    async def submits(self, **values: object) -> Submission:
        """Send the form, without a wait for what comes of it."""
        return await self.hand.submit(values)

    # Habits

    async def joins(
        self, country: str = "SE", *, language: str | None = None, messages: bool = False, where: str | None = None
    ) -> Answer:
        """Join with the command."""
        await self.types("join", where)
        more = {"language": language} if language else {}
        return await self.fills(country=country, messages=messages, **more)

    async def pledges(self, pledge: str, **plan: object) -> Answer:
        """Choose a pledge and plan it."""
        await self.types("pledge")
        await self.presses_in_form(f"pledge_choose:{pledge}")
        return await self.fills(**plan)

    # What is known of them

    async def person(self) -> Person | None:
        return await self._simulation.bot.store.read(self._simulation.bot.store.people.get, self.user)

    async def deeds(self) -> list[Action]:
        return await self._simulation.bot.store.read(
            self._simulation.bot.store.actions.of, self._simulation.campaign.id, self.user
        )

    async def did(self) -> list[tuple[str, str, str | None]]:
        """Kinds of deeds, what they are about, and where they count, oldest first."""
        return [(deed.kind.value, deed.subject, deed.country) for deed in await self.deeds()]

    async def pledged(self) -> list[Pledged]:
        return await self._simulation.bot.store.read(
            self._simulation.bot.store.pledges.of, self._simulation.campaign.id, self.user
        )

    async def outcomes(self) -> list[Outcome]:
        return await self._simulation.bot.store.read(
            self._simulation.bot.store.pledges.outcomes, self._simulation.campaign.id, self.user
        )

    async def stored(self) -> Mapping[str, Any]:
        """Every row about them."""
        return await self._simulation.bot.store.privacy.everything(self.user)

    def _close(self) -> None:
        self._simulation.slack.workspace.views.close(self.user)

    async def _answered(self, act: Callable[[], Awaitable[object]]) -> Answer:
        message, form = self._message(), self._top()
        await act()
        await self.hand.until(lambda: self._message() != message or self._is_shown(form), ANSWERED_WITHIN)
        return self.answer(modal=self._is_shown(form))

    def answer(self, *, modal: bool) -> Answer:
        """What they see now."""
        if modal:
            view = self.hand.modal() or {}
            return Answer(view["callback_id"], tuple(view["blocks"]), view["state"]["values"])
        said = self.hand.ephemerals()[-1]
        return Answer(None, said.blocks, {}, said)

    def _message(self) -> tuple[str, str] | None:
        said = self.hand.ephemerals()
        return (said[-1].channel, said[-1].ts) if said else None

    def _top(self) -> View | None:
        return self._simulation.slack.workspace.views.top(self.user)

    def _is_shown(self, before: View | None) -> bool:
        top = self._top()
        if top is None or top.content["callback_id"] == "loading":
            return False
        return before is None or top.hash != before.hash


async def participant(
    simulation: Simulation, user: str = "U0ANN", zone: str | None = "Europe/Stockholm", locale: str = "sv-SE"
) -> Participant:
    """Somebody whom Slack knows with this zone and language, before a bot that listens."""
    town = simulation.slack.workspace
    known = town.users.get(user)
    town.add_user(replace(known, tz=zone, locale=locale) if known else User(user, user.lower(), tz=zone, locale=locale))
    await simulation.open_door()
    return Participant(simulation, user)


async def member(
    simulation: Simulation,
    user: str = "U0ANN",
    country: str = "SE",
    *,
    zone: str | None = "Europe/Stockholm",
    **more: Any,
) -> Participant:
    """Somebody who has joined."""
    who = await participant(simulation, user, zone)
    await who.joins(country, **more)
    return who


async def totals_of(simulation: Simulation) -> dict[tuple[str, str | None], int]:
    """What the bot has counted, by measure and country; kilograms are in grams."""
    return dict(await measures(simulation.bot.store, simulation.campaign))


def said(simulation: Simulation, where: str, post: str) -> PostedMessage:
    """The message of a post in a channel or for a person, as it stands now."""
    found = [message for message in simulation.messages(where) if _is_of(simulation, message, post)]
    assert len(found) == 1, found
    return found[0]


def _is_of(simulation: Simulation, message: PostedMessage, post: str) -> bool:
    campaign = simulation.campaign
    return any(
        message.text == post_text(campaign, post, words(language), country.code).summary
        for language in campaign.languages
        for country in campaign.countries
    )


BY_THE_CALENDAR = {"countdown", "digest", "reach"}


def letters(simulation: Simulation, who: str) -> list[PostedMessage]:
    """What an organiser was sent because of something, and not because of the day."""
    return [each for each in simulation.messages(who) if each.blocks[0]["block_id"] not in BY_THE_CALENDAR]

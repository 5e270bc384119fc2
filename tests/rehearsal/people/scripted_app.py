"""A colleague in a Slack without a bot: what they did is taken down, and what was prepared is shown to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.campaign.model import Campaign
from bot.messages.blocks import actions, button
from bot.slack.manifest import SCOPES
from rehearsal.clock import VirtualClock
from rehearsal.people.habits import Habit
from rehearsal.people.journal import Joined, Journal, Note
from rehearsal.people.person import Person
from rehearsal.people.persona import Persona
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.conversation import Block, PostedMessage
from rehearsal.slack.http_transport import AppReply
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import BOT, Channel, User, Workspace

START = datetime(2027, 3, 15, 8, tzinfo=UTC)
CHANNEL = "earth-week-se"
ANN = "U0ANN"
IN_SWEDEN = Joined("SE", "sv", messages=True)

Screen = Mapping[str, Any] | Sequence[Block]
"""A modal, or the blocks of a message for the person alone."""

NOTHING: Sequence[Block] = ()
SILENCE = "silence"
"""An answer that never comes."""


def row(*buttons: tuple[str, str]) -> Block:
    """A row of buttons, by action and value."""
    return dict(actions("row", [button(action, "Press", value) for action, value in buttons]))


@dataclass
class ScriptedApp:
    """What the app shows for a command (`/done`), a press (`pledge_choose`) or a form that was sent (`plan!`).

    Whatever is not prepared is answered with a message without buttons, and a form by closing it.
    """

    slack: RehearsalSlack
    shows: dict[str, Screen | str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)

    async def form(self, fields: Mapping[str, str], _headers: Mapping[str, str] | None = None) -> AppReply:
        """Hear a command."""
        self._show(f"/{fields['text']}", fields["user_id"], fields["channel_id"])
        return AppReply(200, "", fields)

    async def payload(self, payload: Mapping[str, Any], _headers: Mapping[str, str] | None = None) -> AppReply:
        """Hear a press or a form."""
        user = payload["user"]["id"]
        if payload["type"] == "view_submission":
            return self._sent(payload["view"], payload)
        [action] = payload["actions"]
        option = action.get("selected_option", {}).get("value", "")
        name = option.partition(":")[0] or action["action_id"].partition(":")[0]
        self._show(name, user, payload.get("channel", {}).get("id") or self.slack.workspace.im(user))
        return AppReply(200, "", payload)

    async def json(self, body: Mapping[str, Any], _headers: Mapping[str, str] | None = None) -> AppReply:
        """Hear an event, which is answered by drawing the App Home."""
        self.heard.append(body["event"]["type"])
        self.slack.workspace.views.publish(body["event"]["user"], {"type": "home", "blocks": []}, self.slack.now())
        return AppReply(200, "", body)

    def _sent(self, view: Mapping[str, Any], payload: Mapping[str, Any]) -> AppReply:
        name = f"{view['callback_id']}!"
        self.heard.append(name)
        values = {block: next(iter(held.values())) for block, held in view["state"]["values"].items()}
        self.forms.append({block: _plain(held) for block, held in values.items()})
        answer = self.shows.get(name, "")
        return AppReply(500, "", payload) if answer == SILENCE else AppReply(200, answer, payload)

    def _show(self, name: str, user: str, channel: str) -> None:
        self.heard.append(name)
        shown, town, now = self.shows.get(name, NOTHING), self.slack.workspace, self.slack.now()
        if isinstance(shown, Mapping):
            top = town.views.top(user)
            if top is not None and not name.startswith("/"):
                town.views.update(top, shown, now)
            else:
                town.views.open(user, shown, now)
        elif not isinstance(shown, str):
            town.post_ephemeral(channel, user, name, now, blocks=list(shown))


def _plain(held: Mapping[str, Any]) -> Any:
    """What a field holds, as a person would say it."""
    [value] = (each for name, each in held.items() if name != "type")
    if isinstance(value, list):
        return [each["value"] for each in value]
    return value["value"] if isinstance(value, dict) else value


@dataclass
class Scene:
    """A Slack with one channel and one person in it, a clock, and the app."""

    campaign: Campaign
    clock: VirtualClock
    slack: RehearsalSlack
    app: ScriptedApp

    def person(self, *habits: Habit, joined: bool = True, seed: str = "1", zone: str = "Europe/Stockholm") -> Person:
        """Somebody with these habits, who has joined already unless told."""
        profile = User(ANN, "ann", tz=zone)
        self.slack.workspace.add_user(profile)
        journal = Journal(ANN, zone, [])
        if joined:
            journal.write(self.clock.now(), IN_SWEDEN)
        persona = Persona(profile, self.campaign.country("SE"), frozenset(habits), seed)
        user = SlackUser(self.slack, self.app, ANN)
        return Person(persona, user, journal, CHANNEL, self.clock.now, Counter())

    def post(self, *buttons: tuple[str, str], direct: bool = False, **more: Any) -> PostedMessage:
        """Post a message with some buttons to the channel, or to the person."""
        town = self.slack.workspace
        blocks = more.pop("blocks", [row(*buttons)] if buttons else [])
        return town.post(town.im(ANN) if direct else "C1", BOT.id, "Hello", self.clock.now(), blocks=blocks, **more)


def scene_of(campaign: Campaign) -> Scene:
    """A Slack in which nothing has been said."""
    clock = VirtualClock(START)
    town = Workspace([User(ANN, "ann")], [Channel("C1", CHANNEL)], members={"C1": [BOT.id, ANN]})
    slack = RehearsalSlack(town, clock.now, app=App(SCOPES), limits=RateLimits.none())
    return Scene(campaign, clock, slack, ScriptedApp(slack))


def notes(one: Person) -> list[Note]:
    """What somebody has written down, without how they joined before the test."""
    return [entry.note for entry in one.journal.entries if entry.note is not IN_SWEDEN]

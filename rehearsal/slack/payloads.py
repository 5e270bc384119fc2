"""Payloads that Slack sends, https://docs.slack.dev/reference/interaction-payloads and .../apis/events-api."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehearsal.slack import interactive_elements, serializers, timestamp
from rehearsal.slack.interactive_elements import Control, State
from rehearsal.slack.open_views import View
from rehearsal.slack.workspace import Ephemeral, PostedMessage, User, Workspace

TOKEN = "rehearsal-verification-token"  # noqa: S105 - Slack's old proof, which opens nothing
DOMAIN = "rehearsal"

Payload = dict[str, Any]

_SHOWN = ("text", "value", "style", "placeholder")
"""Fields of an element that an action repeats."""


@dataclass(frozen=True)
class Actor:
    """A person who does something in a workspace at an instant."""

    workspace: Workspace
    user: User
    at: datetime

    @property
    def stamp(self) -> str:
        """The instant as Slack writes it."""
        return timestamp.text(timestamp.of(self.at))

    def head(self, kind: str) -> Payload:
        """Return the fields that every interaction begins with."""
        team = self.workspace.team_of(self.user)
        person = {"id": self.user.id, "username": self.user.name, "name": self.user.name, "team_id": team}
        return {
            "type": kind,
            "team": {"id": team, "domain": DOMAIN},
            "user": person,
            "api_app_id": serializers.APP_ID,
            "token": TOKEN,
            "enterprise": None,
            "is_enterprise_install": False,
        }


def command(act: Actor, typed: tuple[str, str], channel: str, response_url: str, trigger: str) -> dict[str, str]:
    """Build the form of a typed command; `typed` is the command and the text after it."""
    name, text = typed
    return {
        "token": TOKEN,
        "team_id": act.workspace.team_id,
        "team_domain": DOMAIN,
        "channel_id": channel,
        "channel_name": channel_name(act.workspace, channel),
        "user_id": act.user.id,
        "user_name": act.user.name,
        "command": name,
        "text": text,
        "api_app_id": serializers.APP_ID,
        # Commands arrive as a form, so this is text here and a boolean in interactions.
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def on_message(
    act: Actor, message: PostedMessage | Ephemeral, action: tuple[Control, State], response_url: str, trigger: str
) -> Payload:
    """Build the payload of a press in a message. Of an ephemeral one Slack sends only its place."""
    alone = isinstance(message, Ephemeral)
    shown, thread = {}, {}
    if isinstance(message, PostedMessage):
        shown = {"message": serializers.message(message, act.workspace, metadata=False)}
        thread = {"thread_ts": message.parent_ts} if message.parent_ts else {}
    control, chosen = action
    return {
        **act.head("block_actions"),
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": alone,
            **thread,
        },
        "trigger_id": trigger,
        "channel": {"id": message.channel, "name": channel_name(act.workspace, message.channel)},
        **shown,
        "state": interactive_elements.state(message.blocks, {control.place: chosen} if chosen else {}),
        "response_url": response_url,
        "actions": [_action(act, control, chosen)],
    }


def on_view(act: Actor, view: View, action: tuple[Control, State], trigger: str) -> Payload:
    """Build the payload of a press in a modal or on the App Home."""
    return {
        **act.head("block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger,
        "view": serializers.view(view, act.workspace),
        "actions": [_action(act, *action)],
    }


def shortcut(act: Actor, callback: str, trigger: str) -> Payload:
    """Build the payload of a global shortcut, which comes from no channel and has no response URL."""
    return {**act.head("shortcut"), "callback_id": callback, "trigger_id": trigger, "action_ts": act.stamp}


def submission(act: Actor, view: View, trigger: str) -> Payload:
    """Build the payload of a submitted form."""
    shown = serializers.view(view, act.workspace)
    return {**act.head("view_submission"), "trigger_id": trigger, "view": shown, "response_urls": []}


def closed(act: Actor, view: View, *, is_cleared: bool) -> Payload:
    """Build the payload of a closed modal; `is_cleared` says that all of them were closed."""
    return {**act.head("view_closed"), "view": serializers.view(view, act.workspace), "is_cleared": is_cleared}


def home_opened(act: Actor, event_id: str) -> Payload:
    """Build the event of somebody who opens the App Home, with the view that is on it."""
    home = act.workspace.views.homes.get(act.user.id)
    event: Payload = {
        "type": "app_home_opened",
        "user": act.user.id,
        "channel": act.workspace.im(act.user.id),
        "tab": "home",
        "event_ts": act.stamp,
    }
    if home is not None:
        event["view"] = serializers.view(home, act.workspace)
    return envelope(act, event, event_id)


def written(act: Actor, said: PostedMessage, event_id: str) -> Payload:
    """Build the event of a message to the app."""
    shown = serializers.message(said, act.workspace, metadata=False)
    return envelope(act, {**shown, "channel": said.channel, "channel_type": "im", "event_ts": said.ts}, event_id)


def envelope(act: Actor, event: Mapping[str, Any], event_id: str) -> Payload:
    """Wrap an event as the Events API delivers it."""
    team = act.workspace.team_id
    authorised = {"enterprise_id": None, "team_id": team, "user_id": act.workspace.bot.id, "is_bot": True}
    return {
        "token": TOKEN,
        "team_id": team,
        "api_app_id": serializers.APP_ID,
        "event": dict(event),
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(act.at.timestamp()),
        "authorizations": [{**authorised, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
    }


def channel_name(workspace: Workspace, channel: str) -> str:
    """Return the name of a channel in a payload: only public ones have theirs."""
    known = workspace.channels.get(channel)
    if known is None:
        return "directmessage"
    # Slack does not tell the names of private channels to apps.
    return "privategroup" if known.is_private else known.name


def _action(act: Actor, control: Control, chosen: State) -> Payload:
    element = control.element
    # Slack repeats the element's label and initial choice in an action, and leaves out its options.
    repeated = {name: element[name] for name in element if name in _SHOWN or name.startswith("initial_")}
    named = {"type": control.kind, "action_id": control.action_id, "block_id": control.block_id}
    return {**named, **repeated, **chosen, "action_ts": act.stamp}

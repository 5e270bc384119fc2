"""What Slack really sends: the payloads from which the spoilt ones are made."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from urllib.parse import urlencode

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.modals import (
    check_in,
    earth_hour_minutes,
    idea,
    idea_reply,
    join,
    mark_done,
    my_data,
    pause_own_messages,
    pledge_plan,
)
from bot.messages.modals.modal import PendingAction, View
from rehearsal.slack.interactive_elements import state

from .slack import ANSWERS
from .world import IDEA, PLEDGE, QUESTIONED, TEAM

Payload = dict[str, Any]

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
DAYS = (date(2027, 3, 18), date(2027, 3, 19))

SV = words("sv")

POSTS: Mapping[str, str] = {
    "did_this": "monday-tip",
    "guess": "friday-guess:2",
    "awareness": "what-we-know:work:yes",
    "check_in_done": "friday-check-in",
    "check_in_partly": "friday-check-in",
    "check_in_not": "friday-check-in",
    "check_in_stop": "friday-check-in",
    **dict.fromkeys(("idea_approve", "idea_publish", "idea_decline", "idea_ask"), IDEA),
    "idea_answer": QUESTIONED,
    **dict.fromkeys(
        ("pledge_choose", "pledge_already", "pledge_withdraw", "pledge_why", "reminders_stop", "done_today"), PLEDGE
    ),
}
"""What buttons that are about something are about."""


@dataclass(frozen=True)
class Sent:
    """A payload and how it travels: `wrapped` inside a form, or as it is, in the form or the JSON of `kind`."""

    payload: Any
    kind: str = FORM
    wrapped: bool = True

    @property
    def raw(self) -> bytes:
        """The body of the request."""
        if self.wrapped:
            return urlencode({"payload": json.dumps(self.payload)}).encode()
        if self.kind == JSON:
            return json.dumps(self.payload).encode()
        fields = self.payload.items() if isinstance(self.payload, dict) else [("payload", json.dumps(self.payload))]
        return urlencode([(str(name), str(value)) for name, value in fields], errors="replace").encode()


def head(user: str, kind: str) -> Payload:
    """What every interaction begins with."""
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "rehearsal"},
        "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": TEAM},
        "api_app_id": "A0EARTHWEEK",
        "token": "legacy",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": "1.2.3",
    }


def press(user: str, action: str, value: str, view: str | None = None) -> Sent:
    """A button, in a message or in a view of a type."""
    pressed = {"type": "button", "action_id": action, "block_id": "answers", "value": value, "action_ts": "1.1"}
    place: Payload = {
        "container": {"type": "message", "message_ts": "1.000100", "channel_id": "C0WEEKSE", "is_ephemeral": False},
        "channel": {"id": "C0WEEKSE", "name": "week-se"},
        "message": {"type": "message", "user": "U0BOT", "ts": "1.000100", "blocks": []},
        "response_url": ANSWERS,
    }
    if view:
        place = {
            "view": {"id": "V0OPEN", "type": view, "callback_id": "pledges", "private_metadata": "{}", "state": {}}
        }
    return Sent({**head(user, "block_actions"), **place, "actions": [pressed]})


def command(user: str, text: str) -> Sent:
    """`/earthweek` and this."""
    fields = {
        "token": "legacy",
        "team_id": TEAM,
        "channel_id": "C0WEEKSE",
        "channel_name": "week-se",
        "user_id": user,
        "user_name": user.lower(),
        "command": "/earthweek",
        "text": text,
        "api_app_id": "A0EARTHWEEK",
        "is_enterprise_install": "false",
        "response_url": ANSWERS,
        "trigger_id": "1.2.3",
    }
    return Sent(fields, wrapped=False)


def event(user: str, kind: str, number: int) -> Sent:
    """An event of the Events API."""
    told = {"type": kind, "user": user, "channel": "D0ANN", "tab": "home", "event_ts": "1.1"}
    body = {
        "token": "legacy",
        "team_id": TEAM,
        "api_app_id": "A0EARTHWEEK",
        "event": told,
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": 1,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        "is_ext_shared_channel": False,
    }
    return Sent(body, JSON, wrapped=False)


def submission(user: str, view: View) -> Sent:
    """A form that is sent."""
    shown = {"id": "V0OPEN", "type": "modal", "team_id": TEAM, "app_id": "A0EARTHWEEK", "hash": "1.1", **view}
    return Sent({**head(user, "view_submission"), "view": copy.deepcopy(shown), "response_urls": []})


ANY_TIME: tuple[idea_reply.Purpose, ...] = ("ask", "decline", "answer")
"""What can be said about an idea that nobody has decided."""

_drawn: dict[str, dict[str, View]] = {}


def forms(campaign: Campaign) -> dict[str, View]:
    """Every form that comes back, filled in so that it would be kept; whoever spoils one spoils a copy."""
    if campaign.id not in _drawn:
        _drawn[campaign.id] = _draw(campaign)
    return _drawn[campaign.id]


def _draw(campaign: Campaign) -> dict[str, View]:
    pledge = campaign.pledge(PLEDGE)
    assert pledge is not None
    drawn: dict[str, View] = {
        "join": join.draw(
            SV, campaign, country="SE", language="sv", messages=True, pending=PendingAction("did_this", "monday-tip")
        ),
        "plan": pledge_plan.draw(
            SV, campaign, pledge, "SE", days=DAYS, plan=None, chosen=DAYS[:1], at=time(9), any_hour=True, is_mine=False
        ),
        "done": mark_done.draw(SV, campaign, [PLEDGE], DAYS),
        "check_in": check_in.draw(
            SV, campaign, pledges=[PLEDGE], answer="partly", occasion="friday-check-in", saved=True
        ),
        "minutes": earth_hour_minutes.draw(SV, 30),
        "idea": idea.draw(SV, "Sverige"),
        **{
            each: idea_reply.draw(SV, purpose=each, idea=QUESTIONED if each == "answer" else IDEA, shown="A shed")
            for each in ANY_TIME
        },
        "pause": pause_own_messages.draw(SV, DAYS[1]),
        "forget": my_data.draw_forget(SV),
    }
    return {name: _filled(view) for name, view in drawn.items()}


def _filled(view: View) -> Payload:
    values = copy.deepcopy(dict(state(view["blocks"], {})))
    text = values["values"].get("text")
    if text:
        text["text"]["value"] = "A shed for bikes"
    return {**copy.deepcopy(dict(view)), "state": values}


READERS: Mapping[str, Callable[[View, Campaign], object]] = {
    "join": join.read,
    "plan": pledge_plan.read,
    "done": lambda view, _: mark_done.read(view),
    "check_in": lambda view, _: check_in.read(view),
    "minutes": lambda view, _: earth_hour_minutes.read(view),
    "idea": lambda view, _: idea.read(view),
    **dict.fromkeys(ANY_TIME, lambda view, _: idea_reply.read(view)),
    "pause": lambda view, _: pause_own_messages.read(view),
}
"""By the names of `forms`; what "forget" says is said by sending it."""

TYPED: Sequence[str] = (
    "", "help", "join", "pledge", "done", "my", "standings", "measures", "tip", "earthhour", "idea", "country SE",
    "language de", "messages off", "messages on", "pause 2027-03-25", "data", "forget", "JOIN ", "/help", "pause",
    "country",
)  # fmt: skip
EVENTS: Sequence[str] = ("app_home_opened", "app_uninstalled", "message", "tokens_revoked")

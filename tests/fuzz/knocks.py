"""Requests of the kinds that are tried at the door."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.campaign.model import Campaign
from bot.listeners.command_parsing import UNKNOWN, parse
from bot.listeners.routes import ACTIONS
from bot.listeners.typed_words import TypedWords
from rehearsal.slack.server import sign

from .payloads import EVENTS, FORM, JSON, POSTS, TYPED, Payload, Sent, command, event, forms, press, submission
from .spoil import anything, garbled, hostile, spoilt
from .world import ACTORS, ANN, NEW, OTHER_PLEDGE, SECRET, signed


@dataclass(frozen=True)
class Knock:
    """A request. Where it is `refused`, nothing may be stored; where `turned_away`, it may not even be taken."""

    raw: bytes
    headers: Mapping[str, str]
    refused: bool = True
    turned_away: bool = False


def honest(campaign: Campaign, random: Random) -> Sent:
    """Something that Slack could really send."""
    user = random.choice(ACTORS)
    match random.randrange(5):
        case 0:
            return command(user, random.choice(TYPED))
        case 1:
            return event(user, random.choice(EVENTS), random.randrange(99))
        case 2 | 3:
            return submission(user, random.choice(list(forms(campaign).values())))
        case _:
            action = random.choice(list(ACTIONS))
            return press(user, action, POSTS.get(action, ""), random.choice((None, None, "modal", "home")))


def unsigned(campaign: Campaign, random: Random) -> Knock:
    """What Slack could send, and did not sign."""
    sent = honest(campaign, random)
    return Knock(sent.raw, _forged(sent, random), turned_away=True)


def _forged(sent: Sent, random: Random) -> dict[str, str]:
    now = int(time.time())
    kind = {"Content-Type": sent.kind}
    match random.randrange(6):
        case 0:
            return kind
        case 1:
            return kind | sign(SECRET, sent.raw, now + random.choice((-1, 1)) * random.randint(320, 10**6))
        case 2:
            return kind | sign(SECRET + "x", sent.raw, now)
        case 3:
            return kind | sign(SECRET, sent.raw + b"&", now)
        case 4:
            return kind | sign(SECRET, sent.raw, now) | {"X-Slack-Signature": hostile(random)}
        case _:
            return kind | sign(SECRET, sent.raw, now) | {"X-Slack-Request-Timestamp": hostile(random)}


NOBODY: Sequence[Any] = (
    None, "", 5, [], {}, True, ["U0ANN"], {"name": "U0ANN"}, {"id": None}, {"id": ""}, {"id": ["U0ANN"]},
    {"id": "U0 ANN"}, {"id": {"id": "U0ANN"}}, {"id": "x" * 33}, {"id": "U0ANN\0"}, {"id": "U0ANN\n"},
    {"id": "<@U0ANN>"}, {"id": "\ud800"},
)  # fmt: skip
SHAPES: Mapping[str, Sequence[Any]] = {
    "team": (5, [], "", "T 0", {"id": 5}, {"id": ""}, True),
    "event": (None, "x", [], 5, {}, {"type": None}, {"type": []}),
    "actions": (None, [], {}, "x", [None], [5], ["x"], [{"action_id": 5}], [{"value": {}}], [{"type": []}]),
    "view": (None, [], "x", 5, {"id": 5}, {"id": []}, {"callback_id": {}}, {"type": {}}, {"id": "x" * 256}),
    "authorizations": ([None], 5, "x", ["x"], {}, [[]]),
    "channel": (5, [], {"id": 5}, {"name": []}, "C 0"),
    "enterprise": (5, [], {"id": 5}, "E 0"),
    "type": (None, 5, [], {}),
    "response_url": (5, [], {}),
    "response_urls": ([None], 5, "x", None),
    "trigger_id": (5, [], {}),
    "message": (5, [], "x"),
    "event_id": (5, [], {}),
}


def unshaped(campaign: Campaign, random: Random) -> Knock:
    """What Slack could send, with a part that everything hangs on exchanged for one of another kind."""
    sent = honest(campaign, random)
    while sent.payload.get("type") not in {"block_actions", "view_submission"}:
        sent = honest(campaign, random)
    body: Any = dict(sent.payload)
    match random.randrange(4):
        case 0:
            body["user"] = random.choice(NOBODY)
        case 1:
            del body["user"]
        case 2:
            body = random.choice((None, [], [body], "x", 5, True, [[]], {"": body} | {"type": []}))
        case _:
            name = random.choice(list(SHAPES))
            body[name] = random.choice(SHAPES[name])
    made = Sent(body, random.choice((FORM, JSON)), wrapped=True) if random.random() < 0.5 else Sent(body, JSON, False)
    return Knock(made.raw, signed(made.raw, made.kind), turned_away=True)


_BARE = 0.7


def spoilt_anywhere(campaign: Campaign, random: Random) -> Knock:
    """Spoilt in any place, which may be one that does not matter."""
    sent = honest(campaign, random)
    payload = sent.payload
    if "view" in payload and random.random() < _BARE:
        # What is drawn is large, and nobody reads it.
        payload = {**payload, "view": {name: part for name, part in payload["view"].items() if name != "blocks"}}
    made = Sent(spoilt(payload, random), sent.kind, sent.wrapped)
    return Knock(made.raw, signed(made.raw, made.kind), refused=False)


def garbled_bytes(campaign: Campaign, random: Random) -> Knock:
    """Bytes that were damaged before they were signed."""
    sent = honest(campaign, random)
    raw = garbled(sent.raw, random)
    kind = random.choice((sent.kind, FORM, JSON, "text/plain", "multipart/form-data", "", hostile(random)))
    return Knock(raw, signed(raw, kind), refused=False)


_UNKNOWN = ("button_of_last_year", ":", "join2", "__class__", "JOIN", "_attend", "idea_approve ")
_THEIRS = ("idea_approve", "idea_publish", "idea_decline", "idea_ask")


def unknown_press(_campaign: Campaign, random: Random) -> Knock:
    """A button that never stood there, or is not for whoever pressed it."""
    view = random.choice((None, None, "modal", "home"))
    match random.randrange(3):
        case 0:
            sent = press(random.choice(ACTORS), random.choice((*_UNKNOWN, f"?{hostile(random)}"[:250])), "", view)
        case 1:
            sent = press(random.choice((ANN, NEW)), random.choice(_THEIRS), POSTS["idea_ask"], view)
        case _:
            sent = press(ANN, random.choice(list(POSTS)), hostile(random) or "x", view)
    if random.random() < 0.2:
        sent.payload["response_url"] = random.choice(("https://evil.test/x", "http://slack.test/x", hostile(random)))
    return Knock(sent.raw, signed(sent.raw, sent.kind))


_MEANT = ("country", "language", "pause", "messages")


def unknown_words(campaign: Campaign, random: Random) -> Knock:
    """A command that is none, or one with nonsense behind it."""
    said = hostile(random)
    text = f"{random.choice(_MEANT)} ?{said}" if random.random() < 0.5 else said
    route = parse(text, TypedWords(campaign.bot_words)).route
    if route not in {UNKNOWN, "help", *_MEANT}:
        # It can be read as something: "messages ?0" turns them off.
        text = "?"
    sent = command(ANN if route in _MEANT else random.choice(ACTORS), text)
    return Knock(sent.raw, signed(sent.raw, sent.kind))


def _set(view: Payload, name: str, key: str, value: Any) -> None:
    view["state"]["values"][name][name][key] = value


_WRONG: Mapping[str, Sequence[tuple[str, str, Sequence[Any]]]] = {
    "join": (
        ("country", "selected_option", (None, {}, {"value": "XX"}, {"value": None}, "SE", ["SE"], {"value": ["SE"]})),
        ("language", "selected_option", (None, {}, {"value": "tlh"}, {"value": {}}, 5)),
        ("messages", "selected_options", ("yes", [None], [{"value": "no"}], {"value": "yes"}, 5)),
    ),
    "plan": (
        ("how", "selected_option", ({"value": "99"}, {"value": "-1"}, {"value": "own"}, {"value": 0}, 5, [])),
        ("days", "selected_options", ([{"value": "2027-03-01"}], "all", [5], {}, [{"value": None}])),
        ("at", "selected_time", (None, "25:00", "9:00", 9, "09:00:00", "", [], "09:00\0")),
        ("any_hour", "selected_options", ([{"value": "no"}], 5)),
    ),
    "done": (
        ("pledge", "selected_option", (None, {}, {"value": OTHER_PLEDGE}, {"value": "../x"}, {"value": "x" * 61}, 5)),
        ("day", "selected_option", (None, {"value": "2027-01-01"}, {"value": "x"}, {"value": 5}, [])),
    ),
    "check_in": (
        (f"answer:{POSTS['pledge_choose']}", "selected_option", (None, {}, {"value": "maybe"}, {"value": None}, 5)),
        ("obstacle", "selected_option", ({}, {"value": "me"}, {"value": []}, 5)),
        ("line", "value", ("x" * 501, 5, {}, [])),
        ("continues", "selected_options", ([{"value": "no"}], 5)),
    ),
    "minutes": (("minutes", "value", (None, "", "0", "61", "1.5", "٣", "x", 30, [], "9" * 400, "-5", "+5", "1e1")),),
    "idea": (("text", "value", (None, "", " \n", "\u200b", "x" * 1001, "<!channel>", "@here", 5, [], {})),),
    **dict.fromkeys(("ask", "decline", "answer"), (("text", "value", (None, "", "\t", "x" * 501, 5, [], {})),)),
    "pause": (("day", "selected_date", (None, "", "2027-03-01", "9999-99-99", "20270325", 5, [], "2027-3-25", "x")),),
}
"""What no form that is kept may say, by form and field."""

_MEMOS: Sequence[Any] = (
    None, "", "{}", "null", "[]", "5", '"x"', '{"version":"0"}', '{"version":1}', "x" * 3000, "[" * 900, 5, {}, [],
    '{"version":"1', "\0", '{"version":["1"]}', "NaN",
)  # fmt: skip
_STATES: Sequence[Any] = (None, {}, [], "x", {"values": None}, {"values": []}, {"values": {}}, {"values": "x"})


def forged_form(campaign: Campaign, random: Random) -> Knock:
    """A form as the bot never drew it, or from somebody who may not send it."""
    name, view = random.choice([(name, view) for name, view in forms(campaign).items() if name in _WRONG])
    made = submission(ANN, view)
    shown = made.payload["view"]
    match random.randrange(6):
        case 0:
            shown["private_metadata"] = random.choice(_MEMOS)
        case 1:
            shown["state"] = random.choice(_STATES)
        case 2:
            shown["callback_id"] = f"?{hostile(random)}"[:250]
        case 3:
            made = _elsewhere(name, view, random)
        case 4:
            shown["state"]["values"].pop(_WRONG[name][0][0])
        case _:
            field, key, wrong = random.choice(_WRONG[name])
            _set(shown, field, key, random.choice(wrong))
    return Knock(made.raw, signed(made.raw, made.kind))


def _elsewhere(name: str, view: Mapping[str, Any], random: Random) -> Sent:
    """A form that points to what does not exist, or that somebody else was shown."""
    made = submission(NEW if name == "answer" else ANN, view)
    memo = json.loads(view["private_metadata"])
    wrong = {
        "plan": ("pledge", "language", "days", "at"),
        "check_in": ("occasion",),
        "done": ("days",),
        "pause": ("tomorrow",),
    }
    for key in wrong.get(name, ("version",) if name not in {"ask", "decline", "answer"} else ()):
        memo[key] = random.choice((anything(random), f"?{hostile(random)}"))
    made.payload["view"]["private_metadata"] = json.dumps(memo)
    return made


KINDS: Mapping[str, Callable[[Campaign, Random], Knock]] = {
    "not signed by Slack": unsigned,
    "not of Slack's shape": unshaped,
    "spoilt anywhere": spoilt_anywhere,
    "garbled bytes": garbled_bytes,
    "buttons that never stood there": unknown_press,
    "words that are no command": unknown_words,
    "forms that were never drawn": forged_form,
}

"""What a watcher does as somebody in Slack: the page's requests, read with distrust, and done by that person's hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.slack.manifest import COMMAND
from rehearsal.slack.controls import controls, find
from rehearsal.slack.conversation import Block
from rehearsal.slack.http_transport import AppReply, NotAnsweredError
from rehearsal.slack.submissions import Submission
from rehearsal.slack.user import Pressable, SlackUser
from rehearsal.slack.workspace import Workspace
from rehearsal.web.field_values import Plain, value
from rehearsal.web.session import Room
from rehearsal.web.view_models import HOME

LONGEST = 4000
"""Characters that may be typed into the composer."""

Fields = dict[str, dict[str, Plain]]
"""The fields of a view, by block and action."""
Spot = tuple[str, str]

_COMPLAINTS: Mapping[str, str] = {
    "required": "Please complete this required field.",
    "too_many": "There are too many choices here.",
    "too_long": "This is too long.",
    "too_short": "This is too short.",
    "no_number": "Please enter a number.",
    "too_small": "This number is too small.",
    "too_large": "This number is too large.",
    "no_email": "Please enter an e-mail address.",
    "no_url": "Please enter a link.",
}
"""What Slack's client says of a field before the app hears of it."""


class _Act(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    user: str = Field(alias="as")
    place: str = Field(alias="in")


class Typed(_Act):
    """Something typed into the composer, and sent."""

    do: Literal["command", "say"]
    text: str = Field(max_length=LONGEST)


class Used(_Act):
    """A button that is pressed, or a choice that the app hears of at once; `ts` or `view` is what it stands in."""

    do: Literal["press", "choose"]
    on: Literal["message", "view", "home"]
    action: str
    block: str | None = None
    value: str | None = None
    chosen: Plain = None
    ts: str = ""
    private: bool = False
    view: str | None = None
    fields: Fields = Field(default_factory=dict)


class Filled(_Act):
    """A form that is sent."""

    do: Literal["submit"]
    view: str
    fields: Fields = Field(default_factory=dict)


class Closed(_Act):
    """A modal that is closed without being sent."""

    do: Literal["close"]
    view: str
    everything: bool = Field(default=False, alias="all")


Act = Annotated[Typed | Used | Filled | Closed, Field(discriminator="do")]
_READ: TypeAdapter[Act] = TypeAdapter(Act)


def read(body: object) -> Act:
    """What the page asks for.

    Raises:
        pydantic.ValidationError: It is not an act; this is a ValueError.
    """
    return _READ.validate_python(body)


async def do(room: Room, act: Act) -> str:
    """Do it; what the person has to be told, which is nothing when all is well.

    Raises:
        LookupError: What is to be pressed is not there, or nobody has this id.
        ValueError: A field holds what it cannot hold.
    """
    if room.mischief.is_down and not isinstance(act, Closed):
        return "Slack is down: nothing reaches the app, and nothing is lost by that."
    async with room.standing_still():
        if act.user not in {user.id for user in room.stage.slack.workspace.people()}:
            raise LookupError(f"nobody is called {act.user}")
        try:
            return await _done(room.stage.slack.workspace, await room.hand(act.user), act)
        except NotAnsweredError:
            return f"{_named(act)} did not work, because the app did not answer (operation_timeout)."


async def _done(town: Workspace, hand: SlackUser, act: Act) -> str:
    match act:
        case Typed():
            return await _type(town, hand, act)
        case Used():
            return _told(act, await _use(town, hand, act))
        case Filled():
            return await _send(town, hand, act)
        case Closed():
            if _is_open(hand, act.view):
                await hand.close(everything=act.everything)
            return ""


async def _type(town: Workspace, hand: SlackUser, act: Typed) -> str:
    text, place = act.text.strip(), hand.direct if act.place == HOME else act.place
    word, *rest = text.split(maxsplit=1) or [""]
    channel = town.channels.get(place)
    _require_in(town, hand, place)
    if channel and channel.is_archived:
        return f"#{channel.name} is archived: nobody can write in it."
    if word == COMMAND:
        return _told(act, await hand.command(" ".join(rest), place))
    if act.do == "command" or text.startswith("/"):
        return f"{word} is not a command here. The app's command is {COMMAND}."
    if text and place == hand.direct:
        await hand.write(text)
    elif text:
        hand.say(text, place)
    return ""


async def _use(town: Workspace, hand: SlackUser, act: Used) -> AppReply:
    match act.on:
        case "message":
            return await _use_message(town, hand, act)
        case "home":
            return await _use_home(town, hand, act)
        case "view":
            return await _use_view(town, hand, act)


async def _use_message(town: Workspace, hand: SlackUser, act: Used) -> AppReply:
    message = _message(town, hand, act)
    if act.do == "press":
        return await hand.press(message, act.action, act.value, act.block)
    chosen = _chosen(message.blocks, act, town, hand)
    return await hand.choose(message, act.action, chosen, act.block)


async def _use_home(town: Workspace, hand: SlackUser, act: Used) -> AppReply:
    home = town.views.homes.get(hand.id)
    if home is None:
        raise LookupError("nothing is on the Home")
    blocks = home.content["blocks"]
    hand.fill_home(_filled(blocks, act.fields, town, hand))
    if act.do == "press":
        return await hand.press_home(act.action, act.value, act.block)
    return await hand.choose_home(act.action, _chosen(blocks, act, town, hand), act.block)


async def _use_view(town: Workspace, hand: SlackUser, act: Used) -> AppReply:
    blocks = _form(hand, act.view)
    hand.fill_in(_filled(blocks, act.fields, town, hand))
    if act.do == "press":
        return await hand.press_view(act.action, act.value, act.block)
    return await hand.choose_view(act.action, _chosen(blocks, act, town, hand), act.block)


async def _send(town: Workspace, hand: SlackUser, act: Filled) -> str:
    hand.fill_in(_filled(_form(hand, act.view), act.fields, town, hand))
    return _ended(town, hand, await hand.submit())


def _ended(town: Workspace, hand: SlackUser, submitted: Submission) -> str:
    top = hand.top()
    if submitted.outcome == "incomplete" and top:
        town.views.mark(top, {block: _COMPLAINTS.get(word, word) for block, word in submitted.errors.items()})
    if submitted.outcome == "failed":
        return f"We had some trouble connecting. Try again? ({submitted.why})"
    return ""


def _is_open(hand: SlackUser, view: str | None) -> bool:
    top = hand.top()
    return top is not None and top.id == view


def _form(hand: SlackUser, view: str | None) -> Sequence[Block]:
    """What the form shows, which has to be the one on top."""
    top = hand.top()
    if top is None or top.id != view:
        raise LookupError("this form is not open any more")
    blocks: Sequence[Block] = top.content["blocks"]
    return blocks


def _filled(blocks: Sequence[Block], fields: Fields, town: Workspace, hand: SlackUser) -> dict[Spot, object]:
    """What the page has in the fields that are there; the others have gone meanwhile."""
    known = {each.place: each for each in controls(blocks) if each.kind not in {"button", "overflow"}}
    given = {(block, action): held for block, actions in fields.items() for action, held in actions.items()}
    return {spot: value(known[spot], held, town, hand.zone) for spot, held in given.items() if spot in known}


def _chosen(blocks: Sequence[Block], act: Used, town: Workspace, hand: SlackUser) -> object:
    control = find(blocks, act.action, block_id=act.block)
    if control.kind == "button":
        raise LookupError("a button is pressed")
    return value(control, act.chosen, town, hand.zone)


def _message(town: Workspace, hand: SlackUser, act: Used) -> Pressable:
    _require_in(town, hand, act.place)
    found: Pressable | None
    if act.private:
        found = town.ephemerals.find(hand.id, act.place, act.ts)
    else:
        found = town.conversation(act.place).find(act.ts)
    if found is None:
        raise LookupError("this message is not there any more")
    return found


def _require_in(town: Workspace, hand: SlackUser, place: str) -> None:
    if not town.is_member(place, hand.id):
        raise LookupError(f"{hand.id} is not in {place}")


def _told(act: Act, reply: AppReply) -> str:
    if reply.ok:
        return ""
    why = "dispatch_failed" if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR else f"http_{reply.status}"
    return f"{_named(act)} did not work: the app answered with an error ({why})."


def _named(act: Act) -> str:
    return COMMAND if isinstance(act, Typed) else "This form" if isinstance(act, Filled | Closed) else "This button"

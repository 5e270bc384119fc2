"""Requests of the page to act as somebody in Slack: validated, then carried out by that person's `SlackUser`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.slack.manifest import COMMAND
from rehearsal.slack.acting_user import Pressable, SlackUser
from rehearsal.slack.conversation import Block
from rehearsal.slack.http_transport import AppReply, NotAnsweredError
from rehearsal.slack.interactive_elements import controls, find
from rehearsal.slack.submissions import Submission
from rehearsal.slack.workspace import PostedMessage, Workspace
from rehearsal.web.field_values import Plain, value
from rehearsal.web.session import Session
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
"""Messages of Slack's own client about a field, before the app hears of it."""


class _UserRequest(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    user: str = Field(alias="as")
    place: str = Field(alias="in")


class TypeText(_UserRequest):
    """Something typed into the composer, and sent; `thread` is the timestamp of the message that it replies to."""

    do: Literal["command", "say"]
    text: str = Field(max_length=LONGEST)
    thread: str = ""


class UseControl(_UserRequest):
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


class SubmitForm(_UserRequest):
    """A form that is sent."""

    do: Literal["submit"]
    view: str
    fields: Fields = Field(default_factory=dict)


class CloseModal(_UserRequest):
    """A modal that is closed without being sent."""

    do: Literal["close"]
    view: str
    everything: bool = Field(default=False, alias="all")


UserRequest = Annotated[TypeText | UseControl | SubmitForm | CloseModal, Field(discriminator="do")]
_READ: TypeAdapter[UserRequest] = TypeAdapter(UserRequest)


def read(body: object) -> UserRequest:
    """Validate a request of the page.

    Raises:
        pydantic.ValidationError: It is not an act; this is a ValueError.
    """
    return _READ.validate_python(body)


async def carry_out(session: Session, request: UserRequest) -> str:
    """Carry out a request. Returns a sentence for the person, which is empty when all is well.

    Raises:
        LookupError: What is to be pressed is not there, or nobody has this id.
        ValueError: A field holds what it cannot hold.
    """
    # Slack's client closes a modal by itself.
    if session.faults.is_down and not isinstance(request, CloseModal):
        return "Slack is down: nothing reaches the app, and nothing is lost by that."
    async with session.clock_held():
        # The page may be older than a restart, or the request forged.
        if request.user not in {user.id for user in session.simulation.slack.workspace.people()}:
            raise LookupError(f"nobody is called {request.user}")
        try:
            return await _done(session.simulation.slack.workspace, await session.take_over(request.user), request)
        except NotAnsweredError:
            return f"{_named(request)} did not work, because the app did not answer (operation_timeout)."


async def _done(workspace: Workspace, user: SlackUser, request: UserRequest) -> str:
    match request:
        case TypeText():
            return await _type(workspace, user, request)
        case UseControl():
            return _told(request, await _use(workspace, user, request))
        case SubmitForm():
            return await _send(workspace, user, request)
        case CloseModal():
            # A second press on the cross must not close the modal below.
            if _is_open(user, request.view):
                await user.close(everything=request.everything)
            return ""


async def _type(workspace: Workspace, user: SlackUser, request: TypeText) -> str:
    text, place = request.text.strip(), user.direct if request.place == HOME else request.place
    word, *rest = text.split(maxsplit=1) or [""]
    channel = workspace.channels.get(place)
    _require_in(workspace, user, place)
    if channel and channel.is_archived:
        return f"#{channel.name} is archived: nobody can write in it."
    if word == COMMAND and request.thread:
        return f"{COMMAND} is not supported in threads. Sorry!"
    if word == COMMAND:
        return _told(request, await user.command(" ".join(rest), place))
    if request.do == "command" or text.startswith("/"):
        return f"{word} is not a command here. The app's command is {COMMAND}."
    parent = _posted(workspace, place, request.thread) if request.thread else None
    # Only there does the app hear what is written.
    if text and place == user.direct:
        await user.write(text, to=parent)
    elif text:
        user.say(text, place, to=parent)
    return ""


async def _use(workspace: Workspace, user: SlackUser, request: UseControl) -> AppReply:
    match request.on:
        case "message":
            return await _use_message(workspace, user, request)
        case "home":
            return await _use_home(workspace, user, request)
        case "view":
            return await _use_view(workspace, user, request)


async def _use_message(workspace: Workspace, user: SlackUser, request: UseControl) -> AppReply:
    message = _message(workspace, user, request)
    if request.do == "press":
        return await user.press(message, request.action, request.value, request.block)
    chosen = _chosen(message.blocks, request, workspace, user)
    return await user.choose(message, request.action, chosen, request.block)


async def _use_home(workspace: Workspace, user: SlackUser, request: UseControl) -> AppReply:
    home = workspace.views.homes.get(user.id)
    if home is None:
        raise LookupError("nothing is on the Home")
    blocks = home.content["blocks"]
    user.fill_home(_filled(blocks, request.fields, workspace, user))
    if request.do == "press":
        return await user.press_home(request.action, request.value, request.block)
    return await user.choose_home(request.action, _chosen(blocks, request, workspace, user), request.block)


async def _use_view(workspace: Workspace, user: SlackUser, request: UseControl) -> AppReply:
    blocks = _form(user, request.view)
    user.fill_in(_filled(blocks, request.fields, workspace, user))
    if request.do == "press":
        return await user.press_view(request.action, request.value, request.block)
    return await user.choose_view(request.action, _chosen(blocks, request, workspace, user), request.block)


async def _send(workspace: Workspace, user: SlackUser, request: SubmitForm) -> str:
    user.fill_in(_filled(_form(user, request.view), request.fields, workspace, user))
    return _ended(workspace, user, await user.submit())


def _ended(workspace: Workspace, user: SlackUser, submitted: Submission) -> str:
    top = user.top()
    if submitted.outcome == "incomplete" and top:
        workspace.views.mark(top, {block: _COMPLAINTS.get(word, word) for block, word in submitted.errors.items()})
    if submitted.outcome == "failed":
        return f"We had some trouble connecting. Try again? ({submitted.why})"
    return ""


def _is_open(user: SlackUser, view: str | None) -> bool:
    top = user.top()
    return top is not None and top.id == view


def _form(user: SlackUser, view: str | None) -> Sequence[Block]:
    """Return the blocks of a form, which has to be the one on top."""
    top = user.top()
    if top is None or top.id != view:
        raise LookupError("this form is not open any more")
    blocks: Sequence[Block] = top.content["blocks"]
    return blocks


def _filled(blocks: Sequence[Block], fields: Fields, workspace: Workspace, user: SlackUser) -> dict[Spot, object]:
    """Return the values of those fields that still exist; the app may have removed others meanwhile."""
    known = {each.place: each for each in controls(blocks) if each.kind not in {"button", "overflow"}}
    given = {(block, action): held for block, actions in fields.items() for action, held in actions.items()}
    return {spot: value(known[spot], held, workspace, user.zone) for spot, held in given.items() if spot in known}


def _chosen(blocks: Sequence[Block], request: UseControl, workspace: Workspace, user: SlackUser) -> object:
    control = find(blocks, request.action, block_id=request.block)
    if control.kind == "button":
        raise LookupError("a button is pressed")
    return value(control, request.chosen, workspace, user.zone)


def _message(workspace: Workspace, user: SlackUser, request: UseControl) -> Pressable:
    _require_in(workspace, user, request.place)
    if not request.private:
        return _posted(workspace, request.place, request.ts)
    found = workspace.ephemerals.find(user.id, request.place, request.ts)
    if found is None:
        raise LookupError("this message is not there any more")
    return found


def _posted(workspace: Workspace, place: str, ts: str) -> PostedMessage:
    found = workspace.conversation(place).find(ts)
    if found is None:
        raise LookupError("this message is not there any more")
    return found


def _require_in(workspace: Workspace, user: SlackUser, place: str) -> None:
    if not workspace.is_member(place, user.id):
        raise LookupError(f"{user.id} is not in {place}")


def _told(request: UserRequest, reply: AppReply) -> str:
    if reply.ok:
        return ""
    why = "dispatch_failed" if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR else f"http_{reply.status}"
    return f"{_named(request)} did not work: the app answered with an error ({why})."


def _named(request: UserRequest) -> str:
    return (
        COMMAND
        if isinstance(request, TypeText)
        else "This form"
        if isinstance(request, SubmitForm | CloseModal)
        else "This button"
    )

"""Act as one person in the rehearsed Slack: type commands, press, choose, fill in, and look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rehearsal.slack import payloads, serializers
from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.call_log import Call
from rehearsal.slack.conversation import BROADCAST, NOTICES, Block
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.http_transport import AppReply, EventTransport
from rehearsal.slack.interactive_elements import Control, State, controls, find, form_errors
from rehearsal.slack.open_views import View
from rehearsal.slack.payloads import Actor
from rehearsal.slack.response_urls import ResponseTarget, respond
from rehearsal.slack.server import RehearsalSlack
from rehearsal.slack.submissions import Submission, apply_reply
from rehearsal.slack.workspace import Ephemeral, PostedMessage

Pressable = PostedMessage | Ephemeral


class SlackUser:
    """One person's actions in Slack, sent to the app as Slack sends them.

    It is used on the loop of the server. What is not on the surface cannot be pressed: `LookupError`. An app that
    does not answer is a `NotAnsweredError`; whatever else it answers is in the `AppReply`.
    """

    def __init__(self, slack: RehearsalSlack, transport: EventTransport, user: str) -> None:
        """Act as a user of the workspace.

        Raises:
            KeyError: The workspace has no such user.
        """
        self._slack = slack
        self._transport = transport
        self._person = slack.workspace.users[user]

    @property
    def id(self) -> str:
        """The person's Slack id."""
        return self._person.id

    @property
    def direct(self) -> str:
        """The person's conversation with the app."""
        return self._slack.workspace.im(self.id)

    @property
    def zone(self) -> str:
        """The zone of the Slack profile."""
        return self._person.tz or "UTC"

    # What the person sees

    def messages(self, channel: str | None = None) -> list[PostedMessage]:
        """Return what a channel shows, by id or name, or the conversation with the app; replies are in `replies`."""
        return list(self._slack.workspace.conversation(self._channel(channel)).messages)

    def replies(self, message: PostedMessage) -> list[PostedMessage]:
        """Return the replies to a message, oldest first."""
        return list(self._slack.workspace.conversation(self._channel(message.channel)).replies(message))

    def ephemerals(self) -> list[Ephemeral]:
        """Return the ephemeral messages of this person, oldest first."""
        return self._slack.workspace.ephemerals.of(self.id)

    def modal(self) -> dict[str, Any] | None:
        """Return the modal on top as Slack shows it, with what is filled in as its `state`."""
        top = self._slack.workspace.views.top(self.id)
        return serializers.view(top, self._slack.workspace) if top else None

    def top(self) -> View | None:
        """Return the modal on top as the workspace keeps it, which costs less than `modal`."""
        return self._slack.workspace.views.top(self.id)

    def home(self) -> dict[str, Any] | None:
        """Return the App Home as it was last published for this person."""
        home = self._slack.workspace.views.homes.get(self.id)
        return serializers.view(home, self._slack.workspace) if home else None

    async def until(self, true: Callable[[], object], within: float = 5.0) -> None:
        """Wait until something becomes true, as an app acts after it has answered; `within` is in real seconds."""
        await self._slack.until(lambda: bool(true()), within)

    # What the person does

    async def command(self, text: str = "", channel: str | None = None) -> AppReply:
        """Type the app's command in a channel, or in the conversation with the app."""
        origin = ResponseTarget(self.id, self._channel(channel))
        url, trigger = self._slack.response_url(origin), self._trigger()
        typed = (self._slack.command, text)
        reply = await self.send_command(payloads.command(self._act(), typed, origin.channel, url, trigger))
        if reply.ok and reply.body:
            self._say(origin, reply.body)
        return reply

    async def shortcut(self, callback: str) -> AppReply:
        """Choose a global shortcut of the app, as from the menu beside the message box."""
        return await self.send(payloads.shortcut(self._act(), callback, self._trigger()))

    def say(
        self, text: str, channel: str | None = None, to: PostedMessage | None = None, *, broadcast: bool = False
    ) -> PostedMessage:
        """Write to everybody in a channel, or to the app; or reply `to` a message there, which can be broadcast."""
        said = self._slack.workspace.post(
            self._channel(channel),
            self.id,
            escaped(text),
            self._slack.now(),
            parent_ts=self._parent(to).ts if to else None,
            subtype=BROADCAST if to and broadcast else None,
        )
        self._slack.call_log.notify()
        return said

    async def write(self, text: str, to: PostedMessage | None = None, *, broadcast: bool = False) -> AppReply:
        """Write to the app, which hears of it; or reply `to` a message of that conversation."""
        said = self.say(text, to=to, broadcast=broadcast)
        return await self.send_event(payloads.written(self._act(), said, self._slack.event_id()))

    async def press(
        self, message: Pressable, action_id: str, value: str | None = None, block_id: str | None = None
    ) -> AppReply:
        """Press a button in a message, as the message stands now."""
        current = self._current(message)
        control = _button(current.blocks, action_id, value, block_id)
        return await self._act_on_message(current, control, {})

    async def choose(self, message: Pressable, action_id: str, value: object, block_id: str | None = None) -> AppReply:
        """Choose in a menu, tick or pick in a message."""
        current = self._current(message)
        control = _menu(current.blocks, action_id, block_id)
        return await self._act_on_message(current, control, control.chosen(value))

    async def press_home(self, action_id: str, value: str | None = None, block_id: str | None = None) -> AppReply:
        """Press a button on the App Home."""
        home = self._home()
        return await self._act_on_view(home, _button(home.content["blocks"], action_id, value, block_id), {})

    async def choose_home(self, action_id: str, value: object, block_id: str | None = None) -> AppReply:
        """Choose in a menu, tick or pick on the App Home."""
        home = self._home()
        control = _menu(home.content["blocks"], action_id, block_id)
        return await self._act_on_view(home, control, control.chosen(value))

    async def press_view(self, action_id: str, value: str | None = None, block_id: str | None = None) -> AppReply:
        """Press a button inside the modal on top."""
        top = self._top()
        return await self._act_on_view(top, _button(top.content["blocks"], action_id, value, block_id), {})

    async def choose_view(self, action_id: str, value: object, block_id: str | None = None) -> AppReply:
        """Choose inside the modal on top, where the app hears of a choice at once."""
        top = self._top()
        control = _menu(top.content["blocks"], action_id, block_id)
        return await self._act_on_view(top, control, control.chosen(value))

    def fill(self, values: Mapping[str, object] | None = None, **more: object) -> None:
        """Fill in fields of the modal on top, by action or block id; the app hears of it when the form is sent.

        A value is a text, a list of values, a date, a time, an instant, a boolean for a single box, or None.
        """
        blocks = self._top().content["blocks"]
        given = {**(values or {}), **more}
        self.fill_in({_field(blocks, name).place: value for name, value in given.items()})

    def fill_in(self, values: Mapping[tuple[str, str], object]) -> None:
        """Fill in fields of the modal on top, each by its block and action."""
        self._fill(self._top(), values)

    def fill_home(self, values: Mapping[tuple[str, str], object]) -> None:
        """Fill in fields on the App Home, each by its block and action."""
        self._fill(self._home(), values)

    async def submit(self, values: Mapping[str, object] | None = None, **more: object) -> Submission:
        """Fill in what is given and send the modal on top; what Slack's client refuses is not sent."""
        self.fill(values, **more)
        top = self._top()
        if "submit" not in top.content:
            raise LookupError("this modal has nothing to send")
        # Slack's client checks a form itself, and the app never hears of one that is incomplete.
        wrong = form_errors(top.content["blocks"], top.filled)
        if wrong:
            return Submission("incomplete", wrong)
        return self._settled(top, await self.send(payloads.submission(self._act(), top, self._trigger())))

    async def close(self, *, everything: bool = False) -> AppReply | None:
        """Close the modal on top, or all of them; the app hears of it only where it asked for that."""
        top, views = self._top(), self._slack.workspace.views
        cleared = everything or bool(top.content.get("clear_on_close"))
        said = payloads.closed(self._act(), top, is_cleared=cleared)
        if cleared:
            views.close(self.id)
        else:
            views.pop(top)
        return await self.send(said) if top.content.get("notify_on_close") else None

    def restart_client(self) -> None:
        """Close every modal without telling the app, as when Slack's client restarts."""
        self._slack.workspace.views.close(self.id)

    async def open_home(self) -> AppReply:
        """Look at the App Home."""
        return await self.send_event(payloads.home_opened(self._act(), self._slack.event_id()))

    # What no person could do

    async def send(self, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send any interaction, such as a forged one or a `AppReply`'s `sent` once more; `headers` replace Slack's."""
        return await self._transport.payload(payload, headers)

    async def send_command(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send any command."""
        return await self._transport.form(fields, headers)

    async def send_event(
        self,
        body: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
        retry: tuple[int, str] | None = None,
    ) -> AppReply:
        """Send any event; `retry` is the attempt and reason of one that is delivered again."""
        again = {} if retry is None else {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        return await self._transport.json(body, {**again, **(headers or {})})

    def _act(self) -> Actor:
        workspace = self._slack.workspace
        return Actor(workspace, workspace.users[self.id], self._slack.now())

    def _trigger(self) -> str:
        return self._slack.trigger(self.id)

    def _channel(self, wanted: str | None) -> str:
        workspace = self._slack.workspace
        if wanted is None or wanted == self.direct:
            return self.direct
        known = workspace.channels.get(wanted) or workspace.channel_named(wanted)
        # A private channel does not exist for somebody who is not in it.
        if known is None or (known.is_private and not workspace.is_member(known.id, self.id)):
            raise LookupError(f"{self.id} sees no channel {wanted!r}")
        return known.id

    def _current(self, message: Pressable) -> Pressable:
        """Return the present version of a message."""
        workspace = self._slack.workspace
        found: Pressable | None = None
        if isinstance(message, Ephemeral):
            found = workspace.ephemerals.find(self.id, message.channel, message.ts)
        else:
            found = workspace.conversation(self._channel(message.channel)).find(message.ts)
        if found is None:
            raise LookupError(f"{self.id} does not see this message any more")
        return found

    def _parent(self, message: PostedMessage) -> PostedMessage:
        """Return the first message of the thread that a message is in, or begins."""
        conversation = self._slack.workspace.conversation(self._channel(message.channel))
        parent = conversation.find(message.parent_ts or message.ts)
        if parent is None or parent.subtype in NOTICES:
            raise LookupError(f"{self.id} cannot reply to this message")
        return parent

    def _home(self) -> View:
        home = self._slack.workspace.views.homes.get(self.id)
        if home is None:
            raise LookupError(f"nothing is on the App Home of {self.id}")
        return home

    def _top(self) -> View:
        top = self._slack.workspace.views.top(self.id)
        if top is None:
            raise LookupError(f"{self.id} has no modal open")
        return top

    async def _act_on_message(self, message: Pressable, control: Control, chosen: State) -> AppReply:
        url = self._slack.response_url(ResponseTarget(self.id, message.channel, message))
        return await self.send(payloads.on_message(self._act(), message, (control, chosen), url, self._trigger()))

    async def _act_on_view(self, view: View, control: Control, chosen: State) -> AppReply:
        # Slack keeps what was chosen in the view's state, except in an overflow menu, which has no state.
        if chosen and control.kind != "overflow":
            view = self._slack.workspace.views.fill(view, {control.place: chosen})
        return await self.send(payloads.on_view(self._act(), view, (control, chosen), self._trigger()))

    def _fill(self, view: View, values: Mapping[tuple[str, str], object]) -> None:
        fields = {each.place: each for each in controls(view.content["blocks"])}
        if unknown := values.keys() - fields.keys():
            raise LookupError(f"there are no fields {sorted(unknown)} here")
        self._slack.workspace.views.fill(view, {place: fields[place].chosen(held) for place, held in values.items()})

    def _say(self, origin: ResponseTarget, body: object) -> None:
        """Show the answer to a command, as Slack does with what is sent to its response URL."""
        given = body if isinstance(body, dict) else {"text": str(body)}
        try:
            respond(origin, self._slack.workspace, Arguments(given), self._slack.now())
        except RefusedError as refused:
            self._refuse("command", refused)
        self._slack.call_log.notify()

    def _settled(self, sent: View, reply: AppReply) -> Submission:
        try:
            submitted = apply_reply(self._slack.workspace.views, sent, reply, self._slack.now())
        except RefusedError as refused:
            # The person sees an error; the call log shows the developer why.
            self._refuse("view_submission", refused)
            return Submission("failed", reply=reply, why=f"{refused.word} {refused.details or ''}".strip())
        self._slack.call_log.notify()
        return submitted

    def _refuse(self, what: str, refused: RefusedError) -> None:
        self._slack.call_log.record(Call(what, self._slack.now(), ok=False, error=refused.word))


def escaped(text: str) -> str:
    """Escape what somebody types, as Slack does: nobody can type a mention or a link into being."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _button(blocks: Iterable[Block], action_id: str, value: str | None, block_id: str | None) -> Control:
    control = find(blocks, action_id, value, block_id)
    if control.kind != "button":
        raise LookupError(f"{action_id!r} is no button but {control.kind}, in which one chooses")
    return control


def _menu(blocks: Iterable[Block], action_id: str, block_id: str | None) -> Control:
    control = find(blocks, action_id, block_id=block_id)
    if control.kind == "button":
        raise LookupError(f"{action_id!r} is a button, which one presses")
    if not control.tells_at_once:
        raise LookupError(f"{action_id!r} is a field, which one fills in")
    return control


def _field(blocks: Iterable[Block], name: str) -> Control:
    known = [each for each in controls(blocks) if each.is_field]
    found = [each for each in known if name in each.place]
    if len(found) != 1:
        raise LookupError(f"{len(found)} fields are {name!r}; there are {[each.place for each in known]}")
    return found[0]

"""The functions that Bolt calls: acknowledge at once, identify the person, run the route.

This is the edge. Whatever goes wrong in a route becomes a sentence for the person and a line in the log, with the same
reference in both.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.database.errors import DATABASE_ERRORS
from bot.listeners import home
from bot.listeners.command_parsing import parse
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.onboarding import ask
from bot.listeners.routes import ACTIONS, COMMANDS, SUBMISSIONS, Route, Submission, Surface
from bot.listeners.services import Services
from bot.messages.blocks import unescape
from bot.messages.modals import message_modal
from bot.messages.modals.modal import InvalidFieldsError, PendingAction, StaleViewError, View
from bot.messages.replies import written_message_answers
from bot.messages.unicode_text import storable
from bot.slack.account_types import SLACKBOT
from bot.slack.bolt_app import log_listener_error
from bot.slack.errors import error_code
from bot.slack.redeliveries import DuplicateFilter, delivery_key
from bot.store.seen_events import KEPT
from bot.store.store import Knowledge

Body = dict[str, Any]

ACKNOWLEDGE_SECONDS = 1.5
"""Slack waits three seconds for the acknowledgement of a form."""

ACKNOWLEDGEMENT_TRAVEL_SECONDS = 0.5
"""Time in which an acknowledgement reaches Slack."""

_DELIVERY_CHECK_SECONDS = 0.5
"""Seconds to wait for the database. A `trigger_id` expires after three, and opening a modal needs one."""

LOADING_SECONDS = 0.3
"""Time after which a modal that is not ready is opened with the note that it is coming. Sooner, it would only flicker,
and it costs a call of Slack; its trigger ID works for three seconds."""

_CROWD = 120
"""Tasks, two for each press, from which on modals are opened before the answer is looked for."""

WAIT_NOTICE_SECONDS = 2.0
"""Time after which people are told that they have to wait; a trigger ID, which opens a modal, works for three."""

_MAX_ARGUMENT_LENGTH = 400
"""More than the bot's own buttons carry, and little enough for the private metadata of a form."""

log = structlog.get_logger()


class Handlers:
    """The handlers of everything that Slack sends, with the tasks they have started."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.duplicates = DuplicateFilter(services.clock, KEPT)
        self.tasks: set[asyncio.Task[None]] = set()

    async def finish(self, within_seconds: float | None = None) -> None:
        """Wait for all tasks, and for those that they start, at most for `within_seconds` of real time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                while self.tasks:
                    await asyncio.wait(self.tasks)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """Handle `/earthweek`."""
        await ack()
        self._start(self._run_text(body, _argument(body.get("text"))))

    async def shortcut(self, ack: AsyncAck, body: Body) -> None:
        """Handle the shortcut "Earth Week", which stands for `/earthweek` where no channel is open."""
        await ack()
        self._start(self._run_text(body, ""))

    async def message(self, ack: AsyncAck, body: Body) -> None:
        """Handle a message to the bot as if it were a command; its text is not kept."""
        await ack()
        event: Mapping[str, Any] = body.get("event") or {}
        # Acknowledged all the same: Slack delivers again what is not, and switches off events that fail too often.
        if _is_from_a_person(event):
            self._start(self._run_text(body, unescape(_argument(event.get("text")))))

    async def action(self, ack: AsyncAck, body: Body) -> None:
        """Handle a pressed button."""
        await ack()
        self._start(self._run_action(body))

    async def app_home_opened(self, ack: AsyncAck, body: Body) -> None:
        """Handle the opening of the App Home."""
        await ack()
        # The event also comes for the Messages tab, which has nothing to draw.
        if (body.get("event") or {}).get("tab", "home") == "home":
            self._start(self._run_home(body))

    async def access_revoked(self, ack: AsyncAck, body: Body) -> None:
        """Handle the removal of the app or of its tokens, which only the bot's operator can undo."""
        await ack()
        kind = (body.get("event") or {}).get("type")
        log.error("Slack has taken the bot's access away; install the app again", action="access.revoked", kind=kind)

    async def view_submission(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """Handle a submitted form; what is missing in it is shown in the form, which stays open."""
        interaction = Interaction.of(self._services, body)
        # Only an acknowledgement can show errors inside the form, so its fields are read first.
        submission = SUBMISSIONS.get(str(view.get("callback_id", "")))
        try:
            answers = submission.read(view, interaction.campaign) if submission else None
        except InvalidFieldsError as unfilled:
            errors = {block: interaction.words(name, **unfilled.values) for block, name in unfilled.errors.items()}
            await ack(response_action="errors", errors=errors)
            return
        except StaleViewError:
            submission = None
        if submission is None:
            outdated = message_modal.draw(interaction.words, interaction.words("trouble.outdated"))
            await ack(response_action="update", view=dict(outdated))
            return
        await self._acknowledge_with_outcome(ack, interaction, submission, answers)

    async def _acknowledge_with_outcome(
        self, ack: AsyncAck, interaction: Interaction, submission: Submission, answers: Any
    ) -> None:
        """Put the outcome into the acknowledgement, wherever it is known in time."""
        responder, name = interaction.responder, str(interaction.body["view"]["callback_id"])
        responder.defer()
        work = self._start(
            self._report_errors(interaction, name, lambda: self._run_submission(interaction, submission, answers))
        )
        # `wait` and not `wait_for`: work that takes longer goes on, and its outcome is shown afterwards.
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_SECONDS)
        # Kept, because work that goes on may defer another view after the acknowledgement has left.
        acknowledged = responder.deferred
        await ack(response_action="update", view=dict(acknowledged or responder.loading(interaction.words)))
        self._start(self._show_outcome(interaction, work, acknowledged))

    async def _show_outcome(
        self, interaction: Interaction, work: asyncio.Task[None], acknowledged: View | None
    ) -> None:
        """Show what the acknowledgement did not."""
        if not work.done():
            # The acknowledgement would overwrite a view that reaches Slack before it.
            await asyncio.sleep(ACKNOWLEDGEMENT_TRAVEL_SECONDS)
        await _deliver(interaction.responder.release(acknowledged))
        await work
        await self._refresh_home(interaction)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run work beside the acknowledgement, so that Slack never waits for it."""
        task = self._track(work)
        # Nobody awaits these tasks, so an exception would be lost.
        task.add_done_callback(_log_exception)
        return task

    def _track(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run work that can be waited for, and cancelled, with everything else that has been started."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _run_text(self, body: Body, text: str) -> None:
        interaction = Interaction.of(self._services, body)
        command = parse(text, interaction.typed_words)
        name, argument = command.route, command.argument
        await self._report_errors(
            interaction, name, lambda: self._with_wait_notice(interaction, name, COMMANDS[name], argument)
        )

    async def _run_action(self, body: Body) -> None:
        pressed: Mapping[str, Any] = (body.get("actions") or [{}])[0]
        name, value = _pressed(pressed)
        interaction = Interaction.of(self._services, body)
        route = ACTIONS.get(name)
        if route:
            await self._report_errors(
                interaction, name, lambda: self._with_wait_notice(interaction, name, route, value)
            )
            await self._refresh_home(interaction)
        # Other elements, such as a menu inside a form, send actions that need no answer.
        elif pressed.get("type") in {"button", "overflow"}:
            await self._report_errors(interaction, "stale", lambda: _refuse("trouble.stale"))

    async def _run_home(self, body: Body) -> None:
        interaction = Interaction.of(self._services, body)
        await self._report_errors(interaction, "home", lambda: self._publish_home(interaction))

    async def _publish_home(self, interaction: Interaction) -> None:
        if await self._is_first_delivery(interaction):
            await interaction.identify(Knowledge.ACTIVITY)
            await home.publish(interaction)

    async def _is_first_delivery(self, interaction: Interaction) -> bool:
        """Return whether no other replica, and no process before this one, has taken the same delivery.

        Slack repeats events for minutes, so each is written down. A press or a command can only reach another replica:
        a process that runs alone writes nothing down for it.
        """
        key, store = delivery_key(interaction.body), self._services.store
        if key is None:
            return True
        if interaction.body.get("event_id"):
            return await store.write(store.seen_events.is_first, key, interaction.now)
        # Without other replicas, the filter in memory has seen everything, and a press needs no write to the database.
        if not self._services.has_other_replicas():
            return True
        try:
            async with asyncio.timeout(_DELIVERY_CHECK_SECONDS):
                return await store.write(store.seen_events.is_first, key, interaction.now)
        except DATABASE_ERRORS:
            # A repeated modal is a nuisance; one that does not open because the database is slow is a fault.
            return True

    async def _with_wait_notice(self, interaction: Interaction, name: str, route: Route, argument: str) -> None:
        """Run a route, and tell the person to wait if it takes long, as while the database is away."""
        may_open_modal = _may_open_modal(interaction, route, argument)
        if may_open_modal and len(self.tasks) > _CROWD:
            # Before anything else: the trigger IDs of hundreds would expire one by one while they are answered in turn.
            await _deliver(interaction.responder.show_loading(interaction.words))
        work = self._track(self._run_once(interaction, name, route, argument))
        try:
            if may_open_modal:
                await asyncio.wait({work}, timeout=LOADING_SECONDS)
                if not work.done():
                    await _deliver(interaction.responder.show_loading(interaction.words))
            await asyncio.wait({work}, timeout=WAIT_NOTICE_SECONDS)
            if not work.done():
                log.warning("somebody has to wait", action="interaction.slow", route=name)
                await self._send_wait_notice(interaction)
        finally:
            await work

    async def _send_wait_notice(self, interaction: Interaction) -> None:
        responder = interaction.responder
        if responder.uses_modal:
            await _deliver(responder.show_loading(interaction.words))
        # The notice would replace an answer.
        elif not responder.has_answered:
            await _deliver(interaction.reply(interaction.words("trouble.slow")))

    async def _run_once(self, interaction: Interaction, name: str, route: Route, argument: str) -> None:
        if await self._is_first_delivery(interaction):
            await self._run_route(interaction, name, route, argument)
        else:
            log.info("Slack has delivered this before", action="interaction.redelivered")

    async def _run_route(self, interaction: Interaction, name: str, route: Route, argument: str) -> None:
        if _opens_modal(interaction, route, argument):
            # Also for a refusal: the modal may have been opened with the note that an answer is coming.
            interaction.responder.expect_modal(pushed=route.surface is Surface.PUSHED_MODAL)
        await interaction.identify(route.knowledge)
        if not route.open_to_all:
            interaction.require_colleague()
        if route.until_close:
            interaction.require_open()
        joins_first = route.members_only and interaction.person is None
        if joins_first:
            interaction.require_open()
        if interaction.responder.conversation and (joins_first or route.opens_modal(argument)):
            # A message has no trigger ID, so only a button can open the modal.
            await interaction.reply_message(written_message_answers.offer(interaction.words, name))
            return
        if joins_first:
            await ask(interaction, PendingAction(name, argument))
            return
        await route.handler(interaction, argument)

    async def _run_submission(self, interaction: Interaction, submission: Submission, answers: Any) -> None:
        await interaction.identify()
        if not submission.open_to_all:
            interaction.require_colleague()
        if submission.until_close:
            interaction.require_open()
        if submission.members_only and interaction.person is None:
            raise RequestRefusedError("trouble.join_first")
        await submission.save(interaction, answers)
        pending: PendingAction | None = getattr(answers, "pending", None)
        if pending is None:
            return
        # The name comes back from a form that an older version of the bot may have drawn.
        if pending.action not in ACTIONS:
            raise RequestRefusedError("trouble.stale")
        await self._run_route(interaction, pending.action, ACTIONS[pending.action], pending.value)

    async def _refresh_home(self, interaction: Interaction) -> None:
        """Draw the App Home anew if the person has it open; everybody else gets a new one when they open it."""
        if not interaction.responder.home_is_open:
            return
        try:
            # The route may have changed the person.
            await interaction.identify(Knowledge.ACTIVITY)
            await home.publish(interaction)
        except Exception:
            # The person has an answer already; only the page behind it is out of date.
            log.exception("an App Home was not drawn", action="app_home.failed", reference=_new_reference())

    async def _report_errors(self, interaction: Interaction, name: str, work: Callable[[], Awaitable[None]]) -> None:
        log.info("something arrived from Slack", action="interaction.received", route=name)
        outcome = "answered"
        try:
            await work()
        except RequestRefusedError as error:
            outcome = "refused"
            await _deliver(interaction.reply(interaction.words(error.name, **error.values)))
        except SlackApiError as error:
            outcome = "rejected"
            log.warning("Slack did not take an answer", action="reply.rejected", route=name, error=error_code(error))
            await _deliver(interaction.reply(interaction.words("trouble.again")))
        except Exception:
            reference, outcome = _new_reference(), "failed"
            log.exception("a route failed", action="interaction.failed", route=name, reference=reference)
            await _deliver(interaction.reply(interaction.words("trouble.unexpected", reference=reference)))
        finally:
            # Also after an error: the route may have written something before it failed.
            self._services.mark_changed(interaction.user)
            took = self._services.clock.now() - interaction.now
            self._services.on_answered(_kind(interaction.body), name, outcome, took)


def _log_exception(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log_listener_error(error)


def _opens_modal(interaction: Interaction, route: Route, argument: str) -> bool:
    """Return whether a route answers in a modal of its own."""
    responder = interaction.responder
    if route.surface is Surface.PUSHED_MODAL:
        return responder.view_id is not None
    return not (responder.view_id or responder.conversation) and route.opens_modal(argument)


def _may_open_modal(interaction: Interaction, route: Route, argument: str) -> bool:
    """Return whether a modal may have to be opened, as far as that can be told without the database."""
    responder = interaction.responder
    has_place = responder.view_id or responder.conversation
    has_to_join = route.members_only and not interaction.is_cached_member
    return _opens_modal(interaction, route, argument) or (has_to_join and not has_place)


async def _deliver(answer: Awaitable[None]) -> None:
    """Send an answer; one that does not arrive is logged, because the person cannot be told."""
    try:
        await answer
    except SlackApiError as error:
        # The person may have closed the window, for instance.
        log.warning("an answer did not arrive", action="reply.failed", error=error_code(error))
    except Exception:
        log.exception("an answer did not arrive", action="reply.failed", reference=_new_reference())


_KINDS = {"block_actions": "button", "view_submission": "form"}


def _kind(body: Mapping[str, Any]) -> str:
    """Return the kind of an interaction, for metrics."""
    if "command" in body:
        return "command"
    if event := body.get("event"):
        return "message" if event.get("type") == "message" else "home"
    return _KINDS.get(str(body.get("type")), "shortcut")


_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of messages that people write; the other subtypes are changes, and messages of apps."""


def _is_from_a_person(event: Mapping[str, Any]) -> bool:
    """Return whether a person wrote a message to the bot; the bot must not answer itself."""
    is_direct = event.get("channel_type") == "im" and bool(event.get("channel")) and bool(event.get("user"))
    is_from_app = bool(event.get("bot_id")) or event.get("user") == SLACKBOT
    return is_direct and event.get("subtype") in _WRITTEN and not is_from_app


def _pressed(action: Mapping[str, Any]) -> tuple[str, str]:
    """Return the route and the argument of a button, or of an entry of a menu, which has both in its value."""
    if action.get("type") == "overflow":
        name, _, value = str((action.get("selected_option") or {}).get("value", "")).partition(":")
        return name, _argument(value)
    # Action IDs are unique in a view: buttons that occur in it several times carry their value behind a colon.
    return str(action.get("action_id", "")).partition(":")[0], _argument(action.get("value"))


def _argument(text: Any) -> str:
    # Cleaned once at the edge, so that no handler has to think of NUL bytes and lone surrogates.
    return storable(str(text or ""))[:_MAX_ARGUMENT_LENGTH]


def _new_reference() -> str:
    return uuid.uuid4().hex[:8]


async def _refuse(name: str) -> None:
    raise RequestRefusedError(name)

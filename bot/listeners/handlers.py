"""Receives whatever comes from Slack: acknowledges it at once, finds out who it is, and lets the errand be done.

This is the edge: what goes wrong in an errand becomes a sentence for the person and a line in the log, under one
reference.
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

from bot.listeners import home
from bot.listeners.commands import asked
from bot.listeners.interaction import Refusal, Visit
from bot.listeners.onboarding import ask
from bot.listeners.routes import ERRANDS, TYPED, Answer, Errand
from bot.listeners.services import Desk
from bot.listeners.view_submissions import SUBMISSIONS, Submission
from bot.messages.blocks import unescaped
from bot.messages.modals import notice
from bot.messages.modals.modal import Outdated, Then, Unfilled, View
from bot.messages.readable import storable
from bot.messages.replies import direct
from bot.slack.bolt_app import log_listener_error
from bot.slack.redeliveries import DuplicateFilter, delivery_key
from bot.tracebacks import code

Body = dict[str, Any]

ACKNOWLEDGE_WITHIN = 1.5
"""Seconds; Slack waits three for the acknowledgement of a form."""

ARRIVES_WITHIN = 0.5
"""Seconds in which an acknowledgement reaches Slack: Bolt looks for it every hundredth of a second."""

TOLD_WITHIN = 2.0
"""Seconds after which somebody who still waits is told so; what lets a modal open lives for three."""

_LONGEST = 400
"""Characters of what is asked for: more than the bot's own buttons say, and few enough to wait in a form's memo."""

log = structlog.get_logger()


class Reception:
    """The listeners that Bolt calls."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.once = DuplicateFilter(desk.clock)
        self.tasks: set[asyncio.Task[None]] = set()

    async def finish(self, within_seconds: float | None = None) -> None:
        """Wait until what has been acknowledged is done, also what comes of that meanwhile, or for real seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                while self.tasks:
                    await asyncio.wait(self.tasks)

    async def command(self, ack: AsyncAck, body: Body) -> None:
        """`/earthweek` with whatever was typed after it."""
        await ack()
        self._start(self._run_typed(body, _said(body.get("text"))))

    async def action(self, ack: AsyncAck, body: Body) -> None:
        """A button, wherever it stands."""
        await ack()
        self._start(self._run_action(body))

    async def _run_action(self, body: Body) -> None:
        pressed: Mapping[str, Any] = (body.get("actions") or [{}])[0]
        # Where one view has a button several times, each carries what it is for behind its name.
        name, value = str(pressed.get("action_id", "")).partition(":")[0], _said(pressed.get("value"))
        visit = Visit.of(self._desk, body)
        errand = ERRANDS.get(name)
        if errand:
            await self._guard(visit, name, lambda: self._promptly(visit, name, errand, value))
            await self._refresh(visit)
        elif pressed.get("type") == "button":
            await self._guard(visit, "stale", lambda: _refuse("trouble.stale"))

    async def submission(self, ack: AsyncAck, body: Body, view: Body) -> None:
        """A form that was filled in. What is missing in it is said in the form, which then stays open."""
        visit = Visit.of(self._desk, body)
        found = SUBMISSIONS.get(str(view.get("callback_id", "")))
        try:
            answers = found.read(view, visit.campaign) if found else None
        except Unfilled as unfilled:
            errors = {block: visit.words(name) for block, name in unfilled.errors.items()}
            await ack(response_action="errors", errors=errors)
            return
        except Outdated:
            found = None
        if found is None:
            outdated = notice.draw(visit.words, visit.words("trouble.outdated"))
            await ack(response_action="update", view=dict(outdated))
            return
        visit.holding = True
        name = str(view.get("callback_id"))
        work = self._start(self._guard(visit, name, lambda: self._keep(visit, found, answers)))
        # The answer is in the acknowledgement wherever it is ready in time: nobody knows which of the two Slack would
        # show if the form were changed by a call of its own while the acknowledgement is on its way.
        await asyncio.wait({work}, timeout=ACKNOWLEDGE_WITHIN)
        shown = visit.held
        await ack(response_action="update", view=dict(shown or visit.waiting()))
        self._start(self._follow(visit, work, shown))

    async def _follow(self, visit: Visit, work: asyncio.Task[None], shown: View | None) -> None:
        """Show what became of a form after its acknowledgement, which said `shown`."""
        if not work.done():
            # What Slack is told before the acknowledgement has arrived would be replaced by it.
            await asyncio.sleep(ARRIVES_WITHIN)
        await _deliver(visit.release(shown))
        await work
        await self._refresh(visit)

    async def _run_typed(self, body: Body, text: str) -> None:
        visit, said = Visit.of(self._desk, body), asked(text)
        await self._guard(
            visit, said.errand, lambda: self._promptly(visit, said.errand, TYPED[said.errand], said.value)
        )

    async def home_opened(self, ack: AsyncAck, body: Body) -> None:
        """Somebody looks at the App Home."""
        await ack()
        if (body.get("event") or {}).get("tab", "home") == "home":
            self._start(self._run_home(body))

    async def _run_home(self, body: Body) -> None:
        visit = Visit.of(self._desk, body)
        await self._guard(visit, "home", lambda: self._welcome(visit))

    async def message(self, ack: AsyncAck, body: Body) -> None:
        """Something that somebody wrote to the bot itself: read as a command, answered, and kept nowhere."""
        await ack()
        event: Mapping[str, Any] = body.get("event") or {}
        if _is_written_by_somebody(event):
            self._start(self._run_typed(body, unescaped(_said(event.get("text")))))

    async def gone(self, ack: AsyncAck, body: Body) -> None:
        """The app was uninstalled, or its tokens were revoked: whoever operates the bot has to know."""
        await ack()
        kind = (body.get("event") or {}).get("type")
        log.error("Slack has taken the bot's access away; install the app again", action="arrival.gone", kind=kind)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do it beside the acknowledgement, for which nobody then waits longer than it takes to say it."""
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log_listener_error(error)

    async def _welcome(self, visit: Visit) -> None:
        if await self._is_first(visit):
            await visit.meet()
            await home.publish(visit)

    async def _is_first(self, visit: Visit) -> bool:
        """Whether neither another replica nor a process before this one has taken it.

        Slack tries events again for minutes. A press or a command goes to another replica at most, so that a process
        without company writes nothing down for it.
        """
        arrival, arrivals = delivery_key(visit.body), self._desk.store.arrivals
        if arrival is None:
            return True
        if visit.body.get("event_id"):
            return await arrivals.is_first(arrival, visit.now)
        return not self._desk.has_company() or not await arrivals.is_known(arrival, visit.now)

    async def _promptly(self, visit: Visit, name: str, errand: Errand, value: str) -> None:
        """Attend to it; who waits for longer than a moment, as while the database is away, is told so meanwhile."""
        work = asyncio.create_task(self._take(visit, name, errand, value))
        await asyncio.wait({work}, timeout=TOLD_WITHIN)
        try:
            if not work.done():
                log.warning("somebody has to wait", action="errand.slow", errand=name)
                await self._ask_for_patience(visit)
        finally:
            await work

    async def _ask_for_patience(self, visit: Visit) -> None:
        if visit.answering:
            # It would replace the answer; and a modal that was opened for it says so already.
            return
        if visit.body.get("response_url") or visit.direct:
            await _deliver(visit.tell(visit.words("trouble.slow")))
            return
        # Later no modal can be opened any more. The answer is held meanwhile, so that it comes second.
        visit.holding = True
        await _deliver(_show_waiting(visit))
        await _deliver(visit.release())

    async def _take(self, visit: Visit, name: str, errand: Errand, value: str) -> None:
        if await self._is_first(visit):
            await self._attend(visit, name, errand, value)
        else:
            log.info("it has arrived before", action="arrival.again")

    async def _attend(self, visit: Visit, name: str, errand: Errand, value: str) -> None:
        if errand.answer is Answer.ON_TOP and visit.view:
            await visit.push()
        elif not (visit.view or visit.direct) and (errand.opens(value) or (errand.member and not visit.is_remembered)):
            await visit.open()
        await visit.meet()
        if not errand.anybody:
            visit.require_colleague()
        if errand.until_close:
            visit.require_open()
        joins_first = errand.member and visit.person is None
        if joins_first:
            visit.require_open()
        if visit.direct and (joins_first or errand.opens(value)):
            await visit.say(direct.offer(visit.words, name))
            return
        if joins_first:
            await ask(visit, Then(name, value))
            return
        await errand.run(visit, value)

    async def _keep(self, visit: Visit, submission: Submission, answers: Any) -> None:
        await visit.meet()
        if not submission.anybody:
            visit.require_colleague()
        if submission.until_close:
            visit.require_open()
        if submission.member and visit.person is None:
            raise Refusal("trouble.join_first")
        await submission.keep(visit, answers)
        then: Then | None = getattr(answers, "then", None)
        if then is None:
            return
        if then.action not in ERRANDS:
            raise Refusal("trouble.stale")
        await self._attend(visit, then.action, ERRANDS[then.action], then.value)

    async def _refresh(self, visit: Visit) -> None:
        """Draw the Home anew for whoever has it before them; anybody else gets it when they go there."""
        if not visit.at_home:
            return
        try:
            # The errand may have changed what was known of the person when they came in.
            await visit.meet()
            await home.publish(visit)
        except Exception:
            log.exception("a Home was not drawn", action="errand.no_home", reference=uuid.uuid4().hex[:8])

    async def _guard(self, visit: Visit, name: str, errand: Callable[[], Awaitable[None]]) -> None:
        log.info("something arrived from Slack", action="arrival", errand=name)
        try:
            await errand()
        except Refusal as refusal:
            await _deliver(visit.tell(visit.words(refusal.name, **refusal.values)))
        except SlackApiError as error:
            log.warning("Slack did not take an answer", action="errand.refused", errand=name, error=_word(error))
            await _deliver(visit.tell(visit.words("trouble.again")))
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("an errand broke off", action="errand.broke_off", errand=name, reference=reference)
            await _deliver(visit.tell(visit.words("trouble.unexpected", reference=reference)))
        finally:
            visit.desk.touched(visit.user)


async def _deliver(answer: Awaitable[None]) -> None:
    try:
        await answer
    except SlackApiError as error:
        # Somebody has closed the window meanwhile, for instance.
        log.warning("an answer did not arrive", action="errand.unanswered", error=_word(error))
    except Exception:
        log.exception("an answer did not arrive", action="errand.unanswered", reference=uuid.uuid4().hex[:8])


_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})
"""Subtypes of what somebody wrote; the others tell of changes, and of what apps have said."""


def _is_written_by_somebody(event: Mapping[str, Any]) -> bool:
    """Whether a person wrote it in the conversation with the bot: not the bot itself, which would answer itself."""
    is_direct = event.get("channel_type") == "im" and bool(event.get("channel")) and bool(event.get("user"))
    by_an_app = bool(event.get("bot_id")) or event.get("user") == "USLACKBOT"
    return is_direct and event.get("subtype") in _WRITTEN and not by_an_app


def _said(text: Any) -> str:
    return storable(str(text or ""))[:_LONGEST]


def _word(error: SlackApiError) -> str:
    return code(error) or "no word"


async def _show_waiting(visit: Visit) -> None:
    if visit.view:
        await visit.desk.client.views_update(view_id=visit.view, view=dict(visit.waiting()))
    else:
        await visit.open()


async def _refuse(name: str) -> None:
    raise Refusal(name)

"""Applies the app's answer to a form, https://docs.slack.dev/surfaces/modals#response_actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from rehearsal.slack import views
from rehearsal.slack.errors import RefusedError, listing
from rehearsal.slack.http_transport import AppReply
from rehearsal.slack.interactive_elements import controls
from rehearsal.slack.open_views import View, Views
from rehearsal.slack.validation_rules import problem

SubmissionOutcome = Literal["closed", "cleared", "errors", "updated", "pushed", "incomplete", "failed"]


@dataclass(frozen=True)
class Submission:
    """The outcome of submitting a form.

    `errors` says by block what is wrong: the app's sentences, or a word of Slack's own client where the form is
    `incomplete` and was never sent. A form that `failed` is one whose answer Slack cannot use; `why` has its words.
    """

    outcome: SubmissionOutcome
    errors: Mapping[str, str] = field(default_factory=dict)
    reply: AppReply | None = None
    why: str = ""


def apply_reply(views: Views, sent: View, reply: AppReply, at: datetime) -> Submission:
    """Do what the app answers.

    Raises:
        RefusedError: Slack cannot use the answer; the person is asked to try again.
    """
    if not reply.ok:
        raise RefusedError(f"http_{reply.status}")
    # An empty acknowledgement closes the modal.
    if not reply.body:
        views.pop(sent)
        return Submission("closed", reply=reply)
    action = reply.body.get("response_action") if isinstance(reply.body, dict) else None
    act = _ACTIONS.get(str(action))
    if act is None:
        raise RefusedError("invalid_response_action")
    # What the app did in the meantime holds: a form that is gone cannot be marked or changed any more.
    view = views.modals.get(sent.id)
    if view is None:
        raise RefusedError("not_found")
    return act(views, view, reply, at)


def _errors(views: Views, view: View, reply: AppReply, _at: datetime) -> Submission:
    errors = reply.body.get("errors")
    if not isinstance(errors, dict) or not errors:
        raise listing("invalid_arguments", ["missing required field: errors"])
    # Errors can be shown under input blocks only.
    fields = {each.block_id for each in controls(view.content["blocks"]) if each.is_field}
    unknown = [problem(f"no input block is called {name}", "/errors") for name in errors if name not in fields]
    unknown += [problem("must provide a string", f"/errors/{name}") for name in errors if not _is_said(errors[name])]
    if unknown:
        raise listing("invalid_arguments", unknown)
    views.mark(view, errors)
    return Submission("errors", errors, reply)


def _is_said(error: object) -> bool:
    return isinstance(error, str) and error != ""


def _update(views: Views, view: View, reply: AppReply, at: datetime) -> Submission:
    views.update(view, _content(reply), at)
    return Submission("updated", reply=reply)


def _push(views: Views, view: View, reply: AppReply, at: datetime) -> Submission:
    if views.push(view.user, _content(reply), at) is None:
        raise RefusedError("push_limit_reached")
    return Submission("pushed", reply=reply)


def _clear(views: Views, view: View, reply: AppReply, _at: datetime) -> Submission:
    views.close(view.user)
    return Submission("cleared", reply=reply)


def _content(reply: AppReply) -> dict[str, Any]:
    return views.content_of(reply.body.get("view"), "modal")


_ACTIONS: Mapping[str, Callable[[Views, View, AppReply, datetime], Submission]] = {
    "errors": _errors,
    "update": _update,
    "push": _push,
    "clear": _clear,
}

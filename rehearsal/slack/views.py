"""The `views.*` methods: modals and the App Home."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.slack import block_validation, errors, serializers
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.method_call import ApiAnswer, ApiRequest
from rehearsal.slack.open_views import View

LARGEST_VIEW = 250_000
"""Bytes, https://docs.slack.dev/reference/methods/views.open."""


def open_(request: ApiRequest) -> ApiAnswer:
    """Show a modal to the person whose trigger is exchanged for it."""
    content = _content(request, "modal")
    views, trigger = request.workspace.views, request.args.required("trigger_id")
    view = views.open(views.triggers.user(trigger, request.at), content, request.at)
    # Spent only where the modal opened: a call that was refused may be tried again.
    views.triggers.spend(trigger)
    return {"view": serializers.view(view, request.workspace)}


def push(request: ApiRequest) -> ApiAnswer:
    """Show a modal on top of the one that the person has open."""
    content = _content(request, "modal")
    views, trigger = request.workspace.views, request.args.required("trigger_id")
    view = views.push(views.triggers.user(trigger, request.at), content, request.at)
    if view is None:
        raise RefusedError("push_limit_reached")
    views.triggers.spend(trigger)
    return {"view": serializers.view(view, request.workspace)}


def update(request: ApiRequest) -> ApiAnswer:
    """Change a modal, found by its id or by the app's own name for it."""
    content = _content(request, "modal")
    views, view_id = request.workspace.views, request.args.text("view_id")
    known = views.modals.get(view_id) if view_id else views.named(request.args.required("external_id"))
    if known is None:
        raise RefusedError("not_found")
    _same(request, known)
    return {"view": serializers.view(views.update(known, content, request.at), request.workspace)}


def publish(request: ApiRequest) -> ApiAnswer:
    """Show a Home tab to one person."""
    content = _content(request, "home")
    user = request.args.required("user_id")
    if user not in request.workspace.users:
        raise RefusedError("user_not_found")
    _same(request, request.workspace.views.homes.get(user))
    return {"view": serializers.view(request.workspace.views.publish(user, content, request.at), request.workspace)}


def content_of(given: Any, surface: str) -> dict[str, Any]:
    """Validate the content of a modal or a Home tab as Slack does."""
    problems = block_validation.view_problems(given, surface)
    if problems:
        raise errors.listing("invalid_arguments", problems)
    if len(json.dumps(given)) > LARGEST_VIEW:
        raise RefusedError("view_too_large")
    return {**given, "blocks": block_validation.named(given["blocks"])}


def _content(request: ApiRequest, surface: str) -> dict[str, Any]:
    given = request.args.structure("view")
    if given is None:
        raise errors.missing("view")
    return content_of(given, surface)


def _same(request: ApiRequest, known: View | None) -> None:
    given = request.args.text("hash")
    # A hash guards against two updates that cross: the second is refused.
    if given and (known is None or known.hash != given):
        raise RefusedError("hash_conflict")

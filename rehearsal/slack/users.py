"""The `users.*` methods."""

from __future__ import annotations

from rehearsal.slack import cursor, serializers
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.request import ApiAnswer, ApiRequest

MOST_LISTED = 1000


def info(request: ApiRequest) -> ApiAnswer:
    """Describe a person or a bot."""
    request.need("users:read")
    known = request.workspace.users.get(request.args.required("user"))
    # Slack hides some users of other workspaces, even when a payload has named them.
    if known is None or not known.is_shown:
        raise RefusedError("user_not_found")
    locale = request.args.flag("include_locale")
    return {"user": serializers.user(known, request.workspace, request.at, locale=locale)}


def list_(request: ApiRequest) -> ApiAnswer:
    """List all users, including deactivated people, bots and Slackbot."""
    request.need("users:read")
    everyone = [user for user in request.workspace.users.values() if user.is_shown]
    limit = request.args.limit(MOST_LISTED, MOST_LISTED)
    page, following = cursor.slice_of(everyone, "user", request.args.text("cursor"), limit)
    locale = request.args.flag("include_locale")
    shown = [serializers.user(known, request.workspace, request.at, locale=locale) for known in page]
    return {"members": shown, "response_metadata": {"next_cursor": following}}

"""Configure Bolt to route requests to listeners, and to say nothing of its own to people or to the log.

Bolt's defaults are written for developers. It asks Slack who owns the token when the first request comes and, while
Slack does not answer, tells people in English to install the app again; and it logs what it was sent.
"""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.installation import Installation

log = structlog.get_logger()


class _Authorize(AsyncAuthorize):
    """Authorizes every request without asking Slack: each is signed, or came on the bot's own connection."""

    def __init__(self, token: str, installation: Installation) -> None:
        self._token = token
        self._installation = installation

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_more: Any
    ) -> AuthorizeResult:
        # Bolt drops events that the bot itself has caused by these two.
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_id=self._installation.bot_id,
            bot_user_id=self._installation.bot_user_id,
            bot_token=self._token,
        )


def open_app(client: AsyncWebClient, signing_secret: str, installation: Installation) -> AsyncApp:
    """Make the app, without listeners."""
    app = AsyncApp(
        # Without a name, Bolt looks for its caller's in the source files of the whole stack: a tenth of a second.
        name="earthweek",
        # Without a token, which Bolt would ask Slack about.
        client=AsyncWebClient(base_url=client.base_url, session=client.session, retry_handlers=[]),
        authorize=_Authorize(client.token or "", installation),
        signing_secret=signing_secret,
        # Bolt would otherwise log the whole body of what nobody listens to, and answer 404 with advice for developers.
        raise_error_for_unhandled_request=True,
        # Bolt would look for the acknowledgement every hundredth of a second, for three seconds at most: on a machine
        # that stood still for those, what somebody had filled in was answered with 404. No listener stays here longer
        # than until it has acknowledged.
        process_before_response=True,
        # `http_receiver` answers these checks, and no custom steps of workflows are registered.
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
    )
    app.error(_note)
    return app


async def _note(error: Exception) -> None:
    """Log an error that no listener has handled. Nobody in Slack is at fault for it."""
    if isinstance(error, BoltUnhandledRequestError):
        log.info("nothing listens to what Slack has sent", action="interaction.unhandled")
    else:
        log_listener_error(error)


def log_listener_error(error: BaseException) -> None:
    """Log what a listener raised, with a reference."""
    # Short enough to be read out over the phone, and long enough to be found once in a log.
    reference = uuid.uuid4().hex[:8]
    log.error("a listener broke off", action="listener.failed", reference=reference, exc_info=error)


async def dispatch(app: AsyncApp, request: AsyncBoltRequest) -> BoltResponse:
    """Pass a request to the app, and return a listener's answer. The text of Bolt's own answers is for developers.

    Listeners answer with JSON and status 200; Slack shows people the text of any other body.
    """
    answer = await app.async_dispatch(request)
    # Bolt keeps each header as a list of values.
    kind = answer.headers.get("content-type", [""])[0]
    listeners = answer.status == HTTPStatus.OK and kind.startswith("application/json")
    return answer if listeners else BoltResponse(status=answer.status)

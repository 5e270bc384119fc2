"""The rehearsal Slack as a server: the Web API and Socket Mode on a loopback address.

It is for one machine. It listens on loopback only, and refuses requests that a web page could have caused: with
an `Origin`, or with a `Host` that is not loopback (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from aiohttp import web

from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.call_log import Call, CallLog
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.faults import Exchange, Fault, Faults, Phase
from rehearsal.slack.loopback import is_loopback, refuse_foreign
from rehearsal.slack.method_call import ApiRequest
from rehearsal.slack.methods import METHODS, Method, TokenKind
from rehearsal.slack.rate_limits import RateLimits, RateMeter
from rehearsal.slack.response_urls import RESPONSE_URL, GoneError, ResponseTarget, ResponseUrls
from rehearsal.slack.socket_mode_server import SocketConnections
from rehearsal.slack.workspace import Workspace

LARGEST_BODY = 4 * 1024 * 1024

Values = Mapping[str, Any] | None
"""The arguments of a call; None if its body does not match its content type."""


@dataclass(frozen=True)
class _Reply:
    """An answer before it is bytes."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        content = json.dumps(self.body).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", **self.headers}
        return web.Response(body=content, status=self.status, headers=headers)


@dataclass(frozen=True)
class App:
    """The app as it is installed: the scopes it was granted, its slash command, and the secrets that prove who it is.

    The secrets open nothing but this server.
    """

    scopes: Collection[str]
    command: str = "/earthweek"
    bot_token: str = "xoxb-rehearsal"  # noqa: S105
    app_token: str = "xapp-rehearsal"  # noqa: S105
    signing_secret: str = "5eed" * 8


Answering = Callable[[Values, datetime], _Reply]


def sign(secret: str, body: str | bytes, timestamp: int | str) -> dict[str, str]:
    """Return the headers that sign a body as Slack's at a time, in seconds since 1970."""
    content = body.encode() if isinstance(body, str) else body
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + content, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


class RehearsalSlack:
    """A small Slack with a workspace, a clock `now` and rate `limits`."""

    def __init__(
        self,
        workspace: Workspace,
        now: Callable[[], datetime],
        *,
        app: App,
        limits: RateLimits,
    ) -> None:
        """Prepare a server; nothing listens before `start`.

        `called` is its address for the app where something stands before it, such as a proxy.
        """
        self.workspace = workspace
        # Kept apart from `app`: a token can be exchanged and a scope withdrawn while the server runs.
        self.bot_token, self.app_token, self.signing_secret = app.bot_token, app.app_token, app.signing_secret
        self.command = app.command
        self.scopes: set[str] = set(app.scopes)
        self.faults = Faults()
        self.call_log = CallLog()
        self.sockets = SocketConnections(self.call_log.notify)
        self.now = now
        self.responses = ResponseUrls()
        self._numbers = count(1)
        self._meter = RateMeter(limits)
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._authority = ""
        self.called = ""

    @property
    def api_url(self) -> str:
        """The address for the bot's `SLACK_API_URL`."""
        return f"{self._origin}/api/"

    @property
    def _origin(self) -> str:
        return self.called or f"http://{self._authority}"

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in order."""
        return self.call_log.calls

    @property
    def errors(self) -> Counter[str]:
        """The number of answers by error word."""
        return self.call_log.errors

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen on a loopback address; port 0 takes a free one."""
        # Anybody who reaches this server can act as the workspace, so it never listens on a network.
        if not is_loopback(host):
            raise ValueError(f"the rehearsal listens on this machine only, not on {host}")
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/api/{method}", self._serve)
        app.router.add_post("/response/{key}", self._respond)
        app.router.add_post("/upload/{key}", self._upload)
        app.router.add_get("/link/", self._connect)
        self._stopping.clear()
        # A short timeout: requests that are still open at the end are silent on purpose.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = self._runner.addresses[0]
        self._authority = f"[{host}]:{bound[1]}" if ":" in host else f"{host}:{bound[1]}"

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        # First, because a request that is held silent on purpose ends only with this event.
        self._stopping.set()
        await self.sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def sign(self, body: str | bytes, timestamp: int | str) -> dict[str, str]:
        """Return the headers that sign a body as Slack's."""
        return sign(self.signing_secret, body, timestamp)

    def trigger(self, user: str) -> str:
        """Make a trigger ID for something that a person pressed; `views.open` accepts no other."""
        return self.workspace.views.triggers.make(user, self.now())

    def response_url(self, origin: ResponseTarget) -> str:
        """Make an address at which the app may answer a press or a command."""
        return f"{self._origin}/response/{self.responses.make(origin, self.now())}"

    def event_id(self) -> str:
        """Make a unique event ID."""
        return f"Ev{next(self._numbers):010d}"

    async def until(self, true: Callable[[], bool], within: float = 120.0) -> None:
        """Wait until something becomes true, looking again after every call and connection."""
        await self.call_log.until(true, within)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.faults.is_down(self.now()):
            return Exchange(request, self._stopping).reset()
        refused = refuse_foreign(request)
        return refused if refused is not None else await self.sockets.serve(request)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        return await self._exchange(request, name, lambda values, at: self._answer(request, values, at))

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        return await self._exchange(request, RESPONSE_URL, lambda values, at: self._used(key, values, at))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        refused = refuse_foreign(request)
        if refused is not None:
            return refused
        content = await request.read()
        if not self.workspace.uploads.take(request.match_info["key"], content):
            return web.Response(status=400, text="Bad Request")
        return web.Response(text=f"OK - {len(content)}")

    async def _exchange(self, request: web.Request, name: str, answer: Answering) -> web.StreamResponse:
        at = self.now()
        exchange = Exchange(request, self._stopping)
        # Before the body is read: a Slack that is down reads nothing.
        if self.faults.is_down(at):
            self.call_log.record(Call(name, at, ok=False, error="down", fault="down"))
            return exchange.reset()
        refused = refuse_foreign(request)
        if refused is not None:
            return refused
        values = await _values(request)
        # Taken before the arguments are checked, so that a test can break any call, even one that is wrong.
        fault = self.faults.take(name)
        if fault is not None:
            return await self._faulty(fault, exchange, name, lambda: answer(values, self.now()))
        reply = answer(values, at)
        self._record(name, at, reply)
        return reply.response()

    async def _faulty(
        self, fault: Fault, exchange: Exchange, name: str, answer: Callable[[], _Reply]
    ) -> web.StreamResponse:
        early = await self._act(fault, "before", exchange, name)
        if early is not None:
            return early
        # Asked again: the fault may have taken time.
        at, reply = self.now(), answer()
        self._record(name, at, reply, fault)
        late = await fault.act(exchange, "after") if "after" in fault.phases else None
        return reply.response() if late is None else late

    async def _act(self, fault: Fault, phase: Phase, exchange: Exchange, name: str) -> web.StreamResponse | None:
        if phase not in fault.phases:
            return None
        if "after" not in fault.phases:
            # Written down first: a fault that is silent would otherwise be invisible while it lasts.
            self.call_log.record(Call(name, self.now(), ok=False, error=fault.name, fault=fault.name))
        return await fault.act(exchange, phase)

    def _record(self, name: str, at: datetime, reply: _Reply, fault: Fault | None = None) -> None:
        error = None if reply.body["ok"] else str(reply.body["error"])
        self.call_log.record(Call(name, at, error is None, error, fault.name if fault else None))

    def _answer(self, asked: web.Request, values: Values, at: datetime) -> _Reply:
        name = asked.match_info["method"]
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
        try:
            method = _method(name, values)
            self._authorise(method, _token(asked, values))
            args = Arguments(values or {})
            # After authorisation, and before the arguments are checked, as Slack counts calls that fail.
            wait = self._meter.wait(name, self._paced(args), at)
            if wait:
                return _Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(wait)})
            request = ApiRequest(self.workspace, args, at, self.scopes, self._link, self._origin)
            return _Reply({"ok": True, **method.run(request)}, headers=headers)
        except RefusedError as refused:
            return _Reply(refused.answer(), headers=headers)

    def _used(self, key: str, values: Values, at: datetime) -> _Reply:
        if values is None:
            return _Reply({"ok": False, "error": "invalid_payload"}, 400)
        try:
            self.responses.use(key, self.workspace, Arguments(values), at)
        except RefusedError as refused:
            return _Reply(refused.answer(), 404 if isinstance(refused, GoneError) else 400)
        return _Reply({"ok": True})

    def _authorise(self, method: Method, token: str) -> None:
        if method.token is TokenKind.NONE:
            return
        if not token:
            raise RefusedError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise RefusedError("invalid_auth")
        if token != (self.app_token if method.token is TokenKind.APP else self.bot_token):
            raise RefusedError("not_allowed_token_type")

    def _paced(self, args: Arguments) -> str:
        """Return the channel whose rate limit a call counts towards, however the channel was named."""
        wanted = args.text("channel")
        if wanted in self.workspace.channels:
            return wanted
        named = self.workspace.channel_named(wanted)
        # A person's ID and their conversation's ID name one channel, which has one rate limit.
        return named.id if named else self.workspace.ims.get(wanted, wanted)

    def _link(self) -> str:
        return f"ws{self._origin.removeprefix('http')}/link/?ticket={self.sockets.ticket()}"


def _method(name: str, values: Values) -> Method:
    if values is None:
        raise RefusedError("invalid_json")
    method = METHODS.get(name)
    if method is None:
        raise RefusedError("unknown_method", req_method=name)
    return method


async def _values(request: web.Request) -> Values:
    """Read the arguments of a call from URL and body; None if the body does not match its content type."""
    values: dict[str, Any] = dict(request.query)
    # slack_sdk calls what it is told to be JSON also where there is nothing to say, and Slack takes that.
    if request.content_type == "application/json" and request.body_exists:
        try:
            body = json.loads(await request.read())
        except ValueError:
            return None
        return values | body if isinstance(body, dict) else None
    # The body wins over the address.
    return values | dict(await request.post())


def _token(request: web.BaseRequest, values: Values) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return str((values or {}).get("token", ""))

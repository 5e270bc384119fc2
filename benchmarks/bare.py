"""The least that a Bolt app over HTTP can be: what the bot's start is held against."""

from __future__ import annotations

import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

_SECRET = "opens-nothing"  # noqa: S105 - nothing is signed with it


def application() -> web.Application:
    bolt = AsyncApp(token="xoxb-opens-nothing", signing_secret=_SECRET)  # noqa: S106 - it opens nothing

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_get("/health/live", live)
    app.router.add_post("/slack/events", take)
    return app


if __name__ == "__main__":
    web.run_app(application(), host=sys.argv[1], port=int(sys.argv[2]), print=None)

"""The least that a Bolt app over HTTP can be: what the bot's start and its answers are held against."""

from __future__ import annotations

import os
import re
import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

_NOTHING = "opens-nothing"
"""Stands for the token and the secret where nobody asks for anything."""


def application() -> web.Application:
    token = os.environ.get("SLACK_BOT_TOKEN", _NOTHING)
    client = AsyncWebClient(token, os.environ.get("SLACK_API_URL", AsyncWebClient.BASE_URL))
    bolt = AsyncApp(client=client, signing_secret=os.environ.get("SLACK_SIGNING_SECRET", _NOTHING))
    bolt.command(re.compile(""))(_answer)

    async def live(_request: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def take(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_get("/health/live", live)
    app.router.add_post("/slack/events", take)
    return app


async def _answer(ack: AsyncAck, respond: AsyncRespond) -> None:
    await ack()
    await respond("Here I am.")


if __name__ == "__main__":
    web.run_app(application(), host=sys.argv[1], port=int(sys.argv[2]), print=None)

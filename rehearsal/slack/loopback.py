"""This machine and no other: who may be asked, and who may ask."""

from __future__ import annotations

from aiohttp import web

from bot.slack.proxy import is_loopback


def stranger(request: web.BaseRequest) -> web.Response | None:
    """A refusal for whoever is not a program on this machine: with an `Origin`, or a `Host` that is not loopback."""
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if "Origin" in request.headers or not is_loopback(host.strip("[]")):
        return web.Response(status=403, text="the rehearsal answers programs on this machine only")
    return None

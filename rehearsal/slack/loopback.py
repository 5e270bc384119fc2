"""The loopback rule: the rehearsal talks to programs on this machine, and lets nobody else ask."""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web


def is_loopback(host: str) -> bool:
    """Return whether a host's name or address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_foreign(request: web.BaseRequest) -> web.Response | None:
    """Return a refusal for a request that a web page may have caused, None for a program on this machine.

    A page sends an `Origin`; one that has its own name resolve to this machine (DNS rebinding) sends that as `Host`.
    """
    # An IPv6 address without a port ends with its bracket, and has colons inside.
    host = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if "Origin" in request.headers or not is_loopback(host.strip("[]")):
        return web.Response(status=403, text="the rehearsal answers programs on this machine only")
    return None

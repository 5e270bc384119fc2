"""The company's proxy: which requests go through it. Requests to this machine never do."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING

from yarl import URL

if TYPE_CHECKING:
    # The settings import this module, and a probe imports the settings.
    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

_SCHEMES = frozenset({"http", "https"})
_HOST = re.compile(r"[\w.:-]+")
_BETWEEN = re.compile(r"[\s,;]+")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Proxy:
    """The address of a proxy. User and password are kept apart from it, since errors and logs may show the address."""

    address: URL
    authorization: str = field(default="", repr=False)

    @classmethod
    def parse(cls, written: str) -> Proxy:
        """Read `http://user:password@host:port`; without a scheme it is http.

        Raises:
            ValueError: It is no address of a proxy.
        """
        try:
            url = URL(written if "://" in written else f"http://{written}")
        except ValueError:
            url = URL()
        if not url.host or not url.port or not _HOST.fullmatch(url.host):
            raise ValueError("it is not the address of a proxy; write it as http://host:port")
        if url.scheme not in _SCHEMES:
            raise ValueError(f"the bot speaks to a proxy over http or https, not over {url.scheme}")
        return cls(URL.build(scheme=url.scheme, host=url.host, port=url.port), _credentials(url))


def _credentials(url: URL) -> str:
    if url.user is None:
        return ""
    pair = f"{url.user}:{url.password or ''}"
    # The middleware sends this header itself: with the credentials in the URL, aiohttp's errors would show them.
    return f"Basic {b64encode(pair.encode()).decode()}"


@dataclass(frozen=True)
class ProxyConfig:
    """The proxy, and in `no_proxy` the hosts that are reached without it, as in NO_PROXY."""

    proxy: Proxy | None = None
    no_proxy: str = ""

    def proxy_for(self, url: URL) -> Proxy | None:
        """Return the proxy for an address, or `None` where it is reached directly."""
        host = (url.host or "").lower()
        if self.proxy is None or is_loopback(host) or self._is_exempt(host, url.port):
            return None
        return self.proxy

    def _is_exempt(self, host: str, port: int | None) -> bool:
        return any(_covers(name, host, port) for name in _BETWEEN.split(self.no_proxy.lower()) if name)

    async def middleware(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Set the proxy of a request, in place of what slack_sdk has found in the environment."""
        proxy = self.proxy_for(request.url)
        named = {"Proxy-Authorization": proxy.authorization} if proxy and proxy.authorization else None
        # Always set, also to None: slack_sdk puts HTTPS_PROXY into its requests, whatever NO_PROXY says.
        request.update_proxy(proxy.address if proxy else None, None, named)
        return await handler(request)


def _covers(name: str, host: str, port: int | None) -> bool:
    """Return whether an entry of NO_PROXY covers a host: the host, a domain above it, or `*`, perhaps with a port."""
    if name == "*":
        return True
    # The port follows the last colon, unless that one is inside the brackets of an IPv6 address.
    named, colon, of_port = name.rpartition(":")
    if colon and of_port.isdigit() and "]" not in of_port:
        if int(of_port) != port:
            return False
        name = named
    # `.example.com`, `*.example.com` and `example.com` are in use for a domain with all hosts below it.
    name = name.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))

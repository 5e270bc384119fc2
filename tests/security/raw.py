"""Requests byte by byte, as no client would send them."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable, Mapping

from tests.patience import PATIENCE

Headers = Iterable[tuple[str, str]]

FORM = "application/x-www-form-urlencoded"
PATH = "/slack/events"


def head(lines: Headers, method: str = "POST", path: str = PATH) -> bytes:
    """The request line and headers, with the empty line behind them."""
    text = "".join(f"{name}: {value}\r\n" for name, value in (("Host", "127.0.0.1"), *lines))
    return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode("latin-1")


def whole(body: bytes, headers: Mapping[str, str], path: str = PATH, method: str = "POST") -> bytes:
    """A request with a length, after which the connection is closed."""
    lines = {"Content-Type": FORM, "Content-Length": str(len(body)), "Connection": "close", **headers}
    return head(lines.items(), method, path) + body


def chunked(body: bytes, headers: Mapping[str, str], size: int = 100) -> bytes:
    """A request in chunks, after which the connection is closed."""
    lines = {"Content-Type": FORM, "Transfer-Encoding": "chunked", "Connection": "close", **headers}
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return head(lines.items()) + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def exchange(port: int, request: bytes, within: float = PATIENCE) -> bytes:
    """Send bytes and hear what comes until the other side closes; nothing where it slams the door."""
    with socket.create_connection(("127.0.0.1", port), timeout=within) as connection:
        answer = b""
        # Who has heard enough closes the door while there is still something on its way.
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
        with contextlib.suppress(ConnectionError, TimeoutError):
            while part := connection.recv(65536):
                answer += part
        return answer


def statuses(answer: bytes) -> list[int]:
    """The status of each response in what was heard."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]

"""Asks the bot that runs here whether it is ready. Containers do so every half minute: it imports next to nothing."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from bot.settings import explain_bind_error

_PATIENCE = 4.0
"""Seconds; a healthy bot takes some milliseconds, one whose database is silent takes longer to say so."""

_LONGEST = 100_000
"""Bytes that are read of an answer."""

_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked on the loopback address
"""Who listens on all addresses is asked on the machine's own."""


@dataclass(frozen=True)
class ProbeResult:
    """Whether the bot is ready, and one line that says why not or what else is amiss."""

    ready: bool
    summary: str


def probe(host: str, port: int) -> ProbeResult:
    """What the bot that listens there says of itself."""
    host = _EVERYWHERE.get(host, host)
    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/health/ready")
        return _heard(json.loads(connection.getresponse().read(_LONGEST)))
    except socket.gaierror as error:
        return ProbeResult(ready=False, summary=explain_bind_error(host, port, error))
    except OSError as error:
        return ProbeResult(ready=False, summary=f"no bot answers on {host}:{port} ({error.strerror or error})")
    except (HTTPException, ValueError, TypeError, KeyError):
        return ProbeResult(ready=False, summary=f"what answers on {host}:{port} is not the bot")
    finally:
        connection.close()


def _heard(said: dict[str, Any]) -> ProbeResult:
    amiss = [f"{part['name']}: {part['detail']}" for part in said["parts"] if not part["ok"]]
    ready = said["ready"] is True
    line = "; ".join(["ready" if ready else "not ready", *amiss])
    return ProbeResult(ready, " ".join(line.split()))

"""The bot as a process, and what comes of knocking at its door."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.server import sign
from tests.acceptance.process import TOKENS, Machine, Process

from .raw import exchange, statuses, whole

PRESS: Mapping[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T0REHEARSAL", "domain": "rehearsal"},
    "user": {"id": "U0ANN", "team_id": "T0REHEARSAL"},
    "container": {"type": "message", "message_ts": "1.000100", "channel_id": "C0WEEKSE"},
    "channel": {"id": "C0WEEKSE", "name": "week-se"},
    "trigger_id": "1.2.3",
    "actions": [{"type": "button", "action_id": "help", "block_id": "answers", "value": "", "action_ts": "1.1"}],
}


_NUMBERS = count(1)


def form(payload: Any = PRESS) -> bytes:
    """The body in which Slack sends a payload."""
    if payload is PRESS:
        # Each press can open one modal, which makes it another one.
        payload = {**PRESS, "trigger_id": f"1.2.{next(_NUMBERS)}"}
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes, secret: str = TOKENS["signing_secret"], ago: float = 0) -> dict[str, str]:
    """The headers of Slack's signature, made some seconds ago."""
    return sign(secret, body, int(time.time() - ago))


@dataclass(frozen=True)
class Running:
    """One process with the door open."""

    slack: RunningSlack
    machine: Machine
    run: Process

    @property
    def port(self) -> int:
        return int(self.run.address.rpartition(":")[2])

    def answers(self, request: bytes) -> list[int]:
        """The statuses of the answers to these bytes."""
        return statuses(exchange(self.port, request))

    def takes(self, body: bytes, **headers: str) -> list[int]:
        """The statuses of the answers to a signed body."""
        return self.answers(whole(body, {**signed(body), **headers}))

    @property
    def arrivals(self) -> int:
        """How many requests were let in."""
        return len(self.run.logged("interaction.received"))

    @property
    def errors(self) -> list[Any]:
        """What has been logged as an error."""
        return [line for line in self.run.lines() if line["level"] in {"error", "critical"}]

    @property
    def memory(self) -> int:
        """The memory of the process, in bytes."""
        status = Path(f"/proc/{self.run.pid}/status").read_text(encoding="utf-8")
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) * 1024

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with contextlib.closing(sqlite3.connect(f"file:{self.machine.database}?mode=ro", uri=True)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - its own names
                for (name,) in names
            }

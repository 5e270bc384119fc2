"""`earthweek doctor`. A container asks it twice a minute whether the bot is ready, so little is imported."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Annotated, Any

import typer

from bot.cli.options import CampaignOption, ExamplesOption
from bot.settings import explain_bind_error, read_address


def doctor(
    campaign: CampaignOption = None,
    allow_examples: ExamplesOption = False,
    ready: Annotated[bool, typer.Option("--ready", help="Ask the bot that runs here whether it is ready.")] = False,
    explain: Annotated[
        str, typer.Option("--explain", help="Say what a setting is, and what it is now.", metavar="NAME")
    ] = "",
) -> None:
    """Look at everything the bot needs before it runs; each line has a tick or says what to do."""
    if ready:
        _probe()
        return
    if explain:
        from bot.cli.explain_setting import explain_setting  # noqa: PLC0415

        explain_setting(explain)
        return
    # The database, Slack and the campaign's reader, for which a probe has no time.
    from bot.cli.doctor_checks import diagnose  # noqa: PLC0415

    if not asyncio.run(diagnose(campaign, allow_examples=allow_examples)):
        raise typer.Exit(1)


def _probe() -> None:
    address = read_address()
    result = probe(address.host, address.port)
    typer.echo(result.summary)
    if not result.ready:
        raise typer.Exit(1)


_TIMEOUT = 4.0
"""Seconds. A healthy bot takes milliseconds; one whose database does not answer takes longer to say so."""

_MAX_SIZE = 100_000
"""Bytes of an answer that are read."""

_WILDCARDS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked on the loopback address
"""A bot that listens on all addresses is asked on the loopback address."""


@dataclass(frozen=True)
class ProbeResult:
    """Readiness, and a line that says why the bot is not ready or what else is amiss."""

    ready: bool
    summary: str


def probe(host: str, port: int) -> ProbeResult:
    """Ask the bot that listens there."""
    host = _WILDCARDS.get(host, host)
    connection = HTTPConnection(host, port, timeout=_TIMEOUT)
    try:
        connection.request("GET", "/health/ready")
        # Limited, because something else may listen on this port, and may never end its answer.
        return _result(json.loads(connection.getresponse().read(_MAX_SIZE)))
    except socket.gaierror as error:
        return ProbeResult(ready=False, summary=explain_bind_error(host, port, error))
    except OSError as error:
        return ProbeResult(ready=False, summary=f"no bot answers on {host}:{port} ({error.strerror or error})")
    # A web page or another program's JSON: it answers, and is not the bot.
    except (HTTPException, ValueError, TypeError, KeyError):
        return ProbeResult(ready=False, summary=f"what answers on {host}:{port} is not the bot")
    finally:
        connection.close()


def _result(answer: dict[str, Any]) -> ProbeResult:
    amiss = [f"{part['name']}: {part['detail']}" for part in answer["parts"] if not part["ok"]]
    ready = answer["ready"] is True
    line = "; ".join(["ready" if ready else "not ready", *amiss])
    # One line, since container runtimes keep little of what a probe prints.
    return ProbeResult(ready, " ".join(line.split()))

"""The bot connects to Slack's address and to nothing else, whatever it is told."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.client import RedirectedError, slack_client
from bot.slack.payload_schemas import is_slack_url
from rehearsal.slack.acting_user import SlackUser
from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.http_transport import HttpTransport
from rehearsal.slack.server import RehearsalSlack
from rehearsal.slack.workspace import User
from tests.acceptance.process import ROOT, TOKENS, Machine, Process, soon, wait_until
from tests.campaigns import write

from .raw import exchange, statuses, whole
from .running import PRESS, form, signed

WITNESS = Path(__file__).with_name("witness.py")
REAL = "https://slack.com/api/"


@dataclass
class Trap:
    """Somebody else's address on this machine, and how often it was called."""

    port: int
    calls: list[bytes] = field(default_factory=list)


@pytest.fixture
def trap() -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Trap(server.getsockname()[1])

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    found.calls.append(caller.recv(1000))
                    caller.close()

        threading.Thread(target=listen, daemon=True).start()
        yield found
        server.shutdown(socket.SHUT_RDWR)


def watched(machine: Machine, **more: str) -> tuple[Process, Path]:
    """The bot with a witness, and what that one writes down."""
    folder, notes = machine.folder / "witness", machine.folder / "connections.txt"
    folder.mkdir()
    shutil.copy(WITNESS, folder / "sitecustomize.py")
    machine.env |= {"PYTHONPATH": f"{folder}:{ROOT}", "WITNESS": str(notes), **more}
    return machine.run(), notes


async def busy(server: RehearsalSlack, port: int) -> None:
    """Somebody joins, looks at everything and asks for the calendar file."""
    server.workspace.add_user(User("U0ANN", "ann", tz="Europe/Stockholm", locale="sv-SE"))
    async with HttpTransport(f"http://127.0.0.1:{port}/slack/events", server.sign) as transport:
        ann = SlackUser(server, transport, "U0ANN")
        await ann.command("join")
        await ann.until(lambda: (ann.modal() or {}).get("callback_id") == "join")
        await ann.submit({"country": "SE", "messages": True})
        await ann.until(lambda: (ann.modal() or {}).get("callback_id") == "notice")
        for word in ("help", "my", "standings", "tip", "earthhour"):
            count = len(ann.ephemerals())
            await ann.command(word)
            await ann.until(lambda count=count: len(ann.ephemerals()) > count)  # type: ignore[misc]
        await ann.press(ann.ephemerals()[-1], "earth_hour_calendar")
        await ann.until(lambda: bool(server.workspace.messages(server.workspace.im("U0ANN"))))
        await ann.open_home()


def connected(notes: Path) -> tuple[set[str], set[str]]:
    """The addresses that were connected to or looked up, and whatever else was done."""
    lines = notes.read_text(encoding="utf-8").splitlines()
    calls = {line for line in lines if line.startswith("socket.")}
    return calls, set(lines) - calls


def forged(trap: Trap, slack: RunningSlack) -> list[str]:
    """Response URLs that are none of this Slack's."""
    here = urlsplit(slack.api_url).netloc
    there = f"127.0.0.1:{trap.port}"
    return [
        f"http://{there}/actions/1",
        f"http://{here}@{there}/actions/1",
        f"http://{there}\\@{here}/actions/1",
        f"http://{there}#@{here}/",
        f"http://localhost:{trap.port}/",
        f"https://{here}/actions/1",
        f"//{there}/",
        "https://hooks.slack.com/actions/1",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.internal/",
        "file:///etc/passwd",
        "unix:///var/run/docker.sock",
        "gopher://127.0.0.1/",
        "http://[::1",
    ]


def test_bot_connects_only_to_address_of_slack(slack: RunningSlack, machine: Machine, trap: Trap) -> None:
    write(machine.campaign, replace(soon(3, 6, back=timedelta(minutes=1)), managers=("U0MANAGER",)))
    run, notes = watched(machine)
    run.until_running()
    port = int(run.address.rpartition(":")[2])
    slack.run(busy(slack.slack, port))
    for url in forged(trap, slack):
        body = form({**PRESS, "response_url": url})
        assert statuses(exchange(port, whole(body, signed(body)))) == [200]
    machine.until_all_sent()
    calls, others = connected(notes)
    assert trap.calls == []
    assert others == set()
    hosts = {urlsplit(slack.api_url).port}
    addresses = [call for call in calls if call.startswith("socket.connect")]
    assert addresses
    assert {f"socket.connect (('127.0.0.1', {port}),)" for port in hosts} == set(addresses)
    assert all("'127.0.0.1'" in call or "None" in call for call in calls), calls


def test_over_socket_mode_as_well(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run, notes = watched(machine, SLACK_APP_TOKEN=TOKENS["app_token"])
    slack.until(lambda server: len(server.sockets.connections) == 2)
    run.until_running()
    slack.run(slack.slack.sockets.send("interactive", PRESS))
    wait_until(lambda: bool(run.logged("interaction.received")))
    calls, others = connected(notes)
    port = urlsplit(slack.api_url).port
    assert {call for call in calls if call.startswith("socket.connect")} == {f"socket.connect (('127.0.0.1', {port}),)"}
    assert others == set()


async def test_redirection_to_another_address_is_not_followed(trap: Trap) -> None:
    async def send_on(_request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": f"http://127.0.0.1:{trap.port}/"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", send_on)
    async with TestServer(app) as there, slack_client("xoxb-1", f"{there.make_url('/api/')}", 5) as client:
        with pytest.raises(RedirectedError):
            await client.auth_test()
    assert trap.calls == []


def test_the_witness_would_have_seen_it(machine: Machine, trap: Trap) -> None:
    """A response URL of this Slack is followed, and the connection is on the list."""
    write(machine.campaign, soon(600))
    run, notes = watched(machine, SLACK_API_URL=f"http://127.0.0.1:{trap.port}/api/")
    wait_until(lambda: bool(trap.calls))
    assert f"socket.connect (('127.0.0.1', {trap.port}),)" in connected(notes)[0]
    run.kill()


# Addresses


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("https://hooks.slack.com/actions/T1/2/x", REAL),
        ("https://hooks.slack.com/commands/T1/2/x", REAL),
        ("https://hooks.slack-gov.com/actions/T1/2/x", "https://slack-gov.com/api/"),
        ("https://slack.com/anything", REAL),
        ("http://127.0.0.1:3100/response/1", "http://127.0.0.1:3100/api/"),
        ("http://[::1]:3100/response/1", "http://[::1]:3100/api/"),
    ],
)
def test_slacks_own_addresses_are_slacks(url: str, api: str) -> None:
    assert is_slack_url(url, api)


@pytest.mark.parametrize(
    "url",
    ["", "hooks.slack.com", "//hooks.slack.com/x", "http://hooks.slack.com/x", "https://hooks.slack.com.evil.test/x",
     "https://evil.test/hooks.slack.com", "https://evil.test#hooks.slack.com", "https://evil.test?hooks.slack.com",
     "https://hooks.slack.com@evil.test/", "https://hooks.slack.com:443@evil.test/", "https://evil.test\\@hooks.slack.com/",
     "https://hooks.slack.com\\@evil.test/", "https://hooks.slack.com\t.evil.test/", "https://hooks.slack.com\n/x",
     "https://user@hooks.slack.com/", "https://hooks.slack.com:8443/", "https://HOOKS.slack.com/", "https://evilslack.com/",
     "https://hooks.sl\u0430ck.com/", "https://hooks\u3002slack.com/", "https://[::1]/", "https://[hooks.slack.com/",
     "javascript:alert(1)", "https://127.0.0.1/", "ftp://hooks.slack.com/", "https:hooks.slack.com", "https:///hooks.slack.com"],
)  # fmt: skip
def test_no_other_address_is(url: str) -> None:
    assert not is_slack_url(url, REAL)


@given(st.text())
def test_no_address_breaks_the_look_at_it(text: str) -> None:
    for url in (text, f"https://{text}", f"https://hooks.slack.com{text}", f"https://{text}hooks.slack.com/"):
        if is_slack_url(url, REAL):
            assert urlsplit(url).hostname in {"hooks.slack.com", "slack.com", "hooks.slack-gov.com"}


def test_a_rehearsal_never_answers_the_real_slack() -> None:
    assert not is_slack_url("https://hooks.slack.com/actions/1", "http://127.0.0.1:3100/api/")

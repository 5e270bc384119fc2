"""Bodies, headers and requests that are too large, too slow, ambiguous or not in any encoding."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from bot.web import server
from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import VISITED, member
from tests.acceptance.process import wait_until
from tests.patience import PATIENCE

from .raw import FORM, PATH, chunked, exchange, head, statuses, whole
from .running import PRESS, Running, form, signed

MEGABYTE = 1024 * 1024
ROOM = (24 + 12) * MEGABYTE
"""What a process may grow while it turns down hundreds of megabytes, with what it prepares once it is ready."""


@pytest.fixture(autouse=True)
def untouched(running: Running) -> Iterator[None]:
    """Whatever is sent: nothing is stored, nothing breaks, and whoever knocks properly is let in."""
    rows, errors = running.rows(), len(running.errors)
    yield
    assert running.rows() == rows
    assert running.errors[errors:] == []
    assert running.takes(form()) == [200]


def test_ten_megabytes_are_refused_without_filling_memory(running: Running) -> None:
    body = b"payload=" + b"x" * (10 * MEGABYTE)
    running.takes(body)
    before = running.memory
    for _ in range(10):
        assert running.takes(body) in ([413], [])
        assert running.answers(chunked(body, signed(body), size=65536)) in ([413], [])
    assert running.memory - before < ROOM


def test_compressed_hundred_megabytes_are_not_unpacked(running: Running) -> None:
    bomb = gzip.compress(b"x" * (100 * MEGABYTE))
    running.takes(bomb, **{"Content-Encoding": "gzip"})
    before = running.memory
    for _ in range(5):
        assert running.takes(bomb, **{"Content-Encoding": "gzip"}) == [400]
    assert running.memory - before < ROOM


def test_announced_but_missing_body_takes_no_memory(running: Running) -> None:
    before = running.memory
    with contextlib.ExitStack() as stack:
        for _ in range(50):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", running.port)))
            connection.sendall(head([("Content-Type", FORM), ("Content-Length", str(10**15))]))
        assert running.takes(form()) == [200]
        assert running.memory - before < ROOM


def test_chunked_body_is_checked_like_any_other(running: Running) -> None:
    body, arrivals = form(), running.arrivals
    assert running.answers(chunked(body, signed(body), size=7)) == [200]
    wait_until(lambda: running.arrivals == arrivals + 1)
    assert running.answers(chunked(body, signed(body + b"x"), size=7)) == [401]


@pytest.mark.parametrize(
    "body",
    [b"zz\r\nabc\r\n", b"-5\r\nabc\r\n", b"5;" + b"x" * 70_000 + b"\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n"],
)
def test_chunks_of_no_size_are_turned_down(running: Running, body: bytes) -> None:
    request = head([("Content-Type", FORM), ("Transfer-Encoding", "chunked"), ("Connection", "close")]) + body
    assert running.answers(request) in ([400], [401], [413], [])


# Slow


def drip(connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(data)


def test_slow_senders_hold_nobody_up(running: Running) -> None:
    body = form()
    request = whole(body, signed(body))
    with contextlib.ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE))
            for _ in range(200)
        ]
        for place in range(8):
            for number, connection in enumerate(slow):
                drip(connection, request[: number + 1] if place == 0 else b"x")
            # None of them ends before it is let go of, so that an answer says nobody was waited for.
            assert running.takes(form()) == [200]
            assert running.run.get("/health/live")[0] == 200


async def test_unfinished_body_is_given_up(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_BODY_TIMEOUT", 0.2)
    week = await run_bot(VISITED)
    await member(week)
    request = head([("Content-Type", FORM), ("Content-Length", "100"), ("Connection", "close")]) + b"payload="
    assert statuses(await asyncio.to_thread(exchange, week._port, request)) == [408]


# Encodings


ODD: dict[str, tuple[bytes, str]] = {
    "not UTF-8": (b"payload=\xff\xfe", FORM),
    "half of a character": (b'{"type": "\xc3', "application/json"),
    "UTF-16": (json.dumps(PRESS).encode("utf-16"), "application/json; charset=utf-16"),
    "an encoding that is none": (b"payload={", f"{FORM}; charset=nonsense"),
    "no text encoding": (b"payload={", f"{FORM}; charset=base64"),
    "UTF-7": (b"payload=+AHs-", f"{FORM}; charset=utf-7"),
    "NUL": (b"payload=\x00", FORM),
    "JSON that is cut": (b'{"type": "block_actions"', "application/json"),
    "JSON in JSON": (b'"{}"', "application/json"),
    "a list": (b"[1, 2]", "application/json"),
    "a number": (b"payload=5", FORM),
    "nothing in the payload": (b"payload=", FORM),
    "null": (b"payload=null", FORM),
    "a very long number": (b"payload=" + b"9" * 5000, FORM),
    "very deep": (b"payload=" + b"[" * 100_000, FORM),
    "deep and whole": (b'{"view":' * 3000 + b"1" + b"}" * 3000, "application/json"),
    "no number": (b'{"type": NaN}', "application/json"),
    "halves of characters": (b'payload={"type":"block_actions","user":{"id":"\\ud800"}}', FORM),
}


@pytest.mark.parametrize("name", ODD)
def test_what_cannot_be_read_is_turned_down(running: Running, name: str) -> None:
    body, kind = ODD[name]
    arrivals = running.arrivals
    assert running.takes(body, **{"Content-Type": kind}) == [400]
    assert running.arrivals == arrivals


def other(**changes: Any) -> dict[str, Any]:
    return {**PRESS, **changes}


SHAPES: dict[str, dict[str, Any]] = {
    "an event that is null": {"type": "event_callback", "event": None},
    "an event that is a word": {"type": "event_callback", "event": "app_home_opened"},
    "an event without a type": {"type": "event_callback", "event": {"user": "U0ANN"}},
    "a Home of nobody": {"type": "event_callback", "event": {"type": "app_home_opened", "tab": "home"}},
    "a button without a name": other(actions=[{"type": "button", "value": ""}]),
    "no buttons": other(actions=[]),
    "a button that is a word": other(actions=["join"]),
    "a value that is none": other(actions=[{"type": "button", "action_id": "join", "value": {"a": 1}}]),
    "a view without a type": other(view={"id": "V1", "callback_id": "join"}),
    "a view of another kind": other(view={"id": "V1", "type": "workflow_step"}),
    "a form of nobody": {"type": "view_submission", "view": {"id": "V1", "type": "modal", "callback_id": "join"}},
    "a former surface": {"type": "workflow_step_edit", "callback_id": "x", "user": {"id": "U0ANN"}},
    "a command of nobody": {"command": "/earthweek", "text": "join", "team_id": "T0REHEARSAL"},
    "a user who is a number": other(user=5),
    "a user who is empty": other(user={"id": ""}),
    "a user with a long name": other(user={"id": "U" * 33}),
    "a user with a NUL": other(user={"id": "U0ANN\0"}),
    "a user who is a mention": other(user={"id": "<!channel>"}),
    "a team that is a number": other(team=5),
    "a team that is a list": other(team=[]),
    "a team that is a word": other(team="T0REHEARSAL"),
    "an organisation that is a number": other(enterprise=5),
    "nobody authorised": other(authorizations=[None]),
    "an address that is none": other(response_url={"url": "https://slack.com"}),
    "addresses that are none": other(response_urls=[None]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_slack_would_not_send_is_turned_down(running: Running, name: str) -> None:
    arrivals = running.arrivals
    assert running.takes(form(SHAPES[name])) == [400]
    assert running.takes(json.dumps(SHAPES[name]).encode(), **{"Content-Type": "application/json"}) == [400]
    assert running.arrivals == arrivals


# Requests that two programs may read in two ways


INNER = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

TWISTED: dict[str, bytes] = {
    "a length and chunks": head([("Content-Length", str(len(INNER) + 5)), ("Transfer-Encoding", "chunked")])
    + b"0\r\n\r\n"
    + INNER,
    "chunks and a length": head([("Transfer-Encoding", "chunked"), ("Content-Length", "4")]) + b"0\r\n\r\n" + INNER,
    "two lengths": head([("Content-Length", "0"), ("Content-Length", str(len(INNER)))]) + INNER,
    "two lengths in one": head([("Content-Length", f"0, {len(INNER)}")]) + INNER,
    "a length with a sign": head([("Content-Length", "+0")]) + INNER,
    "a negative length": head([("Content-Length", "-1")]) + INNER,
    "a hexadecimal length": head([("Content-Length", "0x0")]) + INNER,
    "chunks under another name": head([("Transfer-Encoding", "xchunked"), ("Content-Length", "0")]) + INNER,
    "chunks that are not last": head([("Transfer-Encoding", "chunked, identity")]) + b"0\r\n\r\n" + INNER,
    "a space before the colon": head([("Content-Length ", "0")]) + INNER,
    "a folded line": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX: y\r\n Content-Length: 0\r\n\r\n" + INNER,
    "bare line feeds": b"POST /slack/events HTTP/1.1\nHost: x\nContent-Length: 0\n\n" + INNER,
    "a NUL in a header": head([("X-Odd", "a\0b")]) + INNER,
    "a line without a colon": b"POST /slack/events HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n" + INNER,
    "no version": b"POST /slack/events\r\n\r\n" + INNER,
    "another version": b"POST /slack/events HTTP/9.9\r\n\r\n" + INNER,
    "not HTTP": bytes(range(256)) * 4,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("name", TWISTED)
def test_nothing_is_smuggled_in_behind_an_ambiguous_request(running: Running, name: str) -> None:
    answer = exchange(running.port, TWISTED[name], within=2)
    assert all(status == 400 for status in statuses(answer)), answer
    assert b'"live"' not in answer


def test_request_after_declared_length_needs_own_signature(running: Running) -> None:
    body, arrivals = form(), running.arrivals
    lines = [("Content-Type", FORM), ("Content-Length", str(len(body)))]
    first = head([*lines, *signed(body).items()]) + body
    assert running.answers(first + head([*lines, ("Connection", "close")]) + body) == [200, 401]
    wait_until(lambda: running.arrivals == arrivals + 1)


# Headers, methods and paths


def test_floods_of_headers_are_turned_down(running: Running) -> None:
    before = running.memory
    for lines in (
        [("X-Long", "x" * 9_000)],
        [("X-Huge", "x" * 5 * MEGABYTE)],
        [("x" * 9_000, "1")],
        [(f"X-{number}", "y" * 4_000) for number in range(2_000)],
    ):
        assert running.answers(head([*lines, ("Connection", "close")])) in ([400], [431], []), lines[0][0][:9]
    many = [(f"X-{number}", "1") for number in range(5_000)]
    assert running.answers(head([*many, ("Content-Length", "0"), ("Connection", "close")])) in ([400], [431], [401], [])
    assert running.answers(head([("Connection", "close")], path="/" + "x" * 100_000)) in ([400], [414], [])
    assert running.memory - before < ROOM


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "post", "PROPFIND"])
def test_another_method_is_not_taken(running: Running, method: str) -> None:
    body, arrivals = form(), running.arrivals
    [status] = running.answers(whole(body, {**signed(body), "X-HTTP-Method-Override": "POST"}, method=method))
    assert status in {400, 405}
    assert running.arrivals == arrivals


@pytest.mark.parametrize(
    "path",
    ["//slack/events", "/slack/events/", "/slack//events", "/SLACK/EVENTS", "/slack/events/../../health/live/x", "/",
     "/slack/events%00", "/slack/events;x", "/slack%2Fevents", "/metrics", "/health/ready", "/../../etc/passwd"],
)  # fmt: skip
def test_another_path_is_not_taken(running: Running, path: str) -> None:
    body, arrivals = form(), running.arrivals
    [status] = running.answers(whole(body, signed(body), path))
    assert status in {400, 404, 405}
    assert running.arrivals == arrivals


@pytest.mark.parametrize("path", [f"{PATH}?x=1", "/slack/%65vents", f"http://elsewhere.test{PATH}"])
def test_other_spellings_of_path_need_same_signature(running: Running, path: str) -> None:
    assert running.answers(whole(form(), {}, path)) in ([401], [400], [404])

"""`earthweek doctor --ready`, which asks the bot that runs here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.cli import doctor

from .conftest import Command

Asking = Callable[[int], tuple[int, str]]


@pytest.fixture
def asking(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> Asking:
    def asked(port: int) -> tuple[int, str]:
        monkeypatch.setenv("PORT", str(port))
        said = earthweek("doctor", "--ready")
        return said.code, said.out

    return asked


@contextmanager
def somebody(status: int, body: bytes) -> Iterator[int]:
    """Another program on a port, which answers every question in the same way."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_where_nothing_listens_it_says_so(asking: Asking) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert asking(port) == (1, f"no bot answers on 127.0.0.1:{port} (Connection refused)\n")


def test_silent_server_times_out(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert asking(port) == (1, f"no bot answers on 127.0.0.1:{port} (timed out)\n")


@pytest.mark.parametrize(
    "body",
    [b"", b"<h1>hello</h1>", b"[]", b"7", b"{}", b'{"ready": true}', b'{"parts": 7}', b'{"parts": [{}]}', b"\xff\xfe"],
)
def test_another_program_is_not_taken_for_the_bot(body: bytes, asking: Asking) -> None:
    with somebody(200, body) as port:
        assert asking(port) == (1, f"what answers on 127.0.0.1:{port} is not the bot\n")


def test_server_not_speaking_http_is_not_the_bot(asking: Asking) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def greet() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(1000)
                caller.sendall(b"220 mail.example.com ready\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        assert asking(port) == (1, f"what answers on 127.0.0.1:{port} is not the bot\n")
        thread.join()


def test_a_detail_of_many_lines_stays_one_line(asking: Asking) -> None:
    body = b'{"ready": false, "parts": [{"name": "database", "ok": false, "detail": "it says:\\n\\n no"}]}'
    with somebody(503, body) as port:
        assert asking(port) == (1, "not ready; database: it says: no\n")


def test_an_address_that_cannot_be_used_is_named(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "three thousand")
    said = earthweek("doctor", "--ready")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("PORT: ")


def test_unknown_host_name_is_named(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "x86_64-conda-linux-gnu")
    said = earthweek("doctor", "--ready")
    assert (said.code, said.err) == (1, "")
    assert said.out.startswith("HOST is x86_64-conda-linux-gnu, and this machine does not know that name; write 127.")
    assert "Conda sets HOST for its compilers" in said.out

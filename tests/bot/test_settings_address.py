from __future__ import annotations

import errno
import os
import socket

import pytest
from pydantic import ValidationError

from bot.settings import ListenAddress, MetricsAddress, explain_bind_error, explain_metrics_bind_error


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("localhost", "localhost"),
        ("0.0.0.0", "0.0.0.0"),  # noqa: S104
        ("::", "::"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("bot-1.example.com", "bot-1.example.com"),
        ("x86_64-conda-linux-gnu", "x86_64-conda-linux-gnu"),
    ],
)
def test_names_and_addresses_of_machines_are_taken(written: str, host: str) -> None:
    assert ListenAddress(host=written).host == host


@pytest.mark.parametrize(
    "written",
    ["http://127.0.0.1", "127.0.0.1:3000", "a..b", "x" * 64, "a b", "\udce9", "example.com/", "-", "a" * 250 + ".com"],
)
def test_what_no_machine_is_called_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="stands here alone; write 127"):
        ListenAddress(host=written)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "HOST is elsewhere, and this machine does not know that name"),
        (OSError(errno.EADDRNOTAVAIL, ""), "HOST is elsewhere, and this machine does not have that address"),
        (
            OSError(errno.EADDRINUSE, ""),
            "cannot listen on elsewhere:80, where another program does; choose another PORT",
        ),
        (PermissionError(errno.EACCES, ""), "choose a PORT from 1024 on"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "(Too many open files); look at HOST and PORT"),
    ],
)
def test_bind_error_is_explained_by_setting_name(error: OSError, says: str) -> None:
    assert says in explain_bind_error("elsewhere", 80, error)


def test_host_from_environment_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = socket.gaierror(socket.EAI_NONAME, "")
    monkeypatch.setenv("HOST", "elsewhere")
    assert "It comes from the environment, not from .env" in explain_bind_error("elsewhere", 80, unknown)
    assert "Conda sets HOST" in explain_bind_error("x86_64-conda-linux-gnu", 80, unknown)
    monkeypatch.delenv("HOST")
    assert explain_bind_error("elsewhere", 80, unknown).endswith("for all its addresses")


def test_bind_error_of_metrics_names_their_setting() -> None:
    taken = OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    said = "cannot listen on [::1]:9464 (Address already in use); choose another EARTHWEEK_METRICS_ADDRESS"
    assert explain_metrics_bind_error(MetricsAddress("::1", 9464), taken) == said

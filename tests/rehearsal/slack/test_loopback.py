"""Who may talk to the rehearsal: programs on this machine, and no web page."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack.loopback import is_loopback, refuse_foreign


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_names_of_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        *("", "0.0.0.0", "::", "192.168.1.4", "2001:db8::1", "example.com", "localhost.example.com"),  # noqa: S104
        *("127.0.0.1.example.com", "127.1", "0x7f000001", "2130706433", "127.0.0.1:80", "[::1]", " 127.0.0.1"),
    ],
)
def test_names_of_other_machines(host: str) -> None:
    assert not is_loopback(host)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_only_addresses_from_127_are_this_machine(address: IPv4Address) -> None:
    assert is_loopback(str(address)) == str(address).startswith("127.")


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:80", "127.0.0.1:"]
)
def test_program_may_call_this_machine_anything(host: str) -> None:
    assert refuse_foreign(make_mocked_request("POST", "/", headers={"Host": host})) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": "192.168.1.4"},
        {"Host": "[2001:db8::1]:80"},
        {"Host": "[2001:db8::1]"},
        {"Host": "localhost:80:80"},
        {"Host": ""},
        {"Host": "127.0.0.1", "Origin": "http://127.0.0.1"},
        {"Host": "127.0.0.1", "Origin": "null"},
        {"Host": "127.0.0.1", "Origin": ""},
    ],
)
def test_what_a_web_page_could_send_is_refused(headers: dict[str, str]) -> None:
    refusal = refuse_foreign(make_mocked_request("GET", "/", headers=headers))
    assert refusal is not None
    assert refusal.status == 403

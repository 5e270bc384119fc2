from __future__ import annotations

import pytest
from yarl import URL

from bot.slack.proxy import Proxy, ProxyConfig, is_loopback

PROXY = Proxy.parse("http://proxy.example:3128")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("proxy.example:3128", "http://proxy.example:3128"),
        ("proxy.example", "http://proxy.example"),
        ("HTTP://Proxy.Example:80/", "http://proxy.example"),
        ("https://proxy.example", "https://proxy.example"),
        ("http://ann:secret@10.0.0.7:8080/", "http://10.0.0.7:8080"),
        ("http://[fd00::7]:8080", "http://[fd00::7]:8080"),
    ],
)
def test_an_address_is_read_as_people_write_it(written: str, address: str) -> None:
    assert Proxy.parse(written).address == URL(address)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("socks5://proxy.example:1080", "not over socks5"),
        ("http://", "write it as"),
        (":3128", "write it as"),
        ("http://ann:p/w@proxy.example:3128", "write it as"),
        ("http://proxy.example:99999", "write it as"),
        ("http://[::1", "write it as"),
        ("proxy example:3128", "write it as"),
    ],
)
def test_what_is_no_address_is_refused(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Proxy.parse(written)


def test_credentials_are_decoded_and_never_shown() -> None:
    proxy = Proxy.parse("http://dom%5Cann:p%40ss%3A@proxy.example:3128")
    assert proxy.authorization == "Basic ZG9tXGFubjpwQHNzOg=="
    assert not any(part in f"{proxy!r} {proxy.address}" for part in ("p@ss", "p%40ss", "ZG9t", "ann"))


@pytest.mark.parametrize(
    "host", ["127.0.0.1:3000", "127.0.0.53", "localhost:1", "LOCALHOST", "[::1]:8080", "0:0:0:0:0:0:0:1"]
)
def test_this_machine_is_never_asked_through_a_proxy(host: str) -> None:
    url = URL.build(scheme="https", host="::1") if host.startswith("0") else URL(f"https://{host}/api/")
    assert ProxyConfig(PROXY).proxy_for(url) is None


@pytest.mark.parametrize(
    ("no_proxy", "is_direct"),
    [
        ("", False),
        ("*", True),
        ("example.com, *", True),
        ("slack.com", True),
        ("SLACK.COM", True),
        (".slack.com", True),
        ("*.slack.com", True),
        ("127.0.0.1,localhost,slack.com", True),
        ("localhost slack.com", True),
        ("slack.com:443", True),
        ("slack.com:8443", False),
        ("files.slack.com", False),
        ("lack.com", False),
        ("wss-primary.slack.com", True),
        ("com", True),
        (".", False),
        ("*.", False),
        ("[::1]:443", False),
    ],
)
def test_no_proxy_names_hosts_as_everywhere(no_proxy: str, *, is_direct: bool) -> None:
    way = ProxyConfig(PROXY, no_proxy)
    assert (way.proxy_for(URL("wss://wss-primary.slack.com/link/")) is None) is is_direct


def test_without_a_proxy_everything_is_asked_directly() -> None:
    assert ProxyConfig().proxy_for(URL("https://slack.com/api/")) is None


@pytest.mark.parametrize("host", ["128.0.0.1", "localhost.example.com", "example.com", ""])
def test_other_machines_are_not_this_one(host: str) -> None:
    assert not is_loopback(host)

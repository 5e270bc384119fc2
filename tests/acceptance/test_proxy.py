"""The bot in a company's network, where everything that leaves goes through a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rehearsal.slack.background_server import RunningSlack
from tests.campaigns import write
from tests.simulation import channel_id

from .forward import SLACK, Network, network
from .process import HERE, TOKENS, Machine, slack_with, soon, texts, wait_until

USER = "ann:p@ss:wörd"
WRITTEN = "ann:p%40ss%3Aw%C3%B6rd"


@pytest.fixture
def slack() -> Iterator[RunningSlack]:
    with slack_with(HERE) as running:
        running.call(lambda server: setattr(server, "called", f"https://{SLACK}"))
        yield running


def port(slack: RunningSlack) -> int:
    return slack.call(lambda server: int(server._authority.rpartition(":")[2]))


@pytest.fixture
def company(slack: RunningSlack, tmp_path: Path) -> Iterator[Network]:
    with network(port(slack), tmp_path, user=USER) as made:
        yield made


def through(machine: Machine, url: str, **env: str) -> None:
    """Have the machine's processes go out through a proxy, with Socket Mode."""
    machine.env |= {
        "HTTPS_PROXY": url,
        "SSL_CERT_FILE": str(machine.folder / "authority.pem"),
        "SLACK_APP_TOKEN": TOKENS["app_token"],
        **env,
    }


def test_everything_goes_through_the_proxy(company: Network, slack: RunningSlack, machine: Machine) -> None:
    week = soon(3)
    write(machine.campaign, week)
    through(machine, f"http://{WRITTEN}@127.0.0.1:{company.port}")
    run = machine.run()
    run.until_running()
    wait_until(lambda: run.readiness()[1]["slack"]["detail"].startswith("2 sockets"))
    machine.until_all_sent()
    assert [message.text for message in slack.messages(channel_id(HERE.channel))] == texts(week, HERE)
    assert set(company.asked) == {f"CONNECT {SLACK}:443"}
    run.kill()
    assert not any(part in run.output() for part in ("p@ss", "p%40ss", "YW5u"))


def test_a_host_of_no_proxy_is_asked_directly(company: Network, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    through(machine, f"http://{WRITTEN}@127.0.0.1:{company.port}", no_proxy=".test")
    run = machine.run()
    run.until_logged("service.waiting")
    assert company.asked == []


@pytest.mark.parametrize("name", ["https_proxy", "ALL_PROXY"])
def test_other_spellings_of_the_setting_are_taken(name: str, company: Network, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    through(machine, "", **{name: f"{WRITTEN}@127.0.0.1:{company.port}"})
    machine.run().until_running()


def test_the_setting_is_taken_from_the_file_too(company: Network, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    through(machine, "")
    (machine.folder / ".env").write_text(f'HTTPS_PROXY="http://{WRITTEN}@127.0.0.1:{company.port}"\n', "utf-8")
    machine.run().until_running()


def test_a_proxy_that_is_not_there_is_said(machine: Machine) -> None:
    assert "the proxy of HTTPS_PROXY cannot be reached" in said(machine, f"http://{WRITTEN}@127.0.0.1:9")


def test_a_proxy_that_wants_other_credentials_is_said(company: Network, machine: Machine) -> None:
    assert "wants other credentials" in said(machine, f"http://ann:p%40ss@127.0.0.1:{company.port}")


def test_a_proxy_that_lets_nobody_through_is_said(slack: RunningSlack, tmp_path: Path, machine: Machine) -> None:
    with network(port(slack), tmp_path, refuses=True) as strict:
        assert "does not let the bot through" in said(machine, f"http://127.0.0.1:{strict.port}")


def test_untrusted_tls_proxy_is_named(company: Network, machine: Machine) -> None:
    told = said(machine, f"http://{WRITTEN}@127.0.0.1:{company.port}", SSL_CERT_FILE="")
    assert "name its authority in SSL_CERT_FILE" in told


def said(machine: Machine, url: str, **env: str) -> str:
    """What the log says of a way that does not lead to Slack; nothing of it is secret."""
    write(machine.campaign, soon(600))
    through(machine, url, **env)
    run = machine.run()
    line = run.until_logged("service.waiting")
    run.kill()
    secret = (urlsplit(url).password or "", "p@ss")
    assert not any(part and part in run.output() for part in secret)
    assert "Traceback" not in run.output()
    return str(line["event"])

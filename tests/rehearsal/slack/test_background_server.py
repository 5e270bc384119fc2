from __future__ import annotations

import threading

import pytest
from slack_sdk.web.client import WebClient

from bot.slack.manifest import SCOPES
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import Workspace

from .helpers import Clock


def client(running: RunningSlack) -> WebClient:
    return WebClient(running.slack.bot_token, base_url=running.api_url)


def post(running: RunningSlack, text: str) -> None:
    client(running).chat_postMessage(channel="C1", text=text)


def test_outside_thread_reads_and_controls_background_server(workspace: Workspace, clock: Clock) -> None:
    with running_slack(workspace, clock, app=App(SCOPES, bot_token="xoxb-other"), limits=RateLimits.none()) as running:
        assert running.slack.bot_token == "xoxb-other"
        post(running, "one")
        running.call(lambda slack: slack.faults.reset(accepted=True))
        post(running, "two")
        assert [message.text for message in running.messages("C1")] == ["one", "two", "two"]
        assert running.messages() == running.messages("C1")


def test_another_thread_can_wait_for_a_call(workspace: Workspace, clock: Clock) -> None:
    with running_slack(workspace, clock, app=App(SCOPES), limits=RateLimits.none()) as running:
        poster = threading.Thread(target=post, args=(running, "Hello"))
        poster.start()
        running.until(lambda slack: bool(slack.workspace.messages("C1")))
        poster.join()
        assert len(running.messages()) == 1
        with pytest.raises(TimeoutError):
            running.until(lambda _slack: False, 0.01)


def test_server_thread_ends_with_block_even_after_failure(workspace: Workspace, clock: Clock) -> None:
    before = threading.active_count()
    with pytest.raises(KeyError), running_slack(workspace, clock, app=App(SCOPES), limits=RateLimits.none()):
        raise KeyError
    with (
        pytest.raises(ValueError, match="this machine only"),
        running_slack(workspace, clock, app=App(SCOPES), limits=RateLimits.none(), host="example.com"),
    ):
        pass
    assert threading.active_count() == before


def test_work_on_server_loop_is_awaited(workspace: Workspace, clock: Clock) -> None:
    async def ask(slack: RehearsalSlack) -> int:
        return len(slack.calls)

    with running_slack(workspace, clock, app=App(SCOPES), limits=RateLimits.none()) as running:
        assert running.run(ask(running.slack)) == 0

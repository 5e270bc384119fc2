"""The bot as a process with the real scheduler: killed, stopped, started again."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.faults import Exchange, Fault, FaultResponse, Phase
from rehearsal.slack.server import RehearsalSlack
from tests.campaigns import write
from tests.simulation import channel_id

from .process import HERE, THERE, Machine, Process, now, soon, texts

POST = "chat.postMessage"
METHODS = (POST, POST, POST, "conversations.history", "conversations.info", "auth.test")


@dataclass
class Turn:
    """One of the random kills: where it strikes."""

    method: str
    simulation: Phase
    after: int

    @classmethod
    def random(cls, random: Random) -> Turn:
        method = random.choice(METHODS)
        return cls(method, random.choice(("before", "after")), random.randint(0, 3) if method == POST else 0)


def heard(slack: RunningSlack, channel: str = "week-se") -> list[str]:
    return [message.text for message in slack.messages(channel_id(channel))]


def asked(slack: RehearsalSlack, method: str) -> int:
    return sum(call.method == method for call in slack.calls)


def test_real_scheduler_posts_once_and_never_early(slack: RunningSlack, machine: Machine) -> None:
    week = soon(3, 5, places=(HERE, THERE))
    write(machine.campaign, week)
    run = machine.run()
    machine.until_all_sent()
    assert heard(slack) == texts(week, HERE)
    assert heard(slack, "week-de") == texts(week, THERE)
    running = datetime.fromisoformat(run.logged("service.running")[0]["timestamp"])
    for message, post in zip(slack.messages(channel_id("week-se")), week.posts, strict=True):
        due = datetime.combine(post.day, post.time, UTC)
        assert due <= message.posted_at < max(due, running) + timedelta(seconds=30)
    run.send(signal.SIGTERM)
    assert run.ended() == 0
    machine.run().until_running()
    assert len(slack.messages()) == 4, "a start long after posts nothing again"


def kill_at(slack: RunningSlack, run: Process, turn: Turn) -> None:
    """Kill the process while it calls Slack: before Slack has the message, or when it has and nobody was told."""

    async def pass_by(_exchange: Exchange, _simulation: Phase) -> FaultResponse:
        return None

    async def kill(exchange: Exchange, _simulation: Phase) -> FaultResponse:
        os.kill(run.pid, signal.SIGKILL)
        return exchange.reset()

    def arrange(server: RehearsalSlack) -> None:
        server.faults.clear()
        if turn.after:
            server.faults.add(turn.method, Fault("none", ("after",), pass_by, turn.after))
        server.faults.add(turn.method, Fault("kill", (turn.simulation,), kill))

    slack.call(arrange)


@pytest.mark.parametrize("simulation", ["before", "after"])
def test_kill_during_post_loses_and_doubles_nothing(slack: RunningSlack, machine: Machine, simulation: Phase) -> None:
    week = soon(2, 3, places=(HERE, THERE))
    write(machine.campaign, week)
    run = machine.run(answer_within=1)
    kill_at(slack, run, Turn(POST, simulation, 0))
    assert run.ended() == -signal.SIGKILL
    assert "sending" in machine.states()
    machine.run(answer_within=1)
    machine.until_all_sent()
    assert sorted(heard(slack)) == texts(week, HERE)
    assert sorted(heard(slack, "week-de")) == texts(week, THERE)
    assert slack.call(lambda server: asked(server, "conversations.history")) >= 1, "Slack was asked before sending"


def test_random_kills_over_burst_lose_and_double_nothing(slack: RunningSlack, machine: Machine) -> None:
    random = Random(7)  # noqa: S311 - the same seed kills at the same calls
    week = soon(*range(2, 10), places=(HERE, THERE))
    write(machine.campaign, week)
    for _ in range(4):
        run, turn = machine.run(answer_within=1), Turn.random(random)
        kill_at(slack, run, turn)
        run.until_running_or_dead()
        if turn.method != POST or machine.states() == {"sent"}:
            run.kill()  # The call it was to be killed at may never come.
        assert run.ended() == -signal.SIGKILL
    slack.call(lambda server: server.faults.clear())
    machine.run(answer_within=1)
    machine.until_all_sent()
    assert sorted(heard(slack)) == sorted(texts(week, HERE))
    assert sorted(heard(slack, "week-de")) == sorted(texts(week, THERE))


def test_stop_finishes_posts_in_flight_without_new_claims(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(1, 600))
    run = machine.run()

    async def stop(simulation: Phase) -> None:
        if simulation == "before":
            run.send(signal.SIGTERM)
            await asyncio.to_thread(run.until_logged, "service.leaving")
            await asyncio.to_thread(machine.make_due, "post-1")

    slack.call(lambda server: server.faults.call(stop))
    assert run.ended() == 0
    week = soon(1, 2)
    assert heard(slack) == texts(week, HERE)[:1]
    assert set(machine.rows()) == {("post-0", "SE", "sent"), ("post-1", "SE", "due")}
    write(machine.campaign, week)
    machine.run()
    machine.until_all_sent()
    assert heard(slack) == texts(week, HERE)


def test_stop_does_not_wait_for_missing_answer(slack: RunningSlack, machine: Machine) -> None:
    week = soon(2)
    write(machine.campaign, week)
    slack.call(lambda server: server.faults.silence(accepted=True))
    run = machine.run(answer_within=600)
    slack.until(lambda server: asked(server, POST) == 1)
    run.send(signal.SIGTERM)
    assert run.ended() == 0
    assert machine.states() == {"sending"}


def test_stop_is_quick_during_start_with_silent_slack(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    slack.call(lambda server: server.faults.silence(method="auth.test"))
    run = machine.run(answer_within=600)
    slack.until(lambda server: any(call.method == "auth.test" for call in server.calls))
    run.send(signal.SIGTERM)
    assert run.ended() == 0


def test_start_without_slack_waits_and_says_so(slack: RunningSlack, machine: Machine) -> None:
    week = soon(2)
    write(machine.campaign, week)
    slack.call(lambda server: server.faults.down(now() + timedelta(hours=1)))
    run = machine.run()
    run.until_logged("service.waiting")
    assert run.get("/health/live")[0] == 200
    assert run.readiness()[0] == 503
    slack.call(lambda server: server.faults.clear())
    machine.until_all_sent()
    assert heard(slack) == texts(week, HERE)
    assert run.readiness()[0] == 200


def test_second_process_on_same_file_is_refused(slack: RunningSlack, machine: Machine) -> None:  # noqa: ARG001
    write(machine.campaign, soon(600))
    machine.run().until_running()
    second = machine.run()
    assert second.ended() == 1
    assert second.why_it_ended().startswith(f"{machine.database} is in use by another process; stop that one first")


def test_refused_token_ends_bot_with_sentence(machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run = machine.run(SLACK_BOT_TOKEN="xoxb-of-somebody-else")
    assert run.ended() == 1
    assert run.why_it_ended() == (
        "invalid_auth: Slack does not accept SLACK_BOT_TOKEN; copy it again from the app's OAuth page and restart"
    )
    assert "Traceback" not in run.output()


def test_taken_port_ends_bot_with_sentence(machine: Machine) -> None:
    write(machine.campaign, soon(600))
    first = machine.run()
    port = str(first.until_logged("service.listening")["port"])
    second = machine.run(PORT=port, DATABASE_URL=f"sqlite:///{machine.folder / 'other.db'}")
    assert second.ended() == 1
    assert second.why_it_ended().startswith(f"cannot listen on 127.0.0.1:{port}")
    assert "Traceback" not in second.output()

"""The ways in: Slack's requests over HTTP and Socket Mode, health and metrics, of a process of its own."""

from __future__ import annotations

import json
import signal
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.server import RehearsalSlack
from tests.campaigns import write
from tests.simulation import channel_id

from .process import HERE, THERE, TOKENS, Machine, Process, now, soon, wait_until

PRESS = {
    "type": "block_actions",
    "team": {"id": "T0REHEARSAL", "domain": "rehearsal"},
    "user": {"id": "U0ANN", "team_id": "T0REHEARSAL"},
    "api_app_id": "A0EARTHWEEK",
    "token": "legacy",
    "container": {"type": "message", "message_ts": "1.000100", "channel_id": "C0WEEKSE"},
    "channel": {"id": "C0WEEKSE", "name": "week-se"},
    "trigger_id": "1.2.3",
    "actions": [{"type": "button", "action_id": "join", "block_id": "answers", "value": "tip", "action_ts": "1.1"}],
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SHOWN = ("/health/live", "/health/ready", "/metrics")


def press() -> str:
    return urlencode({"payload": json.dumps(PRESS)})


def signed(slack: RunningSlack, body: str, at: float) -> dict[str, str]:
    return FORM | slack.slack.sign(body, int(at))


def keeps_its_secrets(run: Process) -> None:
    shown = run.output() + "".join(run.get(path)[1] for path in SHOWN)
    for secret in TOKENS.values():
        assert secret not in shown


def connections(slack: RehearsalSlack) -> int:
    return len(slack.sockets.connections)


def test_http_takes_only_requests_freshly_signed_by_slack(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run = machine.run(LOG_LEVEL="DEBUG")
    run.until_running()
    body, clock = press(), time.time()
    assert run.post("/slack/events", body, signed(slack, body, clock)) == (200, "")
    wait_until(lambda: bool(run.logged("interaction.received")))

    assert run.post("/slack/events", body, FORM)[0] == 401
    assert run.post("/slack/events", body, signed(slack, body, clock - 301))[0] == 401
    assert run.post("/slack/events", body + "&more=1", signed(slack, body, clock))[0] == 401
    forged = slack.slack.sign(body, int(clock)) | {"X-Slack-Signature": "v0=" + "0" * 64}
    assert run.post("/slack/events", body, FORM | forged)[0] == 401
    assert len(run.logged("interaction.received")) == 1

    challenge = json.dumps({"type": "url_verification", "challenge": "say this", "token": "legacy"})
    headers = {"Content-Type": "application/json", **slack.slack.sign(challenge, int(clock))}
    status, answer = run.post("/slack/events", challenge, headers)
    assert (status, json.loads(answer)) == (200, {"challenge": "say this"})

    assert run.post("/slack/events", "x" * 2_000_000, FORM)[0] in {401, 413}
    assert run.get("/slack/events")[0] == 405
    assert run.get("/")[0] == 404
    keeps_its_secrets(run)


def test_socket_mode_has_two_connections_and_no_http(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run = machine.run(SLACK_APP_TOKEN=TOKENS["app_token"], LOG_LEVEL="DEBUG")
    slack.until(lambda server: connections(server) == 2)
    run.until_running()
    for trigger in ("1.2.3", "1.2.4"):
        ack = slack.run(slack.slack.sockets.send("interactive", {**PRESS, "trigger_id": trigger}))
        assert ack.payload in (None, {}, "")
    wait_until(lambda: len(run.logged("interaction.received")) == 2)
    body = press()
    assert run.post("/slack/events", body, signed(slack, body, time.time()))[0] == 404

    status, parts = run.readiness()
    assert (status, parts["slack"]["detail"]) == (200, "2 sockets are connected")
    slack.call(lambda server: server.faults.down(now() + timedelta(hours=1)))
    slack.run(slack.slack.sockets.close())
    wait_until(lambda: run.readiness()[0] == 503)
    parts = run.readiness()[1]
    assert [name for name, part in parts.items() if part["essential"] and not part["ok"]] == ["slack"]
    assert run.get("/health/live")[0] == 200
    slack.call(lambda server: server.faults.clear())
    wait_until(lambda: run.readiness()[0] == 200)
    keeps_its_secrets(run)
    run.send(signal.SIGTERM)
    assert run.ended() == 0


def test_stop_does_not_wait_for_dead_sockets(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run = machine.run(SLACK_APP_TOKEN=TOKENS["app_token"])
    slack.until(lambda server: connections(server) == 2)
    run.until_running()

    def freeze(_server: RehearsalSlack) -> int:
        """Nothing that Slack would do happens while this waits, on its own loop."""
        run.send(signal.SIGTERM)
        return run.ended()

    assert slack.call(freeze) == 0


def test_readiness_and_metrics_report_overdue_posts(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(1, 60, places=(HERE, THERE), back=timedelta(minutes=7)))
    slack.call(lambda server: server.workspace.channels.pop(channel_id("week-de")))
    run = machine.run()
    run.until_running()
    wait_until(lambda: len(slack.messages(channel_id("week-se"))) == 2)
    wait_until(lambda: "2 messages are overdue" in run.readiness()[1]["outbox"]["detail"])
    status, parts = run.readiness()
    assert status == 503
    assert "week-de: no public channel has this name" in parts["outbox"]["detail"]
    assert "week-de: no public channel has this name" in parts["channels"]["detail"]

    figures = metrics(run)
    assert figures['earthweek_outbox{state="sent"}'] == 2
    assert figures["earthweek_queue_depth"] == 2
    assert figures['earthweek_lateness_seconds_count{kind="note"}'] == 2
    assert figures['earthweek_lateness_seconds_sum{kind="note"}'] > 600
    assert sum(value for name, value in figures.items() if name.startswith("earthweek_outbox{")) == 4
    keeps_its_secrets(run)


def test_metrics_count_what_slack_refused_by_its_word(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(1))
    slack.call(lambda server: server.faults.answer("restricted_action"))
    run = machine.run()
    wait_until(lambda: machine.states() == {"failed"})
    assert metrics(run)['earthweek_slack_errors_total{error="restricted_action"}'] == 1
    assert metrics(run)['earthweek_outbox{state="failed"}'] == 1


def metrics(run: Process) -> dict[str, Any]:
    lines = [line for line in run.get("/metrics")[1].splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

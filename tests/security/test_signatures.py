"""Only what Slack has signed within five minutes is taken; all else leaves no trace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import metadata
from tests.acceptance.conftest import RunBot
from tests.acceptance.participants import (
    EARTH_HOUR,
    FRIDAY,
    MONDAY,
    MONDAY_AFTER,
    REPRESENTATIVE,
    VISITED,
    moment,
    participant,
    said,
)
from tests.acceptance.process import wait_until
from tests.simulation import Simulation

from .raw import FORM, exchange, head, statuses, whole
from .running import PRESS, Running, form, signed

STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


def forgeries() -> dict[str, dict[str, str]]:
    body = form()
    right = signed(body)
    return {
        "no headers": {},
        "no signature": {STAMP: right[STAMP]},
        "no time stamp": {SIGNATURE: right[SIGNATURE]},
        "another secret": signed(body, "secret-4"),
        "no secret": signed(body, ""),
        "another body": signed(body + b"&more=1"),
        "an empty body": signed(b""),
        "too old": signed(body, ago=301),
        "much too old": signed(body, ago=10**9),
        "from the future": signed(body, ago=-302),
        "a newer time stamp": {**signed(body, ago=400), STAMP: right[STAMP]},
        "an older time stamp": {**right, STAMP: str(int(right[STAMP]) - 60)},
        "another version": {**right, SIGNATURE: right[SIGNATURE].replace("v0=", "v1=")},
        "no version": {**right, SIGNATURE: right[SIGNATURE].removeprefix("v0=")},
        "upper case": {**right, SIGNATURE: right[SIGNATURE].upper()},
        "cut": {**right, SIGNATURE: right[SIGNATURE][:-1]},
        "longer": {**right, SIGNATURE: right[SIGNATURE] + "0"},
        "empty": {**right, SIGNATURE: ""},
        "not ASCII": {**right, SIGNATURE: "v0=é"},
        "no number": {**right, STAMP: "now"},
        "another digit": {**right, STAMP: "²"},
        "a fraction": {**right, STAMP: f"{right[STAMP]}.0"},
        "a sign": {**right, STAMP: f"+{right[STAMP]}"},
        "huge": {**right, STAMP: "9" * 5000},
        "negative": {**right, STAMP: "-1"},
    }


@pytest.mark.parametrize("name", forgeries())
def test_requests_without_fresh_valid_signature_are_refused(running: Running, name: str) -> None:
    arrivals, rows = running.arrivals, running.rows()
    assert running.answers(whole(form(), forgeries()[name])) == [401]
    assert (running.arrivals, running.rows(), running.errors) == (arrivals, rows, [])


def test_requests_signed_within_five_minutes_are_accepted(running: Running) -> None:
    arrivals = running.arrivals
    for ago in (0, 290, -290):
        # The same press again would be answered, and not be done again.
        body = form({**PRESS, "trigger_id": f"1.2.{ago}"})
        assert running.answers(whole(body, signed(body, ago=ago))) == [200]
    wait_until(lambda: running.arrivals == arrivals + 3)


def test_one_wrong_signature_of_two_is_refused(running: Running) -> None:
    """A proxy and the bot may disagree which of two headers counts; neither order opens the door."""
    body, arrivals = form(), running.arrivals
    right, wrong = signed(body), signed(body, "secret-4")
    lines = [("Content-Type", FORM), ("Content-Length", str(len(body))), ("Connection", "close")]
    answers = [
        statuses(exchange(running.port, head([*lines, *first.items(), *second.items()]) + body))
        for first, second in ((wrong, right), (wrong, wrong))
    ]
    assert answers == [[401], [401]]
    assert running.arrivals == arrivals


def signatures(running: Running) -> dict[str, Any]:
    status, parts = running.run.readiness()
    assert status == 200
    return parts["signatures"]


@pytest.mark.parametrize(
    ("secret", "ago", "remedy"), [("another's", 0, "copy SLACK_SIGNING_SECRET again"), (None, 400, "clock (NTP)")]
)
def test_signatures_that_keep_failing_are_said(secret: str | None, ago: float, remedy: str, running: Running) -> None:
    body = form()
    assert running.takes(body, **signed(body)) == [200]
    wrong = signed(body, secret, ago) if secret else signed(body, ago=ago)
    for _ in range(2):
        assert running.takes(body, **wrong) == [401]
    assert running.answers(whole(body, {})) == [401]
    assert signatures(running)["ok"]
    assert running.takes(body, **wrong) == [401]
    part = signatures(running)
    assert not part["ok"]
    assert remedy in part["detail"]
    assert running.takes(body, **signed(body)) == [200]
    assert signatures(running)["ok"]


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "multipart/form-data; boundary=x"])
def test_other_content_type_does_not_bypass_signature(running: Running, kind: str) -> None:
    body, arrivals = json.dumps(PRESS).encode(), running.arrivals
    assert running.answers(whole(body, {"Content-Type": kind})) == [401]
    assert running.answers(whole(body, {**signed(b"{}"), "Content-Type": kind})) == [401]
    assert running.arrivals == arrivals


def test_verification_token_and_certificate_check_open_nothing(running: Running) -> None:
    arrivals = running.arrivals
    old = json.dumps({**PRESS, "token": "rehearsal-verification-token"}).encode()
    assert running.answers(whole(old, {"Content-Type": "application/json"})) == [401]
    # Slack checks certificates without a signature, and is told no more than that somebody is there.
    check = b"ssl_check=1&command=%2Fearthweek&text=forget&user_id=U0ANN"
    answer = exchange(running.port, whole(check, {}))
    assert statuses(answer) == [200]
    assert answer.endswith(b"\r\n\r\n")
    assert running.arrivals == arrivals


# Replays


@dataclass
class Tap:
    """Everything that was sent to the bot, as it was signed."""

    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def tap(week: Simulation, monkeypatch: pytest.MonkeyPatch) -> Tap:
    found, sign = Tap(), week.slack.sign

    def signing(body: str | bytes, timestamp: int | str) -> dict[str, str]:
        headers = sign(body, timestamp)
        found.sent.append((body.decode() if isinstance(body, bytes) else body, headers))
        return headers

    monkeypatch.setattr(week.slack, "sign", signing)
    return found


async def rows(week: Simulation) -> Mapping[str, object]:
    with week.bot.store.database.transaction() as connection:
        return {
            table.name: sorted(map(tuple, (connection.execute(select(table))).all()), key=repr)
            for table in metadata.sorted_tables
        }


async def replays(week: Simulation, found: Tap) -> int:
    """Send again what was just sent, bit by bit the same; how many requests that were."""
    await week.settle()
    before, sent = await rows(week), [*found.sent]
    for body, headers in sent:
        kind = "application/json" if body.startswith("{") else FORM
        request = whole(body.encode(), {**headers, "Content-Type": kind})
        assert statuses(await asyncio.to_thread(exchange, week._port, request)) == [200]
        await week.settle()
    assert await rows(week) == before, sent
    found.sent.clear()
    return len(sent)


async def test_replayed_request_within_five_minutes_changes_nothing(
    run_bot: RunBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    found = tap(week, monkeypatch)
    count = 0
    ann = await participant(week)

    async def did(*_acts: object) -> None:
        nonlocal count
        count += await replays(week, found)

    await did(await ann.joins(messages=True))
    await did(await ann.looks_home())
    await did(await ann.pledges("bike", own="Every day", days=["2027-03-16"]))
    await did(await ann.types("idea"), await ann.fills(text="More trees"))
    await week.run_until(moment(MONDAY, 10))
    tip = said(week, "week-se", "tip")
    await did(await ann.presses(tip, "did_this"))
    await did(await ann.forges("done_today", "bike", tip))
    await did(await ann.forges("pledge_already", "dryer", tip))
    await did(await ann.types("country NO"), await ann.types("language en"), await ann.types("pause 2027-03-18"))
    await week.run_until(moment(date(2027, 3, 16), 12))
    rep = await participant(week, REPRESENTATIVE)
    await did(await rep.presses(week.messages(REPRESENTATIVE)[0], "idea_publish"))
    await week.run_until(moment(FRIDAY, 15))
    await did(await ann.presses(said(week, ann.user, "how"), "check_in_partly"))
    await did(await ann.fills(obstacle="time", line="A shower"))
    await did(await ann.forges("earth_hour_join", "", tip), await ann.forges("earth_hour_remind", "", tip))
    week.clock.turn_to(moment(EARTH_HOUR, 22))
    await did(await ann.forges("earth_hour_did", "", tip), await ann.fills(minutes=30))
    week.clock.turn_to(moment(MONDAY_AFTER, 9))
    await did(await ann.types("messages off"))
    await did(await ann.forges("pledge_withdraw", "bike", tip))
    await did(await ann.types("forget"), await ann.fills())
    assert count >= 25

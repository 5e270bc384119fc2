"""What the log says of requests that Slack did not sign: that there were some, and nothing that was in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.slack.signature_log import SignatureFlaw, SignatureLog, signature_flaw
from tests.acceptance.process import wait_until

from .raw import whole
from .running import PRESS, Running, form, signed

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
SECRET_WORDS = "otter heron badger"
FORGED_LINE = '\n{"action": "send.sent", "event": "forged"}\n\x1b[2K'


def test_wrong_signature_is_one_line_without_its_body(running: Running) -> None:
    before = len(running.run.output())
    body = form({**PRESS, "text": SECRET_WORDS + FORGED_LINE + "x" * 100_000, "user": {"id": "U0OTTER"}})
    for _ in range(20):
        assert running.answers(whole(body, signed(b"another body"))) == [401]
    wait_until(lambda: any(line["flaw"] == "wrong" for line in running.run.logged("request.unsigned")))
    said = running.run.output()[before:]
    assert len(said) < 3000, "two megabytes were sent"
    assert all(json.loads(line)["action"] == "request.unsigned" for line in said.splitlines())
    assert "otter" not in said.lower()


def test_logging_of_refused_signatures_is_limited_per_minute() -> None:
    signatures = SignatureLog()
    with capture_logs() as logs:
        for second in range(120):
            signatures.record_invalid(SignatureFlaw.WRONG, NOW + timedelta(seconds=second / 2))
            signatures.record_invalid(SignatureFlaw.MISSING, NOW + timedelta(seconds=second / 2))
        signatures.record_invalid(SignatureFlaw.WRONG, NOW + timedelta(seconds=61))
    assert [line["action"] for line in logs] == ["request.unsigned"] * 11
    assert (logs[-1]["flaw"], logs[-1]["dropped"]) == ("wrong", 115)
    assert signatures.invalid == {SignatureFlaw.WRONG: 121, SignatureFlaw.MISSING: 120}
    assert signatures.last_invalid_at == NOW + timedelta(seconds=61)


def test_a_good_signature_ends_what_was_counted() -> None:
    signatures = SignatureLog()
    signatures.record_invalid(SignatureFlaw.STALE, NOW)
    signatures.record_valid(NOW + timedelta(seconds=1))
    assert signatures.invalid.total() == 0
    assert signatures.last_valid_at == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("stamp", "signature", "flaw"),
    [
        ("", "", SignatureFlaw.MISSING),
        ("", "v0=1", SignatureFlaw.MISSING),
        (str(int(NOW.timestamp())), "", SignatureFlaw.MISSING),
        (str(int(NOW.timestamp())), "v0=1", SignatureFlaw.WRONG),
        (str(int(NOW.timestamp()) - 301), "v0=1", SignatureFlaw.STALE),
        (str(int(NOW.timestamp()) + 301), "v0=1", SignatureFlaw.STALE),
        ("now", "v0=1", SignatureFlaw.WRONG),
        ("9" * 5000, "v0=1", SignatureFlaw.WRONG),
    ],
)
def test_the_flaw_of_a_signature_is_told(stamp: str, signature: str, flaw: SignatureFlaw) -> None:
    assert signature_flaw(stamp, signature, NOW) is flaw

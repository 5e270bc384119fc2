from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from bot.logs import catch_the_rest, say_why_it_ended, set_up

TOKENS = ("xoxb-12-abc", "xapp-1-A0-def", "xoxe.xoxp-1-ghi")
WORDS = "a shed for my neighbour's tandem"
HOOKS = ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook"), (warnings, "showwarning"))


@pytest.fixture(autouse=True)
def afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in HOOKS:
        monkeypatch.setattr(owner, name, getattr(owner, name))


@pytest.fixture
def lines() -> Callable[[], list[dict[str, Any]]]:
    """What was logged as JSON since it was asked for last."""
    set_up("DEBUG", as_json=True)
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)

    def since() -> list[dict[str, Any]]:
        said = stream.getvalue()
        stream.seek(0)
        stream.truncate()
        return [json.loads(line) for line in said.splitlines()]

    return since


def test_event_is_one_json_line_with_its_action(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", as_json=True)
    structlog.get_logger().info("sent", action="send.sent", key="a:b")
    [line] = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["action"], event["level"], event["key"]) == ("sent", "send.sent", "info", "a:b")
    assert event["timestamp"].endswith("Z")


@pytest.mark.parametrize("as_json", [True, False])
def test_no_token_is_shown_wherever_it_stands(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    set_up("INFO", as_json=as_json)
    log = structlog.get_logger()
    log.info("with %s", TOKENS[0], action="a", deep={"list": [TOKENS[1]]}, error=TOKENS[2])
    logging.getLogger("library").warning("also %s", TOKENS[0])
    try:
        int(TOKENS[0])
    except ValueError:
        log.exception("broke", action="b")
    shown = capsys.readouterr().err
    assert "broke" in shown
    assert not any(token in shown for token in TOKENS)


def test_user_id_in_log_value_is_removed(lines: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger().info(
        "x", action="a", reason="Slack does not know U012ABCDE", team="T012ABCDE", code="UNIQUE"
    )
    [line] = lines()
    assert line["reason"] == "Slack does not know (person)"
    assert (line["team"], line["code"]) == ("T012ABCDE", "UNIQUE")


@pytest.mark.parametrize(
    "name", ["slack_bolt.AsyncApp", "slack_sdk.web", "sqlalchemy.engine.Engine", "asyncio", "botany"]
)
def test_a_library_is_heard_without_its_words(name: str, lines: Callable[[], list[dict[str, Any]]]) -> None:
    logging.getLogger(name).warning("Unhandled request %s", {"text": WORDS})
    logging.getLogger(name).error({"text": WORDS})
    warned, erred = lines()
    assert (warned["action"], warned["library"], warned["level"]) == ("library.said", name, "warning")
    assert warned["at"].startswith("test_logs:")
    assert len(erred["reference"]) == 8
    assert WORDS not in str((warned, erred))


def test_libraries_are_quiet_below_warnings_at_every_level(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("DEBUG", as_json=False)
    for name in ("markdown_it.rules_block", "slack_bolt.AsyncRequestVerification", "psycopg"):
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).debug("%s", WORDS)
        logging.getLogger(name).info("%s", WORDS)
    assert capsys.readouterr().err == ""
    structlog.get_logger().debug("ours", action="a")
    assert "ours" in capsys.readouterr().err


def test_a_library_that_repeats_itself_is_cut_short(
    lines: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([1.0] * 800 + [62.0])
    # In its module alone: other threads of these tests read the machine's clock meanwhile.
    monkeypatch.setattr("bot.logs.time", SimpleNamespace(monotonic=lambda: next(moments)))
    for _ in range(801):
        logging.getLogger("asyncio").error("socket.accept() out of system resource")
    told = lines()
    assert len(told) == 6
    assert told[-1]["dropped"] == 800 - 5


class Strict(BaseModel):
    country: int


def of_pydantic() -> None:
    Strict.model_validate({"country": WORDS})


def of_an_encoding() -> None:
    f"{WORDS}\ud800".encode()


def of_a_key() -> None:
    known: dict[str, int] = {}
    known[WORDS] += 1


def of_a_disk() -> None:
    raise OSError(28, WORDS)


def in_a_chain() -> None:
    try:
        of_a_disk()
    except OSError as error:
        raise ValueError(WORDS) from error


def in_a_group() -> None:
    raise ExceptionGroup(WORDS, [ValueError(WORDS), OSError(28, WORDS)])


class OddError(Exception):
    def __str__(self) -> str:
        raise RuntimeError(WORDS)


def odd() -> None:
    raise OddError


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("breaks", [of_pydantic, of_an_encoding, of_a_key, in_a_chain, in_a_group, odd])
def test_what_an_exception_quotes_is_not_logged(
    *, as_json: bool, breaks: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("DEBUG", as_json=as_json)
    try:
        breaks()
    except (Exception, ValidationError):
        structlog.get_logger().exception("broke", action="a", reference="r")
        logging.getLogger("library").exception("Failed: %s", WORDS)
    ours, theirs = capsys.readouterr().err.splitlines()
    for line in (ours, theirs):
        assert breaks.__name__ in line
        assert "neighbour" not in line


def test_an_exception_names_type_code_place_and_cause(lines: Callable[[], list[dict[str, Any]]]) -> None:
    try:
        in_a_chain()
    except ValueError:
        structlog.get_logger().exception("broke", action="a")
    [line] = lines()
    assert line["error"] == "ValueError"
    assert line["exception"].startswith("ValueError at ")
    assert " in_a_chain, from OSError(ENOSPC) at " in line["exception"]
    assert " of_a_disk" in line["exception"]


def test_repeated_traceback_is_drawn_only_occasionally(lines: Callable[[], list[dict[str, Any]]]) -> None:
    for number in range(1000):
        try:
            of_a_key()
        except KeyError:
            structlog.get_logger().exception("broke", action="a", reference=str(number))
    told = lines()
    assert [line["reference"] for line in told] == [str(number) for number in range(1000)], "each has its line"
    assert sum("exception" in line for line in told) < 20
    assert all(line["error"] == "KeyError" for line in told)


@pytest.mark.parametrize("as_json", [True, False])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text())
def test_log_value_cannot_break_or_forge_line(*, as_json: bool, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", as_json=as_json)
    structlog.get_logger().info("one", action="a", value=f"\n{value}\r\x1b[2K\u2028\x85", deep=[value])
    shown = capsys.readouterr().err
    assert len(shown.splitlines()) == 1
    assert shown[:-1].isprintable()


def test_what_nobody_caught_is_a_line_as_well(lines: Callable[[], list[dict[str, Any]]]) -> None:
    catch_the_rest()
    thread = threading.Thread(target=of_a_key)
    thread.start()
    thread.join()
    sys.excepthook(ValueError, ValueError(WORDS), None)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(WORDS, RuntimeWarning, stacklevel=1)
    told = lines()
    assert [line["action"] for line in told] == ["process.uncaught", "process.uncaught", "library.warned"]
    assert [line.get("where") for line in told] == ["a thread", "the process", None]
    assert told[2]["kind"] == "RuntimeWarning"
    assert WORDS not in str(told)


def test_error_while_cleaning_up_is_logged_too(lines: Callable[[], list[dict[str, Any]]]) -> None:
    class Leaves:
        def __del__(self) -> None:
            raise ValueError(WORDS)

    catch_the_rest()
    Leaves()
    [line] = lines()
    assert (line["action"], line["where"], line["error"]) == ("process.uncaught", "cleaning up", "ValueError")


def test_reason_for_ending_is_sentences_or_reference(lines: Callable[[], list[dict[str, Any]]]) -> None:
    say_why_it_ended(ValueError(WORDS), ["SLACK_BOT_TOKEN is not set", "PORT: 0 or more"])
    say_why_it_ended(ValueError(WORDS), [])
    first, second, third = lines()
    assert [first["event"], second["event"]] == ["SLACK_BOT_TOKEN is not set", "PORT: 0 or more"]
    assert first["action"] == second["action"] == "service.cannot_run"
    assert (third["action"], third["error"], len(third["reference"])) == ("process.uncaught", "ValueError", 8)


def test_what_is_below_the_level_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("WARNING", as_json=False)
    structlog.get_logger().info("quiet", action="a")
    logging.getLogger("slack_sdk").info("quiet")
    assert capsys.readouterr().err == ""

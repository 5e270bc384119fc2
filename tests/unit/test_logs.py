from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up
from bot.settings import LogFormat

TOKENS = ("xoxb-12-abc", "xapp-1-A0-def", "xoxe.xoxp-1-ghi")


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers = []
    logging.getLogger().setLevel(logging.WARNING)


def test_an_event_is_one_line_of_json_with_its_action(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", LogFormat.JSON)
    structlog.get_logger().info("sent", action="send.sent", key="a:b")
    [line] = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["action"], event["level"], event["key"]) == ("sent", "send.sent", "info", "a:b")
    assert event["timestamp"].endswith("Z")


@pytest.mark.parametrize("form", LogFormat)
def test_no_token_is_shown_wherever_it_stands(form: LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", form)
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


def test_what_libraries_tell_at_the_lowest_level_is_not_shown_because_it_holds_what_people_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up("DEBUG", LogFormat.TEXT)
    logging.getLogger("slack_sdk.web.async_base_client").debug("Sending a request: 'my idea'")
    logging.getLogger("sqlalchemy.engine.Engine").info("INSERT ... ('my idea')")
    assert capsys.readouterr().err == ""


def test_what_is_below_the_level_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("WARNING", LogFormat.TEXT)
    structlog.get_logger().info("quiet", action="a")
    logging.getLogger("slack_sdk").info("quiet")
    assert capsys.readouterr().err == ""

"""What lasts is said when it begins and when it ends; a mistake of the program is said with its traceback."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from structlog.testing import capture_logs

from bot.database.errors import is_away
from bot.delivery.outage_log import SLACK, Outages

Logs = list[MutableMapping[str, Any]]


@pytest.fixture
def logs() -> Iterator[Logs]:
    with capture_logs() as found:
        yield found


def of_sqlite(name: str) -> OperationalError:
    driver = sqlite3.OperationalError("the words of somebody")
    driver.sqlite_errorname = name
    return OperationalError("INSERT", {}, driver)


AWAY = (
    of_sqlite("SQLITE_FULL"),
    of_sqlite("SQLITE_BUSY"),
    of_sqlite("SQLITE_READONLY"),
    ConnectionError(),
    TimeoutError(),
    NoConnectionError(),
)
MISTAKES = (
    of_sqlite("SQLITE_ERROR"),
    IntegrityError("INSERT", {}, sqlite3.IntegrityError()),
    ProgrammingError("SELECT", {}, sqlite3.ProgrammingError()),
    KeyError(),
)


def test_lost_connections_are_outages_and_bad_queries_not() -> None:
    assert all(map(is_away, AWAY))
    assert not any(map(is_away, MISTAKES))


def test_an_hour_of_trying_is_two_lines(logs: Logs) -> None:
    outages = Outages()
    for _ in range(720):
        for loop in ("plan", "dispatch", "replicas"):
            outages.task_failed(loop, of_sqlite("SQLITE_FULL"))
    for loop in ("plan", "dispatch", "replicas", "plan"):
        outages.task_succeeded(loop)
    began, ended = logs
    assert (began["action"], began["what"]) == ("outage.began", "database")
    assert began["error"] == "sqlalchemy.exc.OperationalError(SQLITE_FULL)"
    assert (ended["action"], ended["what"]) == ("outage.ended", "database")


def test_outage_lasts_until_the_affected_task_succeeds(logs: Logs) -> None:
    outages = Outages()
    outages.task_failed("plan", ConnectionError())
    for _ in range(10):
        outages.task_succeeded("dispatch")
        outages.task_failed("plan", ConnectionError())
    assert [line["action"] for line in logs] == ["outage.began"]
    outages.task_succeeded("plan")
    outages.task_failed("plan", ConnectionError())
    assert [line["action"] for line in logs] == ["outage.began", "outage.ended", "outage.began"]


def test_outages_of_database_and_slack_are_separate(logs: Logs) -> None:
    outages = Outages()
    outages.task_failed("dispatch", ConnectionError())
    outages.began(SLACK, "dispatch", "http_503")
    outages.task_succeeded("dispatch")
    outages.ended(SLACK, "dispatch")
    assert [(line["action"], line["what"]) for line in logs] == [
        ("outage.began", "database"),
        ("outage.began", "slack"),
        ("outage.ended", "database"),
        ("outage.ended", "slack"),
    ]


def breaks(kind: type[Exception]) -> None:
    raise kind("the words of somebody")


def broken(kind: type[Exception]) -> Exception:
    try:
        breaks(kind)
    except kind as error:
        return error
    raise AssertionError


def test_repeated_error_is_logged_once_until_recovery(logs: Logs) -> None:
    outages = Outages()
    for _ in range(5):
        outages.task_failed("plan", broken(KeyError))
        outages.task_failed("plan", broken(ValueError))
    outages.task_succeeded("plan")
    outages.task_succeeded("plan")
    outages.task_failed("plan", broken(KeyError))
    assert [line["action"] for line in logs] == ["loop.failed", "loop.failed", "loop.recovered", "loop.failed"]
    assert all(line["exc_info"] and line["reference"] for line in logs if line["action"] == "loop.failed")

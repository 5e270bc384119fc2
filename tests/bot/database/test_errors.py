"""What is said of an error of the database, and whether it passes."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.database.errors import DatabaseAwayError, cause, failure_of, is_away, unusable_error

REFUSED = 'connection failed: connection to server at "db", port 5432 failed: '


def wrapped(error: Exception) -> DBAPIError:
    """The error as SQLAlchemy passes it on."""
    return OperationalError("SELECT secret FROM people", {"user": "U0ANN"}, error)


@pytest.mark.parametrize(
    ("said", "remedy", "passes"),
    [
        ("Connection refused\n\tIs the server running on that host?", "whether the database runs", True),
        ('FATAL:  password authentication failed for user "bot"', "the user and the password", False),
        ("FATAL:  SASL authentication failed", "the user and the password", False),
        ('FATAL:  role "bot" does not exist', "correct its name", False),
        ('FATAL:  database "week" does not exist', "make that database", False),
        ("FATAL:  no such database: week", "make that database", False),
        ("FATAL:  sorry, too many clients already", "raise max_connections", True),
        ("FATAL:  no more connections allowed (max_client_conn)", "raise max_client_conn of PgBouncer", True),
        ("FATAL:  unsupported startup parameter: options", "leave it out of DATABASE_URL", False),
        ("FATAL:  the database system is starting up", "whether the database runs", True),
    ],
)
def test_refused_connection_is_known_by_its_words(said: str, remedy: str, *, passes: bool) -> None:
    failure = failure_of(wrapped(psycopg.OperationalError(REFUSED + said)))
    assert remedy in failure.remedy
    assert failure.passes is passes
    assert failure.cause == REFUSED + said.splitlines()[0]


@pytest.mark.parametrize(
    ("said", "remedy", "passes"),
    [
        ("transaction blocks not allowed in statement pooling mode", "let it pool transactions or sessions", False),
        ("pgbouncer cannot connect to server", "whether the database runs", True),
        ("query_wait_timeout", "raise default_pool_size of PgBouncer", True),
    ],
)
def test_what_pgbouncer_says_has_its_remedy(said: str, remedy: str, *, passes: bool) -> None:
    """One SQLSTATE stands for all of it."""
    failure = failure_of(wrapped(psycopg.errors.ProtocolViolation(said)))
    assert remedy in failure.remedy
    assert failure.passes is passes


@pytest.mark.parametrize(
    ("kind", "remedy", "passes"),
    [
        (psycopg.errors.UndefinedTable, "tables are missing", False),
        (psycopg.errors.InsufficientPrivilege, "the right to write", False),
        (psycopg.errors.ReadOnlySqlTransaction, "it is a standby", True),
        (psycopg.errors.DiskFull, "the disk is full", True),
        (psycopg.errors.InvalidPassword, "the user and the password", False),
    ],
)
def test_error_of_server_is_known_by_its_code(kind: type[psycopg.Error], remedy: str, *, passes: bool) -> None:
    failure = failure_of(wrapped(kind('relation "outbox" does not exist')))
    assert remedy in failure.remedy
    assert failure.passes is passes


def test_nothing_of_the_statement_is_said() -> None:
    error = wrapped(psycopg.OperationalError("server closed the connection unexpectedly\n\tThis probably means"))
    assert str(failure_of(error)).startswith("server closed the connection unexpectedly; ")
    assert cause(error) == "server closed the connection unexpectedly"


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (wrapped(psycopg.OperationalError("gone")), True),
        (wrapped(psycopg.errors.QueryCanceled("statement timeout")), True),
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (DBAPIError.instance("SELECT", {}, psycopg.errors.UndefinedTable("no"), psycopg.Error), False),
        (DBAPIError.instance("SELECT", {}, psycopg.errors.UniqueViolation("no"), psycopg.Error), False),
        (KeyError(), False),
    ],
)
def test_wrong_question_is_told_from_absent_database(error: Exception, *, away: bool) -> None:
    assert is_away(error) is away


def test_full_disk_passes_and_damaged_file_does_not() -> None:
    full, damaged = sqlite3.OperationalError("full"), sqlite3.DatabaseError("malformed")
    full.sqlite_errorcode, damaged.sqlite_errorcode = sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT
    assert isinstance(unusable_error(wrapped(full)), DatabaseAwayError)
    assert not isinstance(unusable_error(wrapped(damaged)), DatabaseAwayError)

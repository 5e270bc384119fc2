from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.database.postgresql import PostgresqlDatabase
from bot.database.urls import parse_url, shown


def told(url: str) -> dict[str, str]:
    """What libpq is told, as it reads it."""
    engine = PostgresqlDatabase(parse_url(url)).engine
    _, arguments = engine.dialect.create_connect_args(engine.url)
    arguments.pop("context")
    return {name: str(value) for name, value in conninfo_to_dict(make_conninfo(**arguments)).items()}


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///earthweek.db", "sqlite+pysqlite"),
        ("postgresql://bot:secret@db/earthweek", "postgresql+psycopg"),
        ("postgres://bot:secret@db:5433/earthweek?sslmode=require", "postgresql+psycopg"),
        ("postgresql+psycopg2://bot@/earthweek?host=/run/postgresql", "postgresql+psycopg"),
    ],
)
def test_database_url_gets_the_programs_own_driver(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize("given", ["earthweek.db", "", "mysql://db/bot", "oracle:"])
def test_unsupported_url_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(ValueError, match=r"use sqlite:///earthweek\.db or postgresql://user:password@host/name"):
        parse_url(given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("sqlite://earthweek.db", "after three slashes"),
        ("sqlite://var/lib/earthweek.db", "write it as sqlite:///earthweek.db"),
        ("sqlite://user@host/earthweek.db", "after three slashes"),
        ("sqlite:///earthweek.db?mode=ro", "it says mode after a question mark"),
        ("sqlite:///earth\x00week.db", "cannot be seen or read"),
        ("sqlite:///earth\udce9week.db", "cannot be seen or read"),
    ],
)
def test_url_without_a_proper_file_is_refused(given: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_url(given)


def test_unknown_url_option_is_named() -> None:
    with pytest.raises(ValueError, match="it says pgbouncer, which is not known here; leave it out"):
        parse_url("postgres://bot:secret@db/week?sslmode=require&pgbouncer=true")


@pytest.mark.parametrize(
    "given",
    [
        "postgres://bot:p%40ss%2Fword@db.example.com/week?sslmode=require&channel_binding=require&connect_timeout=10",
        "postgresql://bot@db.example.com/week?sslmode=verify-full&sslrootcert=system",
        "postgresql://bot@/week?host=/run/postgresql",
        "postgresql+asyncpg://bot@db/week?prepared_statement_cache_size=0",
    ],
)
def test_urls_copied_from_hosting_providers_are_accepted(given: str) -> None:
    assert parse_url(given).database == "week"


@given(password=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="@%"), min_size=1))
def test_password_needs_no_encoding_but_of_two_signs(password: str) -> None:
    found = told(f"postgresql://bot:{password}@db/week")
    assert (found["password"], found["host"], found["dbname"]) == (password, "db", "week")


def test_an_unencoded_at_sign_is_refused_unseen() -> None:
    with pytest.raises(ValueError, match=r"an @ .* is written as %40") as refused:
        parse_url("postgresql://bot:hun@ter2@db/week")
    assert "ter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("postgresql://bot@/week?host=/run/postgresql", "/run/postgresql"),
        ("postgresql:///week?host=%2Frun%2Fa%20folder", "/run/a folder"),
        ("postgresql://bot@%2Frun%2Fpostgresql/week", "/run/postgresql"),
        ("postgresql://bot@[::1]/week", "::1"),
    ],
)
def test_sockets_and_addresses_reach_the_driver(url: str, host: str) -> None:
    assert told(url)["host"] == host


def test_socket_is_shown_without_its_user() -> None:
    assert shown("postgresql://bot:hunter2@/week?host=/run/postgresql") == "this machine/week"


@pytest.mark.parametrize(
    ("query", "mode"),
    [
        ("sslmode=verify-ca", "verify-ca"),
        ("ssl=require", "require"),
        ("ssl=true", "require"),
        ("ssl=disable&sslmode=require", "require"),
        ("sslrootcert=system", "verify-full"),
        ("sslrootcert=system&sslmode=verify-full", "verify-full"),
        ("prepared_statement_cache_size=0", None),
    ],
)
def test_wish_for_encryption_reaches_the_driver(query: str, mode: str | None) -> None:
    assert told(f"postgresql://bot@db/week?{query}").get("sslmode") == mode


def test_system_certificates_are_those_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "authorities.pem"
    file.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert told("postgresql://bot@db/week?sslrootcert=system")["sslrootcert"] == str(file)

from __future__ import annotations

import pytest

from bot.store.urls import parse_url


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

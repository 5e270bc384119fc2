from __future__ import annotations

import pytest

from bot.store import postgresql
from bot.store.database import parse_url


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///earthweek.db", "sqlite+aiosqlite"),
        ("postgresql://bot:secret@db/earthweek", "postgresql+asyncpg"),
        ("postgres://bot:secret@db:5433/earthweek?sslmode=require", "postgresql+asyncpg"),
        ("postgresql+psycopg2://bot@/earthweek?host=/run/postgresql", "postgresql+asyncpg"),
    ],
)
def test_a_database_is_opened_with_the_driver_of_this_program(given: str, driver: str) -> None:
    assert parse_url(given).drivername == driver


@pytest.mark.parametrize("given", ["earthweek.db", "", "mysql://db/bot", "oracle:"])
def test_what_is_no_database_or_not_supported_is_refused_with_what_to_write_instead(given: str) -> None:
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
def test_a_file_that_is_not_named_as_one_is_refused(given: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_url(given)


def test_what_an_address_says_beyond_what_is_known_is_named() -> None:
    with pytest.raises(ValueError, match="it says pgbouncer, which is not known here; leave it out"):
        parse_url("postgres://bot:secret@db/week?sslmode=require&pgbouncer=true")


def test_addresses_are_taken_as_they_are_copied_from_a_hosting() -> None:
    copied = (
        "postgres://bot:p%40ss%2Fword@db.example.com/week?sslmode=require&channel_binding=require&connect_timeout=10"
    )
    driver = postgresql._for_driver(parse_url(copied))
    assert driver == "postgresql://bot:p%40ss%2Fword@db.example.com/week?sslmode=require"
    assert postgresql._authorities(parse_url(copied)) is None


def test_the_authorities_of_the_machine_are_asked_where_an_address_says_so() -> None:
    url = parse_url("postgresql://bot@db.example.com/week?sslmode=verify-full&sslrootcert=system")
    found = postgresql._authorities(url)
    assert found is not None
    assert found.check_hostname
    assert postgresql._for_driver(url) == "postgresql://bot@db.example.com/week"

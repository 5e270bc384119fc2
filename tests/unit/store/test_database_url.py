from __future__ import annotations

import pytest

from bot.store.database import parse_url


def test_a_database_is_opened_with_the_driver_of_this_program() -> None:
    assert parse_url("sqlite:///earthweek.db").drivername == "sqlite+aiosqlite"


@pytest.mark.parametrize("given", ["earthweek.db", "", "mysql://db/bot", "oracle:"])
def test_what_is_no_database_or_not_supported_is_refused_with_what_to_write_instead(given: str) -> None:
    with pytest.raises(ValueError, match=r"use sqlite:///earthweek\.db"):
        parse_url(given)

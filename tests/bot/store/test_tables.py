from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from bot.store.tables import Instant

SQLITE: Dialect = sqlite.dialect()
POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
AWARE = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds


@given(AWARE, st.sampled_from([SQLITE, POSTGRESQL]))
def test_instant_comes_back_as_same_instant_in_utc(moment: datetime, dialect: Dialect) -> None:
    stored = Instant().process_bind_param(moment, dialect)
    found = Instant().process_result_value(stored, dialect)
    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC


@pytest.mark.parametrize("dialect", [SQLITE, POSTGRESQL])
def test_a_naive_instant_is_a_mistake(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="an instant needs a zone"):
        Instant().process_bind_param(datetime(2027, 3, 15), dialect)  # noqa: DTZ001 - that is the mistake


def test_no_instant_stays_none() -> None:
    assert Instant().process_bind_param(None, SQLITE) is None
    assert Instant().process_result_value(None, SQLITE) is None

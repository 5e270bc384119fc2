from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack import timestamp


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy adds the zone
def test_instant_survives_a_timestamp(at: datetime) -> None:
    assert timestamp.instant(timestamp.text(timestamp.of(at))) == at


@pytest.mark.parametrize(
    ("value", "micros"),
    [("1.5", 1_500_000), ("12", 12_000_000), ("1.0000019", 1_000_001), ("x", None), ("1.", None), ("²", None)],
)
def test_callers_timestamps_are_read_or_refused(value: str, micros: int | None) -> None:
    assert timestamp.parse(value) == micros

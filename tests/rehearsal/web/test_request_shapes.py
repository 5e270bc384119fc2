from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rehearsal.web import control_requests, user_requests
from rehearsal.web.user_requests import LONGEST
from tests.acceptance.rooms import GUEST

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
HERE = {"as": GUEST, "in": "home"}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {},
        {"do": "dance"},
        {"do": "say", "text": "hi"},
        {**HERE, "do": "say"},
        {**HERE, "do": "say", "text": "x" * (LONGEST + 1)},
        {**HERE, "as": 1, "do": "say", "text": ""},
        {**HERE, "in": None, "do": "command", "text": "/earthweek"},
        {**HERE, "do": "submit"},
        {**HERE, "do": "press", "on": "wall", "action": "a"},
        {**HERE, "do": "submit", "view": "V1", "fields": {"b": {"a": {"c": "d"}}}},
        {**HERE, "do": "submit", "view": "V1", "fields": {"b": {"a": True}}},
    ],
)
def test_what_is_no_act_is_refused(body: object) -> None:
    with pytest.raises(ValidationError):
        user_requests.read(body)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {"do": "fly"},
        {"do": "speed", "speed": 0},
        {"do": "speed", "speed": -600},
        {"do": "speed", "speed": 1e12},
        {"do": "speed", "speed": "fast"},
        {"do": "go", "at": "2027-03-20T20:15"},
        {"do": "go", "wall": "2027-03-20T20:15Z"},
        {"do": "go", "at": "someday"},
    ],
)
def test_unknown_clock_request_is_refused(body: object) -> None:
    with pytest.raises(ValidationError):
        control_requests.read(body)


@given(JSON)
def test_of_any_json_nothing_comes_but_a_refusal(body: object) -> None:
    for read in (user_requests.read, control_requests.read, control_requests.FaultRequest.model_validate):
        with pytest.raises(ValidationError):
            read(body)

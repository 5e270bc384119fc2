from __future__ import annotations

import pytest

from rehearsal.slack.call_arguments import Arguments
from rehearsal.slack.errors import RefusedError


def test_flags_are_read_from_json_and_forms() -> None:
    args = Arguments({"a": True, "b": "1", "c": "false", "d": "0", "e": ""})
    assert [args.flag(name) for name in "abcdef"] == [True, True, False, False, False, False]


@pytest.mark.parametrize(("limit", "taken"), [(None, 100), ("0", 100), ("5", 5), (7, 7), ("5000", 999)])
def test_limit_is_cut_to_the_methods_own(limit: object, taken: int) -> None:
    assert Arguments({"limit": limit}).limit(100, 999) == taken


def test_structures_come_as_json_or_as_text() -> None:
    args = Arguments({"a": '[{"x": 1}]', "b": [1], "c": "", "d": "{"})
    assert [args.structure(name) for name in "abc"] == [[{"x": 1}], [1], None]
    with pytest.raises(RefusedError):
        args.structure("d")


def test_missing_or_odd_text_is_refused() -> None:
    with pytest.raises(RefusedError):
        Arguments({}).required("channel")
    with pytest.raises(RefusedError):
        Arguments({"channel": ["C1"]}).text("channel")

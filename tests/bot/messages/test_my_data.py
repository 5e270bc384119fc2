from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.modals import my_data
from bot.messages.modals.modal import View
from rehearsal.slack.block_validation import view_problems

from .modal_samples import (
    ENGLISH,
    LARGEST_VIEW,
    names,
    text_of,
)


def json_in(view: View) -> str:
    """The JSON of a form as a reader copies it."""
    parts = [each["text"]["text"] for each in view["blocks"] if str(each["block_id"]).startswith("raw_")]
    assert all(part.startswith("```") and part.endswith("```") for part in parts)
    return "".join(part[3:-3] for part in parts).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def test_forgetting_says_what_goes_and_what_stays() -> None:
    said = text_of(my_data.draw_forget(ENGLISH))
    assert "everything we keep about you" in said
    assert "published" in said


@given(st.recursive(st.text(max_size=3000), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_stored_json_is_complete_and_has_no_backticks(stored: Any) -> None:
    view = my_data.draw_data(ENGLISH, ["Something."], json.dumps(stored, ensure_ascii=False))
    assert view_problems(view, "modal") == []
    assert "`" not in json_in(view)
    assert json.loads(json_in(view)) == stored


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("sign", ["a", "&", "å", "😀", "`", "\n"])
def test_data_beyond_the_limit_is_marked_left_out(sign: str, indent: int | None) -> None:
    raw = json.dumps([sign * 900] * 700, indent=indent, ensure_ascii=False)
    view = my_data.draw_data(ENGLISH, ["line " * 500] * 5, raw)
    assert view_problems(view, "modal") == []
    assert len(view["blocks"]) <= 95
    assert len(json.dumps(view)) <= LARGEST_VIEW
    assert names(view)[-1] == "left_out"


def test_data_that_fits_is_not_marked_left_out() -> None:
    assert "left_out" not in names(my_data.draw_data(ENGLISH, ["A line."], "{}"))

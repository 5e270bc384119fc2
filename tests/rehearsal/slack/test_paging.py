from __future__ import annotations

import base64

import pytest

from rehearsal.slack.errors import RefusedError
from rehearsal.slack.paging import decode, slice_of


def test_pages_cover_a_list_once() -> None:
    seen: list[int] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page, cursor = slice_of(range(7), "user", cursor, 3)
        seen += page
        pages += 1
    assert (seen, pages) == ([*range(7)], 3)


@pytest.mark.parametrize(
    "cursor", ["nonsense", "%%", base64.b64encode(b"team:3").decode(), base64.b64encode(b"user:x").decode()]
)
def test_cursor_of_something_else_is_refused(cursor: str) -> None:
    with pytest.raises(RefusedError):
        decode("user", cursor)

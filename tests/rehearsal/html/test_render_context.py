from __future__ import annotations

import pytest

from rehearsal.html.render_context import Viewer


@pytest.mark.parametrize(("language", "shown"), [("en-GB", "1,234.57"), ("de-DE", "1.234,57"), ("en", "1,234.57")])
def test_numbers_are_read_in_the_viewers_language(language: str, shown: str) -> None:
    assert Viewer(language=language).number(1234.567) == shown

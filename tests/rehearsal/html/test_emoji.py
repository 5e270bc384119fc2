from __future__ import annotations

from rehearsal.html.emoji import with_emoji


def test_known_names_become_emoji_and_others_stay() -> None:
    assert with_emoji(":wave: at 10:30, :no_such_thing:") == "👋 at 10:30, :no_such_thing:"

from __future__ import annotations

import pytest

from bot.campaign import slack_names


@pytest.mark.parametrize(
    ("written", "name"), [("#earth-week", "earth-week"), ("grön_vecka", "grön_vecka"), ("C0123ABCD", "C0123ABCD")]
)
def test_channel_is_taken_by_name_or_id(written: str, name: str) -> None:
    assert slack_names.channel(written) == name


@pytest.mark.parametrize(
    ("written", "todo"),
    [
        ("Earth Week", '"earth-week"'),
        ("https://x.slack.com/archives/C0123ABCD", '"C0123ABCD"'),
        ("<#C0123ABCD|earth>", '"C0123ABCD"'),
    ],
)
def test_impossible_channel_says_what_to_write(written: str, todo: str) -> None:
    with pytest.raises(ValueError, match=todo):
        slack_names.channel(written)


@pytest.mark.parametrize(("written", "todo"), [("@u012ab", 'write "U012AB"'), ("@ulla", "Copy member ID")])
def test_wrong_user_id_says_where_to_find_it(written: str, todo: str) -> None:
    assert slack_names.user("U012ABCDEF") == "U012ABCDEF"
    with pytest.raises(ValueError, match=todo):
        slack_names.user(written)

"""Slack user IDs as people type or paste them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.user_id_parsing import user_id

IDS = st.from_regex(r"[UW][A-Z0-9]{8,11}", fullmatch=True)
LABELS = st.text(st.characters(exclude_characters=">", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)


@pytest.mark.parametrize("written", ["u0bo", " U0BO", "@U0BO", "<@U0BO>", "<@u0bo|bo>", "<@U0BO|>", "U0BO>", "U0BO\n"])
def test_id_is_understood_however_it_is_written(written: str) -> None:
    assert user_id(written) == "U0BO"


@pytest.mark.parametrize("written", ["WORKSPACE", "UABCDEFGH", "W0A", "U" + "0" * 30])
def test_old_and_long_ids_are_ids(written: str) -> None:
    assert user_id(written) == written


@given(IDS, LABELS)
def test_mention_is_its_user_whatever_its_label(user: str, label: str) -> None:
    assert user_id(f"<@{user}|{label}>") == user_id(user.lower()) == user


@pytest.mark.parametrize(
    "written",
    [
        "anna@example.com", "Anna", "Walter", "Ulrika", "@anna", "C0123456789", "B0BOT", "U0BO U0ANN", "U", "U0",
        "<@U0BO|a> <@U0ANN>", "@walter|xxxxxx", "ula\u00df12345", "U" + "0" * 31, "", " ", "*", "U0\u0661BO", "U0_BO",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_advice(written: str) -> None:
    with pytest.raises(ValueError, match="is not a Slack user ID, such as U012ABC3DE; in Slack, open") as refused:
        user_id(written)
    assert str(refused.value).startswith(repr(written))
    assert "Copy member ID" in str(refused.value)

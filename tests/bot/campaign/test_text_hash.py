from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash

WORDS = st.text(min_size=1, max_size=8)
TEXTS = st.builds(Text, title=WORDS, summary=WORDS, body=st.text(max_size=8))


@given(TEXTS, TEXTS)
def test_two_texts_share_hash_only_if_same(one: Text, other: Text) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)


def test_a_word_that_moves_changes_the_hash() -> None:
    one, other = Text(title="a b", summary="c"), Text(title="a", summary="b c")
    assert text_hash(one) != text_hash(other)


def test_hash_is_the_same_in_every_process() -> None:
    assert text_hash(Text(title="Å", summary="é.", body="💡")).startswith("44ec3eb9")

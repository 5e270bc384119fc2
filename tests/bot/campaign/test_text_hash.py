from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash

WORDS = st.text(min_size=1, max_size=8)
LINES = st.dictionaries(st.sampled_from(["NO", "SE"]), WORDS.filter(lambda line: "\n" not in line))
ASKED = st.text(max_size=2).filter(lambda ask: "\n" not in ask)
TEXTS = st.builds(Text, title=WORDS, summary=WORDS, body=st.text(max_size=8), ask=ASKED, local=LINES)


@given(TEXTS, TEXTS)
def test_two_texts_share_hash_only_if_same(one: Text, other: Text) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)


def test_a_word_that_moves_changes_the_hash() -> None:
    one, other = Text(title="a b", summary="c"), Text(title="a", summary="b c")
    assert text_hash(one) != text_hash(other)


def test_question_and_lines_are_part_of_it() -> None:
    plain = Text(title="a", summary="b.")
    asks, has_line = plain.model_copy(update={"ask": "c"}), plain.model_copy(update={"local": {"NO": "c"}})
    assert len({text_hash(each) for each in (plain, asks, has_line)}) == len((plain, asks, has_line))


def test_order_of_lines_changes_nothing() -> None:
    one, other = (
        Text(title="a", summary="b.", local=lines) for lines in ({"NO": "c", "SE": "d"}, {"SE": "d", "NO": "c"})
    )
    assert text_hash(one) == text_hash(other)


def test_hash_is_the_same_in_every_process() -> None:
    assert text_hash(Text(title="Å", summary="é.", body="💡")).startswith("d4295719")

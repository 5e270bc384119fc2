from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash

WORDS = st.text(min_size=1, max_size=8)
LINES = st.dictionaries(st.sampled_from(["NO", "SE"]), WORDS.filter(lambda line: line.splitlines() == [line]))
ASKED = st.text(max_size=2).filter(lambda ask: not ask or ask.splitlines() == [ask])
SHOWN = st.sampled_from(["", "line", "pot"])
TEXTS = st.builds(
    Text,
    title=WORDS,
    summary=WORDS,
    body=st.text(max_size=8),
    ask=ASKED,
    local=LINES,
    picture=SHOWN,
    alt=ASKED,
    answers=st.lists(WORDS, max_size=2).map(tuple),
)


@given(TEXTS, TEXTS)
def test_two_texts_share_hash_only_if_same(one: Text, other: Text) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)


def test_a_word_that_moves_changes_the_hash() -> None:
    one, other = Text(title="a b", summary="c"), Text(title="a", summary="b c")
    assert text_hash(one) != text_hash(other)


def test_everything_that_is_shown_is_part_of_it() -> None:
    plain = Text(title="a", summary="b.")
    parts: tuple[dict[str, object], ...] = ({"ask": "c"}, {"local": {"NO": "c"}}, {"picture": "c"}, {"alt": "c"})
    texts = [plain, *(plain.model_copy(update=part) for part in parts)]
    assert len({text_hash(each) for each in texts}) == len(texts)


def test_answers_and_their_order_are_part_of_it() -> None:
    one, other = (Text(title="a", summary="b.", answers=answers) for answers in (("c", "d"), ("d", "c")))
    assert text_hash(one) != text_hash(other) != text_hash(Text(title="a", summary="b."))


def test_order_of_lines_changes_nothing() -> None:
    one, other = (
        Text(title="a", summary="b.", local=lines) for lines in ({"NO": "c", "SE": "d"}, {"SE": "d", "NO": "c"})
    )
    assert text_hash(one) == text_hash(other)


def test_hash_is_the_same_in_every_process() -> None:
    assert text_hash(Text(title="Å", summary="é.", body="💡")).startswith("39eed034")

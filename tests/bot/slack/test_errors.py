from __future__ import annotations

import re

import pytest

from bot.slack.errors import OUTCOME_UNKNOWN, PERMANENT, explain

TO_DO = re.compile(
    r"\b(ask|allow|copy|correct|install|invite|name|report|shorten|try|turn on|type|unarchive|update|write)\b"
)


@pytest.mark.parametrize("word", sorted(PERMANENT))
def test_every_refusal_says_what_to_do(word: str) -> None:
    sentence = explain(word, "week-se", "channels:history")
    assert sentence.startswith(f"{word}: ")
    assert TO_DO.search(sentence.removeprefix(f"{word}: ")), sentence
    assert "{" not in sentence
    assert not sentence.endswith(".")


@pytest.mark.parametrize("word", sorted(PERMANENT))
def test_refusal_names_its_target_even_with_braces(word: str) -> None:
    if "{to}" in PERMANENT[word]:
        assert "{odd}" in explain(word, "{odd}")


def test_a_missing_permission_is_named() -> None:
    assert "(channels:history)" in explain("missing_scope", "week-se", "channels:history")
    assert "(see Slack's answer)" in explain("missing_scope", "week-se")


def test_a_word_nobody_knows_is_named_too() -> None:
    assert explain("team_is_on_a_picnic", "week-se") == "team_is_on_a_picnic: Slack refused"


def test_no_answer_is_both_final_and_unclear() -> None:
    assert OUTCOME_UNKNOWN.isdisjoint(PERMANENT)

"""The state of a post as a sentence."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import languages, words
from bot.messages.organise.post_state import SIGNS, PostState, state_sentence
from tests.bot.messages.organise_samples import status

NINE = datetime(2027, 3, 15, 9, 5)  # noqa: DTZ001 - wall time
SENT = {PostState.SENT, PostState.CHANGED, PostState.REPLIED}
EXPLAINED = {PostState.WAITING, PostState.SKIPPED, PostState.CANCELLED, PostState.FAILED}


@pytest.mark.parametrize("language", languages())
def test_every_state_has_a_sentence_of_its_own(shipped: Campaign, language: str) -> None:
    said = {state_sentence(words(language), status(shipped, state=state, sent=NINE)) for state in PostState}
    assert len(said) == len(PostState)
    assert not any("organise." in each or "{" in each for each in said)


@pytest.mark.parametrize("state", PostState)
def test_only_what_was_sent_names_its_time(shipped: Campaign, state: PostState) -> None:
    said = state_sentence(words("en"), status(shipped, state=state, sent=NINE))
    assert ("09:05" in said) == (state in SENT)


@pytest.mark.parametrize("state", PostState)
def test_reason_stands_only_where_it_explains(shipped: Campaign, state: PostState) -> None:
    said = state_sentence(words("en"), status(shipped, state=state, reason="<!here> & more\nthan a line"))
    assert ("&lt;!here&gt; &amp; more than a line" in said) == (state in EXPLAINED)
    assert "<" not in said


def test_sign_stands_before_the_sentence(shipped: Campaign) -> None:
    failed = status(shipped, state=PostState.FAILED, reason="not_in_channel: invite it")
    assert state_sentence(words("en"), failed) == ":warning: Slack did not take it (`not_in_channel: invite it`)"
    assert state_sentence(words("en"), status(shipped)) == "coming"
    assert PostState.COMING not in SIGNS

"""The guide for organisers, in every language."""

from __future__ import annotations

import re

import pytest

from bot.locales.catalogues import languages, words
from bot.messages.organise import guide
from bot.messages.post_rendering import plain
from rehearsal.slack.block_validation import problems
from tests.bot.messages.reply_samples import named, pressable, texts


@pytest.mark.parametrize("is_manager", [True, False])
@pytest.mark.parametrize("language", languages())
def test_guide_fits_slack_and_leaves_nothing_open(language: str, *, is_manager: bool) -> None:
    message = guide.draw(words(language), is_manager=is_manager)
    for form in (message, plain(message)):
        assert problems(form.blocks, form.text) == []
    said = "\n".join(texts(message.blocks))
    assert not re.search(r"[{}]|\b(guide|button)\.", said)
    assert said.count("`") % 2 == said.count("*") % 2 == 0


@pytest.mark.parametrize("language", languages())
def test_managers_are_told_of_every_button(language: str) -> None:
    spoken = words(language)
    said = "\n".join(texts(guide.draw(spoken, is_manager=True).blocks))
    assert {name for name in guide._BUTTONS if f"*{spoken(f'button.{name}')}*" not in said} == set()


def test_only_managers_read_what_is_theirs() -> None:
    drawn = {is_manager: named(guide.draw(words("en"), is_manager=is_manager).blocks) for is_manager in (True, False)}
    assert list(drawn[False]) == ["title", *guide.PARTS, "next"]
    assert set(drawn[True]) - set(drawn[False]) == {"managers"}


def test_guide_leads_to_the_page() -> None:
    assert pressable(guide.draw(words("en"), is_manager=False).blocks) == {"organise": "guide"}

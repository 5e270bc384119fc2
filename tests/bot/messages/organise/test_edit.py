"""The form in which an organiser edits the words of a post, and what is read from it."""

from __future__ import annotations

import json

import pytest

from bot.campaign.model import Campaign, Text
from bot.locales.catalogues import words
from bot.messages.modals.modal import StaleViewError, View
from bot.messages.organise import edit
from rehearsal.slack.block_validation import view_problems
from tests.bot.messages.modal_samples import back, block, element, names
from tests.bot.messages.organise_samples import TEXT


def editing(campaign: Campaign, post: str, text: Text) -> View:
    about = edit.Edited("NO", post, "nb", "", "0")
    return edit.draw(words("nb"), about, text, campaign, title="A title")


def test_words_are_edited_as_they_are_written(shipped: Campaign) -> None:
    text = TEXT.model_copy(update={"body": "On {first_day}.", "local": {"NO": "Her.", "SE": "Här."}})
    sent = back(editing(shipped, "monday-tip", text))
    # The line of another country is not in the form.
    assert edit.read(sent, shipped).text == text.model_copy(update={"local": {"NO": "Her."}})


def test_only_what_the_post_shows_is_asked(shipped: Campaign) -> None:
    def fields(post: str) -> set[str]:
        return {block["block_id"] for block in editing(shipped, post, TEXT)["blocks"] if block["type"] == "input"}

    assert fields("monday-tip") == {"title", "summary", "body", "local", "ask"}
    # A direct message has no thread, and the company's channel no country.
    assert fields("friday-check-in") == {"title", "summary", "body", "local"}
    assert fields("company-results") == {"title", "summary", "body", "ask"}
    # What is not asked for is not answered.
    read = edit.read(back(editing(shipped, "friday-check-in", TEXT)), shipped)
    assert "ask" not in read.text.model_fields_set


def test_what_was_seen_comes_back(shipped: Campaign) -> None:
    about = edit.Edited("SE", "monday-tip", "sv", "f" * 32, "a" * 64)
    view = edit.draw(words("en"), about, TEXT, shipped, title="Cold & clean")
    assert edit.read(back(view), shipped) == edit.EditAnswers(about, TEXT)
    assert "Cold &amp; clean" in block(view, "about")["text"]["text"]
    assert "Swedish" in block(view, "about")["text"]["text"]


def test_nothing_is_overtaken_unless_said(shipped: Campaign) -> None:
    assert names(editing(shipped, "monday-tip", TEXT))[0] == "about"


def test_words_of_whoever_was_first_are_quoted(shipped: Campaign) -> None:
    theirs = Text(title="<!here>", summary="All of *it*.", body="One\n\n<@U1>", ask="Why?", local={"NO": "Her."})
    about = edit.Edited("NO", "monday-tip", "nb", "", "0")
    view = edit.draw(words("nb"), about, TEXT, shipped, title="A title", overtaken=("Ann was first.", theirs))
    assert view_problems(view, "modal") == []
    assert names(view)[:2] == ["told", "theirs_0"]
    said = block(view, "theirs_0")["text"]["text"].split("\n")
    assert said == [
        "> *&lt;!here&gt;*",
        "> _All of *it*._",
        "> One",
        "> ",
        "> &lt;@U1&gt;",
        "> Her.",
        "> Why?",
    ]
    assert element(view, "title")["initial_value"] == "Ours", "what one has written oneself stays"


@pytest.mark.parametrize("part", ["home", "post", "language", "seen", "shown"])
def test_form_without_its_subject_is_stale(shipped: Campaign, part: str) -> None:
    view = editing(shipped, "monday-tip", TEXT)
    metadata = json.loads(view["private_metadata"])
    del metadata[part]
    with pytest.raises(StaleViewError):
        edit.read({**back(view), "private_metadata": json.dumps(metadata)}, shipped)


def test_post_taken_back_meanwhile_is_still_read(shipped: Campaign) -> None:
    sent = back(editing(shipped, "monday-tip", TEXT))
    gone = edit.read({**sent, "private_metadata": sent["private_metadata"].replace("monday-tip", "gone")}, shipped)
    assert (gone.about.post, gone.text.title, gone.text.local) == ("gone", "Ours", {})

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.campaign import earth_hour
from bot.campaign.model import Audience, Campaign, Post, Text
from bot.locales.catalogues import words
from bot.messages.blocks import escape, link, markdown
from bot.messages.message import Block, Message
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS
from bot.messages.post_rendering import compose, plain
from rehearsal.slack.block_validation import problems

from .conftest import messages_of

DOUBT = "earth_hour_doubt"


def tip(**more: Any) -> Post:
    given_keys = {"theme": "energy", "source": "A report", **more}
    return Post(
        post="monday-tip", kind="tip", audience=Audience.COUNTRIES, day=date(2027, 3, 15), time=time(9), **given_keys
    )


def drawn(campaign: Campaign, post: Post, language: str = "en") -> dict[str, Block]:
    """The blocks of a post by name."""
    return {block["block_id"]: block for block in compose(PostContext(campaign, post, words(language))).blocks}


def small_print(campaign: Campaign, post: Post, language: str = "en") -> list[str]:
    return [element["text"] for element in drawn(campaign, post, language)["about"]["elements"]]


def labels(block: Block) -> list[str]:
    return [button["action_id"] for button in block["elements"]]


# What a message is made of


def test_a_post_shows_its_title_its_words_and_its_summary_as_the_campaign_has_them(shipped: Campaign) -> None:
    message = compose(PostContext(shipped, shipped.posts[2], words("sv")))
    text = shipped.text("monday-tip", "sv")
    title, body = message.blocks[:2]
    assert (title["text"]["text"], body["text"], message.text) == (text.title, text.body, text.summary)


def test_the_small_print_names_theme_goals_and_source_in_the_language_of_the_reader(shipped: Campaign) -> None:
    post = tip(sdgs=(7, 13), source_url="https://example.org/a")
    assert small_print(shipped, post, "de") == [
        "Thema: Energie",
        "UN-Ziele: 7 Bezahlbare und saubere Energie · 13 Maßnahmen zum Klimaschutz",
        "Quelle: <https://example.org/a|A report>",
    ]


def test_a_post_without_theme_goals_and_source_has_no_small_print(shipped: Campaign) -> None:
    assert "about" not in drawn(shipped, tip(theme=None, source=None))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("tip", ["did_this", "join"]),
        ("pledge_call", ["pledge", "join"]),
        ("measure", ["idea"]),
        ("idea_call", ["idea"]),
        ("progress", ["pledge", "join"]),
        ("earth_hour_notice", ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]),
        ("earth_hour_check", ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]),
        ("check_in", ["check_in_done", "check_in_partly", "check_in_not_yet", "check_in_not", "check_in_stop"]),
        ("results", ["idea"]),
        ("note", ["join"]),
    ],
)
def test_a_kind_offers_its_own_presses_and_the_first_stands_out(
    shipped: Campaign, kind: str, expected: list[str]
) -> None:
    day = {"earth_hour_notice": date(2027, 3, 19), "earth_hour_check": date(2027, 3, 22)}.get(kind, date(2027, 3, 15))
    answers = drawn(shipped, tip().model_copy(update={"kind": kind, "day": day}))["answers"]
    assert labels(answers) == expected
    assert [button.get("style") for button in answers["elements"]] == ["primary"] + [None] * (len(expected) - 1)


def test_every_direct_message_can_be_paused_and_stopped_and_no_other_message_can(largest: Campaign) -> None:
    direct = {Audience.JOINED, Audience.EARTH_HOUR_REMINDER}
    for post, _, message in messages_of(largest):
        named = {block["block_id"]: block for block in message.blocks}
        assert ("messages" in named) == (post.audience in direct)
        assert ("duty" in named) == (post.audience is Audience.REPRESENTATIVES)
        if "messages" in named:
            assert labels(named["messages"]) == ["messages_pause", "messages_stop"]


def test_a_note_asks_a_channel_to_join_and_not_those_it_writes_to(largest: Campaign) -> None:
    notes = [post for post in largest.posts if post.kind == "note"]
    asked = {post.audience for post in notes if "answers" in drawn(largest, post)}
    assert asked == {Audience.COUNTRIES, Audience.COMPANY}


# Earth Hour in doubt


def test_a_date_from_the_rule_is_doubted_wherever_earth_hour_is_spoken_of_and_nowhere_else(largest: Campaign) -> None:
    doubted = {post.kind for post, _, message in messages_of(largest) if DOUBT in str(message.blocks)}
    assert doubted == {"earth_hour_notice", "earth_hour_reminder", "earth_hour_check"}


def test_a_date_that_is_still_an_example_is_doubted(shipped: Campaign) -> None:
    notice = next(post for post in shipped.posts if post.kind == "earth_hour_notice")
    assert DOUBT in drawn(shipped, notice)


@pytest.mark.parametrize("settled", [earth_hour.settle(2027, date(2027, 3, 20)), earth_hour.settle(2026)])
def test_a_date_that_is_known_or_decided_is_not_doubted(largest: Campaign, settled: earth_hour.EarthHour) -> None:
    campaign = replace(largest, earth_hour=settled)
    assert not any(DOUBT in str(message.blocks) for _, _, message in messages_of(campaign))


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "Saturday, 20 March 2027"),
        ("sv", "lördag 20 mars 2027"),
        ("nb", "lørdag 20. mars 2027"),
        ("da", "lørdag den 20. marts 2027"),
        ("de", "Samstag, 20. März 2027"),
    ],
)
def test_the_doubt_names_the_day_as_the_language_writes_it(largest: Campaign, language: str, day: str) -> None:
    notice = next(post for post in largest.posts if post.kind == "earth_hour_notice")
    assert day in drawn(largest, notice, language)[DOUBT]["elements"][0]["text"]


# Nothing speaks in the bot's name


@pytest.mark.parametrize("said", ["<!channel>", "<@U1>", "AT&T", "a > b", "<https://example.org|press>"])
def test_a_theme_and_a_source_are_shown_as_written_and_mention_nobody(shipped: Campaign, said: str) -> None:
    names = dict.fromkeys(shipped.languages, said)
    campaign = replace(shipped, themes={"energy": names})
    lines = small_print(campaign, tip(source=said))
    assert lines == [f"Theme: {escape(said)}", f"Source: {escape(said)}"]
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", "".join(lines))


@pytest.mark.parametrize("said", ["<!channel>", "a|b", "a > b"])
def test_a_linked_source_is_one_link_whatever_it_says(shipped: Campaign, said: str) -> None:
    (line,) = small_print(shipped, tip(theme=None, source=said, source_url="https://example.org/?a=1"))
    assert line == f"Source: <https://example.org/?a=1|{escape(said)}>"


def test_an_address_cannot_end_its_link_early() -> None:
    assert link("words", "https://example.org/a>|<!channel>") == ("<https://example.org/a%3E%7C%3C!channel%3E|words>")


@given(st.text())
def test_what_is_escaped_has_no_bracket_left_and_reads_the_same(text: str) -> None:
    shown = escape(text)
    assert "<" not in shown
    assert ">" not in shown
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


def test_words_with_braces_do_not_disturb_the_catalogue(shipped: Campaign) -> None:
    assert small_print(shipped, tip(theme=None, source="{0} {source} {")) == ["Source: {0} {source} {"]


# The plain form


def plain_text(body: str) -> list[str]:
    return [block["text"]["text"] for block in plain(Message("A.", (markdown(body),))).blocks]


def words_in(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def all_messages(*campaigns: Campaign) -> Iterator[Message]:
    return (message for campaign in campaigns for _, _, message in messages_of(campaign))


def test_the_plain_form_has_no_block_that_an_old_workspace_would_refuse(shipped: Campaign, largest: Campaign) -> None:
    for message in all_messages(shipped, largest):
        kinds = {block["type"] for block in plain(message).blocks}
        assert kinds <= {"header", "section", "context", "actions"}


def test_the_plain_form_keeps_every_word_and_every_other_block(shipped: Campaign, largest: Campaign) -> None:
    for message in all_messages(shipped, largest):
        same = plain(message)
        body = next(block["text"] for block in message.blocks if block["type"] == "markdown")
        shown = " ".join(block["text"]["text"] for block in same.blocks if block["type"] == "section")
        assert words_in(shown) == words_in(body)
        assert same.text == message.text
        assert [block for block in same.blocks if block["type"] != "section"] == [
            block for block in message.blocks if block["type"] != "markdown"
        ]


def test_the_plain_form_is_marked_up_as_slack_does_it() -> None:
    assert plain_text("see **[the page](https://example.org/?a=1&b=2)**.") == [
        "see *<https://example.org/?a=1&amp;b=2|the page>*."
    ]


def test_a_long_text_is_parted_between_paragraphs() -> None:
    one, other = "a" * 2000, "b" * 1500
    assert plain_text(f"{one}\n\n{other}") == [one, other]


def test_a_long_paragraph_is_parted_between_words() -> None:
    pieces = plain_text("word " * 1000)
    assert len(pieces) == 2
    assert " ".join(pieces).split() == ["word"] * 1000


@pytest.mark.parametrize("before", range(6))
def test_a_sign_that_was_escaped_is_never_cut_in_two(before: int) -> None:
    pieces = plain_text("x" * before + "&" * 2000)
    assert "".join(pieces) == "x" * before + "&amp;" * 2000
    assert all(piece.endswith("&amp;") for piece in pieces)


@pytest.mark.thorough
@given(st.text(st.sampled_from("ab &<>*-\n[]()"), max_size=4000) | st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_plain_form_that_slack_takes(body: str) -> None:
    message = plain(Message("A.", (markdown(body + "x" * 3000),)))
    assert problems(message.blocks, message.text) == []
    assert all(len(block["text"]["text"]) <= 3000 for block in message.blocks)


def test_the_longest_text_of_signs_that_grow_when_escaped_still_fits(shipped: Campaign) -> None:
    text = Text(title="&" * 120, summary="A sentence.", body="&" * 3000)
    campaign = replace(shipped, texts={**shipped.texts, ("monday-tip", "en"): text})
    message = plain(compose(PostContext(campaign, tip(), words("en"))))
    assert problems(message.blocks, message.text) == []
    shown = "".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")
    assert shown == "&amp;" * 3000


def test_every_kind_has_its_own_name_and_is_found_under_it() -> None:
    assert all(name == kind.name for name, kind in KINDS.items())

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
from bot.messages.campaign_texts import post_text
from bot.messages.message import Block, Message
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS
from bot.messages.post_rendering import compose, files_of, plain
from rehearsal.slack.block_validation import problems

from .conftest import messages_of

DOUBT = "earth_hour_doubt"


def tip(**more: Any) -> Post:
    given_keys = {"theme": "energy", "source": "A report", **more}
    return Post(
        post="monday-tip", kind="tip", audience=Audience.COUNTRIES, day=date(2027, 3, 15), time=time(9), **given_keys
    )


def named(campaign: Campaign, name: str) -> Post:
    return next(post for post in campaign.posts if post.post == name)


def drawn(campaign: Campaign, post: Post, language: str = "en") -> dict[str, Block]:
    """The blocks of a post by name."""
    return {block["block_id"]: block for block in compose(PostContext(campaign, post, words(language))).blocks}


def small_print(campaign: Campaign, post: Post, language: str = "en") -> list[str]:
    return [element["text"] for element in drawn(campaign, post, language)["about"]["elements"]]


def labels(block: Block) -> list[str]:
    return [button["action_id"] for button in block["elements"]]


# What a message is made of


def test_post_shows_title_body_and_summary(shipped: Campaign) -> None:
    message = compose(PostContext(shipped, named(shipped, "monday-tip"), words("sv")))
    text = post_text(shipped, "monday-tip", words("sv"), None)
    title, body = message.blocks[:2]
    assert (title["text"]["text"], body["text"], message.text) == (text.title, text.body, text.summary)


def test_small_print_names_theme_goals_and_source_translated(shipped: Campaign) -> None:
    post = tip(sdgs=(7, 13), source_url="https://example.org/a")
    assert small_print(shipped, post, "de") == [
        "Thema: Energie",
        "UN-Nachhaltigkeitsziele: 7 Bezahlbare und saubere Energie · 13 Maßnahmen zum Klimaschutz",
        "Quelle: <https://example.org/a|A report>",
    ]


def test_small_print_needs_a_theme_goals_or_source(shipped: Campaign) -> None:
    assert "about" not in drawn(shipped, tip(theme=None, source=None))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("tip", ["did_this", "join"]),
        ("pledge_call", ["pledge", "join"]),
        ("measure", ["idea", "measures"]),
        ("idea_call", ["idea"]),
        ("progress", ["pledge", "join"]),
        ("earth_hour_notice", ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]),
        ("earth_hour_check", ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]),
        ("check_in", ["check_in_done", "check_in_partly", "check_in_not_yet", "check_in_not", "check_in_stop"]),
        ("results", ["idea"]),
        ("note", ["join"]),
    ],
)
def test_each_kind_has_its_buttons_with_first_highlighted(shipped: Campaign, kind: str, expected: list[str]) -> None:
    day = {"earth_hour_notice": date(2027, 3, 19), "earth_hour_check": date(2027, 3, 22)}.get(kind, date(2027, 3, 15))
    answers = drawn(shipped, tip().model_copy(update={"kind": kind, "day": day}))["answers"]
    assert labels(answers) == expected
    assert [button.get("style") for button in answers["elements"]] == ["primary"] + [None] * (len(expected) - 1)


def test_only_direct_messages_offer_pause_and_stop(largest: Campaign) -> None:
    direct = {Audience.JOINED, Audience.EARTH_HOUR_REMINDER}
    for post, _, message in messages_of(largest):
        named = {block["block_id"]: block for block in message.blocks}
        assert ("messages" in named) == (post.audience in direct)
        assert ("duty" in named) == (post.audience is Audience.REPRESENTATIVES)
        if "messages" in named:
            entries = named["messages"]["accessory"]["options"]
            assert [each["value"] for each in entries] == [
                f"{action}:{post.post}" for action in ("messages_pause", "messages_stop", "settings")
            ]


def test_only_channel_notes_invite_people_to_join(largest: Campaign) -> None:
    notes = [post for post in largest.posts if post.kind == "note"]
    asked = {post.audience for post in notes if "answers" in drawn(largest, post)}
    assert asked == {Audience.COUNTRIES, Audience.COMPANY}


# Earth Hour in doubt


def test_unconfirmed_date_is_doubted_for_earth_hour_only(largest: Campaign) -> None:
    doubted = {post.kind for post, _, message in messages_of(largest) if DOUBT in str(message.blocks)}
    assert doubted == {"earth_hour_notice", "earth_hour_reminder", "earth_hour_check"}


def test_example_date_is_doubted(shipped: Campaign) -> None:
    notice = next(post for post in shipped.posts if post.kind == "earth_hour_notice")
    assert DOUBT in drawn(shipped, notice)


@pytest.mark.parametrize("settled", [earth_hour.settle(2027, date(2027, 3, 20)), earth_hour.settle(2026)])
def test_confirmed_or_decided_date_is_not_doubted(largest: Campaign, settled: earth_hour.EarthHour) -> None:
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
def test_doubt_names_the_day_in_the_posts_language(largest: Campaign, language: str, day: str) -> None:
    notice = next(post for post in largest.posts if post.kind == "earth_hour_notice")
    assert day in drawn(largest, notice, language)[DOUBT]["elements"][0]["text"]


# Nothing speaks in the bot's name


@pytest.mark.parametrize("said", ["<!channel>", "<@U1>", "AT&T", "a > b", "<https://example.org|press>"])
def test_theme_and_source_are_escaped_and_mention_nobody(shipped: Campaign, said: str) -> None:
    names = dict.fromkeys(shipped.languages, said)
    campaign = replace(shipped, themes={"energy": names})
    lines = small_print(campaign, tip(source=said))
    assert lines == [f"Theme: {escape(said)}", f"Source: {escape(said)}"]
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", "".join(lines))


@pytest.mark.parametrize("said", ["<!channel>", "a|b", "a > b"])
def test_linked_source_is_always_a_single_link(shipped: Campaign, said: str) -> None:
    (line,) = small_print(shipped, tip(theme=None, source=said, source_url="https://example.org/?a=1"))
    assert line == f"Source: <https://example.org/?a=1|{escape(said)}>"


def test_an_address_cannot_end_its_link_early() -> None:
    assert link("words", "https://example.org/a>|<!channel>") == ("<https://example.org/a%3E%7C%3C!channel%3E|words>")


@given(st.text())
def test_escaped_text_has_no_brackets_and_unescapes_unchanged(text: str) -> None:
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


def test_plain_form_uses_only_old_block_types(shipped: Campaign, largest: Campaign) -> None:
    for message in all_messages(shipped, largest):
        kinds = {block["type"] for block in plain(message).blocks}
        assert kinds <= {"header", "section", "context", "actions"}


def test_plain_form_keeps_all_words_and_other_blocks(shipped: Campaign, largest: Campaign) -> None:
    for message in all_messages(shipped, largest):
        same = plain(message)
        # A text that mentions people has no Markdown block.
        body = next((block["text"] for block in message.blocks if block["type"] == "markdown"), "")
        pieces = [block for block in same.blocks if block not in message.blocks]
        assert words_in(" ".join(piece["text"]["text"] for piece in pieces)) == words_in(body)
        assert same.text == message.text
        assert [block for block in same.blocks if block not in pieces] == [
            block for block in message.blocks if block["type"] != "markdown"
        ]


def test_plain_form_uses_slacks_own_markup() -> None:
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
def test_escaped_character_is_never_split(before: int) -> None:
    pieces = plain_text("x" * before + "&" * 2000)
    assert "".join(pieces) == "x" * before + "&amp;" * 2000
    assert all(piece.endswith("&amp;") for piece in pieces)


@pytest.mark.thorough
@given(st.text(st.sampled_from("ab &<>*-\n[]()"), max_size=4000) | st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_plain_form_of_any_text_fits_slacks_limits(body: str) -> None:
    message = plain(Message("A.", (markdown(body + "x" * 3000),)))
    assert problems(message.blocks, message.text) == []
    assert all(len(block["text"]["text"]) <= 3000 for block in message.blocks)


def test_longest_text_fits_after_escaping(shipped: Campaign) -> None:
    text = Text(title="&" * 120, summary="A sentence.", body="&" * 3000)
    campaign = replace(shipped, texts={**shipped.texts, ("monday-tip", "en"): text})
    message = plain(compose(PostContext(campaign, tip(), words("en"))))
    assert problems(message.blocks, message.text) == []
    shown = "".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")
    assert shown == "&amp;" * 3000


def test_every_kind_is_registered_under_its_name() -> None:
    assert all(name == kind.name for name, kind in KINDS.items())


# The line of a country, the question, and people who are mentioned


def saying(campaign: Campaign, text: Text, post: Post, country: str | None = "NO") -> Message:
    spoken = replace(campaign, texts={**campaign.texts, (post.post, "en"): text})
    return compose(PostContext(spoken, post, words("en"), country=country))


ASKING = Text(
    title="On {first_day}",
    summary="In {year}.",
    body="A\n\n{local}\n\nB",
    ask="Rack *or* line? 🧺",
    local={"NO": "Here."},
)


def test_question_stands_below_the_text(shipped: Campaign) -> None:
    title, body, question, *_ = saying(shipped, ASKING, tip()).blocks
    assert title["text"]["text"] == "On Monday 15 March"
    assert body["text"] == "A\n\nHere.\n\nB"
    assert (question["block_id"], question["text"]["text"]) == ("ask", "_Rack or line? 🧺_")


def test_direct_message_asks_nothing_for_a_thread(shipped: Campaign) -> None:
    post = next(each for each in shipped.posts if each.post == "friday-check-in")
    assert "ask" not in [block["block_id"] for block in saying(shipped, ASKING, post).blocks]


NAMING = Text(title="T", summary="S.", body="Ask **{representatives}**, not <@U0SOMEONE>.")


def test_text_that_names_representatives_mentions_them_once(shipped: Campaign) -> None:
    invitation = next(each for each in shipped.posts if each.kind == "invitation")
    message = saying(shipped, NAMING, invitation)
    blocks = {block["block_id"]: block for block in message.blocks}
    assert blocks["words_0"]["text"] == {"type": "mrkdwn", "text": "Ask *<@U0EXAMPLENO>*, not &lt;@U0SOMEONE&gt;."}
    assert "representatives" not in blocks
    assert plain(message) == message


def test_redrawn_post_keeps_its_hash(shipped: Campaign) -> None:
    context = PostContext(shipped, named(shipped, "monday-tip"), words("sv"), country="SE")
    assert context.text == shipped.text("monday-tip", "sv")


# The picture


SHOWING = Text(title="T", summary="S.", body="B", picture="line", alt="Laundry in {year}.")


def with_picture(campaign: Campaign, post: Post, text: Text = SHOWING, file: str | None = "F0000000001") -> Message:
    spoken = replace(campaign, texts={**campaign.texts, (post.post, "en"): text})
    return compose(PostContext(spoken, post, words("en"), country="NO", picture=file))


def test_picture_stands_below_the_title(shipped: Campaign) -> None:
    message = with_picture(shipped, tip())
    title, picture, body, *_ = message.blocks
    assert (title["type"], body["type"]) == ("header", "markdown")
    assert picture == {
        "type": "image",
        "block_id": "picture",
        "slack_file": {"id": "F0000000001"},
        "alt_text": "Laundry in 2027.",
    }
    assert problems(message.blocks, message.text) == []
    assert files_of(message) == ["F0000000001"]


def test_plain_form_has_no_picture(shipped: Campaign) -> None:
    message = plain(with_picture(shipped, tip()))
    assert (message, files_of(message)) == (plain(with_picture(shipped, tip(), file=None)), [])


def test_no_file_and_direct_messages_show_no_picture(shipped: Campaign) -> None:
    without = SHOWING.model_copy(update={"picture": "", "alt": ""})
    assert files_of(with_picture(shipped, tip(), file=None)) == []
    assert files_of(with_picture(shipped, tip(), without)) == []
    assert files_of(with_picture(shipped, named(shipped, "friday-check-in"))) == []

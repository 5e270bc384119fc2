"""Messages to one person and ideas in channels, whatever people write into them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign, Text
from bot.messages.message import Block, Message
from bot.messages.post_rendering import plain
from bot.messages.unscheduled_messages import (
    Decision,
    idea_news,
    idea_post,
    idea_review,
    idea_share,
    pledge_reminder,
    post_share,
    remark,
    share_news,
    share_taken_over,
)
from rehearsal.slack.block_validation import problems

from .reply_samples import HOSTILE, LANGUAGES, english, largest, named, pressable, taken, texts

EN = english("en")
IDEA = "0123456789abcdef0123456789abcdef"
AUTHOR = "U0EXAMPLE0"

Draw = Callable[[str], Message]


def reviewed(text: str, country: str | None, *, can_post: bool = True, **talk: str) -> Message:
    question, answer = talk.get("question"), talk.get("answer")
    return idea_review(EN, IDEA, text, country, question=question, answer=answer, named_by=None, can_post=can_post)


NOTIFICATIONS: dict[str, Draw] = {
    "review": lambda text: idea_review(
        EN, IDEA, text, "Norway", question=text, answer=text, named_by=None, can_post=True
    ),
    "approved": lambda text: idea_news(EN, "approved", text, None, None, IDEA),
    "published": lambda text: idea_news(EN, "published", text, text, None, IDEA),
    "declined": lambda text: idea_news(EN, "declined", text, text, None, IDEA),
    "planned": lambda text: idea_news(EN, "planned", text, text, None, IDEA),
    "done": lambda text: idea_news(EN, "done", text, text, None, IDEA),
    "asked": lambda text: idea_news(EN, "asked", text, None, text, IDEA),
    "post": lambda text: idea_post(EN, text, None, can_share=True),
    "share": lambda text: idea_share(EN, IDEA, text, "Norway", None),
    "post share": lambda text: post_share(EN, "own-1", Text(title="A", summary="B.", body=text), "Norway"),
    "share news": lambda text: share_news(EN, "planned", "Norway", text),
    "remark": lambda text: remark(EN, text, "time", text),
}


def accepted(message: Message) -> Message:
    for form in (message, plain(message)):
        assert problems(form.blocks, form.text) == []
        taken(form.blocks)
    assert 1 < len(message.text) <= 250
    assert message.text[-1] in ".!?…"
    return message


def quotations(blocks: tuple[Block, ...]) -> list[str]:
    return [line for text in texts(blocks) for line in text.split("\n") if line.startswith(">")]


def presses(message: Message) -> list[str]:
    """What can be pressed, without the menu at the end."""
    return [name for name in pressable(message.blocks) if not name.startswith("messages_") and name != "settings"]


# What a notification is made of


@pytest.mark.parametrize("language", LANGUAGES)
def test_reminder_shows_pledge_and_plan_with_its_buttons(shipped: Campaign, language: str) -> None:
    pledge = shipped.pledges[0]
    message = accepted(pledge_reminder(english(language), shipped, pledge, "On Monday & Tuesday"))
    title = shipped.pledge_words[pledge.id, language].title
    assert texts(message.blocks) == [
        f"You asked for a reminder of your pledge: {title}.\nPlan: On Monday &amp; Tuesday",
        "Too many messages? Pause or stop them here.",
    ]
    assert pressable(message.blocks) == dict.fromkeys(
        ["done_today", "reminders_stop", "messages_pause", "messages_stop", "settings"], pledge.id
    )


def test_a_reminder_without_a_plan_has_none(shipped: Campaign) -> None:
    assert "Plan" not in str(pledge_reminder(EN, shipped, shipped.pledges[0], None).blocks)


def test_reminder_of_longest_pledge_and_plan_fits(shipped: Campaign) -> None:
    campaign = largest(shipped).campaign
    message = pledge_reminder(EN, campaign, campaign.pledges[0], "&" * 400)
    assert problems(message.blocks, message.text) == []
    taken(message.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_representative_sees_the_idea_and_decides(language: str) -> None:
    drawn = idea_review(
        english(language),
        IDEA,
        "Bicycles.",
        "Norway",
        question="Where?",
        answer="Oslo.",
        named_by=AUTHOR,
        can_post=True,
    )
    message = accepted(drawn)
    assert quotations(message.blocks) == ["> Bicycles.", "> Where?", "> Oslo."]
    assert message.text == "A colleague (Norway) has an idea."
    assert presses(message) == ["idea_approve", "idea_publish", "idea_ask", "idea_decline"]
    assert set(pressable(message.blocks).values()) == {IDEA}
    assert f"<@{AUTHOR}>" in named(message.blocks)["author"]["elements"][0]["text"]


def test_idea_review_hides_an_unnamed_author() -> None:
    message = accepted(
        idea_review(EN, IDEA, "Bicycles.", None, question=None, answer=None, named_by=None, can_post=False)
    )
    assert named(message.blocks)["author"]["elements"][0]["text"] == "The author would rather not be named."
    assert message.text == "A colleague has an idea."
    assert quotations(message.blocks) == ["> Bicycles."]
    assert presses(message) == ["idea_approve", "idea_ask", "idea_decline"]


@pytest.mark.parametrize("outcome", ["approved", "published", "planned", "done", "declined", "asked"])
def test_decided_idea_shows_the_decision_and_its_reason(outcome: str) -> None:
    made = Decision(outcome, AUTHOR, datetime(2027, 3, 15, 11, tzinfo=UTC), "Europe/Stockholm")
    drawn = idea_review(
        EN,
        IDEA,
        "Bicycles.",
        None,
        question=None,
        answer=None,
        named_by=None,
        can_post=True,
        decision=made,
        reason="So.",
    )
    message = accepted(drawn)
    assert quotations(message.blocks) == ["> Bicycles.", "> So."]
    assert presses(message) == []
    assert f"<@{AUTHOR}>" in named(message.blocks)["verdict"]["text"]["text"]


@pytest.mark.parametrize(
    ("state", "quoted", "expected"),
    [
        ("approved", ["> Bicycles."], []),
        ("published", ["> Bicycles."], []),
        ("declined", ["> Too dear.", "> Bicycles."], []),
        ("planned", ["> Too dear.", "> Bicycles."], []),
        ("done", ["> Too dear.", "> Bicycles."], []),
        ("asked", ["> Where?", "> Bicycles."], ["idea_answer"]),
    ],
)
def test_an_author_hears_what_became_of_the_idea(state: str, quoted: list[str], expected: list[str]) -> None:
    reason = "Too dear." if "> Too dear." in quoted else None
    message = accepted(idea_news(EN, state, "Bicycles.", reason, "Where?", IDEA))
    assert quotations(message.blocks) == quoted
    assert presses(message) == expected


def test_there_is_no_other_news() -> None:
    with pytest.raises(ValueError, match="new"):
        idea_news(EN, "new", "Bicycles.", None, None, IDEA)
    with pytest.raises(ValueError, match="approved"):
        share_news(EN, "approved", None, None)


@pytest.mark.parametrize("by", [None, AUTHOR])
def test_shared_idea_names_only_who_wants_it(by: str | None) -> None:
    message = accepted(idea_share(EN, IDEA, "Bicycles.", "Norway", by))
    assert message.text == "An idea (Norway) that others could use too."
    assert quotations(message.blocks) == ["> Bicycles."]
    assert (f"<@{AUTHOR}>" in str(message.blocks)) is (by is not None)
    assert "Norway" not in accepted(idea_share(EN, IDEA, "Bicycles.", None, by)).text
    assert pressable(message.blocks) == {"organise_use": IDEA}


def test_shared_post_fits_at_any_length() -> None:
    text = Text(title="&" * 120, summary="&" * 249 + ".", body="&\n" * 1500)
    message = accepted(post_share(EN, "own-1", text, "Norway"))
    assert pressable(message.blocks) == {"organise_use": "own-1"}
    told = accepted(share_taken_over(EN, "Norway", date(2027, 3, 16), time(9)))
    assert told.text == "📅 Taken up: Norway, on Tuesday 16 March at 09:00."


@pytest.mark.parametrize("state", ["planned", "done", "declined"])
@pytest.mark.parametrize("country", ["Norway", None])
def test_news_of_a_shared_idea_names_its_country(state: str, country: str | None) -> None:
    message = accepted(share_news(EN, state, country, "In May."))
    assert message.text.startswith("*Norway*: ") is (country is not None)
    assert quotations(message.blocks) == ["> In May."]


@pytest.mark.parametrize("by", [None, AUTHOR])
def test_posted_idea_names_its_author_only_by_choice(by: str | None) -> None:
    message = accepted(idea_post(EN, "Bicycles.", by, can_share=True))
    assert (f"<@{AUTHOR}>" in "".join(texts(message.blocks))) == bool(by)
    assert presses(message) == ["idea"]
    assert "messages" not in named(message.blocks)
    assert AUTHOR not in message.text


@pytest.mark.parametrize("by", ["!channel", "U1> <!channel", "U1|x", "", "u1"])
def test_only_a_user_id_becomes_a_mention(by: str) -> None:
    assert "<" not in "".join(texts(idea_post(EN, "Bicycles.", by, can_share=True).blocks))


def test_remark_shows_pledge_and_obstacle_without_its_author() -> None:
    message = accepted(remark(EN, "Cycle to work", "time", "The shower is broken."))
    assert texts(message.blocks)[:2] == [
        f"{message.text}\nPledge: Cycle to work\nWhat would have helped: More time",
        "> The shower is broken.",
    ]
    assert message.text == "A colleague tells you what would have made a pledge easier."
    assert presses(message) == []


@pytest.mark.parametrize("obstacle", [None, "unheard-of"])
def test_a_remark_stands_without_pledge_and_obstacle(obstacle: str | None) -> None:
    message = accepted(remark(EN, None, obstacle, "The shower is broken."))
    assert texts(message.blocks)[0] == "A colleague tells you what would have made a pledge easier."


@pytest.mark.parametrize("name", ["review", "remark"])
def test_duty_notification_explains_itself_and_offers_no_stop(name: str) -> None:
    message = NOTIFICATIONS[name]("Words.")
    assert texts(message.blocks)[-1] == "You get this as a representative or manager of this Earth Week."
    assert not [press for press in pressable(message.blocks) if press.startswith("messages_")]


def test_posted_idea_has_no_button_when_sharing_closed() -> None:
    assert presses(accepted(idea_post(EN, "Bicycles.", None, can_share=False))) == []


TO_OTHERS = {"post", "review", "remark", "share", "post share", "share news"}


@pytest.mark.parametrize("name", sorted(set(NOTIFICATIONS) - TO_OTHERS))
def test_personal_notifications_end_with_one_menu(name: str) -> None:
    last = NOTIFICATIONS[name]("Words.").blocks[-1]
    assert list(pressable([last])) == ["messages_pause", "messages_stop", "settings"]


# Whatever people write


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_what_people_write_mentions_and_links_nothing(name: str, text: str) -> None:
    message = accepted(NOTIFICATIONS[name](text))
    for told in [*texts(message.blocks), message.text]:
        assert "<" not in told
        assert not re.search(r"(?<!^)>", told.replace("&gt;", ""), re.MULTILINE)
    marked_up = [block["text"] for block in message.blocks if block["type"] == "section"]
    assert all(text["verbatim"] for text in marked_up)


@given(text=st.text(max_size=1000), name=st.sampled_from(sorted(NOTIFICATIONS)))
def test_any_text_is_quoted_whole_and_taken(text: str, name: str) -> None:
    message = accepted(NOTIFICATIONS[name](text))
    shown = "".join(line[2:] for line in quotations(message.blocks))
    unescaped = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "".join(text.split()) in "".join(unescaped.split())


@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_the_longest_texts_fit(name: str) -> None:
    for text in ("&" * 1000, "\n" * 999 + "x", "& " * 500, "x\n" * 500):
        assert len(accepted(NOTIFICATIONS[name](text)).blocks) <= 50

"""Direct messages to organisers, as large as they can be, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.campaign.model import Campaign, Text
from bot.campaign.organiser_decisions import Revision, StandIn
from bot.locales.catalogues import languages, words
from bot.messages.message import Message
from bot.messages.organise import organiser_messages
from bot.messages.organise.organiser_messages import Reach
from bot.messages.organise.overview import NotReady
from bot.messages.post_rendering import plain
from rehearsal.slack.block_validation import problems

from .modal_samples import crowded
from .reply_samples import english, largest, ordinary, pressable, texts

EN = english("en")
NOW = datetime(2027, 3, 15, 11, tzinfo=UTC)
NINE = datetime(2027, 3, 16, 9)  # noqa: DTZ001 - wall time
NAMED = StandIn("SE", "U0CAI", date(2027, 3, 19), "U0BOSS", NOW)
LONG = Text(title="&" * 120, summary="&" * 249 + ".", body="&\n" * 1500)
MISSING = NotReady(
    examples=["campaign.toml:12"] * 90, channels=["c" * 80] * 90, is_earth_hour_unconfirmed=True, unapproved=()
)


def revision(text: Text = LONG, post: str = "monday-tip") -> Revision:
    return Revision("f" * 32, post, "sv", text, "f" * 64, "U0SEA", NOW)


def drawn(language: str, shipped: Campaign) -> Iterator[tuple[str, Message]]:
    spoken, campaign, world = words(language), crowded(shipped), largest(shipped)
    post = campaign.posts[0].post
    yield "superseded", organiser_messages.words_superseded(spoken, campaign, revision(post=post), "UTC", f"SE/{post}")
    for is_themselves in (True, False):
        for has_ended in (True, False):
            said = organiser_messages.stand_in(spoken, NAMED, is_themselves=is_themselves, has_ended=has_ended)
            yield f"stand-in {is_themselves} {has_ended}", said
    pairs = [(each.post, code) for each in campaign.posts for code in campaign.languages]
    pages = {each.post: f"SE/{each.post}" for each in campaign.posts}
    yield "approval", organiser_messages.approval_waiting(spoken, campaign, pairs, NINE, pages)
    for left in (7, 1):
        missing = replace(MISSING, unapproved=pairs)
        yield f"countdown {left}", organiser_messages.countdown(spoken, campaign, left, missing)
    posts: dict[str | None, tuple[int, int]] = {each.code: (99, 100) for each in world.campaign.countries}
    reached = Reach({**posts, None: (0, 1)}, world.standings, None)
    yield "reach", organiser_messages.reach(spoken, world.campaign, reached)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_message_fits_slack_at_any_size(shipped: Campaign, language: str) -> None:
    for name, message in drawn(language, shipped):
        for form in (message, plain(message)):
            assert problems(form.blocks, form.text) == [], name
        assert message.text[-1] in ".!?…", name
        assert "organise." not in str(message.blocks), "every sentence is in the catalogue"


def test_superseded_words_are_quoted_and_mention_nobody(shipped: Campaign) -> None:
    mine = revision(Text(title="Nytt", summary="Hej <!here>.", body="Så *här*."))
    message = organiser_messages.words_superseded(EN, shipped, mine, "Europe/Stockholm", "SE/monday-tip")
    said = "\n".join(texts(message.blocks))
    assert "Monday, 15 March, 12:00" in said or "15 March" in said
    assert "> Hej &lt;!here&gt;." in said
    assert "> Så *här*." in said
    assert pressable(message.blocks) == {"organise_post": "SE/monday-tip"}
    without = organiser_messages.words_superseded(EN, shipped, mine, "Europe/Stockholm", None)
    assert pressable(without.blocks) == {}, "the post is in no country of theirs any more"


def test_stand_in_is_told_and_so_are_the_others(shipped: Campaign) -> None:
    told = organiser_messages.stand_in(EN, NAMED, is_themselves=True, has_ended=False)
    assert "<@U0BOSS> has asked you to stand in" in told.text
    assert "(Sweden), until Friday" in told.text
    assert [*pressable(told.blocks)] == ["organise"]
    others = organiser_messages.stand_in(EN, NAMED, is_themselves=False, has_ended=False)
    assert others.text.startswith("<@U0CAI> stands in for you (Sweden)")
    ended = organiser_messages.stand_in(EN, NAMED, is_themselves=True, has_ended=True)
    assert pressable(ended.blocks) == {}
    nameless = organiser_messages.stand_in(EN, replace(NAMED, by=None), is_themselves=True, has_ended=False)
    assert nameless.text.startswith("An organiser has asked you")
    assert shipped.country("SE")


def test_what_waits_is_named_with_its_languages(shipped: Campaign) -> None:
    pairs = [("tuesday-tip", "sv"), ("tuesday-tip", "nb"), ("our-measure", "sv")]
    pages = {"tuesday-tip": "SE/tuesday-tip", "our-measure": None}
    message = organiser_messages.approval_waiting(EN, shipped, pairs, NINE, pages)
    assert "Tuesday" in message.text
    assert "09:00" in message.text
    said = "\n".join(texts(message.blocks))
    assert f"*{shipped.text('tuesday-tip', 'en').title}* (Norwegian Bokmål and Swedish)" in said
    assert pressable(message.blocks) == {"organise_post:tuesday-tip": "SE/tuesday-tip"}


def test_countdown_says_days_and_what_is_not_ready(shipped: Campaign) -> None:
    ready = organiser_messages.countdown(EN, shipped, 3, NotReady())
    assert ready.text == "Earth Week begins on Monday, 15 March 2027. 3 working days are left."
    assert "Yes, everything is ready." in "\n".join(texts(ready.blocks))
    missing = organiser_messages.countdown(EN, shipped, 1, NotReady(channels=["week-no"]))
    assert "1 working day is left." in missing.text
    assert "I cannot post in `week-no` yet." in "\n".join(texts(missing.blocks))


def test_reach_counts_posts_and_shows_published_figures(shipped: Campaign) -> None:
    message = organiser_messages.reach(EN, shipped, Reach({"SE": (21, 22), None: (1, 1)}, ordinary(), "SE"))
    said = "\n".join(texts(message.blocks))
    assert "Sweden: 21 of 22 posts" in said
    assert "The company's channel: 1 of 1 post\n" in f"{said}\n"
    assert "about 70 of 400 colleagues" in said.lower()
    bare = organiser_messages.reach(EN, shipped, Reach({"SE": (0, 22)}, None, "SE"))
    assert "colleagues" not in "\n".join(texts(bare.blocks))

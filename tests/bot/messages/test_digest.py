"""The digest, as large as it can be and with nothing to tell, in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Pause
from bot.locales.catalogues import languages, words
from bot.messages.organise.digest import ComingPost, Digest, FailedPost, draw
from bot.messages.organise.overview import digest_switch, switched_digest
from bot.messages.post_rendering import plain
from bot.standings.published_figures import Band
from rehearsal.slack.block_validation import problems

from .reply_samples import english, largest, ordinary, pressable, texts

EN = english("en")
TUESDAY = date(2027, 3, 16)
NOW = datetime(2027, 3, 16, 15, tzinfo=UTC)
NINE = datetime(2027, 3, 17, 9)  # noqa: DTZ001 - wall time
QUIET = Digest(
    day=TUESDAY,
    zone="Europe/Stockholm",
    country="SE",
    homes=frozenset({"SE"}),
    standings=None,
    next_at=NOW + timedelta(days=1),
    chosen=(),
    ideas=0,
    failed=(),
    pauses=(),
    until=date(2027, 3, 17),
    coming=(),
)


def said(read: Digest, campaign: Campaign) -> str:
    return "\n".join(texts(draw(EN, campaign, read).blocks))


@pytest.mark.parametrize("language", sorted(languages()))
def test_digest_fits_slack_at_any_size(shipped: Campaign, language: str) -> None:
    world, spoken = largest(shipped), words(language)
    posts, codes = [each.post for each in world.campaign.posts], [each.code for each in world.campaign.countries]
    full = replace(
        QUIET,
        homes=frozenset(codes),
        standings=world.standings,
        chosen=[(post, 999_995) for post in posts[:3]],
        ideas=1000,
        failed=[FailedPost(post, "SE", "unconfirmed") for post in posts * 5],
        pauses=[Pause(code, code, "U0BOSS", NOW) for code in codes],
        coming=[ComingPost(post, NINE, frozenset(codes[:-1]), frozenset(shipped.languages)) for post in posts * 5],
    )
    for read in (QUIET, full):
        message = draw(spoken, world.campaign, read)
        for form in (message, plain(message)):
            assert problems(form.blocks, form.text) == []
        assert "organise." not in str(message.blocks), "every sentence is in the catalogue"


def test_quiet_day_is_told_in_few_words(shipped: Campaign) -> None:
    message = draw(EN, shipped, QUIET)
    assert message.text == "This was Tuesday 16 March in Earth Week." or "16 March" in message.text
    told = said(QUIET, shipped)
    assert "The first figures come on" in told
    assert "No ideas are open." in told
    assert "Nothing is planned until then." in told
    assert "Has not arrived" not in told
    assert "Tried by most" not in told
    assert pressable(message.blocks) == {"organise": "digest", "organise_digest": "off/"}


def test_figures_ideas_and_troubles_are_told(shipped: Campaign) -> None:
    told = said(
        replace(
            QUIET,
            standings=ordinary(),
            chosen=[("monday-tip", 35)],
            ideas=2,
            failed=[FailedPost("our-measure", "SE", "failed"), FailedPost("results", None, "skipped")],
            pauses=[Pause("1", "SE", "U0BOSS", NOW)],
        ),
        shipped,
    )
    assert "about 70 of 400 colleagues" in told.lower()
    assert f"*{shipped.text('monday-tip', 'en').title}*: about 35 colleagues" in told
    assert "2 ideas are open." in told
    assert f"*{shipped.text('our-measure', 'en').title}* (Sweden): Slack did not take it" in told
    assert "(in the company's channel): not sent, it was too late" in told
    assert "Paused since" in told
    assert ": *Sweden*." in told


def test_published_obstacles_are_told(shipped: Campaign) -> None:
    whole = ordinary().whole.model_copy(update={"obstacle_time": 15, "obstacle_cost": Band.FEW})
    told = said(replace(QUIET, standings=ordinary().model_copy(update={"whole": whole})), shipped)
    assert EN("standings.obstacles") in told
    assert "about 15 colleagues" in told


def test_coming_posts_say_where_and_what_is_unapproved(shipped: Campaign) -> None:
    coming = [
        ComingPost("monday-tip", NINE, frozenset({"SE", "NO"}), frozenset({"sv", "nb"})),
        ComingPost("our-measure", NINE, frozenset({"NO"})),
        ComingPost("results", NINE, frozenset({None})),
    ]
    told = said(replace(QUIET, homes=frozenset({"SE", "NO"}), coming=coming), shipped)
    title = {post: f"*{shipped.text(post, 'en').title}*" for post in ("monday-tip", "our-measure", "results")}
    assert f"{title['monday-tip']} · not approved yet: Norwegian Bokmål and Swedish\n" in told
    assert f"{title['our-measure']} · Norway\n" in told
    assert f"{title['results']} · in the company's channel" in told


def test_switch_says_what_it_does_and_where_it_stands() -> None:
    off = digest_switch(EN, "SE/2", is_off=False)
    assert (off["text"]["text"], switched_digest(off["value"])) == ("Stop the daily summary", (False, "SE/2"))
    on = digest_switch(EN, is_off=True)
    assert (on["text"]["text"], switched_digest(on["value"])) == ("Get the daily summary again", (True, ""))

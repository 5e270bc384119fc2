"""The screens of organisers, as large as they can be, before those who know what Slack takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bot.campaign.model import Campaign, Text
from bot.campaign.organiser_decisions import Approval, Revision
from bot.locales.catalogues import campaign_words, languages, words
from bot.messages.modals.modal import View
from bot.messages.organise import edit, ideas, overview, own_post, post_page, resume, stand_ins
from bot.messages.organise.text_fields import Draft
from bot.messages.unscheduled_messages import Decision
from bot.messages.words import Words
from rehearsal.slack.block_validation import view_problems
from tests.campaigns import also_in

from .modal_samples import crowded
from .organise_samples import LONG, NOW, TODAY, page_of, people, statuses


def drawn(spoken: Words, campaign: Campaign) -> list[tuple[str, View]]:
    shown = page_of(campaign)
    text = Text(title="&" * 120, summary="&" * 249 + ".", body="&\n" * 1500)
    about = edit.Edited("SE", "x" * 60, "sv", "f" * 32, "f" * 64)
    wordings = [
        post_page.Wording(
            f"{one}{two}",
            "f" * 64,
            Approval("x", "sv", "f", "U0BOSS", NOW) if two == "a" else None,
            Revision("f" * 32, "x", "sv", text, "f" * 64, None, NOW),
            is_mine=True,
        )
        for one in "abcdefgh"
        for two in "abcdefgh"
    ]
    post = post_page.PostPage(
        "SE", "Europe/Stockholm", "x" * 60, LONG, statuses(campaign, 20), wordings, post_page.ACTIONS
    )
    missed = [resume.MissedMessages(LONG, [each.code for each in campaign.countries], NOW, can_be_sent=True)] * 90
    pause = shown.pauses[0]
    decisions = [None, *(Decision(each, None, NOW, "Europe/Stockholm") for each in ("asked", "planned", "declined"))]
    lines = [ideas.IdeaLine(f"{n:032}", "&<!here>" * 125, NOW, decisions[n % 4]) for n in range(99)]
    listed = ideas.IdeaList("SE", "Europe/Stockholm", "new", shown.ideas, lines, page=2)
    idea = ideas.IdeaPage(
        "SE",
        "Europe/Stockholm",
        lines[2],
        "planned",
        "SE",
        "U0ANN",
        "&\n" * 250,
        "&" * 500,
        "&" * 500,
        ideas.CHOICES,
        shared=(None, NOW),
    )
    return [
        *(("modal", overview.draw(spoken, campaign, shown, page, today=TODAY)) for page in (None, 0, 5, 99)),
        ("home", overview.draw_home(spoken, campaign, shown, None, today=TODAY, face="organise")),
        ("modal", post_page.draw(spoken, post, told="Told.")),
        ("modal", edit.draw(spoken, about, text, campaign, title=LONG, overtaken=("Told.", text))),
        ("modal", own_post_form(spoken, campaign, 200, text)),
        ("modal", own_post_form(spoken, campaign, 1, Draft("&" * 400, body="&" * 4000))),
        ("modal", stand_ins.draw(spoken, "SE", people(), today=TODAY, until=TODAY, told="Told.")),
        ("modal", stand_ins.draw(spoken, "SE", [], today=TODAY, until=TODAY)),
        ("modal", ideas.draw_list(spoken, listed)),
        ("modal", ideas.draw_list(spoken, replace(listed, ideas=()))),
        ("modal", ideas.draw_idea(spoken, idea, told="Told.")),
        ("modal", resume.draw(spoken, pause, missed, home="SE", zone="Europe/Stockholm")),
    ]


def own_post_form(spoken: Words, campaign: Campaign, countries: int, begun: Text | Draft) -> View:
    """The form of somebody who can write for so many countries and comes from the last."""
    [home, *_] = campaign.countries
    homes = [home.model_copy(update={"code": f"{number:02}"}) for number in range(countries)]
    last = homes[-1].code
    return own_post.draw(spoken, homes, country=last, day=TODAY, at=time(9), text=begun, told="Told.")


def marked_up(part: object) -> Iterator[str]:
    """Yield every text in which Slack looks for mentions."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        part = list(part.values())
    if isinstance(part, list | tuple):
        for each in part:
            yield from marked_up(each)


@pytest.mark.parametrize("language", sorted(languages()))
def test_screens_fit_slack_at_any_size(shipped: Campaign, language: str) -> None:
    for surface, view in drawn(words(language), crowded(shipped)):
        sent = {"type": surface, **view}
        assert view_problems(sent, surface) == []
        assert len(sent["blocks"]) <= 100
        assert "organise." not in str(sent["blocks"]), "every sentence is in the catalogue"
        assert "<!here>" not in "".join(marked_up(sent["blocks"])), "nothing mentions anybody"


def test_finnish_screens_fit_and_say_nothing_english(tmp_path: Path) -> None:
    campaign = crowded(also_in(tmp_path / "week", "fi").campaign())
    finnish, english = (drawn(campaign_words(campaign, each), campaign) for each in ("fi", "en"))
    assert [problem for surface, view in finnish for problem in view_problems({"type": surface, **view}, surface)] == []
    ours, theirs = ({text for _, view in each for text in marked_up(view["blocks"])} for each in (english, finnish))
    # What nobody has translated: text that the test itself has written, and mentions.
    assert {text for text in ours & theirs if re.search(r"[a-z]{3} [a-z]{3}", text)} == set()

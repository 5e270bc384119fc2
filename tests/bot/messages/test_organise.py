"""The screens of organisers, as large as they can be, before those who know what Slack takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.campaign.decisions import Approval, Pause, Revision, StandIn
from bot.campaign.model import Campaign, Text
from bot.locales.catalogues import campaign_words, languages, words
from bot.messages.modals.modal import InvalidFieldsError, StaleViewError, View
from bot.messages.organise import edit, ideas, overview, own_post, post_page, resume, stand_ins
from bot.messages.organise.idea_stages import STAGES
from bot.messages.organise.post_state import PostState, PostStatus
from bot.messages.organise.text_fields import Draft
from bot.messages.unscheduled_messages import Decision
from bot.messages.words import Words
from rehearsal.slack.block_validation import view_problems
from tests.campaigns import also_in

from .modal_samples import back, before, crowded
from .reply_samples import ordinary

NOW = datetime(2027, 3, 15, 11, tzinfo=UTC)
TODAY = date(2027, 3, 15)
LONG = "& <!here> " * 12


def statuses(campaign: Campaign, count: int = 300) -> list[PostStatus]:
    """As many posts as there may be, each on a day of its own, with the longest title and reason."""
    [post, *_] = campaign.posts
    states = list(PostState)
    return [
        PostStatus(
            post.model_copy(update={"post": f"{number:x<60}"}),
            LONG,
            datetime(2027, 1, 1, 9) + timedelta(days=number),  # noqa: DTZ001 - wall time
            states[number % len(states)],
            datetime(2027, 1, 1, 9),  # noqa: DTZ001 - wall time
            "<reason> " * 60,
        )
        for number in range(count)
    ]


def page_of(campaign: Campaign) -> overview.Overview:
    codes = [each.code for each in campaign.countries]
    return overview.Overview(
        country="SE",
        countries=codes,
        is_manager=True,
        zone="Europe/Stockholm",
        not_ready=overview.NotReady(
            examples=["campaign.toml:12"] * 90,
            channels=["c" * 80] * 90,
            unapproved=[(post.post, language) for post in campaign.posts for language in campaign.languages],
            is_earth_hour_unconfirmed=True,
            headcounts=[overview.NotSaid("SE", ["U0123456789"] * 20, TODAY)] * 90,
            works_councils=[overview.NotSaid("SE", ["U0123456789"] * 20, TODAY)] * 90,
        ),
        ideas=dict.fromkeys(STAGES, 99_999),
        pauses=[Pause(f"{code:0<32}", code, "U0BOSS", NOW) for code in ("", *codes)],
        posts=statuses(campaign),
        acts=[overview.ActDone(None, "edited", campaign.posts[0].post, "sv", None, NOW)] * 8,
        standings=ordinary(),
        next_figures_at=NOW,
    )


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


def people() -> list[StandIn]:
    return [StandIn("SE", f"U{number:0>20}", TODAY, None, NOW) for number in range(90)]


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


def test_first_page_is_the_one_of_today(shipped: Campaign) -> None:
    shown = page_of(shipped)
    view = overview.draw(words("en"), shipped, shown, None, today=TODAY)
    assert words("en").short_day(TODAY) in str(view["blocks"])


TEXT = Text(title="Ours", summary="One sentence.", body="Words.", ask="And yours?")


def test_own_post_is_read_as_filled_in(shipped: Campaign) -> None:
    view = own_post.draw(words("sv"), shipped.countries, country="NO", day=TODAY, at=time(9), text=TEXT)
    assert before(view, "country") == "NO"
    assert own_post.read(back(view), shipped) == own_post.OwnPostAnswers("NO", TODAY, time(9), TEXT)
    changed = own_post.read(back(view, {"country": "SE", "day": date(2027, 3, 18), "at": time(14, 5)}), shipped)
    assert changed == own_post.OwnPostAnswers("SE", date(2027, 3, 18), time(14, 5), TEXT)


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


@pytest.mark.parametrize(
    ("field", "written"),
    [("title", "{local}"), ("summary", "{yaer}."), ("body", "{day:nothing}"), ("local", "{local}"), ("ask", "{day}")],
)
def test_placeholders_without_value_are_refused(shipped: Campaign, field: str, written: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        edit.read(back(editing(shipped, "monday-tip", TEXT), {field: written}), shipped)
    assert refused.value.errors == {field: "form.organise_edit.wrong_placeholder"}


def test_own_post_of_one_country_asks_for_none(shipped: Campaign) -> None:
    view = own_post.draw(words("sv"), shipped.countries[:1], country="SE", day=TODAY, at=time(9), text=Draft("Ours"))
    assert "*Sverige (svenska)*" in str(view["blocks"])
    with pytest.raises(InvalidFieldsError) as refused:
        own_post.read(back(view), shipped)
    assert set(refused.value.errors) == {"summary", "body"}


def test_own_post_of_a_country_that_left_is_stale(shipped: Campaign) -> None:
    view = own_post.draw(words("sv"), shipped.countries, country="SE", day=TODAY, at=time(9), text=TEXT)
    with pytest.raises(StaleViewError):
        own_post.read(back(view), replace(shipped, countries=shipped.countries[1:]))


def test_stand_in_is_read_as_filled_in() -> None:
    view = stand_ins.draw(words("sv"), "SE", people()[:2], today=TODAY, until=TODAY)
    sent = back(view, {"user": "U0ANN", "until": date(2027, 3, 19)})
    assert stand_ins.read(sent) == stand_ins.StandInAnswers("SE", "U0ANN", date(2027, 3, 19))
    with pytest.raises(InvalidFieldsError) as refused:
        stand_ins.read(back(view))
    assert refused.value.errors == {"user": "form.choose"}
    with pytest.raises(StaleViewError):
        stand_ins.read(back(view, {"user": "<!channel>"}))

"""Guesses and their answers: what `check` finds, and until when one can guess."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.campaign.guesses import asked_at, closes_at, guess_of
from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Decisions, Omission
from bot.campaign.overlay import apply
from bot.campaign.schedule import everyone, slots_of
from tests.campaigns import SWEDEN, Folder, Place, Post, Week, write

from .test_overlay import NOW

FILE, WORDS = "campaign.toml", "posts/beef/en.md"
KATHMANDU = Place("NP", "Asia/Kathmandu", "en", "week-np")
WEDNESDAY = Week.first.replace(day=17)
GUESS = Post("beef", WEDNESDAY, time(9), kind="guess")
ANSWER = Post("told", WEDNESDAY, time(14), kind="guess_answer", guess="beef")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    write(tmp_path, Week((GUESS, ANSWER), (SWEDEN, KATHMANDU)))
    return Folder(tmp_path)


@pytest.fixture
def campaign(folder: Folder) -> Campaign:
    return folder.campaign()


def test_guess_closes_when_its_channel_is_answered(campaign: Campaign) -> None:
    guess = campaign.posts[0]
    assert closes_at(campaign, guess, "SE", "Asia/Tokyo") == datetime(2027, 3, 17, 13, tzinfo=UTC)
    assert closes_at(campaign, guess, "NP", "Asia/Tokyo") == datetime(2027, 3, 17, 8, 15, tzinfo=UTC)
    assert closes_at(campaign, guess, None, "Asia/Tokyo") == datetime(2027, 3, 17, 5, tzinfo=UTC)


def test_guess_is_never_sent_after_its_answer(campaign: Campaign) -> None:
    guess, answer = campaign.posts
    for sent, told in zip(*(slots_of(campaign, each, everyone(campaign)) for each in (guess, answer)), strict=True):
        assert sent.expires_at == told.due_at
    assert guess_of(campaign, answer) == guess
    assert asked_at(campaign, guess) == datetime(2027, 3, 17, 3, 15, tzinfo=UTC)


def test_answer_is_left_out_with_its_guess(campaign: Campaign) -> None:
    decided = apply(campaign, Decisions(omissions=(Omission("beef", "SE", None, NOW),)), NOW)
    assert [post.left_out for post in decided.posts] == [("SE",), ("SE",)]


def answers(*texts: str) -> str:
    return f"answers = {list(texts)}"


WRITTEN = answers(*(f"{number} of beef in en" for number in (1, 2, 3)))
FAULTS = {
    "no right answer": (FILE, "right = 2", "", "a post of kind guess needs `right`"),
    "a right answer that is not there": (FILE, "right = 2", "right = 4", "there is no answer 4"),
    "no source": (FILE, 'source = "A study, 2024"', "", "a post of kind guess_answer needs `source`"),
    "right elsewhere": (FILE, 'guess = "beef"', 'guess = "beef"\nright = 1', "`right` is for posts of kind guess"),
    "an unknown guess": (FILE, 'guess = "beef"', 'guess = "pork"', "there is no guess 'pork'"),
    "no answer": (FILE, 'guess = "beef"', 'guess = "pork"', "the guess 'beef' has no answers"),
    "another day": (FILE, "time = 14", "working_day = true\ntime = 14", "`working_day` is not that of the guess"),
    "too early": (FILE, "time = 14", "time = 08", "the answer is due before the guess 'beef'"),
    "direct messages": (FILE, 'audience = "countries"', 'audience = "joined"', "cannot go to joined"),
    "two answers": (WORDS, WRITTEN, answers("1", "2"), "`answers` has 2; write three to five"),
    "six answers": (WORDS, WRITTEN, answers(*"123456"), "`answers` has 6; write three to five"),
    "as many in each language": (WORDS, WRITTEN, answers(*"1234"), "`answers` has 3, and 4 in en"),
    "an answer twice": (WORDS, WRITTEN, answers("1", "2", "1"), "an answer is there twice"),
    "answers elsewhere": ("posts/told/en.md", "summary", f"{answers('1')}\nsummary", "`answers` is for posts of kind"),
    "a placeholder": (WORDS, WRITTEN, answers("1", "2", "{thing}"), "there is no placeholder {thing}"),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), FAULTS.values(), ids=FAULTS)
def test_mistake_in_guess_is_named(folder: Folder, file: str, old: str, new: str, says: str) -> None:
    folder.change(file, old, new)
    assert any(says in error for error in folder.errors()), folder.errors()


def test_guess_is_scheduled_once(tmp_path: Path) -> None:
    again = Post("beef", WEDNESDAY.replace(day=18), time(9), kind="guess")
    write(tmp_path, Week((GUESS, ANSWER, again)))
    assert any("scheduled twice" in error for error in Folder(tmp_path).errors())


def test_answer_without_figures_is_warned_of(tmp_path: Path) -> None:
    write(tmp_path, Week((GUESS, ANSWER)))
    assert not any("no figures" in warning for warning in Folder(tmp_path).warnings())
    thursday = WEDNESDAY.replace(day=18)
    late = (Post("beef", thursday, time(9), "guess"), Post("told", thursday, time(14), "guess_answer", guess="beef"))
    write(tmp_path, Week(late))
    assert any("no figures are taken" in warning for warning in Folder(tmp_path).warnings())

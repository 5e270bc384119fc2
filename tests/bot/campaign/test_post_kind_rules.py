"""The rules of a kind of post, as the reader is given them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.campaign.campaign_reader import Reading, read
from bot.campaign.model import Audience
from bot.campaign.post_deadlines import After, EndOfDay
from bot.campaign.post_kind_rules import Rules
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from tests.campaigns import Folder

PLAIN = Rules("tip")


def read_with(folder: Folder, tip: Rules) -> Reading:
    """The small campaign, where a tip has these rules."""
    return read(folder.root, {**KINDS, "tip": tip}, vocabulary())


def test_kind_without_rules_is_for_everybody_until_midnight() -> None:
    assert (PLAIN.deadline, PLAIN.needs, PLAIN.audiences) == (EndOfDay(), (), frozenset(Audience))


def test_kind_may_need_keys_and_audiences(folder: Folder) -> None:
    strict = replace(PLAIN, needs=("theme", "measure"), audiences=frozenset({Audience.COMPANY}))
    reading = read_with(folder, strict)
    at = f"{folder.root.as_posix()}/{folder.at('campaign.toml', '[[posts]]')}"
    says = sorted(str(error) for error in reading.problems.errors)
    assert reading.campaign is None
    assert any(each.startswith(f"{at}: ") and "`measure`" in each for each in says)
    assert any("countries" in each and "company" in each for each in says)
    assert not any("`theme`" in each for each in says), "it has one"


def test_deadline_is_that_of_the_kind(folder: Folder) -> None:
    hour = After(timedelta(hours=1))
    made = read_with(folder, replace(PLAIN, deadline=hour)).campaign
    assert made
    assert made.deadlines["tip"] == hour
    assert made.deadlines["check_in"] == KINDS["check_in"].deadline

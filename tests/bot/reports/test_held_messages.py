"""What organisers hold, as operators read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Approval, Decisions, Omission, Pause
from bot.campaign.schedule import everyone, lay_out
from bot.campaign.text_hash import text_hash
from bot.reports.held_messages import held, is_holding, sentences
from tests.campaigns import shipped_campaign

NOW = datetime(2027, 3, 15, 8, tzinfo=UTC)
PAUSE = Pause("1", "NO", "U0NORA", NOW)


@pytest.fixture
def campaign() -> Campaign:
    return replace(shipped_campaign(), approval_required=True)


def approved(campaign: Campaign, *but: str) -> Decisions:
    keys = {key: (*key, text_hash(text)) for key, text in campaign.texts.items() if key[0] not in but}
    return Decisions(approvals={key: Approval(*key, "U0BOSS", NOW) for key in keys.values()})


def test_where_all_is_approved_nothing_is_said(campaign: Campaign) -> None:
    decisions = approved(campaign)
    assert list(sentences(campaign, decisions)) == []
    assert not is_holding(campaign, decisions)


def test_pauses_omissions_and_missing_approvals_are_said(campaign: Campaign) -> None:
    made = replace(
        approved(campaign, "monday-tip"), pauses=(PAUSE,), omissions=(Omission("thursday-tip", "DK", "U0DAN", NOW),)
    )
    assert list(sentences(campaign, made)) == [
        "paused: NO, since Mon 15 Mar 08:00 UTC",
        "thursday-tip is left out in DK",
        "not approved: monday-tip (da de nb sv); these wait for it",
    ]
    assert is_holding(campaign, made)
    assert "U0" not in "".join(sentences(campaign, made))


def test_without_the_rule_missing_approvals_hold_nothing(campaign: Campaign) -> None:
    free = replace(campaign, approval_required=False)
    [said] = sentences(free, approved(free, "monday-tip"))
    assert said.endswith("they are sent all the same")
    assert not is_holding(free, approved(free, "monday-tip"))


def test_each_slot_says_what_it_waits_for(campaign: Campaign) -> None:
    made = replace(approved(campaign, "monday-tip"), pauses=(PAUSE,))
    slots = lay_out(campaign, everyone(campaign))
    found = {(slot.post, slot.recipient): held(campaign, made, slot) for slot in slots}
    assert found["monday-tip", "NO"] == "paused"
    assert found["monday-tip", "SE"] == "not approved"
    assert found["tuesday-tip", "SE"] is None
    assert {held(campaign, made, slot) for slot in slots if slot.country is None} <= {None}

"""The page of one post in a country: its days, its words by language, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from typing import Any

import pytest

from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Approval, Revision
from bot.locales.catalogues import words
from bot.messages.organise import post_page
from bot.messages.organise.post_page import PostPage, Wording
from bot.messages.organise.post_state import PostState
from rehearsal.slack.block_validation import view_problems
from tests.bot.messages.modal_samples import block, names
from tests.bot.messages.organise_samples import NOW, STOCKHOLM, TEXT, status
from tests.bot.messages.reply_samples import pressable

EN = words("en")
APPROVAL = Approval("monday-tip", "sv", "a" * 64, "U0BOSS", NOW)
REVISION = Revision("r1", "monday-tip", "sv", TEXT, "b" * 64, None, NOW)


def page(campaign: Campaign, *wordings: Wording, **more: Any) -> PostPage:
    given = {"days": [status(campaign)], "wordings": wordings, "actions": (), "title": "A tip"}
    return PostPage(**{"country": "SE", "zone": STOCKHOLM, "post": "monday-tip", **given, **more})


def wording(language: str = "sv", **more: Any) -> Wording:
    return Wording(**{"language": language, "hash": "h", "approval": None, "revision": None, "is_mine": True, **more})


def test_days_say_when_where_and_what(shipped: Campaign) -> None:
    sent = status(shipped, state=PostState.SENT, sent=datetime(2027, 3, 15, 9, 1), channel="lund")  # noqa: DTZ001
    view = post_page.draw(EN, page(shipped, days=[sent, status(shipped, "pledge-call")]), told="Done.")
    assert names(view)[:3] == ["told", "post_title", "days_0"]
    assert block(view, "days_0")["text"]["text"].split("\n") == [
        "*Monday 15 March, 09:00* · #lund",
        ":white_check_mark: sent 09:01",
        "*Monday 15 March, 13:00*",
        "coming",
    ]


def test_day_begins_with_a_capital_letter(shipped: Campaign) -> None:
    view = post_page.draw(words("sv"), page(shipped))
    assert block(view, "days_0")["text"]["text"].startswith("*Måndag 15 mars")


def test_buttons_keep_their_order(shipped: Campaign) -> None:
    given = page(shipped, actions={"organise_withdraw", "organise_correct"})
    row = pressable([block(post_page.draw(EN, given), "post_actions")])
    assert row == {
        "organise_correct": "SE/monday-tip",
        "organise_withdraw": "SE/monday-tip",
        "organise_page:SE": "SE",
    }
    assert next(iter(row)) == "organise_correct"
    assert list(pressable([block(post_page.draw(EN, page(shipped)), "post_actions")])) == ["organise_page:SE"]


@pytest.mark.parametrize(
    ("approved", "revised", "expected"),
    [
        (False, False, ["organise_edit", "organise_approve"]),
        (True, False, ["organise_edit"]),
        (False, True, ["organise_edit", "organise_approve", "organise_discard"]),
        (True, True, ["organise_edit", "organise_discard"]),
    ],
)
def test_words_offer_what_is_left_to_decide(
    shipped: Campaign, expected: list[str], *, approved: bool, revised: bool
) -> None:
    decided: dict[str, Any] = {"approval": APPROVAL if approved else None, "revision": REVISION if revised else None}
    row = block(post_page.draw(EN, page(shipped, wording(**decided))), "words_actions:sv")
    looked = ["organise_preview", "organise_send_test"]
    assert [each.split(":")[0] for each in pressable([row])] == looked + expected
    theirs = page(shipped, wording(**decided, is_mine=False))
    row = block(post_page.draw(EN, theirs), "words_actions:sv")
    assert [each.split(":")[0] for each in pressable([row])] == looked


def test_decisions_name_the_words_that_were_seen(shipped: Campaign) -> None:
    row = block(post_page.draw(EN, page(shipped, wording(revision=REVISION))), "words_actions:sv")
    assert pressable([row]) == {
        "organise_preview:sv": "SE/monday-tip/sv",
        "organise_send_test:sv": "SE/monday-tip/sv",
        "organise_edit:sv": "SE/monday-tip/sv",
        "organise_approve:sv": "SE/monday-tip/sv/h",
        "organise_discard:sv": "SE/monday-tip/sv/r1",
    }


def test_words_in_no_file_cannot_be_discarded(shipped: Campaign) -> None:
    own = wording(revision=replace(REVISION, base=""))
    row = block(post_page.draw(EN, page(shipped, own)), "words_actions:sv")
    assert "organise_discard:sv" not in pressable([row])


def test_words_say_who_wrote_and_approved_them(shipped: Campaign) -> None:
    view = post_page.draw(EN, page(shipped, wording("nb", approval=APPROVAL, revision=REVISION), wording("de")))
    assert block(view, "words:nb")["text"]["text"].split("\n") == [
        "*Norwegian Bokmål*",
        "Changed by an organiser on Monday 15 March, 12:00.",
        "Approved by <@U0BOSS> on Monday 15 March, 12:00.",
    ]
    assert block(view, "words:de")["text"]["text"] == "*German*\nNot approved yet."


def test_very_many_languages_and_days_fit(shipped: Campaign) -> None:
    codes = ["".join(pair) for pair in product("abcdefgh", repeat=2)]
    many = page(shipped, *map(wording, codes), days=[status(shipped)] * 30, title="&" * 400, actions=post_page.ACTIONS)
    view = post_page.draw(EN, many)
    assert view_problems(view, "modal") == []
    assert sum(name.startswith("words:") for name in names(view)) == 40
    assert block(view, "days_0")["text"]["text"].count("coming") == 10

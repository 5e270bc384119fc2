from __future__ import annotations

from dataclasses import replace

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.modals.modal import PendingAction

from .modal_samples import (
    ENGLISH,
    before,
    crowded,
    element,
    joined,
    labels,
    names,
    text_of,
    tongues,
)


def test_joining_offers_each_country_another_one_and_none(shipped: Campaign) -> None:
    german = replace(ENGLISH, language="de", locale=words("de").locale)
    countries = ["Schweden", "Norwegen", "Dänemark", "Deutschland"]
    assert labels(joined(german, shipped), "country") == [*countries, "Another country", "I'd rather not say"]


def test_languages_are_called_as_their_speakers_call_them(shipped: Campaign) -> None:
    for spoken in tongues(shipped):
        named = ["English", "svenska", "norsk bokmål", "dansk", "Deutsch"]
        assert labels(joined(spoken, shipped), "language") == named


@pytest.mark.parametrize(("suggested", "chosen"), [("SE", "SE"), ("FR", "ZZ"), ("ZZ", "ZZ"), (None, None)])
def test_suggested_country_is_chosen_if_it_takes_part(
    shipped: Campaign, suggested: str | None, chosen: str | None
) -> None:
    assert before(joined(ENGLISH, shipped, country=suggested), "country") == chosen


def test_settings_show_that_no_country_was_given(shipped: Campaign) -> None:
    assert before(joined(ENGLISH, shipped, country=None, settings=True), "country") == "-"


@pytest.mark.parametrize("messages", [True, False])
def test_direct_messages_are_off_unless_they_were_chosen(shipped: Campaign, *, messages: bool) -> None:
    box = element(joined(ENGLISH, shipped, messages=messages), "messages")
    assert ("initial_options" in box) == messages


def test_joining_says_retention_date_and_how_to_stop(shipped: Campaign) -> None:
    said = text_of(joined(ENGLISH, shipped))
    assert "Wednesday, 21 July 2027" in said
    assert "/earthweek messages off" in said
    assert "/earthweek forget" in said


def test_joining_mentions_pending_action_and_settings_differ(shipped: Campaign) -> None:
    waiting = joined(ENGLISH, shipped, pending=PendingAction("pledge", "pledge-call"))
    settings = joined(ENGLISH, shipped, settings=True)
    assert names(waiting)[0] == "first"
    assert names(settings)[0] == "country"
    assert (waiting["title"]["text"], settings["title"]["text"]) == ("Join Earth Week", "Your settings")
    assert (waiting["submit"]["text"], settings["submit"]["text"]) == ("Join", "Save")


def test_many_countries_open_as_a_list(shipped: Campaign) -> None:
    view = joined(ENGLISH, crowded(shipped))
    assert element(view, "country")["type"] == "static_select"
    assert len(labels(view, "country")) == 43

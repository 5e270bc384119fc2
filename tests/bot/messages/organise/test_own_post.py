"""The form in which an organiser writes a post of a country's own, and what is read from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.modals.modal import InvalidFieldsError, StaleViewError
from bot.messages.organise import own_post
from bot.messages.organise.text_fields import Draft
from tests.bot.messages.modal_samples import back, before, element, errors, labels, names
from tests.bot.messages.organise_samples import TEXT, TODAY


def test_own_post_is_read_as_filled_in(shipped: Campaign) -> None:
    view = own_post.draw(words("sv"), shipped.countries, country="NO", day=TODAY, at=time(9), text=TEXT)
    assert before(view, "country") == "NO"
    assert own_post.read(back(view), shipped) == own_post.OwnPostAnswers("NO", TODAY, time(9), TEXT)
    changed = own_post.read(back(view, {"country": "SE", "day": date(2027, 3, 18), "at": time(14, 5)}), shipped)
    assert changed == own_post.OwnPostAnswers("SE", date(2027, 3, 18), time(14, 5), TEXT)


def test_own_post_of_one_country_asks_for_none(shipped: Campaign) -> None:
    view = own_post.draw(words("sv"), shipped.countries[:1], country="SE", day=TODAY, at=time(9), text=Draft("Ours"))
    assert "*Sverige (svenska)*" in str(view["blocks"])
    with pytest.raises(InvalidFieldsError) as refused:
        own_post.read(back(view), shipped)
    assert set(refused.value.errors) == {"summary", "body"}


def test_own_post_of_country_that_left_is_stale(shipped: Campaign) -> None:
    view = own_post.draw(words("sv"), shipped.countries, country="SE", day=TODAY, at=time(9), text=TEXT)
    with pytest.raises(StaleViewError):
        own_post.read(back(view), replace(shipped, countries=shipped.countries[1:]))


def test_menu_of_countries_holds_ones_own(shipped: Campaign) -> None:
    [home, *_] = shipped.countries
    homes = [home.model_copy(update={"code": f"{number:03}"}) for number in range(150)]
    view = own_post.draw(words("en"), homes, country="149", day=TODAY, at=time(9), text=TEXT)
    assert len(labels(view, "country")) == 100
    assert before(view, "country") == element(view, "country")["options"][0]["value"] == "149"


def test_countries_name_the_language_of_their_channel(shipped: Campaign) -> None:
    view = own_post.draw(words("de"), shipped.countries, country="NO", day=TODAY, at=time(9), text=TEXT)
    assert labels(view, "country")[0] == "Norwegen (Norwegisch (Bokmål))"


@pytest.mark.parametrize("origin", ["", "1dea"])
def test_origin_and_what_was_wrong_stay(shipped: Campaign, origin: str) -> None:
    form: dict[str, Any] = {"country": "SE", "day": TODAY, "at": time(9), "text": TEXT}
    view = own_post.draw(words("en"), shipped.countries[:1], **form, told="Too late.", origin=origin)
    assert names(view)[:2] == ["told", "about"]
    read = own_post.read(back(view), shipped)
    assert (read.country, read.origin) == ("SE", origin)


def test_day_and_time_have_to_be_picked(shipped: Campaign) -> None:
    view = own_post.draw(words("en"), shipped.countries, country="SE", day=TODAY, at=time(9), text=TEXT)
    for name in ("day", "at", "country"):
        sent = back(view, {name: None})
        assert errors(lambda view: own_post.read(view, shipped), sent) == {name: "form.choose"}


def test_own_post_knows_its_own_country_only(shipped: Campaign) -> None:
    view = own_post.draw(words("en"), shipped.countries, country="SE", day=TODAY, at=time(9), text=TEXT)
    assert {"title", "summary", "body", "ask"} <= set(names(view))
    assert "local" not in names(view), "nobody else reads it"
    sent = back(view, {"body": "In {country}: {day:own}.\n\n{local}"})
    assert list(errors(lambda view: own_post.read(view, shipped), sent)) == ["body"]

"""Forms as a person and Slack treat them: drawn, filled in, and sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any, get_args

import pytest
import slackblocks as sb

from bot.campaign.model import Campaign, Country, Evidence, Per, Pledge, PledgeWords
from bot.locales.catalogues import words
from bot.messages.message import Block
from bot.messages.modals import (
    check_in,
    choose_pledge,
    earth_hour_minutes,
    idea,
    idea_reply,
    join,
    mark_done,
    message_modal,
    my_data,
    pause_own_messages,
    pledge_plan,
)
from bot.messages.modals.modal import InvalidFieldsError, PendingAction, View
from bot.messages.modals.pledge_summary import draw_source
from bot.messages.words import Words
from rehearsal.slack.interactive_elements import controls, state

from .test_post_kinds import values

MONDAY = date(2027, 3, 15)
DAYS = [date(2027, 3, 15), date(2027, 3, 14), date(2027, 3, 13)]
BIKE = "bike_or_walk_10km"
LAPTOP = "laptop_plus_one_year"
ENGLISH = words("en")

Reader = Callable[[View], object]


def tongues(campaign: Campaign) -> Iterator[Words]:
    """Every language of the campaign, with its own words, and with the English ones in case it has none."""
    for language in campaign.languages:
        yield words(language)
        yield replace(ENGLISH, language=language)


def back(view: View, values: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The view as Slack sends it when it is submitted, with these fields filled in and the others as drawn."""
    given = values or {}
    known = {each.action_id: each for each in controls(view["blocks"])}
    filled = {known[name].place: known[name].chosen(value) for name, value in given.items()}
    return {**view, "state": state(view["blocks"], filled)}


def errors(read: Reader, view: View) -> Mapping[str, str]:
    """What is wrong in a form that its reader refuses: names of sentences, by field."""
    with pytest.raises(InvalidFieldsError) as refused:
        read(view)
    return refused.value.errors


def drawn(words: Words, campaign: Campaign) -> Iterator[View]:
    """Every form, in every way in which it looks different."""
    ids = [pledge.id for pledge in campaign.pledges]
    yield message_modal.loading(words)
    yield message_modal.draw(words, "Something did not work. `abc123`")
    yield my_data.draw_forget(words)
    yield pause_own_messages.draw(words, MONDAY)
    yield from (earth_hour_minutes.draw(words, number) for number in (None, 15, 600))
    yield from (idea.draw(words, name) for name in ("Sweden", None))
    yield from (
        idea_reply.draw(words, purpose=purpose, idea="i1", shown="&\n" * 500)
        for purpose in get_args(idea_reply.Purpose)
    )
    yield my_data.draw_data(words, ["*Country*: Sweden"] * 40, '{"country": "SE"}\n' * 400)
    yield from joins(words, campaign)
    yield from (
        choose_pledge.draw(words, campaign, country, ids[:3], page) for country in ("SE", None) for page in (0, 1)
    )
    yield from (
        draw_source(words, campaign, pledge, country) for pledge in campaign.pledges for country in ("SE", "ZZ")
    )
    yield from (planned(words, campaign, pledge) for pledge in campaign.pledges)
    yield planned(words, campaign, campaign.pledges[0], days=[])
    yield from (mark_done.draw(words, campaign, ids[:count], DAYS) for count in (1, 10, 11, len(ids)))
    yield from (checked(words, campaign, ids[:count], saved=count == 1) for count in (1, len(ids)))


def joins(words: Words, campaign: Campaign) -> Iterator[View]:
    for country in ("SE", "ZZ", "FR", None):
        for then in (PendingAction("pledge", "pledge-call"), None):
            yield joined(words, campaign, country=country, pending=then)
    yield joined(words, campaign, country=None, messages=True, settings=True)


def joined(words: Words, campaign: Campaign, **given: Any) -> View:
    usual = {"country": "SE", "language": "sv", "messages": False, "pending": None}
    return join.draw(words, campaign, **{**usual, **given})


def planned(words: Words, campaign: Campaign, pledge: Pledge | None = None, **given: Any) -> View:
    usual = {
        "country": "SE",
        "days": DAYS,
        "plan": None,
        "chosen": DAYS[:1],
        "at": time(9),
        "any_hour": True,
        "is_mine": False,
    }
    return pledge_plan.draw(words, campaign, pledge or campaign.pledges[0], **{**usual, **given})


def checked(words: Words, campaign: Campaign, ids: list[str], *, saved: bool = False) -> View:
    return check_in.draw(words, campaign, pledges=ids, answer="partly", occasion="friday-check-in", saved=saved)


def crowded(campaign: Campaign, count: int = 60, sign: str = "&") -> Campaign:
    """The campaign with as many pledges, and as many words about each, as there may be, and in forty countries."""
    made = [pledge(number, sign) for number in range(count)]
    said = PledgeWords(title=sign * 75, unit=sign * 40, about=sign * 200, plans=(sign * 75,) * 4)
    codes = [f"{first}{second}" for first in "QX" for second in "ABCDEFGHIJKLMNOPQRST"]
    home = campaign.countries[0]
    return replace(
        campaign,
        pledges=tuple(made),
        pledge_words={(each.id, language): said for each in made for language in campaign.languages},
        countries=(home, *(Country(**{**home.model_dump(), "code": code}) for code in codes)),
        factors_version=sign * 500,
    )


def pledge(number: int, sign: str = "&") -> Pledge:
    return Pledge(
        id=f"{number:x<60}",
        per=Per.ONCE,
        kg=123456.789,
        low=0,
        high=9999999,
        sdgs=tuple(range(1, 18)),
        evidence=tuple(Evidence)[number % 4],
        source=sign * 5000,
        source_url="https://example.org/" + "|" * (270 if number % 2 else 3000),
        kg_by_country={"SE": (40, 1, 0.1)[number % 3]},
        lasting=True,
    )


LARGEST_VIEW = 250_000


def text_of(view: View) -> str:
    """Everything that is read in a form."""
    return "\n".join(str(text) for text in values(list(view["blocks"]), "text") if isinstance(text, str))


def element(view: View, name: str) -> Block:
    return next(each.element for each in controls(view["blocks"]) if each.action_id == name)


def labels(view: View, name: str) -> list[str]:
    return [option["text"]["text"] for option in element(view, name)["options"]]


def before(view: View, name: str) -> str | None:
    """The value of the option that is chosen when the form opens."""
    option = element(view, name).get("initial_option")
    return option["value"] if option else None


def block(view: View, name: str) -> Block:
    return next(block for block in view["blocks"] if block["block_id"] == name)


def option(option: Block) -> sb.Option:
    return sb.Option(plain(option["text"]), option["value"])


def plain(text: Block) -> sb.Text:
    return sb.Text(text["text"], sb.TextType.PLAINTEXT, emoji=True)


def names(view: View) -> list[str]:
    return [each["block_id"] for each in view["blocks"]]

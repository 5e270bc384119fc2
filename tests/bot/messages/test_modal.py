"""What comes back from forms: as it was filled in, half filled in, of another version, or forged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.messages.modals import (
    check_in,
    earth_hour_minutes,
    idea,
    idea_reply,
    join,
    mark_done,
    pause_own_messages,
    pledge_plan,
)
from bot.messages.modals.join import JoinAnswers
from bot.messages.modals.modal import InvalidFieldsError, PendingAction, StaleViewError, View, modal, read_metadata
from rehearsal.slack.interactive_elements import controls, form_errors

from .modal_samples import BIKE, DAYS, ENGLISH, MONDAY, Reader, back, checked, errors, joined, planned


def everyone(campaign: Campaign) -> dict[str, tuple[View, Reader]]:
    """Every form that is read, with its reader."""
    ids = [BIKE, "carpool_20km"]
    return {
        "join": (
            joined(ENGLISH, campaign, pending=PendingAction("pledge", "x")),
            lambda view: join.read(view, campaign),
        ),
        "plan": (planned(ENGLISH, campaign), lambda view: pledge_plan.read(view, campaign)),
        "done": (mark_done.draw(ENGLISH, campaign, ids[:1], DAYS), mark_done.read),
        "check_in": (checked(ENGLISH, campaign, ids), check_in.read),
        "minutes": (earth_hour_minutes.draw(ENGLISH, None), earth_hour_minutes.read),
        "idea": (idea.draw(ENGLISH, "Sweden"), idea.read),
        "reply": (idea_reply.draw(ENGLISH, purpose="ask", idea="i1", shown="An idea"), idea_reply.read),
        "pause": (pause_own_messages.draw(ENGLISH, MONDAY), pause_own_messages.read),
    }


FORMS = ("join", "plan", "done", "check_in", "minutes", "idea", "reply", "pause")
FILLED: Mapping[str, Mapping[str, object]] = {"idea": {"text": "Trains"}, "reply": {"text": "Why?"}}
"""What a form needs that is not filled in when it opens."""


# As it was filled in


@pytest.mark.parametrize(("country", "read_as"), [("NO", "NO"), ("ZZ", "ZZ"), ("-", None)])
@pytest.mark.parametrize("messages", [True, False])
@pytest.mark.parametrize("then", [PendingAction("pledge_choose", BIKE), None])
def test_joining_is_read_as_it_was_filled_in(
    shipped: Campaign, country: str, read_as: str | None, then: PendingAction | None, *, messages: bool
) -> None:
    view = joined(ENGLISH, shipped, country=None, pending=then)
    sent = back(view, {"country": country, "language": "de", "messages": messages})
    assert join.read(sent, shipped) == JoinAnswers(read_as, "de", messages, then)


def test_joining_as_it_opened_is_what_was_suggested(shipped: Campaign) -> None:
    assert join.read(back(joined(ENGLISH, shipped)), shipped) == JoinAnswers("SE", "sv", messages=False, pending=None)


def test_joining_country_that_left_the_campaign_is_stale(shipped: Campaign) -> None:
    sent = back(joined(ENGLISH, shipped, country="SE"))
    with pytest.raises(StaleViewError):
        join.read(sent, replace(shipped, countries=shipped.countries[1:]))


@pytest.mark.parametrize("missing", ["country", "language"])
def test_joining_needs_a_country_and_a_language(shipped: Campaign, missing: str) -> None:
    sent = back(joined(ENGLISH, shipped), {missing: None})
    assert errors(everyone(shipped)["join"][1], sent) == {missing: "form.choose"}


def test_check_in_is_read_as_filled_in(shipped: Campaign) -> None:
    view = checked(ENGLISH, shipped, [BIKE, "carpool_20km"])
    given = {f"answer:{BIKE}": "done", "obstacle": "rules", "line": " More showers. ", "continues": True}
    assert check_in.read(back(view, given)) == check_in.CheckInAnswers(
        occasion="friday-check-in",
        answers={BIKE: "done", "carpool_20km": "partly"},
        obstacle="rules",
        line="More showers.",
        continues=True,
    )


def test_untouched_check_in_has_only_its_answers(shipped: Campaign) -> None:
    read = check_in.read(back(checked(ENGLISH, shipped, [BIKE])))
    assert (read.answers, read.obstacle, read.line, read.continues) == ({BIKE: "partly"}, None, None, None)


@pytest.mark.parametrize("named", [True, False])
def test_an_idea_is_read_as_it_was_written(*, named: bool) -> None:
    later = ["told"] if named else []
    sent = back(idea.draw(ENGLISH, None), {"text": "\n Trains, <!channel> & buses \n", "named": named, "later": later})
    assert idea.read(sent) == idea.IdeaAnswers("Trains, <!channel> & buses", named, kept=False, told=named)


@pytest.mark.parametrize("written", ["", "   \n", "\u200b\u2060"])
def test_empty_idea_is_asked_for_again(written: str) -> None:
    sent = back(idea.draw(ENGLISH, None), {"text": written})
    assert errors(idea.read, sent) == {"text": "form.empty"}


MENTIONS = [
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<#C123|general>",
    "<!subteam^S1>",
    "@channel",
    "@Here",
    "@everyone",
]


@given(st.lists(st.sampled_from(MENTIONS), min_size=1, max_size=20), st.sampled_from([" ", "\n", "", "\u200b"]))
def test_mentions_alone_are_no_idea(mentions: list[str], between: str) -> None:
    # Written together, "@herehere" is a word and no mention.
    told_apart = between if between not in {"", "\u200b"} else " "
    sent = back(idea.draw(ENGLISH, None), {"text": told_apart.join(mentions)})
    assert errors(idea.read, sent) == {"text": "form.idea.only_mentions"}


@given(st.sampled_from(MENTIONS), st.text(st.characters(categories=["L"]), min_size=1, max_size=50))
def test_a_mention_among_other_words_is_an_idea(mention: str, said: str) -> None:
    text = f"{said} {mention}"
    assert idea.read(back(idea.draw(ENGLISH, None), {"text": text})).text == text


@pytest.mark.parametrize(("most", "is_taken"), [(1000, True), (1001, False)])
def test_an_idea_has_at_most_a_thousand_characters(most: int, *, is_taken: bool) -> None:
    sent = back(idea.draw(ENGLISH, None), {"text": "å" * most})
    if is_taken:
        assert len(idea.read(sent).text) == most
    else:
        assert errors(idea.read, sent) == {"text": "form.too_long"}


@pytest.mark.parametrize("name", FORMS)
def test_valid_form_is_read_and_missing_fields_named(shipped: Campaign, name: str) -> None:
    view, read = everyone(shipped)[name]
    filled = FILLED.get(name, {})
    known = {each.action_id: each for each in controls(view["blocks"])}
    held = {known[field].place: known[field].chosen(value) for field, value in filled.items()}
    assert form_errors(view["blocks"], held) == {}
    assert read(back(view, filled))
    for needed in (each for each in known.values() if each.is_field and not each.block.get("optional")):
        assert set(errors(read, back(view, {**filled, needed.action_id: None}))) == {needed.block_id}


@pytest.mark.parametrize("name", FORMS)
def test_every_error_for_missing_fields_has_a_message(shipped: Campaign, name: str) -> None:
    view, read = everyone(shipped)[name]
    for field in [each for each in view["blocks"] if each["type"] == "input" and not each.get("optional")]:
        emptied = {**FILLED.get(name, {}), field["block_id"]: None}
        for said in errors(read, back(view, emptied)).values():
            assert ENGLISH(said) != said


# Another version, or forged


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    "noted",
    [
        None,
        "",
        "null",
        "[]",
        "{}",
        '"1"',
        '{"version": 1}',
        '{"version": "0"}',
        '{"version": ["1"]}',
        "[" * 100_000,
        "9" * 5000,
        '{"version"',
    ],
    ids=lambda noted: str(noted)[:20],
)
def test_metadata_of_another_version_is_stale(shipped: Campaign, name: str, noted: str | None) -> None:
    view, read = everyone(shipped)[name]
    with pytest.raises(StaleViewError):
        read({**back(view, FILLED.get(name)), "private_metadata": noted})


def test_what_was_noted_comes_back() -> None:
    view = modal(ENGLISH, "x", "form.title", [], metadata={"idea": "å", "days": ["2027-03-15"]})
    assert read_metadata(view) == {"idea": "å", "days": ["2027-03-15"]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
NASTY = JSON | st.sampled_from(["1", "own", "-", "yes", "SE", "2027-02-31", "24:00", "09:00:00", "T09:00", "9" * 5000])


def said_of(read: Reader, view: View) -> Mapping[str, str]:
    """What is still to be filled in; whatever comes back, a reader takes it, or says that, or that it is outdated."""
    try:
        read(view)
    except StaleViewError:
        return {}
    except InvalidFieldsError as refused:
        return refused.errors
    return {}


def only_says_what_is_wrong(read: Reader, view: View) -> None:
    assert all(ENGLISH(name) != name for name in said_of(read, view).values())


@pytest.mark.parametrize("name", FORMS)
@given(state=NASTY, noted=NASTY, callback=NASTY)
def test_forged_state_or_metadata_only_yields_known_errors(
    shipped: Campaign, name: str, state: Any, noted: Any, callback: Any
) -> None:
    view, read = everyone(shipped)[name]
    only_says_what_is_wrong(read, {**view, "state": state})
    only_says_what_is_wrong(read, {**view, "state": {"values": state}, "callback_id": callback})
    only_says_what_is_wrong(read, {**back(view, FILLED.get(name)), "private_metadata": noted})
    only_says_what_is_wrong(read, {})


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
def test_forged_part_of_metadata_only_yields_known_errors(shipped: Campaign, name: str, data: st.DataObject) -> None:
    view, read = everyone(shipped)[name]
    noted = json.loads(view["private_metadata"])
    part = data.draw(st.sampled_from(sorted(noted)))
    forged = json.dumps({**noted, part: data.draw(NASTY | st.lists(NASTY))})
    only_says_what_is_wrong(read, {**back(view, FILLED.get(name)), "private_metadata": forged})


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
def test_anything_in_place_of_one_field(shipped: Campaign, name: str, data: st.DataObject) -> None:
    view, read = everyone(shipped)[name]
    sent = back(view, FILLED.get(name))
    field = data.draw(st.sampled_from(sorted(sent["state"]["values"])))
    held = dict(sent["state"]["values"][field][field])
    for key in [key for key in held if key != "type"]:
        held[key] = data.draw(NASTY | st.fixed_dictionaries({"value": NASTY}) | st.lists(NASTY))
    forged = data.draw(st.sampled_from([{field: held}, {field: None}, {}]) | NASTY)
    only_says_what_is_wrong(read, {**view, "state": {"values": {**sent["state"]["values"], field: forged}}})


@given(named=st.text(), answer=NASTY)
@example(named="", answer="done")
@example(named="../../etc", answer="done")
def test_answer_naming_no_valid_pledge_is_stale(shipped: Campaign, named: str, answer: Any) -> None:
    sent = back(checked(ENGLISH, shipped, [BIKE]))
    name = f"answer:{named}!"
    held = {name: {"type": "radio_buttons", "selected_option": {"value": answer}}}
    with pytest.raises(StaleViewError):
        check_in.read({**sent, "state": {"values": {**sent["state"]["values"], name: held}}})


@pytest.mark.parametrize("name", FORMS)
def test_form_with_a_missing_field_is_stale(shipped: Campaign, name: str) -> None:
    view, read = everyone(shipped)[name]
    sent = back(view, FILLED.get(name))
    for field in sent["state"]["values"]:
        if not field.startswith("answer:"):
            fewer = {key: held for key, held in sent["state"]["values"].items() if key != field}
            with pytest.raises(StaleViewError):
                read({**sent, "state": {"values": fewer}})


def test_a_check_in_about_no_pledge_is_forged(shipped: Campaign) -> None:
    with pytest.raises(StaleViewError):
        check_in.read(back(checked(ENGLISH, shipped, [])))

"""The modals that are open, one person's apart from another's, and the App Home of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack.open_views import MOST_IN_STACK, View, Views

from .helpers import HELLO, START

WHY = ("why", "why")
WRITTEN = {"type": "plain_text_input", "value": "because"}


def content(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "blocks": list(blocks) or [HELLO], **more}


def field(kind: str = "plain_text_input") -> dict[str, Any]:
    return {"type": "input", "block_id": "why", "element": {"type": kind, "action_id": "why"}}


@pytest.fixture
def views() -> Views:
    return Views()


def pushed(views: Views, user: str = "U1") -> View:
    view = views.push(user, content(), START)
    assert view is not None
    return view


def test_opening_a_modal_replaces_the_whole_stack(views: Views) -> None:
    views.open("U1", content(), START)
    pushed(views)
    last = views.open("U1", content(), START)
    assert (views.stack("U1"), list(views.modals)) == ([last], [last.id])
    assert (last.root, last.previous) == (last.id, None)


def test_pushed_modals_know_root_and_previous(views: Views) -> None:
    root = views.open("U1", content(), START)
    second, third = pushed(views), pushed(views)
    assert [(each.root, each.previous) for each in (second, third)] == [(root.id, root.id), (root.id, second.id)]
    assert views.top("U1") == third


def test_nothing_is_pushed_on_nothing_or_fourth(views: Views) -> None:
    assert views.push("U1", content(), START) is None
    views.open("U1", content(), START)
    assert sum(views.push("U1", content(), START) is not None for _ in range(5)) == MOST_IN_STACK - 1


def test_closing_top_modal_uncovers_next_one(views: Views) -> None:
    root = views.open("U1", content(), START)
    top = pushed(views)
    views.pop(top)
    views.pop(top)
    assert (views.stack("U1"), list(views.modals)) == ([root], [root.id])


def test_people_do_not_see_each_others_modals(views: Views) -> None:
    views.open("U1", content(), START)
    theirs = views.open("U2", content(), START)
    views.close("U1")
    views.close("U1")
    assert (views.top("U1"), views.top("U2"), views.top("U3")) == (None, theirs, None)


def test_update_keeps_what_still_fits_and_forgets_errors(views: Views) -> None:
    view = views.fill(views.open("U1", content(field()), START), {WHY: WRITTEN})
    marked = views.mark(view, {"why": "Too short"})
    same = views.update(marked, content(field()), START)
    assert (same.id, same.filled, same.errors) == (view.id, {WHY: WRITTEN}, {})
    assert same.hash != view.hash
    assert views.update(same, content(field("datepicker")), START).filled == {}


def test_filling_in_adds_to_what_is_there(views: Views) -> None:
    home = views.publish("U1", content(), START)
    other = ("row", "when")
    for place in (WHY, other):
        home = views.fill(home, {place: WRITTEN})
    assert views.homes == {"U1": home}
    assert (home.filled, views.modals) == ({WHY: WRITTEN, other: WRITTEN}, {})


def test_home_keeps_its_id_and_its_choices(views: Views) -> None:
    first = views.fill(views.publish("U1", content(field()), START), {WHY: WRITTEN})
    again = views.publish("U1", content(field()), START)
    assert (again.id, again.root, again.filled) == (first.id, first.id, {WHY: WRITTEN})
    assert again.hash != first.hash
    assert views.publish("U2", content(), START).id != first.id


def test_modal_is_found_by_the_apps_name(views: Views) -> None:
    views.open("U1", content(), START)
    named = views.open("U2", content(external_id="mine"), START)
    assert (views.named("mine"), views.named("other")) == (named, None)
    views.close("U2")
    assert views.named("mine") is None


@given(st.lists(st.tuples(st.sampled_from(["open", "push", "pop", "close", "update"]), st.sampled_from("ab"))))
def test_stacks_and_modals_agree_whatever_is_done(done: list[tuple[str, str]]) -> None:
    views, hashes = Views(), []
    for number, (act, user) in enumerate(done):
        at, top = START + timedelta(minutes=number), views.top(user)
        view = None
        match act:
            case "open":
                view = views.open(user, content(), at)
            case "push":
                view = views.push(user, content(), at)
            case "update" if top:
                view = views.update(top, content(), at)
            case "pop" if top:
                views.pop(top)
            case "close":
                views.close(user)
        hashes += [view.hash] if view else []
    stacks = [views.stack(user) for user in "ab"]
    assert sorted(view.id for stack in stacks for view in stack) == sorted(views.modals)
    assert all(len(stack) <= MOST_IN_STACK for stack in stacks)
    assert len(set(hashes)) == len(hashes)

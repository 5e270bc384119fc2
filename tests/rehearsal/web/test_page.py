"""The page of the rehearsal room, and its regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.web.fault_injection import UpdateError
from rehearsal.web.page import REGIONS, FaultsView, PageRenderer, PanelView, address, script, style
from rehearsal.web.view_models import ConversationView, HomeView, MessageView, PinView, SidebarItem, Tab, Viewpoint
from tests.rehearsal.html.page import Element, read

from .screens import BODY, CHANNEL, CLOSED, DIRECT, conversation, face, modal, panel, said, screen

PAGE = PageRenderer()
TABS: tuple[Tab, ...] = get_args(Tab)
NOTHING = PanelView()
HOSTILE = ("<script>alert(1)</script>", '" onclick="x', "'><b>", "&amp;", "</select></dialog>", "{{ 7 * 7 }}", "ÅÄÖ 🌍")
WORDS = st.sampled_from(HOSTILE) | st.text(min_size=1)
SLACK_FAULTS = ("down", "limits", *get_args(UpdateError))
LEADS = {"href", "src", "action", "formaction"}


def drawn(*, region: str, **more: object) -> Element:
    values = {"screen": screen(), "panel": NOTHING} | more
    return read(PAGE.regions(values["screen"], values["panel"])[region])  # type: ignore[arg-type]


def beside(tab: Tab, shown: PanelView | None = None) -> Element:
    return drawn(region="panel", screen=screen(tab=tab), panel=shown or panel())


def ids(element: Element) -> list[str]:
    return [each.attributes["id"] or "" for each in element.all() if "id" in each.attributes]


def links(element: Element) -> dict[str, str | None]:
    return {
        each.text.strip() or str(each.attributes["aria-label"]): each.attributes["href"] for each in element.all("a")
    }


# The whole and its parts


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("shown", [conversation(), conversation("x", CLOSED), HomeView(BODY), HomeView(None)], ids=repr)
def test_each_region_stands_once_exactly_as_drawn_alone(shown: ConversationView | HomeView, tab: Tab) -> None:
    seen, beside = screen("Week", shown, tab=tab, over=modal()), panel()
    html = PAGE.page(seen, beside)
    found = ids(read(html))
    assert len(found) == len(set(found))
    for name, inside in PAGE.regions(seen, beside).items():
        assert found.count(name) == 1
        assert inside in html


def test_the_regions_are_those_that_the_room_sends() -> None:
    names = {"clock", "people", "sidebar", "conversation", "composer", "modal", "panel", "trouble"}
    assert set(PAGE.regions(screen(), NOTHING)) == set(REGIONS) == names


@pytest.mark.parametrize("tab", TABS)
def test_page_has_no_inline_script_or_style(tab: Tab) -> None:
    page = read(PAGE.page(screen(tab=tab, over=modal()), panel()))
    assert [each.attributes.get("src") for each in page.all("script")] == ["/room.js"]
    assert not page.all("style")
    assert not [name for each in page.all() for name in each.attributes if name == "style" or name.startswith("on")]
    for each in page.all():
        for name in LEADS & each.attributes.keys():
            assert (each.attributes[name] or "").startswith(("/", "#", "data:,"))


def test_style_and_script_load_nothing_external() -> None:
    assert ".bk-button" in style()
    assert ".walls" in style()
    assert not re.search(r"url\(|@import|https?:", style() + script())


def test_elements_named_in_script_exist_in_page() -> None:
    page = PAGE.page(screen(over=modal()), panel())
    names = set(re.findall(r"'#([a-z]+)", script()))
    assert {"text", "dialog", "toast"} < names <= set(ids(read(page)))


@given(WORDS, st.sampled_from(TABS))
def test_whatever_people_write_stays_text(words: str, tab: Tab) -> None:
    tame = read(PAGE.page(screen("w", tab=tab, over=modal("w")), panel("w", lost=("w",))))
    page = read(PAGE.page(screen(words, tab=tab, over=modal(words)), panel(words, lost=(words,))))
    assert [(each.name, each.attributes.keys()) for each in page.all()] == [
        (each.name, each.attributes.keys()) for each in tame.all()
    ]


@given(WORDS)
def test_names_and_ids_in_messages_stay_text(words: str) -> None:
    shown = replace(said(words, is_app=False), key=words, ts=words, fingerprint=words)
    place = SidebarItem(words, words, "direct", 1)
    page = read(PAGE.page(replace(screen(words, conversation(words, place, shown)), places=(place,)), NOTHING))
    (message,) = page.all("article")
    assert message.one("b").text == words
    assert {each.attributes["data-ts"] for each in page.all("article")} == {words}


def test_an_address_says_who_looks_where() -> None:
    here = Viewpoint("U1", "C1", "log")
    assert address(here) == "/?as=U1&in=C1&tab=log"
    assert address(here, place="D&1") == "/?as=U1&in=D%261&tab=log"
    assert address(here, tab="none") == "/?as=U1&in=C1&tab=none"


# The clock


def test_every_country_has_clock_and_its_differing_day() -> None:
    walls = drawn(region="clock").all("li")[:2]
    assert [each.one("time").text for each in walls] == ["Earth Week 2027", "14:00"]
    assert walls[1].one(of="date").text == "Wed 17 Mar"


@pytest.mark.parametrize(("playing", "does"), [(True, "pause"), (False, "play")])
def test_the_clock_offers_what_it_does_not_do(playing: bool, does: str) -> None:  # noqa: FBT001
    (found,) = drawn(region="clock", screen=screen(clock=face(playing=playing))).all(of="round")
    assert found.attributes["data-clock"] == does


def test_a_week_that_is_over_cannot_go_on() -> None:
    clock = drawn(region="clock", screen=screen(clock=face(playing=False, over=True)))
    assert clock.one(of="state").text == "The week is over"
    stopped = {each.attributes["data-clock"] for each in clock.all("button") if "disabled" in each.attributes}
    assert stopped == {"play", "next"}


def test_one_jumps_to_a_moment_by_its_instant() -> None:
    clock = drawn(region="clock")
    (jump,) = (each for each in clock.all("button") if "data-at" in each.attributes)
    assert (jump.attributes["data-clock"], jump.attributes["data-at"]) == ("go", "2027-03-17T12:00:00+00:00")
    assert len(clock.all("section")) == 1
    assert clock.one("input").attributes["value"] == "2027-03-17T13:00"


def test_the_speed_in_use_is_chosen() -> None:
    slow, fast = drawn(region="clock").all("option")
    assert (slow.attributes["value"], fast.attributes["value"]) == ("600", "")
    assert "selected" in fast.attributes
    assert "selected" not in slow.attributes


# People and places


def test_the_switch_keeps_the_place_and_the_tab() -> None:
    people = drawn(region="people", screen=screen(tab="log"))
    hidden = {each.attributes["name"]: each.attributes["value"] for each in people.all("input")}
    assert hidden == {"in": "C1", "tab": "log"}
    assert [each.attributes["value"] for each in people.all("option") if "selected" in each.attributes] == ["U1"]


def test_unread_places_are_marked_and_shown_one_current() -> None:
    places = {each.one(of="name").text: each for each in drawn(region="sidebar").all("a")}
    assert list(places) == ["Home", "earth-week-se", "earth-week-no", "reps", "Earth Week"]
    assert [name for name, each in places.items() if "unread" in each.classes] == ["earth-week-se", "Earth Week"]
    assert [name for name, each in places.items() if "aria-current" in each.attributes] == ["earth-week-se"]
    assert places["Earth Week"].one(of="badge").text == "3 unread"
    assert places["earth-week-no"].text == "earth-week-no, archived"
    assert places["Home"].attributes["href"] == "/?as=U1&in=home&tab=week"


# What is said


def test_a_message_says_by_what_slack_knows_it() -> None:
    shown = conversation("x", CHANNEL, said(key="1"), replace(said(key="p2", private=True), ts="17.5"))
    first, second = drawn(region="conversation", screen=screen("x", shown)).all("article")
    assert (first.attributes["id"], first.attributes["data-ts"]) == ("m-1", "1")
    assert (second.attributes["data-ts"], second.attributes["data-private"]) == ("17.5", "true")
    assert "Only visible to you" in second.text
    assert "Only visible to you" not in first.text


def test_a_day_is_said_once() -> None:
    days = ("Mon", "Mon", "Tue")
    shown = conversation("x", CHANNEL, *(replace(said(key=f"{n}"), day=day) for n, day in enumerate(days)))
    assert [each.text for each in drawn(region="conversation", screen=screen("x", shown)).all("h3")] == ["Mon", "Tue"]


def test_people_have_initials_and_app_has_its_label() -> None:
    people = (replace(said(key="1"), who="Earth Week"), said("Åsa Maria Lind", key="2", is_app=False))
    app, asa = drawn(region="conversation", screen=screen("x", conversation("x", CHANNEL, *people))).all("article")
    assert asa.one(of="person").text == "ÅL"
    assert "(edited)" in asa.text
    assert asa.one("a").attributes["href"] == "/file/F1"
    assert app.one(of="app").text == "APP"


def messages(*people: MessageView, place: SidebarItem = CHANNEL, pins: Sequence[PinView] = ()) -> Element:
    shown = replace(conversation("x", place, *people), pins=pins)
    return drawn(region="conversation", screen=screen("x", shown))


@pytest.mark.parametrize(("count", "label"), [(0, "Reply"), (1, "1 reply"), (2, "2 replies")])
def test_a_message_counts_its_replies(count: int, label: str) -> None:
    replies = [replace(said(f"reply {number}", key=f"r{number}"), ts=f"{number}.5") for number in range(count)]
    thread = messages(replace(said("Ann"), replies=replies)).one("details", of="thread")
    assert thread.one("summary").text == f"{label} to Ann, Ann"
    assert [each.attributes["data-ts"] for each in thread.all("article")] == [f"{number}.5" for number in range(count)]
    assert thread.one("input").attributes["aria-label"] == "Reply to Ann, Ann"


def test_threads_are_only_where_one_can_reply() -> None:
    assert not messages(replace(said(), replies=None)).all("details")
    assert not messages(replace(said(), replies=()), place=CLOSED).all("details")
    old = messages(replace(said(), replies=[said(key="r")]), place=CLOSED)
    assert (len(old.all("article")), old.all("input")) == (2, [])


def test_pinned_messages_are_named_and_marked() -> None:
    pins = (PinView("1", "Ann", "Hello <b>"), PinView("9", "Bo", "Old"))
    shown = messages(replace(said(), pinned_by="Bo", replied=True), pins=pins)
    header = shown.one("details", of="pins")
    assert header.one("summary").text == "2 pinned"
    assert [(each.attributes["data-goto"], each.text) for each in header.all("button")] == [
        ("m-1", "Ann Hello <b>"),
        ("m-9", "Bo Old"),
    ]
    assert [each.text for each in shown.one("article").all(of="only")] == ["Pinned by Bo", "Replied to a thread"]
    assert not messages(said()).all(of="only")


def test_what_is_left_out_is_counted() -> None:
    assert drawn(region="conversation").one(of="earlier").text == "3 earlier messages are not shown"
    empty = ConversationView(CHANNEL, "", ())
    assert "Nothing has been said" in drawn(region="conversation", screen=screen("x", empty)).text


def test_home_shows_app_drawing_and_fingerprint_follows_changes() -> None:
    marks = set()
    for body in (BODY, BODY + BODY):
        home = drawn(region="conversation", screen=screen("x", HomeView(body)))
        (found,) = (each for each in home.all("div") if each.attributes.get("data-on") == "home")
        marks.add(found.attributes["data-fingerprint"])
    assert len(marks) == 2
    assert "not drawn" in drawn(region="conversation", screen=screen("x", HomeView(None))).text


# Where one writes


def test_the_composer_offers_every_command() -> None:
    composer = drawn(region="composer", screen=screen("x", conversation("x", DIRECT)))
    field = composer.one("input")
    assert (field.attributes["role"], field.attributes["aria-controls"]) == (
        "combobox",
        composer.one("ul").attributes["id"],
    )
    assert field.attributes["aria-label"] == "Message Earth Week"
    assert [each.attributes["data-words"] for each in composer.all("li")] == ["/earthweek", "/earthweek pledge"]


def test_nobody_writes_at_home_or_in_archived_channel() -> None:
    assert drawn(region="composer", screen=screen("x", HomeView(BODY))).text.strip() == ""
    closed = drawn(region="composer", screen=screen("x", conversation("x", CLOSED)))
    assert not closed.all("input")
    assert "archived" in closed.text


@pytest.mark.parametrize(("depth", "everything"), [(1, "one"), (2, "all")])
def test_a_modal_can_be_sent_and_closed(depth: int, everything: str) -> None:
    dialog = drawn(region="modal", screen=screen(over=modal(depth=depth))).one("dialog")
    assert (dialog.attributes["data-view"], dialog.attributes["data-fingerprint"]) == ("V1", "f1")
    assert [each.attributes.get("data-close") for each in dialog.one("header").all("button")] == [everything]
    assert [each.text for each in dialog.one("footer").all("button")] == ["Pledge", "Send"]


def test_modal_without_submit_can_only_be_closed() -> None:
    dialog = drawn(region="modal", screen=screen(over=modal(submit=None))).one("dialog")
    assert len(dialog.one("footer").all("button")) == 1
    assert drawn(region="modal").text.strip() == ""


# The panel


def test_tabs_have_addresses_and_panel_can_be_closed() -> None:
    assert links(beside("log")) == {
        "Week": "/?as=U1&in=C1&tab=week",
        "Figures": "/?as=U1&in=C1&tab=figures",
        "Faults": "/?as=U1&in=C1&tab=faults",
        "Log": "/?as=U1&in=C1&tab=log",
        "Close the panel": "/?as=U1&in=C1&tab=none",
    }
    assert "Close the panel" not in links(beside("none"))


@pytest.mark.parametrize("tab", TABS)
def test_tab_without_content_yet_is_empty(tab: Tab) -> None:
    assert not beside(tab, NOTHING).all("section")


def test_week_shows_what_became_of_each_countrys_messages() -> None:
    heads, sweden, together = beside("week").one("table").all("tr")
    assert [each.text for each in heads.all("th")] == ["Country", "Planned", "To come", "Sent", "Not sent", "Latest by"]
    assert [each.text for each in sweden.all("td")] == ["1,412", "3 2 now", "9", "4", "2 min"]
    assert [each.text for each in together.all("td")] == ["0", "0", "0", "0", "\N{EN DASH}"]


def test_kept_and_broken_promises_look_different() -> None:
    assert "Nothing lost, nothing twice" in beside("week").one(of="well").text
    found = beside("faults", panel(lost=tuple(f"tip-{n}" for n in range(11)))).one(of="ill").text
    assert "11 lost, 11 twice" in found
    assert "tip-8 and 2 more" in found


def test_counted_and_published_figures_stand_side_by_side() -> None:
    figures = beside("figures", panel("in the total only"))
    assert [each.text for each in figures.one("thead").all("th")] == ["Country", "Counted now", "Published"]
    measure, shown, unseen = figures.one("tbody").all("tr")
    assert measure.text.strip() == "in the total only"
    assert [each.text for each in shown.all("td")] == ["1,003", "about 1,000"]
    assert [each.text for each in unseen.all("td")] == ["2", "in the total only"]
    assert next(each.text for each in figures.all(of="quiet")) == "in the total only"


def faults_of(shown: FaultsView) -> list[tuple[str | None, str | None]]:
    buttons = beside("faults", PanelView(faults=shown)).all("button")
    return [(each.attributes["data-fault"], each.attributes.get("data-channel")) for each in buttons]


def test_a_channel_is_archived_or_opened_again() -> None:
    assert faults_of(FaultsView((CHANNEL, CLOSED)))[-2:] == [("archive", "C1"), ("reopen", "C2")]


def test_what_goes_wrong_can_be_put_right() -> None:
    assert faults_of(FaultsView((), ("Slack is away",)))[0] == ("clear", None)
    assert ("clear", None) not in faults_of(FaultsView(()))


def test_stopped_bot_can_only_be_started() -> None:
    assert [name for name, _ in faults_of(FaultsView((), running=False))] == [*SLACK_FAULTS, "restart"]
    assert [name for name, _ in faults_of(FaultsView(()))] == [*SLACK_FAULTS, "kill", "kill_now"]


def test_log_has_newest_calls_and_totals() -> None:
    log = beside("log", panel("chat.postMessage"))
    assert [each.text for each in log.all("dd")] == ["4,312", "2", "2"]
    refused, opened = log.one("ul", of="calls").all("li")
    assert refused.text.split() == [
        "Wed",
        "12:00:00",
        "chat.postMessage",
        "\N{MULTIPLICATION SIGN}",
        "2",
        "chat.postMessage",
    ]
    assert "wrong" in refused.classes
    assert opened.text.split()[-1] == "ok"


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0 s"), (119, "119 s"), (130, "2 min"), (9000, "2 h")])
def test_longest_delay_is_given_in_fitting_unit(seconds: float, said: str) -> None:
    progress = panel().progress
    assert progress
    parts = (replace(progress.parts[0], latest_seconds=seconds),)
    rows = beside("week", PanelView(progress=replace(progress, parts=parts))).one("tbody").all("td")
    assert rows[-1].text == said

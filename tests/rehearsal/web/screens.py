"""Screens and panels made by hand, so that tests can ask what the page makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from markupsafe import Markup

from bot.store.outbox import State
from rehearsal.web.api_call_log import CallGroup, CallSummary
from rehearsal.web.delivery_progress import Broadcast, CountryProgress, Progress, Reason
from rehearsal.web.figures import FigureRow, FigureTable, MeasureRows
from rehearsal.web.live_delivery_check import DeliveryReport
from rehearsal.web.page import FaultsView, PanelView
from rehearsal.web.view_models import (
    HOME,
    Bookmark,
    BookmarkGroup,
    ClockView,
    CommandHint,
    ConversationView,
    FileView,
    HomeView,
    Identity,
    IdentityGroup,
    LocalTime,
    MessageView,
    ModalView,
    PinView,
    Screen,
    SidebarItem,
    Tab,
    Viewpoint,
)

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)
BODY = Markup('<div class="bk-block" data-block="b"><button type="button" data-action="join">Join</button></div>')
CHANNEL = SidebarItem("C1", "earth-week-se", "channel", 2)
CLOSED = SidebarItem("C2", "earth-week-no", "channel", 0, archived=True)
DIRECT = SidebarItem("D1", "Earth Week", "direct", 3)
PLACES = (SidebarItem(HOME, "Home", "home", 0), CHANNEL, CLOSED, SidebarItem("G1", "reps", "private", 0), DIRECT)


def said(words: str = "Earth Week", *, key: str = "1", is_app: bool = True, private: bool = False) -> MessageView:
    """A message in which every text is the same words."""
    files = () if is_app else (FileView(words, "/file/F1"),)
    return MessageView(
        key, f"f{key}", words, is_app, words, words, BODY, edited=not is_app, private=private, files=files
    )


def face(words: str = "Sweden", *, playing: bool = True, over: bool = False) -> ClockView:
    """A clock, likewise."""
    return ClockView(
        local_times=(
            LocalTime("SE", words, words, words, words),
            LocalTime("FI", "Finland", "Europe/Helsinki", "Wed 17 Mar", "14:00"),
        ),
        playing=playing,
        speed=None,
        speeds=((600, words), (None, "As fast as it goes")),
        target=words,
        share=40,
        over=over,
        wall="2027-03-17T13:00",
        zone=words,
        bookmarks=(BookmarkGroup(words, (Bookmark(words, words, NOON),)), BookmarkGroup("None", ())),
    )


def modal(words: str = "Pledge", *, submit: str | None = "Send", depth: int = 1) -> ModalView:
    """A modal, likewise."""
    return ModalView("V1", "f1", words, BODY, submit, words, depth)


def conversation(words: str = "About it", place: SidebarItem = CHANNEL, *messages: MessageView) -> ConversationView:
    """A conversation, likewise."""
    replied = replace(said(words, key="2", is_app=False), replies=(said(words, key="3"),), pinned_by=words)
    pins = () if messages else (PinView("2", words, words),)
    return ConversationView(place, words, messages or (said(words), replied), earlier=3, pins=pins)


def screen(
    words: str = "Earth Week 2027",
    shown: ConversationView | HomeView | None = None,
    *,
    tab: Tab = "week",
    clock: ClockView | None = None,
    over: ModalView | None = None,
) -> Screen:
    """A screen, likewise."""
    me = Identity("U1", words, words)
    found = shown or conversation(words)
    place = found.place.id if isinstance(found, ConversationView) else HOME
    return Screen(
        title=words,
        viewpoint=Viewpoint("U1", place, tab),
        me=me,
        language="en",
        clock=clock or face(words),
        identities=(IdentityGroup(words, (me, Identity("U2", words, ""))),),
        places=PLACES,
        shown=found,
        modal=over,
        commands=(CommandHint("/earthweek", words), CommandHint("/earthweek pledge", words)),
        trouble=(words,),
    )


def panel(words: str = "SE", *, lost: tuple[str, ...] = ()) -> PanelView:
    """A panel with everything in it, whichever tab is open."""
    part = CountryProgress("SE", words, 1412, 3, 2, 9, 1, 1, 1, 1, 130.0)
    late = CountryProgress("all", words, 0, 0, 0, 0, 0, 0, 0, 0, None)
    reasons = (Reason(words, State.SKIPPED, 3, (words,), (words,)),)
    rounds = (Broadcast(words, words, 4),)
    lines = (FigureRow(words, "1,003", "about 1,000", quiet=False), FigureRow(words, "2", words, quiet=True))
    entries = (CallGroup(words, NOON, False, words, None, 2), CallGroup("views.open", NOON, True, None, None, 1))
    return PanelView(
        progress=Progress((part,), late, reasons, rounds, rounds),
        kept=DeliveryReport(9, 4, 2, lost, lost),
        figures=FigureTable((MeasureRows(words, lines),), words),
        faults=FaultsView((CHANNEL, CLOSED), (words,)),
        log=CallSummary(entries, 4312, ((words, 4),), ((words, 2),), 2),
    )

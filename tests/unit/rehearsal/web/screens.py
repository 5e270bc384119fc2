"""Screens and panels made by hand, so that tests can ask what the page makes of them."""

from __future__ import annotations

from datetime import UTC, datetime

from markupsafe import Markup

from bot.store.outbox import State
from rehearsal.web.delivery_check import Kept
from rehearsal.web.figures import Group, Line, Table
from rehearsal.web.log import Entry, Log
from rehearsal.web.page import Faults, Panel
from rehearsal.web.progress import Part, Progress, Reason, Round
from rehearsal.web.view_models import (
    HOME,
    Attached,
    Command,
    Conversation,
    Face,
    Home,
    Jump,
    Jumps,
    Modal,
    Persona,
    Personas,
    Place,
    Said,
    Screen,
    Standpoint,
    Tab,
    Wall,
)

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)
BODY = Markup('<div class="bk-block" data-block="b"><button type="button" data-action="join">Join</button></div>')
CHANNEL = Place("C1", "earth-week-se", "channel", 2)
CLOSED = Place("C2", "earth-week-no", "channel", 0, archived=True)
DIRECT = Place("D1", "Earth Week", "direct", 3)
PLACES = (Place(HOME, "Home", "home", 0), CHANNEL, CLOSED, Place("G1", "reps", "private", 0), DIRECT)


def said(words: str = "Earth Week", *, key: str = "1", is_app: bool = True, private: bool = False) -> Said:
    """A message in which every text is the same words."""
    files = () if is_app else (Attached(words, "/file/F1"),)
    return Said(key, f"f{key}", words, is_app, words, words, BODY, edited=not is_app, private=private, files=files)


def face(words: str = "Sweden", *, playing: bool = True, over: bool = False) -> Face:
    """A clock, likewise."""
    return Face(
        walls=(Wall("SE", words, words, words, words), Wall("FI", "Finland", "Europe/Helsinki", "Wed 17 Mar", "14:00")),
        playing=playing,
        speed=None,
        speeds=((600, words), (None, "As fast as it goes")),
        target=words,
        share=40,
        over=over,
        wall="2027-03-17T13:00",
        zone=words,
        jumps=(Jumps(words, (Jump(words, words, NOON),)), Jumps("None", ())),
    )


def modal(words: str = "Pledge", *, submit: str | None = "Send", depth: int = 1) -> Modal:
    """A modal, likewise."""
    return Modal("V1", "f1", words, BODY, submit, words, depth)


def conversation(words: str = "About it", place: Place = CHANNEL, *messages: Said) -> Conversation:
    """A conversation, likewise."""
    return Conversation(place, words, messages or (said(words), said(words, key="2", is_app=False)), earlier=3)


def screen(
    words: str = "Earth Week 2027",
    shown: Conversation | Home | None = None,
    *,
    tab: Tab = "week",
    clock: Face | None = None,
    over: Modal | None = None,
) -> Screen:
    """A screen, likewise."""
    me = Persona("U1", words, words)
    found = shown or conversation(words)
    place = found.place.id if isinstance(found, Conversation) else HOME
    return Screen(
        title=words,
        standpoint=Standpoint("U1", place, tab),
        me=me,
        language="en",
        face=clock or face(words),
        personas=(Personas(words, (me, Persona("U2", words, ""))),),
        places=PLACES,
        shown=found,
        modal=over,
        commands=(Command("/earthweek", words), Command("/earthweek pledge", words)),
        trouble=(words,),
    )


def panel(words: str = "SE", *, lost: tuple[str, ...] = ()) -> Panel:
    """A panel with everything in it, whichever tab is open."""
    part = Part("SE", words, 1412, 3, 2, 9, 1, 1, 1, 1, 130.0)
    late = Part("all", words, 0, 0, 0, 0, 0, 0, 0, 0, None)
    reasons = (Reason(words, State.SKIPPED, 3, (words,), (words,)),)
    rounds = (Round(words, words, 4),)
    lines = (Line(words, "1,003", "about 1,000", quiet=False), Line(words, "2", words, quiet=True))
    entries = (Entry(words, NOON, False, words, None, 2), Entry("views.open", NOON, True, None, None, 1))
    return Panel(
        progress=Progress((part,), late, reasons, rounds, rounds),
        kept=Kept(9, 4, 2, lost, lost),
        figures=Table((Group(words, lines),), words),
        faults=Faults((CHANNEL, CLOSED), (words,)),
        log=Log(entries, 4312, ((words, 4),), ((words, 2),), 2),
    )

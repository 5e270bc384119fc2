"""What stands on the page for whoever looks at it: values that the templates draw without asking anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from markupsafe import Markup

HOME = "home"
"""The place that is the App Home; every other place is the id of a conversation."""

Tab = Literal["week", "figures", "faults", "log", "none"]
"""What the panel at the side shows; `none` is closed."""


@dataclass(frozen=True)
class Standpoint:
    """Who looks, at which place, and with which panel beside it."""

    user: str
    place: str
    tab: Tab = "week"

    def at(self, place: str) -> Standpoint:
        """The same person at another place."""
        return replace(self, place=place)


# The clock


@dataclass(frozen=True)
class Wall:
    """A clock on the wall of a country: its code and name, and its day and time, such as `Mon 22 Mar` and `09:00`."""

    code: str
    name: str
    zone: str
    day: str
    time: str


@dataclass(frozen=True)
class Jump:
    """A moment that the clock can be turned to; `at` is in UTC, `when` its local day and time in words."""

    label: str
    when: str
    at: datetime


@dataclass(frozen=True)
class Jumps:
    """Moments of a sort, such as the changes to and from summer time."""

    label: str
    jumps: Sequence[Jump]


@dataclass(frozen=True)
class Face:
    """The clock. `speed` is seconds of the rehearsal in a second, None for as fast as it goes.

    `target` says where it runs to, and `share` how much of the week has passed, in per cent.

    `wall` is the company's clock in the form of a datetime-local field, and `zone` the zone that this is in.
    """

    walls: Sequence[Wall]
    playing: bool
    speed: int | None
    speeds: Sequence[tuple[int | None, str]]
    target: str | None
    share: int
    over: bool
    wall: str
    zone: str
    jumps: Sequence[Jumps]


# The people and the places


@dataclass(frozen=True)
class Persona:
    """Somebody whom one can be."""

    user: str
    name: str
    about: str


@dataclass(frozen=True)
class Personas:
    """The people of a country, or those with a duty."""

    label: str
    people: Sequence[Persona]


@dataclass(frozen=True)
class Place:
    """A line of the sidebar."""

    id: str
    name: str
    kind: Literal["home", "direct", "channel", "private"]
    unread: int
    archived: bool = False


# What is said


@dataclass(frozen=True)
class Attached:
    """A file under a message; `url` is where its content is."""

    name: str
    url: str


@dataclass(frozen=True)
class Said:
    """One message. `key` is unique in the conversation, `private` is one that only the viewer sees.

    `fingerprint` changes whenever the message does, so that what stands on the page already is left alone. `ts` is
    Slack's name for it, by which somebody who presses in it says which one is meant; the key where there is none.
    """

    key: str
    fingerprint: str
    who: str
    is_app: bool
    day: str
    time: str
    body: Markup
    edited: bool = False
    private: bool = False
    files: Sequence[Attached] = ()
    ts: str = ""


@dataclass(frozen=True)
class Conversation:
    """A channel or a direct conversation; `earlier` is how many older messages are not shown."""

    place: Place
    about: str
    said: Sequence[Said]
    earlier: int = 0


@dataclass(frozen=True)
class Home:
    """The App Home; `body` is None until the bot has drawn it."""

    body: Markup | None


@dataclass(frozen=True)
class Modal:
    """The modal on top. `fingerprint` changes whenever what it shows does; `submit` is None where nothing is sent."""

    id: str
    fingerprint: str
    title: str
    body: Markup
    submit: str | None
    close: str
    depth: int


@dataclass(frozen=True)
class Command:
    """Something to type after the bot's command; `words` is all of it, such as `/earthweek pledge`."""

    words: str
    about: str


@dataclass(frozen=True)
class Screen:
    """Everything on the page. `trouble` says that Slack or the bot is away, and until when."""

    title: str
    standpoint: Standpoint
    me: Persona
    language: str
    face: Face
    personas: Sequence[Personas]
    places: Sequence[Place]
    shown: Conversation | Home
    modal: Modal | None
    commands: Sequence[Command]
    trouble: Sequence[str]

"""View models of the page: plain values, which the templates draw without calling anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from markupsafe import Markup

HOME = "home"
"""The place that is the App Home; every other place is the id of a conversation."""

Tab = Literal["week", "figures", "faults", "log", "none"]
"""The tab that the panel at the side shows; `none` is closed."""


@dataclass(frozen=True)
class Viewpoint:
    """The person whose screen is shown, the conversation that is open, and the panel beside it."""

    user: str
    place: str
    tab: Tab = "week"

    def at(self, place: str) -> Viewpoint:
        """Return this person's view of another conversation."""
        return replace(self, place=place)


# The clock


@dataclass(frozen=True)
class LocalTime:
    """A clock on the wall of a country: its code and name, and its day and time, such as `Mon 22 Mar` and `09:00`."""

    code: str
    name: str
    zone: str
    day: str
    time: str


@dataclass(frozen=True)
class Bookmark:
    """A moment that the clock can be turned to; `at` is in UTC, `when` its local day and time in words."""

    label: str
    when: str
    at: datetime


@dataclass(frozen=True)
class BookmarkGroup:
    """Moments of a sort, such as the changes to and from summer time."""

    label: str
    bookmarks: Sequence[Bookmark]


@dataclass(frozen=True)
class ClockView:
    """The clock. `speed` is seconds of the rehearsal in a second, None for as fast as it goes.

    `target` says where it runs to, and `share` how much of the week has passed, in per cent.

    `wall` is the company's clock in the form of a datetime-local field, and `zone` the zone that this is in.
    """

    local_times: Sequence[LocalTime]
    playing: bool
    speed: int | None
    speeds: Sequence[tuple[int | None, str]]
    target: str | None
    share: int
    over: bool
    wall: str
    zone: str
    bookmarks: Sequence[BookmarkGroup]


# The people and the places


@dataclass(frozen=True)
class Identity:
    """A person whom the visitor can act as."""

    user: str
    name: str
    description: str


@dataclass(frozen=True)
class IdentityGroup:
    """The people of a country, or those with a duty."""

    label: str
    people: Sequence[Identity]


@dataclass(frozen=True)
class SidebarItem:
    """A line of the sidebar."""

    id: str
    name: str
    kind: Literal["home", "direct", "channel", "private"]
    unread: int
    archived: bool = False


# What is said


@dataclass(frozen=True)
class FileView:
    """A file under a message; `url` is where its content is."""

    name: str
    url: str


@dataclass(frozen=True)
class MessageView:
    """One message. `key` is unique in the conversation, `private` is one that only the viewer sees.

    `fingerprint` changes whenever the message does, so that what stands on the page already is left alone. `ts` is
    Slack's name for it, by which somebody who presses in it says which one is meant; the key where there is none.
    `replies` is None where nobody can reply, and `replied` marks a reply that the channel shows too.
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
    files: Sequence[FileView] = ()
    ts: str = ""
    replies: Sequence[MessageView] | None = None
    replied: bool = False
    pinned_by: str | None = None


@dataclass(frozen=True)
class PinView:
    """A pinned message: the key of its drawing, who wrote it, and how it begins."""

    key: str
    who: str
    beginning: str


@dataclass(frozen=True)
class ConversationView:
    """A channel or a direct conversation; `earlier` is how many older messages are not shown."""

    place: SidebarItem
    about: str
    said: Sequence[MessageView]
    earlier: int = 0
    pins: Sequence[PinView] = ()


@dataclass(frozen=True)
class HomeView:
    """The App Home; `body` is None until the bot has drawn it."""

    body: Markup | None


@dataclass(frozen=True)
class ModalView:
    """The modal on top. `fingerprint` changes whenever what it shows does; `submit` is None where nothing is sent."""

    id: str
    fingerprint: str
    title: str
    body: Markup
    submit: str | None
    close: str
    depth: int


@dataclass(frozen=True)
class CommandHint:
    """Something to type after the bot's command; `words` is all of it, such as `/earthweek pledge`."""

    words: str
    about: str


@dataclass(frozen=True)
class Screen:
    """Everything on the page. `trouble` says that Slack or the bot is away, and until when."""

    title: str
    viewpoint: Viewpoint
    me: Identity
    language: str
    clock: ClockView
    identities: Sequence[IdentityGroup]
    places: Sequence[SidebarItem]
    shown: ConversationView | HomeView
    modal: ModalView | None
    commands: Sequence[CommandHint]
    trouble: Sequence[str]

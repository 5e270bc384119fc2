"""Draws the screen of one person: what Slack would show them at a place, and the clock above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from zlib import crc32

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.locales.catalogues import campaign_words, words
from bot.messages.campaign_texts import campaign_title
from bot.messages.replies.help import COMMAND, SUBCOMMANDS
from bot.messages.words import Words
from rehearsal.html.blocks import render
from rehearsal.html.mrkdwn import mrkdwn
from rehearsal.html.render_context import Viewer
from rehearsal.html.text import words as said_words
from rehearsal.preview.language_names import PAGE, country_name, language_name
from rehearsal.slack import timestamp
from rehearsal.slack.conversation import Conversation
from rehearsal.slack.open_views import View
from rehearsal.slack.workspace import Ephemeral, PostedMessage, User, Workspace
from rehearsal.web import view_models as on
from rehearsal.web.clock_modes import SPEEDS, FastForward, Playing
from rehearsal.web.field_values import filled
from rehearsal.web.notable_moments import bookmarks
from rehearsal.web.session import Session
from rehearsal.web.view_models import HOME, Screen, Viewpoint
from rehearsal.workspace_builder import duties

MOST_SHOWN = 60
"""Messages of a conversation on the page, the newest."""

APP = "Earth Week"

_LONGEST_BEGINNING = 90
_MOST_KEPT = 5000

_AGO = "{ago}"
"""A date that reads differently from minute to minute."""

_Key = tuple[str, str, str, date, bool]


class Presenter:
    """Draws the screens of one session, and keeps drawings of messages that have not changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._bookmarks: tuple[Campaign, Sequence[on.BookmarkGroup]] | None = None
        self._drawn: dict[_Key, tuple[PostedMessage | Ephemeral, on.MessageView]] = {}

    def screen(self, viewpoint: Viewpoint) -> Screen:
        """Draw everything that somebody sees now, and mark the conversation as read.

        Raises:
            KeyError: There is no such person or place for them.
        """
        workspace = self._session.simulation.slack.workspace
        person = workspace.users[viewpoint.user]
        if viewpoint.place != HOME:
            self._session.read_markers.mark(person.id, viewpoint.place, workspace)
        places = list(self._places(workspace, person))
        here = {place.id: place for place in places}[viewpoint.place]
        identities = list(_personas(self._campaign, workspace))
        return Screen(
            title=campaign_title(self._campaign, words(PAGE)),
            viewpoint=viewpoint,
            me=next(one for group in identities for one in group.people if one.user == person.id),
            language=_language(person),
            clock=self._clock(),
            identities=identities,
            places=places,
            shown=self._home(person) if here.id == HOME else self._conversation(here, person),
            modal=self._modal(person),
            commands=_commands(campaign_words(self._campaign, _language(person))),
            trouble=list(self._trouble()),
        )

    def places(self, user: str) -> list[str]:
        """Return the conversations that somebody can open, in the order of the sidebar."""
        workspace = self._session.simulation.slack.workspace
        return [place.id for place in self._places(workspace, workspace.users[user])]

    def first(self, users: Sequence[str]) -> str:
        """Return the person to act as at first: a colleague without a duty."""
        found = duties(self._campaign)
        return next((user for user in users if user not in found), users[0])

    def home_of(self, user: str) -> str:
        """Return the conversation that somebody sees first: the channel of their country."""
        workspace = self._session.simulation.slack.workspace
        named = (workspace.channel_named(country.channel) for country in self._campaign.countries)
        own = (channel.id for channel in named if channel and workspace.is_member(channel.id, user))
        return next(own, workspace.im(user))

    @property
    def _campaign(self) -> Campaign:
        return self._session.campaign

    # The clock

    def _clock(self) -> on.ClockView:
        session, now = self._session, self._session.now
        simulation = session.simulation
        wall = local(now, self._campaign.zone)
        return on.ClockView(
            local_times=list(_walls(self._campaign, now)),
            playing=isinstance(session.clock_mode, Playing | FastForward),
            speed=session.speed,
            speeds=SPEEDS,
            target=self._target(),
            share=round(100 * ((now - simulation.start) / (simulation.end - simulation.start))),
            over=session.over,
            wall=f"{wall:%Y-%m-%dT%H:%M}",
            zone=self._campaign.zone,
            bookmarks=self._bookmark_groups(),
        )

    def _bookmark_groups(self) -> Sequence[on.BookmarkGroup]:
        campaign, simulation = self._campaign, self._session.simulation
        if self._bookmarks is None or self._bookmarks[0] is not campaign:
            self._bookmarks = campaign, bookmarks(campaign, simulation.start, simulation.end)
        return self._bookmarks[1]

    def _target(self) -> str | None:
        mode = self._session.clock_mode
        return f"{local(mode.target, self._campaign.zone):%a %d %b %H:%M}" if isinstance(mode, FastForward) else None

    def _trouble(self) -> Iterator[str]:
        session, zone = self._session, self._campaign.zone
        faults = session.simulation.slack.faults
        if faults.down_until and session.faults.is_down:
            yield f"Slack is down until {local(faults.down_until, zone):%H:%M}. Nothing reaches it, and nothing comes."
        if session.bot is None:
            since, back = local(session.simulation.away_since, zone), local(session.simulation.back_at, zone)
            gone = f"The bot was killed. It is down since {since:%H:%M:%S} and starts again at {back:%H:%M:%S}"
            yield session.trouble or f"{gone}, when the clock gets there."

    # Places

    def _places(self, workspace: Workspace, person: User) -> Iterator[on.SidebarItem]:
        yield on.SidebarItem(HOME, "Home", "home", 0)
        reading = self._session.read_markers
        for channel in sorted(workspace.channels.values(), key=lambda each: each.name):
            if workspace.is_member(channel.id, person.id):
                unread = reading.unread(person.id, channel.id, workspace)
                kind: Literal["channel", "private"] = "private" if channel.is_private else "channel"
                yield on.SidebarItem(channel.id, channel.name, kind, unread, archived=channel.is_archived)
        direct = workspace.im(person.id)
        yield on.SidebarItem(direct, APP, "direct", reading.unread(person.id, direct, workspace))

    def _conversation(self, place: on.SidebarItem, person: User) -> on.ConversationView:
        workspace = self._session.simulation.slack.workspace
        ephemerals = [said for said in workspace.ephemerals.of(person.id) if said.channel == place.id]
        everything: list[PostedMessage | Ephemeral] = [*workspace.conversation(place.id).messages, *ephemerals]
        # Ephemeral messages stand between the others by their time.
        everything.sort(key=lambda each: timestamp.parse(each.ts) or 0)
        shown = everything[-MOST_SHOWN:]
        return on.ConversationView(
            place=place,
            about=_about(workspace, place),
            said=[self._in_channel(each, person) for each in shown],
            earlier=len(everything) - len(shown),
            pins=list(self._pins(workspace.conversation(place.id), person)),
        )

    def _pins(self, conversation: Conversation, person: User) -> Iterator[on.PinView]:
        for pin in reversed(conversation.pins.values()):
            message = conversation.find(pin.ts)
            if message:
                said = self._said(message, person, is_in_thread=not message.is_in_channel)
                yield on.PinView(said.key, said.who, _beginning(message, self._viewer(person, "")))

    def _in_channel(self, message: PostedMessage | Ephemeral, person: User) -> on.MessageView:
        """Return a message with its thread, where it can have one."""
        said = self._said(message, person)
        if isinstance(message, Ephemeral) or message.parent_ts:
            return said
        conversation = self._session.simulation.slack.workspace.conversation(message.channel)
        replies = [self._said(each, person, is_in_thread=True) for each in conversation.replies(message)]
        if not replies:
            return said
        prints = "".join(each.fingerprint for each in replies)
        return replace(said, replies=replies, fingerprint=_fingerprint(f"{said.fingerprint}{prints}"))

    def _said(self, message: PostedMessage | Ephemeral, person: User, *, is_in_thread: bool = False) -> on.MessageView:
        """Return a message as it is drawn now, marked where it is pinned."""
        said = self._unmarked(message, person, is_in_thread=is_in_thread)
        workspace = self._session.simulation.slack.workspace
        pin = workspace.conversation(message.channel).pins.get(message.ts)
        if pin is None:
            return said
        who = _name(workspace.users[pin.user])
        return replace(said, pinned_by=who, fingerprint=_fingerprint(f"{said.fingerprint}{who}"))

    def _unmarked(self, message: PostedMessage | Ephemeral, person: User, *, is_in_thread: bool) -> on.MessageView:
        # What was today is yesterday tomorrow: each day has its own drawing.
        today = local(self._session.now, person.tz or "UTC").date()
        key = (person.id, message.channel, message.ts, today, is_in_thread)
        known = self._drawn.get(key)
        # By identity: messages are immutable, and a change makes a new one.
        if known and known[0] is message:
            return known[1]
        if len(self._drawn) > _MOST_KEPT:
            # All at once: what is on the screen is drawn again, and the rest is not needed.
            self._drawn.clear()
        drawn = self._draw(message, person, is_in_thread=is_in_thread)
        # Relative times change without a change of the message, so they are never kept.
        if _AGO not in f"{message.text}{message.blocks}":
            self._drawn[key] = (message, drawn)
        return drawn

    def _draw(self, message: PostedMessage | Ephemeral, person: User, *, is_in_thread: bool) -> on.MessageView:
        workspace = self._session.simulation.slack.workspace
        private = isinstance(message, Ephemeral)
        writer = workspace.users[workspace.bot.id if isinstance(message, Ephemeral) else message.user]
        # Slack's client says nothing of it where an app has changed blocks.
        edited = isinstance(message, PostedMessage) and message.edited_at is not None and not message.blocks
        is_reply = isinstance(message, PostedMessage) and message.parent_ts is not None
        files = [] if isinstance(message, Ephemeral) else [_attached(each.id, each.name) for each in message.files]
        at = _wall_time(message.ts, person)
        kind = "only-" if private else "reply-" if is_in_thread else ""
        key = f"{kind}{message.channel}-{message.ts.replace('.', '-')}"
        blocks = render(message.blocks, self._viewer(person, f"{key}-"))
        body = blocks if message.blocks else mrkdwn(message.text, self._viewer(person, ""))
        return on.MessageView(
            key=key,
            ts=message.ts,
            fingerprint=_fingerprint(f"{edited} {files} {body}"),
            who=_name(writer),
            is_app=writer.is_bot,
            day=f"{at:%a %d %b}",
            time=f"{at:%H:%M}",
            body=body,
            edited=edited,
            private=private,
            files=files,
            replies=None if private or is_reply else (),
            replied=is_reply and not is_in_thread,
        )

    # Views

    def _home(self, person: User) -> on.HomeView:
        home = self._session.simulation.slack.workspace.views.homes.get(person.id)
        return on.HomeView(self._body(home, person, "home-") if home else None)

    def _modal(self, person: User) -> on.ModalView | None:
        views = self._session.simulation.slack.workspace.views
        top = views.top(person.id)
        if top is None:
            return None
        content, body = top.content, self._body(top, person, "modal-")
        return on.ModalView(
            id=top.id,
            fingerprint=f"{top.hash}-{_fingerprint(body)}",
            title=said_words(content.get("title")),
            body=body,
            submit=said_words(content["submit"]) if "submit" in content else None,
            close=said_words(content.get("close")) or "Close",
            depth=len(views.stack(person.id)),
        )

    def _body(self, view: View, person: User, prefix: str) -> Markup:
        viewer = self._viewer(person, prefix, view)
        return render(filled(view.content["blocks"], view.filled), viewer)

    def _viewer(self, person: User, prefix: str, view: View | None = None) -> Viewer:
        workspace = self._session.simulation.slack.workspace
        return Viewer(
            zone=person.tz or "UTC",
            language=_language(person),
            users={user.id: user.name for user in workspace.users.values()},
            channels={channel.id: channel.name for channel in workspace.channels.values()},
            live=True,
            errors=view.errors if view else {},
            prefix=prefix,
            now=self._session.now,
            pictures={file: f"/picture/{file}" for file in workspace.uploads.images()},
        )


def _walls(campaign: Campaign, now: datetime) -> Iterator[on.LocalTime]:
    for country in campaign.countries:
        at = local(now, country.zone)
        name = country_name(words(PAGE), country.code)
        yield on.LocalTime(country.code, name, country.zone, f"{at:%a %d %b}", f"{at:%H:%M}")


def _personas(campaign: Campaign, workspace: Workspace) -> Iterator[on.IdentityGroup]:
    found = duties(campaign)
    own = words(PAGE)
    responsible = [
        _persona(workspace.users[user], f"representative of {country_name(own, home.code)}" if home else "manager")
        for user, home in sorted(found.items(), key=lambda duty: duty[1] is not None)
        if user in workspace.users
    ]
    yield on.IdentityGroup("Responsible", responsible)
    others = [user for user in workspace.people() if user.id not in found]
    channels = {country.code: workspace.channel_named(country.channel) for country in campaign.countries}
    for code, channel in channels.items():
        here = [user for user in others if channel and workspace.is_member(channel.id, user.id)]
        yield on.IdentityGroup(country_name(own, code), [_persona(user, "") for user in here])
        others = [user for user in others if user not in here]
    yield on.IdentityGroup("Elsewhere", [_persona(user, "") for user in others])


def _persona(user: User, duty: str) -> on.Identity:
    tongue = language_name(_language(user))
    city = (user.tz or "no time zone").rpartition("/")[2].replace("_", " ")
    return on.Identity(user.id, user.name, ", ".join(filter(None, (duty, tongue, city))))


def _language(user: User) -> str:
    """Return the language of a profile, or English if dates cannot be written in it."""
    try:
        Locale.parse(user.locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return "en"
    return user.locale


def _commands(own: Words) -> list[on.CommandHint]:
    return [on.CommandHint(f"{COMMAND} {each}", own(f"help.{each}")) for each in SUBCOMMANDS]


def _about(workspace: Workspace, place: on.SidebarItem) -> str:
    if place.kind == "direct":
        return "Only you and the app"
    members = len(workspace.members(place.id))
    return f"{members} member" if members == 1 else f"{members} members"


def _name(user: User) -> str:
    return APP if user.is_bot else user.name


def _beginning(message: PostedMessage, viewer: Viewer) -> str:
    """Return how a message begins, as plain text."""
    text = mrkdwn(message.text, viewer).striptags()
    return text if len(text) <= _LONGEST_BEGINNING else f"{text[:_LONGEST_BEGINNING].rstrip()}…"


def _wall_time(ts: str, person: User) -> datetime:
    return local(timestamp.instant(ts), person.tz or "UTC")


def _attached(file: str, name: str) -> on.FileView:
    return on.FileView(name, f"/file/{file}")


def _fingerprint(body: str) -> str:
    return f"{crc32(body.encode()):08x}"

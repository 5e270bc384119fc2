"""Draws the screen of whoever looks: what Slack would show this person at this place, and the clock above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal
from zlib import crc32

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.replies.help import COMMAND, SUBCOMMANDS
from rehearsal import workspace
from rehearsal.html.blocks import render
from rehearsal.html.mrkdwn import mrkdwn
from rehearsal.html.text import words as said_words
from rehearsal.html.viewer import Viewer
from rehearsal.preview.names import PAGE, country_name, language_name
from rehearsal.slack import timestamp
from rehearsal.slack.views import View
from rehearsal.slack.workspace import Ephemeral, PostedMessage, User, Workspace
from rehearsal.web import view_models as on
from rehearsal.web.bookmarks import moments
from rehearsal.web.clock_speed import SPEEDS, Playing, Running
from rehearsal.web.field_values import filled
from rehearsal.web.session import Room
from rehearsal.web.view_models import HOME, Screen, Standpoint

MOST_SHOWN = 60
"""Messages of a conversation on the page, the newest."""

APP = "Earth Week"

_MOST_KEPT = 5000

_AGO = "{ago}"
"""A date that reads differently from minute to minute."""

_Key = tuple[str, str, str, date]


class Drawing:
    """Draws for one room. What has not changed is not drawn anew."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._jumps: tuple[Campaign, Sequence[on.Jumps]] | None = None
        self._drawn: dict[_Key, tuple[PostedMessage | Ephemeral, on.Said]] = {}

    def screen(self, standpoint: Standpoint) -> Screen:
        """Everything that somebody sees now. They have read what they look at.

        Raises:
            KeyError: There is no such person or place for them.
        """
        town = self._room.stage.slack.workspace
        person = town.users[standpoint.user]
        if standpoint.place != HOME:
            self._room.reading.mark(person.id, standpoint.place, town)
        places = list(self._places(town, person))
        here = {place.id: place for place in places}[standpoint.place]
        personas = list(_personas(self._campaign, town))
        return Screen(
            title=self._campaign.title[self._campaign.language_for("en")],
            standpoint=standpoint,
            me=next(one for group in personas for one in group.people if one.user == person.id),
            language=_language(person),
            face=self._face(),
            personas=personas,
            places=places,
            shown=self._home(person) if here.id == HOME else self._conversation(here, person),
            modal=self._modal(person),
            commands=_commands(_language(person)),
            trouble=list(self._trouble()),
        )

    def places(self, user: str) -> list[str]:
        """Where somebody can look, in the order of the sidebar."""
        town = self._room.stage.slack.workspace
        return [place.id for place in self._places(town, town.users[user])]

    def first(self, users: Sequence[str]) -> str:
        """Who one is before one has chosen: a colleague without a duty."""
        duties = workspace.duties(self._campaign)
        return next((user for user in users if user not in duties), users[0])

    def home_of(self, user: str) -> str:
        """Where somebody looks first: the channel of their country."""
        town = self._room.stage.slack.workspace
        named = (town.channel_named(country.channel) for country in self._campaign.countries)
        own = (channel.id for channel in named if channel and town.is_member(channel.id, user))
        return next(own, town.im(user))

    @property
    def _campaign(self) -> Campaign:
        return self._room.campaign

    # The clock

    def _face(self) -> on.Face:
        room, now = self._room, self._room.now
        stage = room.stage
        wall = local(now, self._campaign.zone)
        return on.Face(
            walls=list(_walls(self._campaign, now)),
            playing=isinstance(room.playhead, Playing | Running),
            speed=room.speed,
            speeds=SPEEDS,
            target=self._target(),
            share=round(100 * ((now - stage.start) / (stage.end - stage.start))),
            over=room.over,
            wall=f"{wall:%Y-%m-%dT%H:%M}",
            zone=self._campaign.zone,
            jumps=self._moments(),
        )

    def _moments(self) -> Sequence[on.Jumps]:
        campaign, stage = self._campaign, self._room.stage
        if self._jumps is None or self._jumps[0] is not campaign:
            self._jumps = campaign, moments(campaign, stage.start, stage.end)
        return self._jumps[1]

    def _target(self) -> str | None:
        playhead = self._room.playhead
        return (
            f"{local(playhead.target, self._campaign.zone):%a %d %b %H:%M}" if isinstance(playhead, Running) else None
        )

    def _trouble(self) -> Iterator[str]:
        room, zone = self._room, self._campaign.zone
        faults = room.stage.slack.faults
        if faults.down_until and room.mischief.is_down:
            yield f"Slack is down until {local(faults.down_until, zone):%H:%M}. Nothing reaches it, and nothing comes."
        if room.bot is None:
            since, back = local(room.stage.away_since, zone), local(room.stage.back_at, zone)
            gone = f"The bot was killed. It is down since {since:%H:%M:%S} and starts again at {back:%H:%M:%S}"
            yield room.trouble or f"{gone}, when the clock gets there."

    # Places

    def _places(self, town: Workspace, person: User) -> Iterator[on.Place]:
        yield on.Place(HOME, "Home", "home", 0)
        reading = self._room.reading
        for channel in sorted(town.channels.values(), key=lambda each: each.name):
            if town.is_member(channel.id, person.id):
                unread = reading.unread(person.id, channel.id, town)
                kind: Literal["channel", "private"] = "private" if channel.is_private else "channel"
                yield on.Place(channel.id, channel.name, kind, unread, archived=channel.is_archived)
        direct = town.im(person.id)
        yield on.Place(direct, APP, "direct", reading.unread(person.id, direct, town))

    def _conversation(self, place: on.Place, person: User) -> on.Conversation:
        town = self._room.stage.slack.workspace
        whispers = [said for said in town.ephemerals.of(person.id) if said.channel == place.id]
        everything: list[PostedMessage | Ephemeral] = [*town.messages(place.id), *whispers]
        everything.sort(key=lambda each: timestamp.parse(each.ts) or 0)
        shown = everything[-MOST_SHOWN:]
        return on.Conversation(
            place=place,
            about=_about(town, place),
            said=[self._said(each, person) for each in shown],
            earlier=len(everything) - len(shown),
        )

    def _said(self, message: PostedMessage | Ephemeral, person: User) -> on.Said:
        # What was today is yesterday tomorrow: each day has its own drawing.
        today = local(self._room.now, person.tz or "UTC").date()
        key = (person.id, message.channel, message.ts, today)
        known = self._drawn.get(key)
        if known and known[0] is message:
            return known[1]
        if len(self._drawn) > _MOST_KEPT:
            self._drawn.clear()
        drawn = self._draw(message, person)
        if _AGO not in f"{message.text}{message.blocks}":
            self._drawn[key] = (message, drawn)
        return drawn

    def _draw(self, message: PostedMessage | Ephemeral, person: User) -> on.Said:
        town = self._room.stage.slack.workspace
        private = isinstance(message, Ephemeral)
        writer = town.users[town.bot.id if isinstance(message, Ephemeral) else message.user]
        edited = isinstance(message, PostedMessage) and message.edited_at is not None
        files = [] if isinstance(message, Ephemeral) else [_attached(each.id, each.name) for each in message.files]
        at = _wall_time(message.ts, person)
        key = f"{'only-' if private else ''}{message.channel}-{message.ts.replace('.', '-')}"
        blocks = render(message.blocks, self._viewer(person, f"{key}-"))
        body = blocks if message.blocks else mrkdwn(message.text, self._viewer(person, ""))
        return on.Said(
            key=key,
            ts=message.ts,
            fingerprint=_fingerprint(f"{edited} {files} {body}"),
            who=APP if writer.is_bot else writer.name,
            is_app=writer.is_bot,
            day=f"{at:%a %d %b}",
            time=f"{at:%H:%M}",
            body=body,
            edited=edited,
            private=private,
            files=files,
        )

    # Views

    def _home(self, person: User) -> on.Home:
        home = self._room.stage.slack.workspace.views.homes.get(person.id)
        return on.Home(self._body(home, person, "home-") if home else None)

    def _modal(self, person: User) -> on.Modal | None:
        views = self._room.stage.slack.workspace.views
        top = views.top(person.id)
        if top is None:
            return None
        content, body = top.content, self._body(top, person, "modal-")
        return on.Modal(
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
        town = self._room.stage.slack.workspace
        return Viewer(
            zone=person.tz or "UTC",
            language=_language(person),
            users={user.id: user.name for user in town.users.values()},
            channels={channel.id: channel.name for channel in town.channels.values()},
            live=True,
            errors=view.errors if view else {},
            prefix=prefix,
            now=self._room.now,
        )


def _walls(campaign: Campaign, now: datetime) -> Iterator[on.Wall]:
    for country in campaign.countries:
        at = local(now, country.zone)
        name = country_name(words(PAGE), country.code)
        yield on.Wall(country.code, name, country.zone, f"{at:%a %d %b}", f"{at:%H:%M}")


def _personas(campaign: Campaign, town: Workspace) -> Iterator[on.Personas]:
    duties = workspace.duties(campaign)
    own = words(PAGE)
    responsible = [
        _persona(town.users[user], f"representative of {country_name(own, home.code)}" if home else "manager")
        for user, home in sorted(duties.items(), key=lambda duty: duty[1] is not None)
        if user in town.users
    ]
    yield on.Personas("Responsible", responsible)
    others = [user for user in town.people() if user.id not in duties]
    channels = {country.code: town.channel_named(country.channel) for country in campaign.countries}
    for code, channel in channels.items():
        here = [user for user in others if channel and town.is_member(channel.id, user.id)]
        yield on.Personas(country_name(own, code), [_persona(user, "") for user in here])
        others = [user for user in others if user not in here]
    yield on.Personas("Elsewhere", [_persona(user, "") for user in others])


def _persona(user: User, duty: str) -> on.Persona:
    tongue = language_name(words(_language(user)))
    city = (user.tz or "no time zone").rpartition("/")[2].replace("_", " ")
    return on.Persona(user.id, user.name, ", ".join(filter(None, (duty, tongue, city))))


def _language(user: User) -> str:
    """The language of a profile, as far as it is one that dates can be written in."""
    try:
        Locale.parse(user.locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return "en"
    return user.locale


def _commands(language: str) -> list[on.Command]:
    own = words(language.partition("-")[0])
    return [on.Command(f"{COMMAND} {each}", own(f"help.{each}")) for each in SUBCOMMANDS]


def _about(town: Workspace, place: on.Place) -> str:
    if place.kind == "direct":
        return "Only you and the app"
    members = len(town.members(place.id))
    return f"{members} member" if members == 1 else f"{members} members"


def _wall_time(ts: str, person: User) -> datetime:
    return local(timestamp.instant(ts), person.tz or "UTC")


def _attached(file: str, name: str) -> on.Attached:
    return on.Attached(name, f"/file/{file}")


def _fingerprint(body: str) -> str:
    return f"{crc32(body.encode()):08x}"

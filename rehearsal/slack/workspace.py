"""The people, channels and messages of a rehearsed workspace. No network, no clock: time is an argument."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rehearsal.slack import timestamp
from rehearsal.slack.conversation import SLACKBOT_ID, Block, Conversation, File, Metadata, PostedMessage
from rehearsal.slack.open_views import Views

__all__ = ["BOT", "SLACKBOT", "Channel", "Ephemeral", "File", "PostedMessage", "User", "Workspace"]


@dataclass(frozen=True)
class User:
    """A person or a bot. `tz` may be missing or an old alias, as in Slack; there is no country.

    Somebody of another company, whom a shared channel brings, has another `team_id`; Slack may not show them at all.
    """

    id: str
    name: str
    tz: str | None = "Europe/Stockholm"
    locale: str = "en-GB"
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False
    team_id: str | None = None
    is_shown: bool = True


@dataclass(frozen=True)
class Channel:
    """A public or private channel; another company may share it, or have been invited to."""

    id: str
    name: str
    is_private: bool = False
    is_archived: bool = False
    previous_names: tuple[str, ...] = ()
    is_ext_shared: bool = False
    is_pending_ext_shared: bool = False


BOT = User("U0EARTHWEEK", "earthweek", tz="UTC", is_bot=True)
SLACKBOT = User(SLACKBOT_ID, "slackbot", tz=None)
"""In every workspace, and `is_bot` is false for it: an app that takes it for a colleague is mistaken."""


MOST_EPHEMERALS = 25
"""A person's newest; Slack's client forgets them all when it is started anew."""


@dataclass(frozen=True)
class Ephemeral:
    """A message that only one person saw; Slack keeps none of these in a channel's history."""

    channel: str
    user: str
    ts: str
    text: str
    blocks: tuple[Block, ...]


@dataclass
class Ephemerals:
    """The ephemeral messages that can still be seen."""

    _by_user: dict[str, dict[tuple[str, str], Ephemeral]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Ephemeral]:
        """Iterate over all ephemeral messages, person by person."""
        return (said for known in self._by_user.values() for said in known.values())

    def keep(self, said: Ephemeral) -> None:
        """Add an ephemeral message, or replace it by a changed one; the oldest is dropped when there are too many."""
        known = self._by_user.setdefault(said.user, {})
        known[said.channel, said.ts] = said
        if len(known) > MOST_EPHEMERALS:
            # Dictionaries keep the order of insertion, so this is the oldest.
            del known[next(iter(known))]

    def of(self, user: str) -> list[Ephemeral]:
        """Return the ephemeral messages of one person, oldest first."""
        return list(self._by_user.get(user, {}).values())

    def find(self, user: str, channel: str, ts: str) -> Ephemeral | None:
        """Find an ephemeral message by its timestamp."""
        return self._by_user.get(user, {}).get((channel, ts))

    def remove(self, said: Ephemeral) -> None:
        """Delete an ephemeral message."""
        self._by_user.get(said.user, {}).pop((said.channel, said.ts), None)


@dataclass
class _Upload:
    name: str
    length: int
    content: bytes | None = None


UPLOADED_FILES_ARE_READY_AFTER = timedelta(seconds=5)
"""The time in which Slack looks at a new file, https://docs.slack.dev/reference/methods/files.getUploadURLExternal. It
says nothing of how long that takes; others wait two seconds, https://github.com/metabase/metabase/pull/41974."""

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8")
"""The beginnings of the images that a block may show,
https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object."""


@dataclass
class Uploads:
    """The uploads that were begun, and the files that came of them."""

    _open: dict[str, _Upload] = field(default_factory=dict)
    _finished: dict[str, tuple[File, datetime]] = field(default_factory=dict)
    _count: int = 0

    def begin(self, name: str, length: int) -> str:
        """Begin an upload of `length` bytes, and return the file's ID."""
        self._count += 1
        file_id = f"F{self._count:010d}"
        self._open[file_id] = _Upload(name, length)
        return file_id

    def take(self, file_id: str, content: bytes) -> bool:
        """Store a file's bytes. Returns whether the file is known and has the announced length."""
        upload = self._open.get(file_id)
        if upload is None or len(content) != upload.length:
            return False
        upload.content = content
        return True

    def finish(self, file_id: str, title: str | None, at: datetime) -> File | None:
        """Return the file once its bytes have arrived; None before."""
        upload = self._open.get(file_id)
        if upload is None or upload.content is None:
            return None
        del self._open[file_id]
        file = File(file_id, upload.name, title or upload.name, upload.content)
        self._finished[file_id] = (file, at)
        return file

    def images(self, at: datetime | None = None) -> dict[str, File]:
        """Return the images that a block can show, by ID; with a time, without those that are too new for that."""
        return {
            file.id: file
            for file, since in self._finished.values()
            if file.content.startswith(_IMAGES) and (at is None or since + UPLOADED_FILES_ARE_READY_AFTER <= at)
        }

    def delete(self, file_id: str) -> None:
        """Delete a file, as somebody may do in Slack."""
        del self._finished[file_id]


class Workspace:
    """The state of a small Slack."""

    def __init__(
        self,
        users: Iterable[User] = (),
        channels: Iterable[Channel] = (),
        *,
        members: Mapping[str, Iterable[str]] | None = None,
        team_id: str = "T0REHEARSAL",
        bot: User = BOT,
    ) -> None:
        """Fill a workspace; `members` maps channel ids to user ids, and the bot is only where it is put."""
        self.team_id = team_id
        self.team = "Rehearsal"
        self.bot = bot
        self.users: dict[str, User] = {user.id: user for user in (SLACKBOT, bot, *users)}
        self.channels: dict[str, Channel] = {channel.id: channel for channel in channels}
        self.ims: dict[str, str] = {}
        self.ephemerals = Ephemerals()
        self.views = Views()
        self.uploads = Uploads()
        # For how long the workspace lets messages be changed; None is for ever.
        self.edit_window: timedelta | None = None
        # Apart from the conversations, in which messages are changed and removed.
        self.log: list[PostedMessage] = []
        # Dictionaries as ordered sets: Slack lists members in the order in which they came.
        self._members: dict[str, dict[str, None]] = {known: {} for known in self.channels}
        self._conversations: dict[str, Conversation] = {known: Conversation(known) for known in self.channels}
        self._im_of: dict[str, str] = {}
        for channel, ids in (members or {}).items():
            self._members[channel].update(dict.fromkeys(ids))

    @property
    def ephemeral_messages(self) -> list[Ephemeral]:
        """The ephemeral messages of everybody, oldest first."""
        return sorted(self.ephemerals, key=lambda said: timestamp.parse(said.ts) or 0)

    @property
    def files(self) -> list[File]:
        """Every file that a message shows, conversation by conversation."""
        return [file for message in self.messages() for file in message.files]

    def add_user(self, user: User) -> None:
        """Add a person, or change one who is there (a new time zone, a deactivation)."""
        self.users[user.id] = user

    def people(self) -> list[User]:
        """Return the colleagues: no bots, guests or people of other companies, nobody who left."""
        everyone = (user for user in self.users.values() if user.id != SLACKBOT.id)
        return [user for user in everyone if not (user.is_bot or user.deleted or user.is_guest or user.team_id)]

    def team_of(self, user: User) -> str:
        """Return the workspace that somebody belongs to."""
        return user.team_id or self.team_id

    def add_channel(self, channel: Channel, members: Iterable[str] = ()) -> None:
        """Add a channel, or change one that is there, and let some people in."""
        self.channels[channel.id] = channel
        self._conversations.setdefault(channel.id, Conversation(channel.id))
        self._members.setdefault(channel.id, {}).update(dict.fromkeys(members))

    def archive(self, channel: str) -> None:
        """Close a channel for good: nothing can be posted there any more."""
        self.channels[channel] = replace(self.channels[channel], is_archived=True)

    def rename(self, channel: str, name: str) -> None:
        """Call a channel by another name; it remembers those that it had."""
        known = self.channels[channel]
        self.channels[channel] = replace(known, name=name, previous_names=(*known.previous_names, known.name))

    def join(self, channel: str, user: str) -> None:
        """Add a person or the bot to a channel."""
        self._members[channel][user] = None

    def leave(self, channel: str, user: str) -> None:
        """Remove a person or the bot from a channel."""
        self._members[channel].pop(user, None)

    def members(self, channel: str) -> list[str]:
        """Return the members of a channel in the order in which they came, or the two of a direct conversation."""
        if channel in self.ims:
            return [self.ims[channel], self.bot.id]
        return list(self._members.get(channel, ()))

    def is_member(self, channel: str, user: str) -> bool:
        """Return whether a person, or the bot, is in the channel or the direct conversation."""
        if channel in self.ims:
            return user in (self.ims[channel], self.bot.id)
        return user in self._members.get(channel, ())

    def channel_named(self, name: str) -> Channel | None:
        """Return the channel with this name, given with or without its `#`."""
        bare = name.removeprefix("#")
        return next((channel for channel in self.channels.values() if channel.name == bare), None)

    def im(self, user: str) -> str:
        """Return the id of the bot's direct conversation with a person, opened when it is first asked for."""
        if user not in self._im_of:
            # Numbered in the order of opening, so that the same seed gives the same IDs.
            opened = f"D{len(self._im_of) + 1:010d}"
            self._im_of[user] = opened
            self.ims[opened] = user
            self._conversations[opened] = Conversation(opened)
        return self._im_of[user]

    def conversation(self, channel: str) -> Conversation:
        """Return the conversation of a channel or direct conversation that exists."""
        return self._conversations[channel]

    def post(  # noqa: PLR0913 - each is one part of a message
        self,
        channel: str,
        user: str,
        text: str,
        at: datetime,
        *,
        blocks: Sequence[Block] = (),
        metadata: Metadata | None = None,
        files: Sequence[File] = (),
        parent_ts: str | None = None,
        subtype: str | None = None,
    ) -> PostedMessage:
        """Post to a channel or direct conversation, or reply to the message `parent_ts` there.

        The `log` keeps the message as it was first posted.
        """
        said = self._conversations[channel].post(
            user, text, blocks, metadata, at, files, parent_ts=parent_ts, subtype=subtype
        )
        self.log.append(said)
        return said

    def post_ephemeral(
        self, channel: str, user: str, text: str, at: datetime, *, blocks: Sequence[Block] = ()
    ) -> Ephemeral:
        """Post a message that only one person sees."""
        ts = self._conversations[channel].stamp(at)
        said = Ephemeral(channel, user, timestamp.text(ts), text, tuple(blocks))
        self.ephemerals.keep(said)
        return said

    def messages(self, channel: str | None = None) -> list[PostedMessage]:
        """Return the messages of one channel, or of all: within a channel in the order in which they were posted.

        Replies are among them; `Conversation.messages` is what the channel itself shows.
        """
        if channel is not None:
            known = self._conversations.get(channel)
            return list(known.everything) if known else []
        return [message for said in self._conversations.values() for message in said.everything]

"""Derives the messages that should arrive in Slack from the campaign's calendar and everybody's journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from bot.campaign.idea_recipients import readers
from bot.campaign.localtime import instant, local
from bot.campaign.model import PEOPLE, Audience, Campaign, Per
from bot.campaign.schedule import Addressee, Slot, addressees, lay_out, slots_of
from bot.campaign.workdays import first_working_day
from bot.locales.catalogues import campaign_words
from bot.messages.campaign_texts import post_text
from rehearsal.people.journal import (
    DecidedIdea,
    FetchedCalendar,
    Forgot,
    Journal,
    MadePledge,
    Organised,
    SentIdea,
    WroteRemark,
)
from rehearsal.people.preference_history import Preferences, Span, preference_history, reminder_time, spans
from rehearsal.slack.workspace import Workspace
from rehearsal.verify.delivery_audit import FILE, ExpectedMessage, post_kind
from rehearsal.verify.expected_organiser_messages import organiser_messages

Kind = TypeVar("Kind")

_ROUND = timedelta(minutes=5)
_A_MINUTE = 100
"""Messages that leave the bot in a minute, at the very least."""

_REMINDER = timedelta(hours=3)
_LETTER = timedelta(days=7)
_FIRST, _LAST = time(8), time(17)


def expected_messages(
    campaign: Campaign, everybody: Sequence[Journal], workspace: Workspace, start: datetime
) -> list[ExpectedMessage]:
    """Return every message that is scheduled, was asked for, or follows from what somebody wrote."""
    return [
        *(
            _of_slot(campaign, _as_chosen(campaign, slot, everybody, start), workspace)
            for slot in lay_out(campaign, addressees(campaign))
        ),
        *organiser_messages(campaign, workspace, start),
        *_Expectations(campaign, everybody, workspace, start).all(),
    ]


def _as_chosen(campaign: Campaign, slot: Slot, everybody: Sequence[Journal], start: datetime) -> Slot:
    """Give a representative's slot the language that they had chosen by then, if any."""
    if slot.audience != Audience.REPRESENTATIVES:
        return slot
    theirs = (preference_history(journal, start, None) for journal in everybody if journal.user == slot.recipient)
    chosen = [each.language for each in next(theirs, []) if each.since <= slot.due_at]
    if not chosen or not chosen[-1]:
        return slot
    return replace(slot, language=campaign.language_for(chosen[-1]))


def _of_slot(campaign: Campaign, slot: Slot, workspace: Workspace) -> ExpectedMessage:
    name = campaign.channel(slot.audience, slot.recipient)
    channel = workspace.im(slot.recipient) if name is None else _channel(name, workspace)
    return ExpectedMessage(channel, _sort(campaign, slot), slot.due_at, slot.expires_at)


def _channel(name: str, workspace: Workspace) -> str:
    named = workspace.channels.get(name) or workspace.channel_named(name)
    return named.id if named else name


def _sort(campaign: Campaign, slot: Slot) -> str:
    return post_kind(post_text(campaign, slot.post, campaign_words(campaign, slot.language), slot.country).summary)


@dataclass(frozen=True)
class _Window:
    """A time during which a message was wanted: until it was too late, or until somebody did something about it.

    It is `without_reason` where a check-in has no pledge to ask about, and where what a reminder is about is done.
    `leaves_first` says that it was due at the very instant of what somebody did about it.
    """

    kind: str
    begins: datetime
    ends: datetime
    expires_at: datetime
    paused: bool = False
    leaves_first: bool = False
    without_reason: bool = False

    @property
    def is_open(self) -> bool:
        """True if a message can have come in it, if only at its one instant."""
        return self.begins < self.ends or (self.leaves_first and not self.paused and not self.without_reason)


@dataclass(frozen=True)
class _Idea:
    """An idea, what was said about it, in order, and when it was shared with the other organisers."""

    author: Journal
    country: str | None
    sent_at: datetime
    gone_at: datetime
    said: Sequence[tuple[datetime, str]]
    shared_at: datetime | None = None


@dataclass(frozen=True)
class _Expectations:
    campaign: Campaign
    everybody: Sequence[Journal]
    workspace: Workspace
    start: datetime

    def all(self) -> Iterator[ExpectedMessage]:
        for journal in self.everybody:
            for windows in self._wanted(journal).values():
                yield from self._first(self.workspace.im(journal.user), windows)
            yield from self._remarks(journal)
            fetched = [entry.at for entry in journal.entries if isinstance(entry.note, FetchedCalendar)]
            yield from (ExpectedMessage(self.workspace.im(journal.user), FILE, at, at + _ROUND) for at in fetched)
        for idea in self._ideas():
            yield from self._about(idea)
            yield from self._shared(idea)

    # What people asked for

    def _spans(self, journal: Journal) -> Iterator[Span]:
        evenings = [post.day for post in self.campaign.posts if post.audience == Audience.EARTH_HOUR_REMINDER]
        return spans(journal, self.start, _far(self.campaign), min(evenings, default=None))

    def _wanted(self, journal: Journal) -> Mapping[Hashable, Sequence[_Window]]:
        found: defaultdict[Hashable, list[_Window]] = defaultdict(list)
        for span in self._spans(journal):
            for key, window in (*self._posts(journal.user, span), *self._reminders(span)):
                if window.is_open:
                    found[key].append(window)
        return found

    def _posts(self, user: str, span: Span) -> Iterator[tuple[Hashable, _Window]]:
        preferences = span.preferences
        wanted = {Audience.JOINED: preferences.messages, Audience.EARTH_HOUR_REMINDER: preferences.hour}
        for post in self.campaign.posts:
            if post.audience not in PEOPLE or not wanted[post.audience]:
                continue
            language = self.campaign.language_for(preferences.language, preferences.country)
            to = Addressee(post.audience, user, preferences.zone, language, preferences.country)
            for slot in slots_of(self.campaign, post, [to]):
                if preferences.joined_at and slot.due_at >= preferences.joined_at:
                    window = _window(_sort(self.campaign, slot), slot.due_at, slot.expires_at, span)
                    yield (
                        slot.key,
                        replace(window, without_reason=post.kind == "check_in" and not preferences.pledges),
                    )

    def _reminders(self, span: Span) -> Iterator[tuple[Hashable, _Window]]:
        for pledged in span.preferences.reminders:
            for day in pledged.days:
                due = _reminded_at(span.preferences, pledged, day)
                window = _window("reminder", due, due + _REMINDER, span)
                yield (pledged.pledge, day), replace(window, without_reason=self._is_done(span, pledged.pledge, day))

    def _is_done(self, span: Span, pledge: str, day: date) -> bool:
        # Occasions that begin with a digit are days; the others are names of posts.
        days = {on for what, on in span.preferences.done if what == pledge and on[:1].isdigit()}
        known = self.campaign.pledge(pledge)
        return day.isoformat() in days or bool(days and known and known.per is Per.ONCE)

    def _first(self, channel: str, windows: Sequence[_Window]) -> Iterator[ExpectedMessage]:
        """Expect a message once: in the first window in which it is wanted, unless it is paused or has no reason then.

        A message that gets its reason only while it is being sent may come or not.
        """
        first = next((each for each in windows if each.paused or not each.without_reason), windows[0])
        ends = first.ends
        for each in windows[windows.index(first) + 1 :]:
            if each.begins == ends and not each.paused and not each.without_reason:
                ends = each.ends
        if first.paused or first.without_reason:
            return
        if first is not windows[0]:
            yield ExpectedMessage(channel, first.kind, first.begins, ends, certain=False)
        else:
            yield self._expected(channel, first.kind, first.begins, ends, first.expires_at)

    def _expected(
        self, channel: str, kind: str, begins: datetime, ends: datetime, expires_at: datetime
    ) -> ExpectedMessage:
        """Make an expected message, uncertain where somebody called it off while it was being sent."""
        # A round takes minutes at Slack's rate, and people who stop during it may have had theirs.
        margin = _ROUND + timedelta(minutes=len(self.everybody) / _A_MINUTE)
        if begins == ends:
            return ExpectedMessage(channel, kind, begins, begins + margin, certain=False)
        return ExpectedMessage(channel, kind, begins, ends, certain=ends >= expires_at or ends - begins > margin)

    # What people wrote

    def _remarks(self, journal: Journal) -> Iterator[ExpectedMessage]:
        known: set[WroteRemark] = set()
        for at, note, country in self._noted(journal, WroteRemark):
            # Sent twice, a remark is one.
            if note not in known:
                gone = _gone(journal, at, _far(self.campaign))
                yield from self._to_readers("remark", country, at, gone, overnight=True)
            known.add(note)

    def _noted(self, journal: Journal, kind: type[Kind]) -> Iterator[tuple[datetime, Kind, str | None]]:
        """Yield when somebody wrote something of a kind, what it was, and in which country they were."""
        # Entry by entry: at one instant somebody may write something and then move.
        history = preference_history(journal, self.start, None)[1:]
        for entry, preferences in zip(journal.entries, history, strict=True):
            if isinstance(entry.note, kind):
                yield entry.at, entry.note, preferences.country

    def _to_readers(
        self, kind: str, country: str | None, at: datetime, ends: datetime, *, overnight: bool = False
    ) -> Iterator[ExpectedMessage]:
        for to in readers(self.campaign, country).values():
            day = local(at, to.zone).date() + timedelta(days=1)
            # Remarks are collected overnight, so that the time of one does not tell who was in a form.
            since = instant(datetime.combine(day, time()), to.zone) if overnight else at
            due = _working_moment(since, to.zone, to.country)
            yield from self._letter(self.workspace.im(to.recipient), kind, due, ends)

    def _letter(self, channel: str, kind: str, due: datetime, ends: datetime) -> Iterator[ExpectedMessage]:
        late = due + _LETTER
        if due < ends:
            yield self._expected(channel, kind, due, min(late, ends), late)

    def _ideas(self) -> Iterator[_Idea]:
        said: defaultdict[int, list[tuple[datetime, str]]] = defaultdict(list)
        shared: dict[int, datetime] = {}
        for journal in self.everybody:
            for entry in journal.entries:
                if isinstance(entry.note, DecidedIdea):
                    said[entry.note.idea].append((entry.at, entry.note.decision))
                if isinstance(entry.note, Organised) and entry.note.idea:
                    shared[entry.note.idea] = entry.at
        for journal in self.everybody:
            for at, note, country in self._noted(journal, SentIdea):
                gone = _gone(journal, at, _far(self.campaign))
                yield _Idea(journal, country, at, gone, sorted(said[note.idea]), shared.get(note.idea))

    def _about(self, idea: _Idea) -> Iterator[ExpectedMessage]:
        """Expect the messages about an idea: to the people who have to act on it, and then to its author."""
        asked, is_open, since = False, True, idea.sent_at
        # The end stands for a last word, so that what is open until then is looked at as well.
        for at, word in [*idea.said, (idea.gone_at, "")]:
            if at > idea.gone_at or not self._is_possible(idea, word, asked=asked, is_open=is_open):
                continue
            if is_open and not asked:
                yield from self._to_readers("idea_review", idea.country, since, at)
            if word not in {"answer", ""}:
                ends = _next(idea, at) if word == "ask" else idea.gone_at
                yield from self._news(idea, at, ends)
            if word == "publish":
                yield from self._post(idea, at)
            asked, is_open, since = word == "ask", word in {"ask", "answer"}, at

    def _shared(self, idea: _Idea) -> Iterator[ExpectedMessage]:
        """Expect an idea that was shared in the organisers' channel, and perhaps below it what became of it."""
        name = self.campaign.organisers_channel
        if idea.shared_at is None or name is None:
            return
        channel, due = _channel(name, self.workspace), _working_moment(idea.shared_at, self.campaign.zone, None)
        yield from self._letter(channel, "share", due, idea.gone_at)
        yield ExpectedMessage(channel, "idea_news", due, idea.gone_at, certain=False)

    def _is_possible(self, idea: _Idea, word: str, *, asked: bool, is_open: bool) -> bool:
        match word:
            case "":
                return True
            case "answer":
                return asked
            case "ask":
                return is_open and not asked
            case "publish":
                return is_open and self.campaign.country(idea.country) is not None
            case _:
                return is_open

    def _news(self, idea: _Idea, at: datetime, ends: datetime) -> Iterator[ExpectedMessage]:
        """Expect news for the author: in working hours, after a pause, unless they stopped messages since then."""
        begins: datetime | None = None
        for span in self._spans(idea.author):
            preferences = span.preferences
            is_willing = preferences.joined_at and not (
                preferences.stopped_at and preferences.stopped_at > idea.sent_at
            )
            due = _working_moment(at, idea.author.zone, preferences.country, preferences.paused_until)
            if begins is None and is_willing and max(due, at) < span.ends:
                begins, late = max(due, span.begins), due + _LETTER
            elif begins is not None and not is_willing:
                ends = min(ends, span.begins)
        if begins is not None and begins < ends:
            channel = self.workspace.im(idea.author.user)
            yield self._expected(channel, "idea_news", begins, min(late, ends), late)

    def _post(self, idea: _Idea, at: datetime) -> Iterator[ExpectedMessage]:
        home = self.campaign.country(idea.country)
        if home:
            due = _working_moment(at, home.zone, home.code)
            yield from self._letter(_channel(home.channel, self.workspace), "idea_post", due, idea.gone_at)


def _far(campaign: Campaign) -> datetime:
    return instant(datetime.combine(campaign.closes + _LETTER, time()), campaign.zone)


def _window(kind: str, due: datetime, late: datetime, span: Span) -> _Window:
    begins = max(due, span.begins)
    return _Window(kind, begins, min(late, span.ends), late, span.preferences.is_paused(begins), due == span.ends)


def _reminded_at(preferences: Preferences, pledged: MadePledge, day: date) -> datetime:
    return instant(reminder_time(day, pledged.remind_at or _FIRST, any_hour=pledged.any_hour), preferences.zone)


def _gone(journal: Journal, after: datetime, end: datetime) -> datetime:
    """Return the instant at which somebody had everything removed, or `end`."""
    gone = (entry.at for entry in journal.entries if isinstance(entry.note, Forgot) and entry.at >= after)
    return next(gone, end)


def _next(idea: _Idea, after: datetime) -> datetime:
    return min((at for at, _ in idea.said if at > after), default=idea.gone_at)


def _working_moment(at: datetime, zone: str, country: str | None, after: date | None = None) -> datetime:
    """Return the first working moment from `at` on, and from the day `after` on."""
    there = local(at, zone)
    day = there.date() if there.time() <= _LAST else there.date() + timedelta(days=1)
    working = first_working_day(max(day, after or day), country)
    if working == there.date() and there.time() >= _FIRST:
        return at
    return instant(datetime.combine(working, _FIRST), zone)

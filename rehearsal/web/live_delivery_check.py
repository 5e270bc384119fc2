"""Checks from Slack's side that nothing was lost and nothing came twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from bot.campaign.model import Campaign
from bot.campaign.schedule import Slot, addressees, lay_out
from bot.delivery.sender import EVENT
from bot.store.outbox import Entry, State
from rehearsal.slack.workspace import PostedMessage, Workspace

_NOTICED = timedelta(minutes=2)
"""Grace after a message's late limit, within which it may still have no outcome."""

_NOT_SENT = frozenset({State.SKIPPED, State.CANCELLED, State.FAILED, State.UNCONFIRMED})


@dataclass(frozen=True)
class DeliveryReport:
    """The result of a delivery check.

    `arrived` counts the entries whose message Slack has, `accounted` those that were not sent, with a reason, and
    `on_the_way` those that are due and may still come. `twice` and `lost` say which, such as `monday-tip to SE`; a
    message that came three times is there two times.
    """

    arrived: int
    accounted: int
    on_the_way: int
    twice: Sequence[str]
    lost: Sequence[str]

    @property
    def is_well(self) -> bool:
        """True if nothing was lost and nothing came twice."""
        return not self.twice and not self.lost


class DeliveryCheck:
    """The posts that a campaign's calendar has for the people and channels that it names; laid out once."""

    def __init__(self, campaign: Campaign) -> None:
        self._slots = {_key(slot): slot for slot in lay_out(campaign, addressees(campaign))}
        # Without the date: a post that was moved in the calendar must not be sent on both days.
        self._of_series = Counter(key[:3] for key in self._slots)

    def check(self, entries: Sequence[Entry], workspace: Workspace, now: datetime) -> DeliveryReport:
        """Compare the bot's `entries` and the calendar with every message that Slack ever accepted."""
        posted = Counter(_ids(workspace.log))
        fates = [_fate(entry, now, is_posted=entry.id in posted) for entry in entries]
        counts = Counter(fates)
        lost = [_named(entry.slot) for entry, fate in zip(entries, fates, strict=True) if fate is _Fate.LOST]
        return DeliveryReport(
            arrived=counts[_Fate.ARRIVED],
            accounted=counts[_Fate.ACCOUNTED],
            on_the_way=counts[_Fate.ON_THE_WAY],
            twice=[*_again(entries, posted), *self._moved(entries)],
            lost=[*lost, *self._forgotten(entries, now)],
        )

    def _moved(self, entries: Iterable[Entry]) -> Iterator[str]:
        """Yield posts that were sent on more dates than the calendar has for them."""
        sent = Counter(_key(entry.slot)[:3] for entry in entries if entry.state is State.SENT)
        for series, times in sent.items():
            promised = self._of_series.get(series)
            if promised and times > promised:
                yield from [f"{series[0]} to {series[2]}"] * (times - promised)

    def _forgotten(self, entries: Iterable[Entry], now: datetime) -> Iterator[str]:
        """Yield posts whose time is over and of which the bot knows nothing."""
        missing = self._slots.keys() - {_key(entry.slot) for entry in entries}
        for key in missing:
            if self._slots[key].expires_at + _NOTICED <= now:
                yield f"{key[0]} to {key[2]}"


class _Fate(Enum):
    AHEAD = auto()
    ON_THE_WAY = auto()
    ARRIVED = auto()
    ACCOUNTED = auto()
    LOST = auto()


def _fate(entry: Entry, now: datetime, *, is_posted: bool) -> _Fate:
    if is_posted:
        # Slack's word counts, whatever the bot's entry says.
        return _Fate.ARRIVED
    if entry.state in _NOT_SENT and entry.reason:
        return _Fate.ACCOUNTED
    if entry.state not in {State.DUE, State.SENDING}:
        return _Fate.LOST
    if entry.slot.due_at > now:
        return _Fate.AHEAD
    # Where there was no clear answer, Slack is asked until it tells, however late that is.
    is_asked_about = entry.state is State.SENDING and entry.reason is not None
    return _Fate.ON_THE_WAY if is_asked_about or now < entry.slot.expires_at + _NOTICED else _Fate.LOST


def _again(entries: Iterable[Entry], posted: Counter[str]) -> Iterator[str]:
    """Yield every message beyond the first with the ID of one entry."""
    more = {entry: times - 1 for entry, times in posted.items() if times > 1}
    if not more:
        return
    names = {entry.id: _named(entry.slot) for entry in entries if entry.id in more}
    for entry, times in more.items():
        yield from [names.get(entry, "a message that is in no plan any more")] * times


def _ids(messages: Iterable[PostedMessage]) -> Iterator[str]:
    for message in messages:
        metadata = message.metadata
        if metadata and metadata["event_type"] == EVENT and (found := metadata["event_payload"].get("id")):
            yield str(found)


_Key = tuple[str, str, str, object]


def _key(of: Slot) -> _Key:
    """Return the identity of a slot as a tuple: as text it would cost more, and there are thousands."""
    if isinstance(of, Slot):
        return of.post, of.audience, of.recipient, of.local.date()
    return of.post, of.audience, of.recipient, of.local_date


def _named(line: Slot) -> str:
    return f"{line.post} to {line.recipient}"

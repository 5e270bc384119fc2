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

    `arrived` counts the rows whose message Slack has, `accounted` those that were not sent, with a reason, and
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

    def check(self, rows: Sequence[Entry], workspace: Workspace, now: datetime) -> DeliveryReport:
        """Compare the bot's `rows` and the calendar with every message that Slack ever accepted."""
        posted = Counter(_ids(workspace.log))
        fates = [_fate(row, now, is_posted=row.id in posted) for row in rows]
        counts = Counter(fates)
        lost = [_named(row.slot) for row, fate in zip(rows, fates, strict=True) if fate is _Fate.LOST]
        return DeliveryReport(
            arrived=counts[_Fate.ARRIVED],
            accounted=counts[_Fate.ACCOUNTED],
            on_the_way=counts[_Fate.ON_THE_WAY],
            twice=[*_again(rows, posted), *self._moved(rows)],
            lost=[*lost, *self._forgotten(rows, now)],
        )

    def _moved(self, rows: Iterable[Entry]) -> Iterator[str]:
        """Yield posts that were sent on more dates than the calendar has for them."""
        sent = Counter(_key(row.slot)[:3] for row in rows if row.state is State.SENT)
        for series, times in sent.items():
            promised = self._of_series.get(series)
            if promised and times > promised:
                yield from [f"{series[0]} to {series[2]}"] * (times - promised)

    def _forgotten(self, rows: Iterable[Entry], now: datetime) -> Iterator[str]:
        """Yield posts whose time is over and of which the bot knows nothing."""
        missing = self._slots.keys() - {_key(row.slot) for row in rows}
        for key in missing:
            if self._slots[key].expires_at + _NOTICED <= now:
                yield f"{key[0]} to {key[2]}"


class _Fate(Enum):
    AHEAD = auto()
    ON_THE_WAY = auto()
    ARRIVED = auto()
    ACCOUNTED = auto()
    LOST = auto()


def _fate(row: Entry, now: datetime, *, is_posted: bool) -> _Fate:
    if is_posted:
        # Slack's word counts, whatever the bot's row says.
        return _Fate.ARRIVED
    if row.state in _NOT_SENT and row.reason:
        return _Fate.ACCOUNTED
    if row.state not in {State.DUE, State.SENDING}:
        return _Fate.LOST
    if row.slot.due_at > now:
        return _Fate.AHEAD
    # Where there was no clear answer, Slack is asked until it tells, however late that is.
    is_asked_about = row.state is State.SENDING and row.reason is not None
    return _Fate.ON_THE_WAY if is_asked_about or now < row.slot.expires_at + _NOTICED else _Fate.LOST


def _again(rows: Iterable[Entry], posted: Counter[str]) -> Iterator[str]:
    """Yield every message beyond the first with the ID of one row."""
    more = {row: times - 1 for row, times in posted.items() if times > 1}
    if not more:
        return
    names = {row.id: _named(row.slot) for row in rows if row.id in more}
    for row, times in more.items():
        yield from [names.get(row, "a message that is in no plan any more")] * times


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

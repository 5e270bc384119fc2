"""Audit the messages that arrived, from Slack's side alone: the bot's own records are not consulted.

`verify.expected_messages` works out what should arrive, from the campaign's calendar and from the journals of the
simulated colleagues. Each message that was really posted makes up for one expected one in the same channel, of the
same sort, within its time. What is left over on either side is lost or came twice.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rehearsal.slack.interactive_elements import controls
from rehearsal.slack.workspace import PostedMessage

_BY_ACTION = {"idea_approve": "idea_review", "reminders_stop": "reminder", "organise_use": "share"}
_TO_ORGANISERS = ("words_superseded", "stand_in", "approval_waiting", "countdown", "digest", "reach")
_BY_BLOCK = {
    "author": "idea_review",
    "news": "idea_news",
    "nameless": "remark",
    **{kind: kind for kind in _TO_ORGANISERS},
}
FILE = "file"


@dataclass(frozen=True)
class ExpectedMessage:
    """One message that should arrive, and until when.

    `kind` is what `message_kind` says of it. One that is not `certain` may have been overtaken by what somebody did,
    and does not count as lost.
    """

    channel: str
    kind: str
    due_at: datetime
    expires_at: datetime
    certain: bool = True

    def is_met_by(self, message: PostedMessage) -> bool:
        """Return whether a posted message is this one."""
        return message_kind(message) == self.kind and self.spans(message.posted_at)

    def spans(self, instant: datetime) -> bool:
        """Return whether it may come at an instant."""
        return self.due_at <= instant < self.expires_at


@dataclass(frozen=True)
class AuditResult:
    """The result of the audit: `duplicates` came without being expected (again), `lost` never came."""

    posts: int
    duplicates: int
    lost: int


def message_kind(message: PostedMessage) -> str:
    """Return the kind of a message by its buttons and blocks; a post is known by its words."""
    if message.files:
        return FILE
    for each in controls(message.blocks):
        if each.action_id in _BY_ACTION:
            return _BY_ACTION[each.action_id]
        if each.action_id == "idea" and each.element.get("value") == "idea_post":
            return "idea_post"
    names = (_BY_BLOCK.get(str(block.get("block_id"))) for block in message.blocks)
    return next(filter(None, names), f"post: {message.text}")


def post_kind(summary: str) -> str:
    """Return the kind of a post whose words are known."""
    return f"post: {summary}"


def audit(expected: Iterable[ExpectedMessage], posted: Iterable[PostedMessage]) -> AuditResult:
    """Match what was posted with what was expected, channel by channel and each message once."""
    wanted: defaultdict[tuple[str, str], list[ExpectedMessage]] = defaultdict(list)
    arrived: defaultdict[tuple[str, str], list[PostedMessage]] = defaultdict(list)
    for each in expected:
        wanted[each.channel, each.kind].append(each)
    for message in posted:
        arrived[message.channel, message_kind(message)].append(message)
    missing = [each for kind, some in wanted.items() for each in _missing(some, arrived[kind])]
    total, met = sum(map(len, arrived.values())), sum(map(len, wanted.values())) - len(missing)
    return AuditResult(total, duplicates=total - met, lost=sum(each.certain for each in missing))


def _missing(expected: Iterable[ExpectedMessage], arrived: Sequence[PostedMessage]) -> list[ExpectedMessage]:
    """Return those that no message makes up for: as few as possible, and as few certain ones as possible.

    Whoever looks for a message takes a free one, or one from somebody who finds another: the shortest way of such
    exchanges, as for augmenting paths in a bipartite graph.
    """
    # Whoever has found a message keeps one, so the certain ones look first.
    wanted = sorted(expected, key=lambda one: not one.certain)
    holders: dict[int, int] = {}
    return [each for number, each in enumerate(wanted) if not _is_met(number, wanted, arrived, holders)]


def _is_met(
    number: int, wanted: Sequence[ExpectedMessage], arrived: Sequence[PostedMessage], holders: dict[int, int]
) -> bool:
    """Find a message for one more, and note who holds which, both by their place in the lists."""
    held = {who: place for place, who in holders.items()}
    wanted_by: dict[int, int] = {}
    looking = deque([number])
    while looking:
        who = looking.popleft()
        for place, message in enumerate(arrived):
            if place in wanted_by or not wanted[who].spans(message.posted_at):
                continue
            wanted_by[place] = who
            if place in holders:
                looking.append(holders[place])
                continue
            following: int | None = place
            while following is not None:
                holder = holders[following] = wanted_by[following]
                following = held.get(holder)
            return True
    return False

"""Says in words what happened while a rehearsal is played, from Slack's side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from rehearsal.headless import Step
from rehearsal.slack.workspace import PostedMessage, Workspace
from rehearsal.verify.delivery_audit import message_kind

_ROUND = timedelta(minutes=10)
"""Direct messages go out at the workspace's pace; within this time they count as one round."""

_MOST_ACTS = 5
_LONGEST = 76


class Timeline:
    """Lines of text: one for each message in a channel, each round of direct messages, and each day's activities."""

    def __init__(self, campaign: Campaign) -> None:
        self._zones = {name: country.zone for country in campaign.countries for name in country.channels.values()}
        self._zone = campaign.zone
        self._direct: list[PostedMessage] = []
        self._day: date | None = None
        self._last: Counter[str] = Counter()
        self._acts: Counter[str] = Counter()

    def lines(self, moment: Step) -> Iterator[str]:
        """Return the lines for a step; direct messages are held back until their round is over."""
        workspace = moment.workspace
        channels = [message for message in moment.messages if message.channel not in workspace.ims]
        today = local(moment.at, self._zone).date()
        if channels or today != self._day or (self._direct and moment.at - self._direct[0].posted_at > _ROUND):
            yield from self._people(workspace)
        if today != self._day:
            yield from self._ended(self._last)
            self._day = today
        for message in channels:
            name = workspace.channels[message.channel].name
            yield _line(message, self._zones.get(name, self._zone), f"#{name}")
        # Direct messages trickle in at the workspace's rate, and one line for each would fill the screen.
        self._direct += [message for message in moment.messages if message.channel in workspace.ims]
        self._last = moment.activities
        if moment.share == 1:
            yield from self._people(workspace)
            yield from self._ended(moment.activities)

    def _people(self, workspace: Workspace) -> Iterator[str]:
        rounds: defaultdict[tuple[str, str], list[PostedMessage]] = defaultdict(list)
        for message in self._direct:
            zone = workspace.users[workspace.ims[message.channel]].tz or self._zone
            rounds[zone, message_kind(message)].append(message)
        for (zone, _sort), messages in rounds.items():
            people = {workspace.users[workspace.ims[message.channel]].name for message in messages}
            yield _line(messages[0], zone, f"@{people.pop()}" if len(people) == 1 else f"{len(people)} people directly")
        self._direct = []

    def _ended(self, acts: Counter[str]) -> Iterator[str]:
        """Yield a line with the commonest activities of a day that is over."""
        done = acts - self._acts
        self._acts = acts
        if done and self._day:
            named = [f"{name} {times}" for name, times in sorted(done.items(), key=lambda act: (-act[1], act[0]))]
            most = ", ".join([*named[:_MOST_ACTS], *(["…"] if len(named) > _MOST_ACTS else [])])
            yield f"{self._day:%a %d %b}        {done.total()} act{'s' * (done.total() > 1)} of colleagues: {most}"


def _line(message: PostedMessage, zone: str, whom: str) -> str:
    at = local(message.posted_at, zone)
    said = title(message)
    short = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"
    return f"{at:%a %d %b %H:%M}  {zone.rpartition('/')[2]:<12}{whom:<20}  {short}"


def title(message: PostedMessage) -> str:
    """Return the title of a message, or its text where it has none, on one line."""
    first = message.blocks[0] if message.blocks else {}
    # The title is shorter than the summary, and is what people see first.
    said = str(first["text"]["text"]) if first.get("type") == "header" else message.text
    return " ".join([*(file.name for file in message.files), *said.split()])

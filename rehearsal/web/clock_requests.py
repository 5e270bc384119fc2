"""What a watcher does with the clock and to the bot: the page's requests, read with distrust."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, TypeAdapter

from bot.campaign.live import UnusableCampaignError
from bot.campaign.localtime import instant
from rehearsal.web.bookmarks import posts_after
from rehearsal.web.session import Room


class _Turn(BaseModel):
    model_config = ConfigDict(frozen=True)


class Simple(_Turn):
    """A button of the clock."""

    do: Literal["play", "pause", "next", "start"]


class Speed(_Turn):
    """Another speed: seconds of the rehearsal in a second; None is as fast as it goes."""

    do: Literal["speed"]
    speed: int | None = Field(default=None, gt=0, le=86_400)


class Go(_Turn):
    """A moment to go to: an instant, or a time on the company's clock."""

    do: Literal["go"]
    at: AwareDatetime | None = None
    wall: NaiveDatetime | None = None


class Fault(_Turn):
    """Something that is to go wrong, or well again."""

    do: Literal["down", "limits", "kill", "kill_now", "restart", "archive", "reopen", "clear"]
    channel: str = ""


Turn = Annotated[Simple | Speed | Go, Field(discriminator="do")]
_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)


def read(body: object) -> Turn:
    """What the page asks of the clock; what is none of it is a ValueError."""
    return _TURN.validate_python(body)


async def turn(room: Room, asked: Turn) -> str:
    """Turn the clock; what has to be said about it, which is mostly nothing."""
    try:
        return await _turn(room, asked)
    except (UnusableCampaignError, ValueError) as error:
        why = str(error).partition("\n")[0]
        return f"There is no way back to the start, because the campaign cannot be played any more: {why}"


async def _turn(room: Room, asked: Turn) -> str:
    match asked:
        case Simple(do="play"):
            room.play()
        case Simple(do="pause"):
            room.pause()
        case Simple(do="start"):
            await room.begin_again()
        case Simple():
            return await _next(room)
        case Speed(speed=speed):
            room.pace(speed)
        case Go():
            return await _go(room, asked)
    return ""


async def _next(room: Room) -> str:
    target = posts_after(room.campaign, room.now)
    if target is None:
        return "No more posts are planned."
    await room.go(target)
    return ""


async def _go(room: Room, asked: Go) -> str:
    target = asked.at or (_instant(asked.wall, room.campaign.zone) if asked.wall else None)
    if target is None:
        return "Please choose a day and a time."
    within = _within(room, target)
    await room.go(within)
    return "" if within == target else "The rehearsal begins an hour before the first post and ends after the last."


def _instant(wall: datetime, zone: str) -> datetime:
    try:
        return instant(wall, zone)
    except OverflowError:
        # The calendar has no such day in another zone; the rehearsal has it in none.
        return wall.replace(tzinfo=UTC)


def _within(room: Room, target: datetime) -> datetime:
    return min(max(target, room.stage.start), room.stage.end)


def spoil(room: Room, asked: Fault) -> str:
    """Make something go wrong; what has to be said about it."""
    mischief, channels = room.mischief, room.stage.slack.workspace.channels
    match asked.do:
        case "archive" | "reopen" if asked.channel not in channels:
            return "There is no such channel."
        case "archive":
            mischief.archive(asked.channel)
        case "reopen":
            mischief.reopen(asked.channel)
        case "down":
            mischief.down()
        case "limits":
            mischief.throttle()
        case "kill":
            mischief.kill_in_broadcast()
        case "kill_now":
            mischief.kill()
        case "restart":
            mischief.restart()
        case "clear":
            mischief.clear()
    room.nudge()
    return ""

"""Requests of the page about the clock and the faults: validated, then carried out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, NaiveDatetime, TypeAdapter

from bot.campaign.live_reload import UnusableCampaignError
from bot.campaign.localtime import instant
from rehearsal.web.fault_injection import UpdateError
from rehearsal.web.notable_moments import next_post_after
from rehearsal.web.session import Session


class _ClockRequest(BaseModel):
    model_config = ConfigDict(frozen=True)


class ClockButton(_ClockRequest):
    """A button of the clock."""

    do: Literal["play", "pause", "next", "start"]


class SetSpeed(_ClockRequest):
    """Another speed: seconds of the rehearsal in a second; None is as fast as it goes."""

    do: Literal["speed"]
    speed: int | None = Field(default=None, gt=0, le=86_400)


class GoTo(_ClockRequest):
    """A moment to go to: an instant, or a time on the company's clock."""

    do: Literal["go"]
    at: AwareDatetime | None = None
    wall: NaiveDatetime | None = None


class FaultRequest(_ClockRequest):
    """Something that is to go wrong, or well again."""

    do: Literal["down", "limits", "kill", "kill_now", "restart", "archive", "reopen", "clear"] | UpdateError
    channel: str = ""


ClockRequest = Annotated[ClockButton | SetSpeed | GoTo, Field(discriminator="do")]
_TURN: TypeAdapter[ClockRequest] = TypeAdapter(ClockRequest)


def read(body: object) -> ClockRequest:
    """Validate a request about the clock; anything else is a ValueError."""
    return _TURN.validate_python(body)


async def carry_out(session: Session, request: ClockRequest) -> str:
    """Control the clock. Returns a sentence for the page, which is empty when all is well."""
    try:
        return await _carry_out(session, request)
    except (UnusableCampaignError, ValueError) as error:
        why = str(error).partition("\n")[0]
        return f"There is no way back to the start, because the campaign cannot be played any more: {why}"


async def _carry_out(session: Session, request: ClockRequest) -> str:
    match request:
        case ClockButton(do="play"):
            session.play()
        case ClockButton(do="pause"):
            session.pause()
        case ClockButton(do="start"):
            await session.restart()
        case ClockButton():
            return await _next(session)
        case SetSpeed(speed=speed):
            session.set_speed(speed)
        case GoTo():
            return await _go(session, request)
    return ""


async def _next(session: Session) -> str:
    target = next_post_after(session.campaign, session.now)
    if target is None:
        return "No more posts are planned."
    await session.go(target)
    return ""


async def _go(session: Session, request: GoTo) -> str:
    target = request.at or (_instant(request.wall, session.campaign.zone) if request.wall else None)
    if target is None:
        return "Please choose a day and a time."
    within = _within(session, target)
    await session.go(within)
    return "" if within == target else "The rehearsal begins an hour before the first post and ends after the last."


def _instant(wall: datetime, zone: str) -> datetime:
    try:
        return instant(wall, zone)
    except OverflowError:
        # The calendar has no such day in another zone; the rehearsal has it in none.
        return wall.replace(tzinfo=UTC)


def _within(session: Session, target: datetime) -> datetime:
    return min(max(target, session.simulation.start), session.simulation.end)


def inject(session: Session, request: FaultRequest) -> str:
    """Inject a fault. Returns a sentence for the page, which is empty when all is well."""
    faults, channels = session.faults, session.simulation.slack.workspace.channels
    match request.do:
        case "archive" | "reopen" if request.channel not in channels:
            return "There is no such channel."
        case "archive" | "reopen" as do:
            (faults.archive if do == "archive" else faults.reopen)(request.channel)
        case "down":
            faults.down()
        case "limits":
            faults.rate_limit()
        case "edit_window_closed" | "cant_update_message" | "message_not_found" as word:
            faults.refuse_changes(word)
        case "kill":
            faults.kill_in_broadcast()
        case "kill_now":
            faults.kill()
        case "restart":
            faults.restart()
        case "clear":
            faults.clear()
    session.wake()
    return ""

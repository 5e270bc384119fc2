"""Earth Hour: joining it, being reminded of it, and how it was. It is counted in people and minutes."""

from __future__ import annotations

from bot.listeners.interaction import Refusal, Visit
from bot.messages.modals import minutes as minutes_form
from bot.messages.replies import earth_hour as panel
from bot.reports.earth_hour import as_ics
from bot.store.actions import Deed, Kind

DID, FORGOT, OTHER = "did", "forgot", "other"


async def earthhour(visit: Visit, _value: str) -> None:
    """What can be done about Earth Hour now."""
    await visit.say(panel.draw(visit.words, visit.moment))


async def earth_hour_join(visit: Visit, _value: str) -> None:
    """I'll join."""
    _require_ahead(visit)
    await visit.desk.store.deeds.record(
        Deed(visit.campaign.id, visit.user, Kind.EARTH_HOUR_INTENT, "", visit.country, visit.now)
    )
    await visit.tell(visit.words("earth_hour.joined", time=visit.words.time(visit.campaign.earth_hour.starts)))


def _require_ahead(visit: Visit) -> None:
    if not visit.moment.hour_is_near:
        raise Refusal("earth_hour.too_early", day=visit.words.day(visit.moment.hour_opens_on))
    if visit.moment.hour_is_over:
        raise Refusal("earth_hour.after", day=visit.words.day(visit.campaign.earth_hour.day))
    if visit.moment.hour_has_begun:
        raise Refusal("earth_hour.begun")


async def earth_hour_remind(visit: Visit, _value: str) -> None:
    """One message shortly before: the only one at a weekend, and only for who asks for it."""
    await visit.locate()
    ahead = visit.moment.reminder
    if ahead is None:
        raise Refusal("earth_hour.no_reminder")
    paused = visit.known.paused_until
    await visit.desk.store.people.change(
        visit.user,
        earth_hour_reminder=True,
        stopped_at=None,
        # Who asks for a message on a day within their own pause means that day.
        paused_until=None if paused and paused > ahead.day else paused,
    )
    visit.plan_soon()
    when = {"day": visit.words.short_day(ahead.day), "time": visit.words.time(ahead.time)}
    await visit.tell(visit.words("earth_hour.reminder_set", **when))


async def earth_hour_calendar(visit: Visit, _value: str) -> None:
    """Send the calendar file as a direct message."""
    client = visit.desk.client
    opened = await client.conversations_open(users=[visit.user])
    await client.files_upload_v2(
        channel=opened["channel"]["id"],
        content=as_ics(visit.campaign, visit.now),
        filename="earth-hour.ics",
        title="Earth Hour",
        initial_comment=visit.words("earth_hour.calendar_comment"),
    )
    await visit.tell(visit.words("earth_hour.calendar_sent"))


async def earth_hour_did(visit: Visit, _value: str) -> None:
    """I joined; minutes are counted once the person says how many."""
    await visit.show(minutes_form.draw(visit.words, await _answer(visit, DID)))


async def minutes(visit: Visit, answer: int) -> None:
    """How many minutes it was."""
    _require_over(visit)
    await visit.desk.store.deeds.answer(_deed(visit, DID, answer))
    await visit.tell(visit.words.many("earth_hour.minutes_noted", answer))


async def earth_hour_forgot(visit: Visit, _value: str) -> None:
    """I forgot, which is fine."""
    await _answer(visit, FORGOT)
    await visit.tell(visit.words("earth_hour.forgot_noted"))


async def earth_hour_other(visit: Visit, _value: str) -> None:
    """I did something else, which is fine too."""
    await _answer(visit, OTHER)
    await visit.tell(visit.words("earth_hour.other_noted"))


async def _answer(visit: Visit, answer: str) -> int | None:
    """Keep an answer; the minutes that are known with it, because a second press keeps those of the first."""
    _require_over(visit)
    known = await said(visit)
    if known and known.answer == answer:
        return known.minutes
    await visit.desk.store.deeds.answer(_deed(visit, answer, None))
    return None


def _require_over(visit: Visit) -> None:
    if not visit.moment.hour_is_over:
        raise Refusal("earth_hour.not_yet", day=visit.words.day(visit.campaign.earth_hour.day))


def _deed(visit: Visit, answer: str, minutes: int | None) -> Deed:
    return Deed(visit.campaign.id, visit.user, Kind.EARTH_HOUR, "", visit.country, visit.now, answer, minutes)


async def said(visit: Visit) -> Deed | None:
    """What the person has said about their Earth Hour."""
    deeds = await visit.desk.store.deeds.of(visit.campaign.id, visit.user)
    return next((deed for deed in deeds if deed.kind is Kind.EARTH_HOUR), None)

"""What the bot knows of the person who asks: shown, given out, and forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from bot.campaign.localtime import local
from bot.campaign.workdays import reminded_at
from bot.listeners.interaction import Visit
from bot.messages.modals import data as data_form
from bot.messages.modals import forget as forget_form
from bot.messages.my_data import lines
from bot.messages.replies import my as my_panel
from bot.messages.replies.values import Me, Mine
from bot.store.actions import Deed, Kind
from bot.store.pledges import Outcome, Pledged


async def my(visit: Visit, _value: str) -> None:
    """My pledges, and how they are going."""
    await visit.say(my_panel.draw(visit.words, await me(visit), visit.moment))


async def me(visit: Visit) -> Me:
    """The person as panels show them."""
    person = visit.person
    deeds = await visit.desk.store.deeds.of(visit.campaign.id, visit.user)
    answered = next((deed for deed in deeds if deed.kind is Kind.EARTH_HOUR), None)
    return Me(
        joined=person is not None,
        country=visit.country,
        language=visit.words.language,
        messages=bool(person and person.direct_messages),
        earth_hour_reminder=bool(person and person.earth_hour_reminder and not _has_begun(visit)),
        paused_until=person.paused_until if person else None,
        pledges=await _pledges(visit),
        earth_hour=_earth_hour(deeds, answered),
        minutes=answered.minutes if answered else None,
    )


def _has_begun(visit: Visit) -> bool:
    return visit.now >= visit.campaign.earth_hour.begins(visit.zone)


def _earth_hour(deeds: Sequence[Deed], answered: Deed | None) -> str | None:
    if answered:
        return answered.answer
    return "intent" if any(deed.kind is Kind.EARTH_HOUR_INTENT for deed in deeds) else None


async def _pledges(visit: Visit) -> tuple[Mine, ...]:
    pledged = await visit.desk.store.pledges.of(visit.campaign.id, visit.user)
    outcomes = await visit.desk.store.pledges.outcomes(visit.campaign.id, visit.user) if pledged else []
    wall = local(visit.now, visit.zone)
    return tuple(_mine(each, [one for one in outcomes if one.pledge == each.pledge], wall) for each in pledged)


def _mine(pledged: Pledged, outcomes: Sequence[Outcome], wall: datetime) -> Mine:
    asked = [each.answer.value for each in outcomes if not each.is_day]
    at = reminded_at(pledged.remind_at, any_hour=pledged.any_hour) if pledged.remind_at else None
    return Mine(
        pledge=pledged.pledge,
        already=pledged.already,
        plan=pledged.plan,
        days_done=tuple(sorted(date.fromisoformat(each.occasion) for each in outcomes if each.is_day)),
        answer=asked[-1] if asked else None,
        reminder_days=tuple(day for day in pledged.remind_on if at and datetime.combine(day, at) > wall),
        remind_at=at,
    )


async def data(visit: Visit, _value: str) -> None:
    """Everything that is stored, for reading and as JSON."""
    found = await visit.desk.store.privacy.everything(visit.user)
    raw = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    await visit.show(data_form.draw(visit.words, lines(visit.words, visit.campaign, found), raw))


async def forget(visit: Visit, _value: str) -> None:
    """Ask once whether it is meant."""
    await visit.show(forget_form.draw(visit.words))


async def forgotten(visit: Visit, _answers: None) -> None:
    """Remove everything that is stored."""
    gone = await visit.desk.store.privacy.forget(visit.user)
    visit.desk.forget(visit.user)
    visit.person = None
    # Slack keeps the Home that was drawn last, with what stood on it.
    visit.at_home = True
    visit.plan_soon()
    await visit.tell(visit.words("forget.done" if gone else "forget.nothing"))

"""Choosing a pledge, planning it, and taking it back."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.campaign.model import Pledge
from bot.campaign.workdays import is_working_day
from bot.listeners.interaction import Refusal, Visit
from bot.messages.modals import estimate as why_form
from bot.messages.modals import plan as plan_form
from bot.messages.modals import pledges as chooser
from bot.store.pledges import Factor, Pledged

_USUAL = time(9)
_DAYS = 10
"""Reminder days that are offered at once."""


async def pledge(visit: Visit, _value: str) -> None:
    """Show what can be pledged, in the country's own figures."""
    await _choose(visit, 0)


async def pledges_page(visit: Visit, value: str) -> None:
    """Show another page of it."""
    await _choose(visit, int(value) if value.isdecimal() else 0)


async def _choose(visit: Visit, page: int) -> None:
    mine = {each.pledge for each in await visit.desk.store.pledges.of(visit.campaign.id, visit.user)}
    await visit.show(chooser.draw(visit.words, visit.campaign, visit.country, mine, page))


async def pledge_why(visit: Visit, value: str) -> None:
    """Show where a figure comes from."""
    await visit.show(why_form.draw(visit.words, visit.campaign, visit.pledge(value), visit.country))


async def pledge_choose(visit: Visit, value: str) -> None:
    """Ask when and where."""
    found = await mine(visit, value)
    form = plan_form.draw(
        visit.words,
        visit.campaign,
        visit.pledge(value),
        visit.country,
        days=_offered(visit),
        plan=found.plan if found else None,
        chosen=found.remind_on if found else (),
        at=found.remind_at if found and found.remind_at else _USUAL,
        any_hour=bool(found and found.any_hour),
    )
    await visit.show(form)


def _offered(visit: Visit) -> list[date]:
    """The days of the campaign that are still to come; at the weekend nobody is reminded of work."""
    first = max(visit.today + timedelta(days=1), visit.campaign.first_day)
    last = max(visit.campaign.last_day, visit.today + timedelta(days=7))
    days = (first + timedelta(days=ahead) for ahead in range((min(last, visit.campaign.closes) - first).days + 1))
    return [day for day in days if is_working_day(day, visit.country)][:_DAYS]


async def mine(visit: Visit, pledge: str) -> Pledged | None:
    """What this person has pledged of it, if anything."""
    pledged = await visit.desk.store.pledges.of(visit.campaign.id, visit.user)
    return next((each for each in pledged if each.pledge == pledge), None)


async def planned(visit: Visit, answers: plan_form.Planned) -> None:
    """Keep a pledge with its plan and its reminders."""
    chosen = visit.pledge(answers.pledge)
    ahead = tuple(day for day in answers.days if day > visit.today)
    await visit.desk.store.pledges.make(
        Pledged(
            campaign=visit.campaign.id,
            user=visit.user,
            pledge=chosen.id,
            country=visit.country,
            made_at=visit.now,
            factor=factor(visit, chosen),
            plan=answers.plan,
            remind_at=answers.at if ahead else None,
            any_hour=answers.any_hour,
            remind_on=ahead,
        )
    )
    if ahead:
        await visit.locate()
        # Who had stopped messages and asks to be reminded asks for these.
        await visit.desk.store.people.change(visit.user, stopped_at=None)
    visit.plan_soon()
    name = "pledge.made_reminded" if ahead else "pledge.made"
    await visit.tell(visit.words(name, pledge=visit.title(chosen.id)))


async def pledge_already(visit: Visit, value: str) -> None:
    """What somebody does anyway is taking part, and saves nothing more."""
    chosen = visit.pledge(value)
    known = await mine(visit, value)
    if known and not known.already:
        raise Refusal("pledge.already_made", pledge=visit.title(value))
    figures = factor(visit, chosen)
    await visit.desk.store.pledges.make(
        Pledged(visit.campaign.id, visit.user, chosen.id, visit.country, visit.now, figures, already=True)
    )
    await visit.tell(visit.words("pledge.already", pledge=visit.title(chosen.id)))


async def pledge_withdraw(visit: Visit, value: str) -> None:
    """Take a pledge back."""
    taken_away = visit.campaign.pledge(value) is None and await mine(visit, value)
    title = visit.words("my.gone") if taken_away else visit.title(visit.pledge(value).id)
    gone = await visit.desk.store.pledges.withdraw(visit.campaign.id, visit.user, value, visit.now)
    visit.plan_soon()
    await visit.tell(visit.words("pledge.withdrawn" if gone else "pledge.none", pledge=title))


async def reminders_stop(visit: Visit, value: str) -> None:
    """Remind no more of this pledge; the pledge stays."""
    title = visit.title(visit.pledge(value).id)
    await visit.desk.store.pledges.stop_reminders(visit.campaign.id, visit.user, value)
    visit.plan_soon()
    await visit.tell(visit.words("reminders.stopped", pledge=title))


def factor(visit: Visit, pledge: Pledge) -> Factor:
    """The pledge's figure as it stands now, where the person is."""
    low, high = pledge.span(visit.country)
    return Factor(pledge.kilograms(visit.country), low, high, visit.campaign.factors_version)

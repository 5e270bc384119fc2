"""Choosing a pledge, planning it, and withdrawing it."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.campaign.model import Pledge
from bot.campaign.workdays import is_working_day
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.messages.modals import choose_pledge as pledges_modal
from bot.messages.modals import pledge_plan as plan_modal
from bot.messages.modals.pledge_summary import draw_source
from bot.store.pledges import Factor, Pledged

_DEFAULT_REMINDER_TIME = time(9)
_MAX_DAYS = 10
"""Reminder days that are offered at once."""


async def pledge(interaction: Interaction, _value: str) -> None:
    """Show what can be pledged, with the figures of the person's country."""
    await _show_page(interaction, 0)


async def pledges_page(interaction: Interaction, value: str) -> None:
    """Show another page of it."""
    # The value comes back from Slack; the modal itself limits the number.
    await _show_page(interaction, int(value) if value.isdecimal() else 0)


async def _show_page(interaction: Interaction, page: int) -> None:
    own = {each.pledge for each in await interaction.pledged()}
    await interaction.show(pledges_modal.draw(interaction.words, interaction.campaign, interaction.country, own, page))


async def pledge_why(interaction: Interaction, value: str) -> None:
    """Show where a figure comes from."""
    chosen = interaction.pledge(value)
    await interaction.show(draw_source(interaction.words, interaction.campaign, chosen, interaction.country))


async def pledge_choose(interaction: Interaction, value: str) -> None:
    """Ask for a plan and for reminder days; both are filled in already if the person has made the pledge before."""
    chosen = await _offered(interaction, value)
    found = await _find(interaction, value)
    form = plan_modal.draw(
        interaction.words,
        interaction.campaign,
        chosen,
        interaction.country,
        days=_reminder_days(interaction),
        plan=found.plan if found else None,
        chosen=found.remind_on if found else (),
        at=found.remind_at if found and found.remind_at else _DEFAULT_REMINDER_TIME,
        any_hour=bool(found and found.any_hour),
        is_mine=found is not None,
    )
    await interaction.show(form)


def _reminder_days(interaction: Interaction) -> list[date]:
    """Return the coming working days of the campaign, or of the next week if the campaign ends sooner."""
    campaign, today = interaction.campaign, interaction.today
    first = max(today + timedelta(days=1), campaign.first_day)
    # Somebody who joins at the end of the week can still choose from a week of days.
    last = min(max(campaign.last_day, today + timedelta(days=7)), campaign.closes)
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, interaction.country)][:_MAX_DAYS]


async def _offered(interaction: Interaction, name: str) -> Pledge:
    """Find a pledge that the person can choose, or has chosen.

    Raises:
        RequestRefusedError: The campaign does not have it, or has left it out in the person's country.
    """
    chosen = interaction.pledge(name)
    # The list may be open since before the person changed the country.
    if not chosen.is_offered(interaction.country) and not await _find(interaction, name):
        raise RequestRefusedError("trouble.stale")
    return chosen


async def _find(interaction: Interaction, pledge: str) -> Pledged | None:
    return next((each for each in await interaction.pledged() if each.pledge == pledge), None)


async def save_pledge(interaction: Interaction, answers: plan_modal.PlanAnswers) -> None:
    """Store a pledge with its plan and its reminders."""
    chosen = await _offered(interaction, answers.pledge)
    # The form may have been open over midnight.
    ahead = tuple(day for day in answers.days if day > interaction.today)
    pledged = Pledged(
        campaign=interaction.campaign.id,
        user=interaction.user,
        pledge=chosen.id,
        country=interaction.country,
        made_at=interaction.now,
        factor=factor(interaction, chosen),
        plan=answers.plan,
        remind_at=answers.at if ahead else None,
        any_hour=answers.any_hour,
        remind_on=ahead,
    )
    has_reminders = await interaction.store.write(interaction.store.pledges.make, pledged)
    if ahead:
        await interaction.refresh_timezone()
    # Nothing else about a pledge decides what is sent and when.
    if has_reminders:
        interaction.request_plan()
    name = "pledge.made_reminded" if ahead else "pledge.made"
    await interaction.reply(interaction.words(name, pledge=interaction.title(chosen.id)))


async def pledge_already(interaction: Interaction, value: str) -> None:
    """Store that the person does it anyway: they take part, and nothing more is saved."""
    chosen = await _offered(interaction, value)
    known = await _find(interaction, value)
    # A pledge that was made would lose its plan and its reminders to one press.
    if known and not known.already:
        raise RequestRefusedError("pledge.already_made", pledge=interaction.title(value))
    await interaction.store.write(
        interaction.store.pledges.make,
        Pledged(
            campaign=interaction.campaign.id,
            user=interaction.user,
            pledge=chosen.id,
            country=interaction.country,
            made_at=interaction.now,
            factor=factor(interaction, chosen),
            already=True,
        ),
    )
    await interaction.reply(interaction.words("pledge.already", pledge=interaction.title(chosen.id)))


async def pledge_withdraw(interaction: Interaction, value: str) -> None:
    """Withdraw a pledge, also one that the campaign no longer has."""
    campaign = interaction.campaign
    # Whatever was removed from the campaign, people can take back what they said.
    is_orphan = campaign.pledge(value) is None and await _find(interaction, value)
    title = interaction.words("my.gone") if is_orphan else interaction.title(interaction.pledge(value).id)
    is_withdrawn = await interaction.store.write(
        interaction.store.pledges.withdraw, campaign.id, interaction.user, value, interaction.now
    )
    interaction.request_plan()
    await interaction.reply(interaction.words("pledge.withdrawn" if is_withdrawn else "pledge.none", pledge=title))


async def reminders_stop(interaction: Interaction, value: str) -> None:
    """Stop the reminders of a pledge; the pledge stays."""
    title = interaction.title(interaction.pledge(value).id)
    await interaction.store.write(
        interaction.store.pledges.stop_reminders, interaction.campaign.id, interaction.user, value
    )
    interaction.request_plan()
    await interaction.reply(interaction.words("reminders.stopped", pledge=title))


def factor(interaction: Interaction, pledge: Pledge) -> Factor:
    """Return the present figure of a pledge in the person's country."""
    low, high = pledge.span(interaction.country)
    return Factor(pledge.kilograms(interaction.country), low, high, interaction.campaign.factors_version)

"""The data of the person who asks: shown, exported, and erased."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from bot.campaign.localtime import local
from bot.campaign.workdays import reminded_at
from bot.listeners.earth_hour import earth_hour_answer
from bot.listeners.interaction import Interaction
from bot.messages.modals import my_data as modals
from bot.messages.modals.modal import MY_WEEK
from bot.messages.replies import my_status
from bot.messages.replies.my_status import OwnPledge, Reader
from bot.store.actions import Action, ActionKind
from bot.store.pledges import Outcome, Pledged
from bot.store.store import Activity, Member


async def my(interaction: Interaction, _value: str) -> None:
    """Show the person's pledges, and how they are going."""
    await interaction.reply_message(
        my_status.draw(interaction.words, await read_person(interaction), interaction.moment)
    )


async def read_person(interaction: Interaction) -> Reader:
    """Collect what replies show of the person."""
    person = interaction.person
    done = await interaction.activity()
    answered = earth_hour_answer(done.actions)
    return Reader(
        joined=person is not None,
        country=interaction.country,
        language=interaction.words.language,
        messages=bool(person and person.direct_messages),
        earth_hour_reminder=bool(person and person.earth_hour_reminder and not _has_begun(interaction)),
        paused_until=person.paused_until if person else None,
        pledges=_pledges(interaction, done),
        earth_hour=_earth_hour(done.actions, answered),
        minutes=answered.minutes if answered else None,
    )


def _has_begun(interaction: Interaction) -> bool:
    return interaction.now >= interaction.campaign.earth_hour.begins(interaction.zone)


def _earth_hour(actions: Sequence[Action], answered: Action | None) -> str | None:
    if answered:
        return answered.answer
    return "intent" if any(action.kind is ActionKind.EARTH_HOUR_INTENT for action in actions) else None


def _pledges(interaction: Interaction, done: Activity) -> tuple[OwnPledge, ...]:
    wall = local(interaction.now, interaction.zone)
    return tuple(
        _mine(each, [one for one in done.outcomes if one.pledge == each.pledge], wall) for each in done.pledges
    )


def _mine(pledged: Pledged, outcomes: Sequence[Outcome], wall: datetime) -> OwnPledge:
    asked = [each.answer.value for each in outcomes if not each.is_day]
    at = reminded_at(pledged.remind_at, any_hour=pledged.any_hour) if pledged.remind_at else None
    return OwnPledge(
        pledge=pledged.pledge,
        already=pledged.already,
        plan=pledged.plan,
        days_done=tuple(sorted(date.fromisoformat(each.occasion) for each in outcomes if each.is_day)),
        answer=asked[-1] if asked else None,
        reminder_days=tuple(day for day in pledged.remind_on if at and datetime.combine(day, at) > wall),
        remind_at=at,
    )


async def data(interaction: Interaction, _value: str) -> None:
    """Show everything that is stored of the person, in words and as JSON."""
    words, found = interaction.words, await interaction.store.privacy.everything(interaction.user)
    # `default` writes dates and times, for which JSON has no form.
    raw = json.dumps(found, ensure_ascii=False, indent=1, default=str)
    await interaction.show(modals.draw_data(words, modals.describe(words, interaction.campaign, found), raw))


async def forget(interaction: Interaction, _value: str) -> None:
    """Ask the person to confirm that their data shall be erased."""
    await interaction.show(modals.draw_forget(interaction.words))


async def erase(interaction: Interaction, _answers: None) -> None:
    """Erase everything that is stored of the person."""
    is_erased = await interaction.store.privacy.forget(interaction.user)
    # The caches too: a language and a time zone are personal data.
    interaction.services.forget(interaction.user)
    # The rest of this interaction is for somebody whom the bot no longer knows.
    interaction.known = Member(None)
    # Slack keeps showing the App Home that was drawn last, with the data that stood on it.
    interaction.responder.home_face = MY_WEEK
    interaction.request_full_plan()
    await interaction.reply(interaction.words("forget.done" if is_erased else "forget.nothing"))

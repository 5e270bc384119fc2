"""Earth Hour: joining it, a reminder, and how it was. It is counted in people and minutes."""

from __future__ import annotations

from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.messages.modals import earth_hour_minutes as minutes_modal
from bot.messages.replies import earth_hour as reply
from bot.reports.calendar_files import earth_hour_as_ics
from bot.store.actions import Action, ActionKind

DID, FORGOT, OTHER = "did", "forgot", "other"


async def earthhour(interaction: Interaction, _value: str) -> None:
    """Show when Earth Hour is, and what can be done about it now."""
    await interaction.reply_message(reply.draw(interaction.words, interaction.moment))


async def earth_hour_join(interaction: Interaction, _value: str) -> None:
    """Store that the person will join."""
    _require_ahead(interaction)
    await interaction.store.write(
        interaction.store.actions.record, interaction.new_action(ActionKind.EARTH_HOUR_INTENT)
    )
    hour = interaction.campaign.earth_hour
    when = {"day": interaction.words.short_day(hour.day), "time": interaction.words.time(hour.starts)}
    await interaction.reply(interaction.words("earth_hour.joined", **when))


def _require_ahead(interaction: Interaction) -> None:
    moment, words = interaction.moment, interaction.words
    if not moment.hour_is_near:
        raise RequestRefusedError("earth_hour.too_early", day=words.day(moment.hour_opens_on))
    if moment.hour_is_over:
        raise RequestRefusedError("earth_hour.after", day=words.day(interaction.campaign.earth_hour.day))
    if moment.hour_has_begun:
        raise RequestRefusedError("earth_hour.begun")


async def earth_hour_remind(interaction: Interaction, _value: str) -> None:
    """Promise one message shortly before: the only one that the bot sends at a weekend."""
    # Somebody may be travelling, and the reminder comes at a local time.
    await interaction.refresh_timezone()
    ahead = interaction.moment.reminder
    if ahead is None:
        raise RequestRefusedError("earth_hour.no_reminder")
    paused = interaction.member.paused_until
    await interaction.store.write(
        interaction.store.people.change,
        interaction.user,
        earth_hour_reminder=True,
        stopped_at=None,
        # Somebody who asks for a message on a day within their own pause means that day.
        paused_until=None if paused and paused > ahead.day else paused,
    )
    interaction.request_plan()
    when = {"day": interaction.words.short_day(ahead.day), "time": interaction.words.time(ahead.time)}
    await interaction.reply(interaction.words("earth_hour.reminder_set", **when))


async def earth_hour_calendar(interaction: Interaction, _value: str) -> None:
    """Send the calendar file as a direct message."""
    client = interaction.services.client
    # `files_upload_v2` takes the ID of a conversation only, unlike `chat.postMessage`, which takes a user's.
    opened = await client.conversations_open(users=[interaction.user])
    await client.files_upload_v2(
        channel=opened["channel"]["id"],
        content=earth_hour_as_ics(interaction.campaign, interaction.now),
        filename="earth-hour.ics",
        title="Earth Hour",
        initial_comment=interaction.words("earth_hour.calendar_comment"),
    )
    await interaction.reply(interaction.words("earth_hour.calendar_sent"))


async def earth_hour_did(interaction: Interaction, _value: str) -> None:
    """Store that the person joined, and ask for how many minutes; without an answer no minutes are counted."""
    await interaction.show(minutes_modal.draw(interaction.words, await _answer(interaction, DID)))


async def save_minutes(interaction: Interaction, minutes: int) -> None:
    """Store for how many minutes the person joined."""
    _require_over(interaction)
    await interaction.store.write(
        interaction.store.actions.answer, interaction.new_action(ActionKind.EARTH_HOUR, answer=DID, minutes=minutes)
    )
    await interaction.reply(interaction.words.plural("earth_hour.minutes_noted", minutes))


async def earth_hour_forgot(interaction: Interaction, _value: str) -> None:
    """Store that the person forgot."""
    await _answer(interaction, FORGOT)
    await interaction.reply(interaction.words("earth_hour.forgot_noted"))


async def earth_hour_other(interaction: Interaction, _value: str) -> None:
    """Store that the person did something else."""
    await _answer(interaction, OTHER)
    await interaction.reply(interaction.words("earth_hour.other_noted"))


async def _answer(interaction: Interaction, answer: str) -> int | None:
    """Store an answer. Returns the minutes that were stored with the same answer before, which stay."""
    _require_over(interaction)
    known = earth_hour_answer(await interaction.actions())
    # Pressed twice: a second record would set the minutes back to none.
    if known and known.answer == answer:
        return known.minutes
    await interaction.store.write(
        interaction.store.actions.answer, interaction.new_action(ActionKind.EARTH_HOUR, answer=answer)
    )
    return None


def _require_over(interaction: Interaction) -> None:
    if not interaction.moment.hour_is_over:
        day = interaction.words.day(interaction.campaign.earth_hour.day)
        raise RequestRefusedError("earth_hour.not_yet", day=day)


def earth_hour_answer(actions: list[Action]) -> Action | None:
    """Return the answer among somebody's actions to how their Earth Hour was."""
    return next((action for action in actions if action.kind is ActionKind.EARTH_HOUR), None)

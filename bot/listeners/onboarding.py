"""Joining: the country is asked for once, and then the person gets what they had pressed."""

from __future__ import annotations

from dataclasses import replace

from bot.listeners.interaction import Interaction
from bot.listeners.stop_messages import stop
from bot.messages.modals import join as join_modal
from bot.messages.modals.modal import PendingAction
from bot.messages.replies.reply_blocks import action_button, text_message
from bot.store.actions import ActionKind
from bot.store.people import SAID, Person


async def ask(interaction: Interaction, pending: PendingAction | None = None) -> None:
    """Ask for country, language and messages; `pending` is done after the answer."""
    person = interaction.person
    view = join_modal.draw(
        interaction.words,
        interaction.campaign,
        country=person.country if person else (await interaction.services.profile(interaction.user)).country,
        language=interaction.words.language,
        messages=bool(person and person.direct_messages),
        pending=pending,
        settings=person is not None,
    )
    await interaction.show(view)


async def join(interaction: Interaction, _value: str) -> None:
    """Show the form to join, or the settings of somebody who has."""
    if interaction.person is None:
        interaction.require_open()
    await ask(interaction)


async def save_member(interaction: Interaction, answers: join_modal.JoinAnswers) -> None:
    """Store the answers, once Slack has confirmed that the person is a colleague and has told their time zone."""
    await interaction.refresh_timezone()
    interaction.require_colleague()
    before = interaction.person
    if before is None:
        interaction.require_open()
    is_stopping = before is not None and before.direct_messages and not answers.messages
    person = replace(
        before or await _new_member(interaction),
        country=answers.country,
        country_source=SAID,
        language=answers.language,
        direct_messages=answers.messages,
    )
    await interaction.store.write(
        interaction.store.people.join,
        # Asking for messages undoes an earlier stop.
        replace(person, stopped_at=None) if answers.messages else person,
        replace(interaction.new_action(ActionKind.JOINED), country=person.country),
    )
    if is_stopping:
        await stop(interaction)
    # The language may have changed, and the answer below has to be in the new one.
    await interaction.identify()
    interaction.request_plan()
    if answers.pending is None:
        await _greet(interaction, is_new=before is None)


async def _greet(interaction: Interaction, *, is_new: bool) -> None:
    words = interaction.words
    if not is_new:
        await interaction.reply(words("settings.saved"))
        return
    pledge = [action_button(words, "pledge", "joined", primary=True)] if interaction.campaign.pledges else []
    await interaction.reply_message(text_message(words("join.welcome"), *pledge))


async def _new_member(interaction: Interaction) -> Person:
    # Usually from the cache: `refresh_timezone` has just asked Slack.
    zone = (await interaction.services.profile(interaction.user)).zone or interaction.campaign.zone
    return Person(_workspace(interaction), interaction.user, zone, joined_at=interaction.now)


def _workspace(interaction: Interaction) -> str:
    body = interaction.body
    team, user = body.get("team") or {}, body.get("user") or {}
    return str(team.get("id") or body.get("team_id") or user.get("team_id", ""))

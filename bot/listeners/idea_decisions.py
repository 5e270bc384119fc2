"""Decisions of organisers about ideas, from the message about one as well as from the Organise page."""

from __future__ import annotations

from bot.campaign.idea_recipients import may_decide
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organisers import store_for_organiser
from bot.messages.unscheduled_messages import Decision, decision_sentence
from bot.store.ideas import OPEN, Choice, Idea, IdeaState


async def find_idea(interaction: Interaction, idea: str) -> Idea:
    """Find an idea that this person may decide about.

    Raises:
        RequestRefusedError: There is no such idea, or it is not theirs to decide.
    """
    found = await interaction.store.read(interaction.store.ideas.get, idea)
    if found is None or found.campaign != interaction.campaign.id:
        raise RequestRefusedError("trouble.stale")
    # Checked at every press: the campaign's files may name other representatives since the message was sent.
    if not may_decide(interaction.campaign, found.country, interaction.user):
        raise RequestRefusedError("idea.not_yours")
    return found


async def under_review(interaction: Interaction, idea: str) -> Idea:
    """Find an idea that this person may decide about, and that nobody has decided.

    Raises:
        RequestRefusedError: There is no such idea, it is not theirs to decide, or it has been decided.
    """
    found = await find_idea(interaction, idea)
    if found.state not in OPEN:
        raise RequestRefusedError("idea.decided_before", verdict=verdict(interaction, found, interaction.zone))
    return found


async def choose(interaction: Interaction, found: Idea, choice: Choice) -> bool:
    """Store what an organiser makes of an idea. Returns whether nobody else was first.

    Raises:
        RequestRefusedError: It is not theirs to decide, or no longer.
    """
    made = await store_for_organiser(
        interaction,
        lambda named: may_decide(named, found.country, interaction.user),
        # Two representatives may decide at once; the database takes the first decision.
        interaction.store.ideas.choose,
        found.id,
        choice,
    )
    if made:
        interaction.request_full_plan()
    return made


def decision(found: Idea, zone: str) -> Decision | None:
    """Return the last decision about an idea, or None while it is new."""
    if found.state is IdeaState.NEW:
        return None
    outcome = "published" if found.published and found.state is IdeaState.APPROVED else found.state.value
    return Decision(outcome, found.decided_by, found.changed_at, zone)


def verdict(interaction: Interaction, found: Idea, zone: str) -> str:
    """Say what was decided about an idea, by whom and when."""
    made = decision(found, zone)
    return decision_sentence(interaction.words, made) if made else ""

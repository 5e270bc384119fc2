"""Ideas: from a colleague to the representatives of the country, and back; all messages go through the outbox."""

from __future__ import annotations

import uuid
from datetime import timedelta

from bot.campaign.idea_recipients import readers
from bot.campaign.localtime import end_of_day
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.messages.modals import idea as idea_modal
from bot.messages.modals import idea_reply as reply_modal
from bot.messages.replies.phrases import place_name
from bot.messages.unscheduled_messages import Decision, decision_sentence
from bot.store.ideas import OPEN, Idea, IdeaLimit, IdeaState, TooManyIdeasError

IDEAS_PER_DAY = 5
"""Ideas of one person on one local day: a representative has to read every one of them."""


async def idea(interaction: Interaction, _value: str) -> None:
    """Show the form for an idea, unless the person has sent enough today."""
    if not await interaction.store.read(interaction.store.ideas.allows, interaction.user, _today(interaction)):
        raise _too_many()
    home = interaction.campaign.country(interaction.country)
    await interaction.show(
        idea_modal.draw(interaction.words, place_name(interaction.words, home.code) if home else None)
    )


async def submit_idea(interaction: Interaction, answers: idea_modal.IdeaAnswers) -> None:
    """Store an idea for the representatives; a form that is sent twice is one idea."""
    is_new = await _store(interaction, answers)
    # Somebody who has stopped messages and sends an idea wants to hear what becomes of it.
    if interaction.member.stopped_at:
        await interaction.store.write(interaction.store.people.change, interaction.user, stopped_at=None)
    interaction.request_full_plan()
    await interaction.reply(interaction.words("idea.sent" if is_new else "idea.known"))


async def _store(interaction: Interaction, answers: idea_modal.IdeaAnswers) -> bool:
    idea = Idea(
        id=uuid.uuid4().hex,
        campaign=interaction.campaign.id,
        user=interaction.user,
        country=interaction.country,
        language=interaction.words.language,
        text=answers.text,
        named=answers.named,
        at=interaction.now,
        changed_at=interaction.now,
    )
    try:
        # The ID of the view makes one idea of a form that is sent twice.
        return await interaction.store.write(
            interaction.store.ideas.submit, idea, interaction.responder.view_id, _today(interaction)
        )
    except TooManyIdeasError:
        raise _too_many() from None


def _today(interaction: Interaction) -> IdeaLimit:
    return IdeaLimit(end_of_day(interaction.today - timedelta(days=1), interaction.zone), IDEAS_PER_DAY)


def _too_many() -> RequestRefusedError:
    return RequestRefusedError("idea.enough_today", most=str(IDEAS_PER_DAY))


async def idea_approve(interaction: Interaction, value: str) -> None:
    """Approve an idea; its author is told."""
    await _decide(interaction, value, IdeaState.APPROVED, published=False)


async def idea_publish(interaction: Interaction, value: str) -> None:
    """Approve an idea, and post it in the country's channel."""
    found = await _under_review(interaction, value)
    if interaction.campaign.country(found.country) is None:
        raise RequestRefusedError("idea.no_channel")
    await _decide(interaction, value, IdeaState.APPROVED, published=True)


async def _decide(interaction: Interaction, value: str, state: IdeaState, *, published: bool) -> None:
    await _under_review(interaction, value)
    store, now, user = interaction.store, interaction.now, interaction.user
    # Two representatives may decide at once; the database takes the first decision.
    if not await store.write(store.ideas.decide, value, state, now, by=user, published=published):
        raise RequestRefusedError("idea.decided")
    interaction.request_full_plan()
    await interaction.reply(interaction.words("idea.published" if published else "idea.approved"))


async def idea_decline(interaction: Interaction, value: str) -> None:
    """Show the form for the reason."""
    found = await _under_review(interaction, value)
    await interaction.show(reply_modal.draw(interaction.words, purpose="decline", idea=value, shown=found.text))


async def idea_ask(interaction: Interaction, value: str) -> None:
    """Show the form for a question to the author."""
    found = await _under_review(interaction, value)
    await interaction.show(reply_modal.draw(interaction.words, purpose="ask", idea=value, shown=found.text))


async def idea_answer(interaction: Interaction, value: str) -> None:
    """Show the author the form for an answer."""
    found = await _own(interaction, value)
    await interaction.show(
        reply_modal.draw(interaction.words, purpose="answer", idea=value, shown=found.question or "")
    )


async def save_reply(interaction: Interaction, answers: reply_modal.ReplyAnswers) -> None:
    """Store a reason, a question or an answer about an idea."""
    store, idea, text = interaction.store, answers.idea, answers.text
    match answers.purpose:
        case "decline":
            await _under_review(interaction, idea)
            is_stored = await store.write(
                store.ideas.decide, idea, IdeaState.DECLINED, interaction.now, by=interaction.user, reason=text
            )
        case "ask":
            await _under_review(interaction, idea)
            is_stored = await store.write(store.ideas.ask, idea, text, interaction.now, by=interaction.user)
        case _:
            await _own(interaction, idea)
            is_stored = await store.write(store.ideas.answer, idea, interaction.user, text, interaction.now)
    if not is_stored:
        raise RequestRefusedError("idea.decided")
    interaction.request_full_plan()
    await interaction.reply(interaction.words(f"idea.{_CONFIRMATIONS[answers.purpose]}"))


_CONFIRMATIONS = {"decline": "declined", "ask": "asked", "answer": "answered"}


async def _under_review(interaction: Interaction, value: str) -> Idea:
    """Find an idea that this person may decide about.

    Raises:
        RequestRefusedError: There is no such idea, it is not theirs to decide, or it has been decided.
    """
    found = await interaction.store.read(interaction.store.ideas.get, value)
    if found is None or found.campaign != interaction.campaign.id:
        raise RequestRefusedError("trouble.stale")
    # Checked at every press: the campaign's files may name other representatives since the message was sent.
    if interaction.user not in _reviewers(interaction, found):
        raise RequestRefusedError("idea.not_yours")
    if found.state not in OPEN:
        outcome = "published" if found.published else found.state.value
        decision = Decision(outcome, found.decided_by, found.changed_at, interaction.zone)
        raise RequestRefusedError("idea.decided_before", verdict=decision_sentence(interaction.words, decision))
    return found


def _reviewers(interaction: Interaction, found: Idea) -> set[str]:
    """Return the people who may decide about an idea: its readers, and the managers."""
    company = interaction.campaign.company
    return {*readers(interaction.campaign, found.country), *(company.managers if company else ())}


async def _own(interaction: Interaction, value: str) -> Idea:
    found = await interaction.store.read(interaction.store.ideas.get, value)
    # The same sentence for somebody else's idea, so that nobody learns that it exists.
    if found is None or found.user != interaction.user:
        raise RequestRefusedError("trouble.stale")
    if found.state is not IdeaState.ASKED:
        raise RequestRefusedError("idea.not_asked")
    return found

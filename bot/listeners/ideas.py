"""Ideas: from a colleague to the representatives of the country, and back; all messages go through the outbox."""

from __future__ import annotations

import uuid
from datetime import timedelta

from bot.campaign.localtime import end_of_day
from bot.listeners.errors import RequestRefusedError
from bot.listeners.idea_decisions import choose, under_review
from bot.listeners.interaction import Interaction
from bot.listeners.organise_ideas import choice_of, confirmation, save_from_page
from bot.messages.modals import idea as idea_modal
from bot.messages.modals import idea_reply as reply_modal
from bot.messages.replies.phrases import place_name
from bot.store.ideas import Choice, Idea, IdeaLimit, IdeaState, TooManyIdeasError

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
        kept=answers.kept,
        told=answers.told,
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
    await _decide(interaction, await under_review(interaction, value), Choice(IdeaState.APPROVED))
    await interaction.reply(interaction.words("idea.approved"))


async def idea_publish(interaction: Interaction, value: str) -> None:
    """Approve an idea, and post it in the country's channel."""
    found = await under_review(interaction, value)
    if interaction.campaign.country(found.country) is None:
        raise RequestRefusedError("idea.no_channel")
    await _decide(interaction, found, Choice(IdeaState.APPROVED, published=True))
    await interaction.reply(interaction.words("idea.published"))


async def _decide(interaction: Interaction, found: Idea, choice: Choice) -> None:
    if not await choose(interaction, found, choice):
        raise RequestRefusedError("idea.decided")


async def idea_decline(interaction: Interaction, value: str) -> None:
    """Show the form for the reason."""
    found = await under_review(interaction, value)
    await interaction.show(reply_modal.draw(interaction.words, purpose="decline", idea=value, shown=found.text))


async def idea_ask(interaction: Interaction, value: str) -> None:
    """Show the form for a question to the author."""
    found = await under_review(interaction, value)
    await interaction.show(reply_modal.draw(interaction.words, purpose="ask", idea=value, shown=found.text))


async def idea_answer(interaction: Interaction, value: str) -> None:
    """Show the author the form for an answer."""
    found = await _own(interaction, value)
    await interaction.show(
        reply_modal.draw(interaction.words, purpose="answer", idea=value, shown=found.question or "")
    )


async def save_reply(interaction: Interaction, answers: reply_modal.ReplyAnswers) -> None:
    """Store what somebody wrote about an idea: its author an answer, and an organiser anything else."""
    if answers.purpose == "answer":
        await _answer(interaction, answers)
    elif answers.page:
        await save_from_page(interaction, answers)
    else:
        found = await under_review(interaction, answers.idea)
        await _decide(interaction, found, choice_of(answers))
        await interaction.reply(interaction.words(confirmation(answers.purpose)))


async def _answer(interaction: Interaction, answers: reply_modal.ReplyAnswers) -> None:
    await _own(interaction, answers.idea)
    store = interaction.store
    if not await store.write(store.ideas.answer, answers.idea, interaction.user, answers.text, interaction.now):
        raise RequestRefusedError("idea.decided")
    interaction.request_full_plan()
    await interaction.reply(interaction.words("idea.answered"))


async def _own(interaction: Interaction, value: str) -> Idea:
    found = await interaction.store.read(interaction.store.ideas.get, value)
    # The same sentence for somebody else's idea, so that nobody learns that it exists.
    if found is None or found.user != interaction.user:
        raise RequestRefusedError("trouble.stale")
    if found.state is not IdeaState.ASKED:
        raise RequestRefusedError("idea.not_asked")
    return found

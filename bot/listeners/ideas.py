"""Ideas: from a colleague to the representatives of the country, and back. The letters go through the outbox."""

from __future__ import annotations

import uuid
from datetime import timedelta

from bot.campaign.localtime import end_of_day
from bot.campaign.representatives import readers
from bot.listeners.interaction import Refusal, Visit
from bot.messages.modals import idea as idea_form
from bot.messages.modals import reply as reply_form
from bot.messages.notifications.verdict import Verdict, sentence
from bot.messages.replies.phrases import place
from bot.store.ideas import OPEN, Allowance, Idea, Stage, TooManyIdeasError

A_DAY = 5
"""Ideas of one person on one local day: a representative reads every one of them."""


async def idea(visit: Visit, _value: str) -> None:
    """Ask for the idea, unless it would be written in vain."""
    if not await visit.desk.store.ideas.allows(visit.user, _today(visit)):
        raise _enough()
    home = visit.campaign.country(visit.country)
    await visit.show(idea_form.draw(visit.words, place(visit.words, home.code) if home else None))


async def submitted(visit: Visit, answers: idea_form.IdeaText) -> None:
    """Keep an idea for the representatives; a form that is sent twice is one idea."""
    new = await _keep(visit, answers)
    # Who had stopped messages and sends an idea asks to hear what becomes of it.
    await visit.desk.store.people.change(visit.user, stopped_at=None)
    visit.plan_soon()
    await visit.tell(visit.words("idea.sent" if new else "idea.known"))


async def _keep(visit: Visit, answers: idea_form.IdeaText) -> bool:
    idea = Idea(
        id=uuid.uuid4().hex,
        campaign=visit.campaign.id,
        user=visit.user,
        country=visit.country,
        language=visit.words.language,
        text=answers.text,
        named=answers.named,
        at=visit.now,
        changed_at=visit.now,
    )
    try:
        return await visit.desk.store.ideas.submit(idea, visit.view, _today(visit))
    except TooManyIdeasError:
        raise _enough() from None


def _today(visit: Visit) -> Allowance:
    return Allowance(end_of_day(visit.today - timedelta(days=1), visit.zone), A_DAY)


def _enough() -> Refusal:
    return Refusal("idea.enough_today", most=str(A_DAY))


async def idea_approve(visit: Visit, value: str) -> None:
    """A good idea; the author is told."""
    await _decide(visit, value, Stage.APPROVED, published=False)


async def idea_publish(visit: Visit, value: str) -> None:
    """A good idea that the country's channel shall see."""
    found = await _under_review(visit, value)
    if visit.campaign.country(found.country) is None:
        raise Refusal("idea.no_channel")
    await _decide(visit, value, Stage.APPROVED, published=True)


async def _decide(visit: Visit, value: str, state: Stage, *, published: bool) -> None:
    await _under_review(visit, value)
    if not await visit.desk.store.ideas.decide(value, state, visit.now, by=visit.user, published=published):
        raise Refusal("idea.decided")
    visit.plan_soon()
    await visit.tell(visit.words("idea.published" if published else "idea.approved"))


async def idea_decline(visit: Visit, value: str) -> None:
    """Ask for the reason."""
    found = await _under_review(visit, value)
    await visit.show(reply_form.draw(visit.words, purpose="decline", idea=value, shown=found.text))


async def idea_ask(visit: Visit, value: str) -> None:
    """Ask what the author shall be asked."""
    found = await _under_review(visit, value)
    await visit.show(reply_form.draw(visit.words, purpose="ask", idea=value, shown=found.text))


async def idea_answer(visit: Visit, value: str) -> None:
    """The author answers."""
    found = await _own(visit, value)
    await visit.show(reply_form.draw(visit.words, purpose="answer", idea=value, shown=found.question or ""))


async def replied(visit: Visit, answers: reply_form.Reply) -> None:
    """Keep what was written about an idea, by whoever may."""
    ideas, idea, text = visit.desk.store.ideas, answers.idea, answers.text
    match answers.purpose:
        case "decline":
            await _under_review(visit, idea)
            kept = await ideas.decide(idea, Stage.DECLINED, visit.now, by=visit.user, reason=text)
        case "ask":
            await _under_review(visit, idea)
            kept = await ideas.ask(idea, text, visit.now, by=visit.user)
        case _:
            await _own(visit, idea)
            kept = await ideas.answer(idea, visit.user, text, visit.now)
    if not kept:
        raise Refusal("idea.decided")
    visit.plan_soon()
    await visit.tell(visit.words(f"idea.{_TOLD[answers.purpose]}"))


_TOLD = {"decline": "declined", "ask": "asked", "answer": "answered"}


async def _under_review(visit: Visit, value: str) -> Idea:
    """An idea that this person may decide about.

    Raises:
        Refusal: There is no such idea, it is not theirs to decide, or somebody has decided.
    """
    found = await visit.desk.store.ideas.get(value)
    if found is None or found.campaign != visit.campaign.id:
        raise Refusal("trouble.stale")
    if visit.user not in deciding(visit, found):
        raise Refusal("idea.not_yours")
    if found.state not in OPEN:
        outcome = "published" if found.published else found.state.value
        verdict = Verdict(outcome, found.decided_by, found.changed_at, visit.zone)
        raise Refusal("idea.decided_before", verdict=sentence(visit.words, verdict))
    return found


def deciding(visit: Visit, found: Idea) -> set[str]:
    """Who may decide about an idea: those it is sent to, and the managers."""
    company = visit.campaign.company
    return {*readers(visit.campaign, found.country), *(company.managers if company else ())}


async def _own(visit: Visit, value: str) -> Idea:
    found = await visit.desk.store.ideas.get(value)
    if found is None or found.user != visit.user:
        raise Refusal("trouble.stale")
    if found.state is not Stage.ASKED:
        raise Refusal("idea.not_asked")
    return found

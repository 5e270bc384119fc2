"""How a pledge went: day by day, and when a check-in asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta

from bot.listeners.interaction import Refusal, Visit
from bot.listeners.pledges import factor
from bot.messages.modals import check_in as check_in_form
from bot.messages.modals import done as done_form
from bot.store.ideas import Remark
from bot.store.pledges import Answer, Outcome, Pledged

BACK = 3
"""Days back on which something can still be registered."""


async def done(visit: Visit, _value: str) -> None:
    """Ask which pledge was done, and when."""
    pledged = await _mine(visit)
    await visit.show(done_form.draw(visit.words, visit.campaign, [each.pledge for each in pledged], _days(visit)))


async def done_today(visit: Visit, value: str) -> None:
    """One press: done today."""
    await marked(visit, done_form.Done(value, visit.today))


async def marked(visit: Visit, answers: done_form.Done) -> None:
    """Keep that a pledge was done on a day, once."""
    if answers.day not in _days(visit):
        raise Refusal("done.too_far", days=str(BACK))
    pledged = next((each for each in await _mine(visit) if each.pledge == answers.pledge), None)
    if pledged is None:
        raise Refusal("done.no_such_pledge")
    said = _outcome(visit, pledged, answers.day.isoformat(), Answer.DONE)
    new = await visit.desk.store.pledges.mark(said)
    name = "done.decided" if said.answer is Answer.DECIDED else "done.noted" if new else "done.known"
    day = visit.words.short_day(answers.day)
    await visit.tell(visit.words(name, pledge=visit.title(answers.pledge), day=day))


def _days(visit: Visit) -> list[date]:
    """The days on which something can be registered, the latest first.

    Raises:
        Refusal: The campaign has not opened yet.
    """
    if visit.today < visit.campaign.opens:
        raise Refusal("done.too_early", day=visit.words.day(visit.campaign.opens))
    days = [visit.today - timedelta(days=back) for back in range(BACK + 1)]
    return [day for day in days if visit.campaign.opens <= day <= visit.campaign.closes]


async def _mine(visit: Visit) -> list[Pledged]:
    """What the person has pledged and the campaign still knows; what they do anyway is not asked about.

    Raises:
        Refusal: There is none.
    """
    pledged = await visit.desk.store.pledges.of(visit.campaign.id, visit.user)
    mine = [each for each in pledged if not each.already and visit.campaign.pledge(each.pledge)]
    if not mine:
        raise Refusal("done.no_pledge")
    return mine


def _outcome(visit: Visit, pledged: Pledged, occasion: str, answer: Answer) -> Outcome:
    about = visit.pledge(pledged.pledge)
    said = Answer.DECIDED if about.lasting and answer is Answer.DONE else answer
    figures = factor(visit, about)
    return Outcome(visit.campaign.id, visit.user, pledged.pledge, occasion, visit.country, visit.now, said, figures)


async def check_in_done(visit: Visit, post: str) -> None:
    """It went well."""
    await _answered(visit, post, Answer.DONE)


async def check_in_partly(visit: Visit, post: str) -> None:
    """It went half-way."""
    await _answered(visit, post, Answer.PARTLY)


async def check_in_not_yet(visit: Visit, post: str) -> None:
    """Its day is still to come."""
    await _answered(visit, post, Answer.NOT_YET)


async def check_in_not(visit: Visit, post: str) -> None:
    """Not this time."""
    await _answered(visit, post, Answer.NOT)


async def _answered(visit: Visit, post: str, answer: Answer) -> None:
    """Who has one pledge has answered with one press; who has several says it for each."""
    visit.post(post, "check_in")
    pledged = await _mine(visit)
    only = len(pledged) == 1
    if only:
        await visit.desk.store.pledges.answer([_outcome(visit, pledged[0], post, answer)])
    await visit.show(
        check_in_form.draw(
            visit.words,
            visit.campaign,
            pledges=[each.pledge for each in pledged],
            answer=answer.value,
            occasion=post,
            saved=only,
        )
    )


async def checked_in(visit: Visit, answers: check_in_form.CheckIn) -> None:
    """Keep the answers, what stood in the way, and the line to the representatives."""
    visit.post(answers.occasion, "check_in")
    mine = {each.pledge: each for each in await _mine(visit)}
    given = {pledge: Answer(answer) for pledge, answer in answers.answers.items() if pledge in mine}
    if not given:
        raise Refusal("done.no_such_pledge")
    await visit.desk.store.pledges.answer(
        [_with_more(visit, mine[pledge], answer, answers) for pledge, answer in given.items()]
    )
    if answers.line:
        await _pass_on(visit, given, answers)
    still_open = Answer.NOT_YET in given.values()
    await visit.tell(visit.words("check_in.not_yet" if still_open else "check_in.thanks"))


def _with_more(visit: Visit, pledged: Pledged, answer: Answer, more: check_in_form.CheckIn) -> Outcome:
    plain = _outcome(visit, pledged, more.occasion, answer)
    obstacle = None if answer is Answer.DONE else more.obstacle
    return Outcome(**{**vars(plain), "obstacle": obstacle, "continues": more.continues})


async def _pass_on(visit: Visit, given: Mapping[str, Answer], answers: check_in_form.CheckIn) -> None:
    # The line is about what went least well.
    about = max(given, key=lambda pledge: list(Answer).index(given[pledge]))
    await visit.desk.store.ideas.remark(
        Remark(
            id=uuid.uuid4().hex,
            campaign=visit.campaign.id,
            user=visit.user,
            pledge=about,
            occasion=answers.occasion,
            country=visit.country,
            at=visit.now,
            obstacle=answers.obstacle,
            text=answers.line or "",
        )
    )
    visit.plan_soon()

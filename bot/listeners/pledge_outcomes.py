"""The outcomes of pledges: marked day by day, or answered when a check-in asks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.pledges import factor
from bot.messages.modals import check_in as check_in_modal
from bot.messages.modals import mark_done as done_modal
from bot.store.ideas import Remark
from bot.store.pledges import Answer, Outcome, Pledged

BACKDATE_DAYS = 3
"""Days back for which a pledge can still be marked as done."""


async def done(interaction: Interaction, _value: str) -> None:
    """Ask which pledge was done, and when."""
    pledges = [each.pledge for each in await _open_pledges(interaction)]
    await interaction.show(done_modal.draw(interaction.words, interaction.campaign, pledges, _days(interaction)))


async def done_today(interaction: Interaction, value: str) -> None:
    """Mark a pledge as done today."""
    await mark_done(interaction, done_modal.DoneAnswers(value, interaction.today))


async def mark_done(interaction: Interaction, answers: done_modal.DoneAnswers) -> None:
    """Mark a pledge as done on a day, once."""
    # The form may have been open since yesterday.
    if answers.day not in _days(interaction):
        raise RequestRefusedError("done.too_far", days=str(BACKDATE_DAYS))
    # The ID comes from the form, which may name somebody else's pledge or one that was withdrawn.
    pledged = next((each for each in await _open_pledges(interaction) if each.pledge == answers.pledge), None)
    if pledged is None:
        raise RequestRefusedError("done.no_such_pledge")
    outcome = _outcome(interaction, pledged, answers.day.isoformat(), Answer.DONE)
    is_new = await interaction.store.write(interaction.store.pledges.mark, outcome)
    name = "done.decided" if outcome.answer is Answer.DECIDED else "done.noted" if is_new else "done.known"
    day = interaction.words.short_day(answers.day)
    await interaction.reply(interaction.words(name, pledge=interaction.title(answers.pledge), day=day))


def _days(interaction: Interaction) -> list[date]:
    """Return the days for which a pledge can be marked, latest first.

    Raises:
        RequestRefusedError: The campaign has not opened yet.
    """
    today, campaign = interaction.today, interaction.campaign
    if today < campaign.opens:
        raise RequestRefusedError("done.too_early", day=interaction.words.day(campaign.opens))
    days = [today - timedelta(days=back) for back in range(BACKDATE_DAYS + 1)]
    return [day for day in days if campaign.opens <= day <= campaign.closes]


async def _open_pledges(interaction: Interaction) -> list[Pledged]:
    """Return the person's pledges that can go well or badly: known to the campaign, and not done anyway.

    Raises:
        RequestRefusedError: There are none.
    """
    pledged = await interaction.pledged()
    found = [each for each in pledged if not each.already and interaction.campaign.pledge(each.pledge)]
    if not found:
        raise RequestRefusedError("done.no_pledge")
    return found


def _outcome(interaction: Interaction, pledged: Pledged, occasion: str, answer: Answer) -> Outcome:
    pledge = interaction.pledge(pledged.pledge)
    return Outcome(
        campaign=interaction.campaign.id,
        user=interaction.user,
        pledge=pledged.pledge,
        occasion=occasion,
        country=interaction.country,
        at=interaction.now,
        # A lasting pledge is decided once, and done for the year.
        answer=Answer.DECIDED if pledge.lasting and answer is Answer.DONE else answer,
        factor=factor(interaction, pledge),
    )


async def check_in_done(interaction: Interaction, post: str) -> None:
    """Answer that it went well."""
    await _answer(interaction, post, Answer.DONE)


async def check_in_partly(interaction: Interaction, post: str) -> None:
    """Answer that it went half-way."""
    await _answer(interaction, post, Answer.PARTLY)


async def check_in_not_yet(interaction: Interaction, post: str) -> None:
    """Answer that its day is still to come."""
    await _answer(interaction, post, Answer.NOT_YET)


async def check_in_not(interaction: Interaction, post: str) -> None:
    """Answer that it did not work out this time."""
    await _answer(interaction, post, Answer.NOT)


async def _answer(interaction: Interaction, post: str, answer: Answer) -> None:
    """Store the answer at once if there is one pledge, and show the form, which asks for each of several."""
    interaction.post(post, "check_in")
    pledged = await _open_pledges(interaction)
    is_only = len(pledged) == 1
    if is_only:
        await interaction.store.write(
            interaction.store.pledges.answer, [_outcome(interaction, pledged[0], post, answer)]
        )
    form = check_in_modal.draw(
        interaction.words,
        interaction.campaign,
        pledges=[each.pledge for each in pledged],
        answer=answer.value,
        occasion=post,
        saved=is_only,
    )
    await interaction.show(form)


async def save_check_in(interaction: Interaction, answers: check_in_modal.CheckInAnswers) -> None:
    """Store the answers and the obstacle, and pass the remark on to the representatives."""
    interaction.post(answers.occasion, "check_in")
    # Pledges that were withdrawn since the form was opened are dropped, without refusing the other answers.
    own = {each.pledge: each for each in await _open_pledges(interaction)}
    given = {pledge: Answer(answer) for pledge, answer in answers.answers.items() if pledge in own}
    if not given:
        raise RequestRefusedError("done.no_such_pledge")
    outcomes = [_detailed_outcome(interaction, own[pledge], answer, answers) for pledge, answer in given.items()]
    await interaction.store.write(interaction.store.pledges.answer, outcomes)
    if answers.line:
        await _pass_on(interaction, given, answers)
    is_open = Answer.NOT_YET in given.values()
    await interaction.reply(interaction.words("check_in.not_yet" if is_open else "check_in.thanks"))


def _detailed_outcome(
    interaction: Interaction, pledged: Pledged, answer: Answer, answers: check_in_modal.CheckInAnswers
) -> Outcome:
    outcome = _outcome(interaction, pledged, answers.occasion, answer)
    # What would have made it easier is no question about what went well.
    obstacle = None if answer is Answer.DONE else answers.obstacle
    return replace(outcome, obstacle=obstacle, continues=answers.continues)


async def _pass_on(
    interaction: Interaction, given: Mapping[str, Answer], answers: check_in_modal.CheckInAnswers
) -> None:
    # A remark belongs to one pledge: the one that went least well.
    worst = max(given, key=lambda pledge: list(Answer).index(given[pledge]))
    await interaction.store.write(
        interaction.store.ideas.remark,
        Remark(
            # Random: an ID that counted up would tell in which order people wrote.
            id=uuid.uuid4().hex,
            campaign=interaction.campaign.id,
            user=interaction.user,
            pledge=worst,
            occasion=answers.occasion,
            country=interaction.country,
            at=interaction.now,
            obstacle=answers.obstacle,
            text=answers.line or "",
        ),
    )
    interaction.request_full_plan()

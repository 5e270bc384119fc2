"""A pledge with its details and its plan: when and where the person will do it, and when to remind them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.campaign.model import Campaign, Pledge
from bot.messages.blocks import (
    action_id_for,
    actions,
    button,
    checkboxes,
    escape,
    input_field,
    radio,
    section,
    text_input,
    timepicker,
)
from bot.messages.campaign_texts import pledge_words, preset_plans
from bot.messages.message import Block
from bot.messages.modals.modal import (
    TIME_FORMAT,
    InvalidFieldsError,
    StaleViewError,
    View,
    checked_values,
    entered_text,
    metadata_days,
    metadata_text,
    modal,
    parse_time,
    picked_time,
    selected_or_none,
)
from bot.messages.modals.pledge_summary import figure, goals, title
from bot.messages.words import Words

CALLBACK = "plan"
MAX_PLAN_LENGTH = 200
"""Characters of a plan in the person's own words."""

MAX_DAYS = 10
"""Slack allows ten checkboxes."""

_OWN = "own"
_YES = "yes"


@dataclass(frozen=True)
class PlanAnswers:
    """A pledge with its plan, and the local days and time of its reminders."""

    pledge: str
    plan: str | None
    days: tuple[date, ...]
    at: time
    any_hour: bool


def draw(  # noqa: PLR0913 - each is one field of the form
    words: Words,
    campaign: Campaign,
    pledge: Pledge,
    country: str | None,
    *,
    days: Sequence[date],
    plan: str | None,
    chosen: Collection[date],
    at: time,
    any_hour: bool,
    is_mine: bool,
) -> View:
    """Draw the form. `days` are offered for reminders, and `chosen` are checked."""
    offered = days[:MAX_DAYS]
    blocks = [
        section("\n".join(_details(words, campaign, pledge, country)), "pledge"),
        actions(f"answers:{pledge.id}", _buttons(words, pledge.id, is_mine=is_mine)),
        *_plan(words, pledge_words(campaign, pledge.id, words).plans, plan),
    ]
    if offered:
        blocks += [_days(words, offered, chosen), *_hours(words, at, any_hour=any_hour)]
    metadata = {
        "pledge": pledge.id,
        # The plan is stored as text, and the person may have changed the language since the form was opened.
        "language": words.language,
        "days": [day.isoformat() for day in offered],
        "at": at.strftime(TIME_FORMAT),
    }
    submit = "form.settings.submit" if is_mine else "form.plan.submit"
    return modal(words, CALLBACK, "form.plan.title", blocks, submit=submit, metadata=metadata)


def _details(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> Iterator[str]:
    yield title(words, campaign, pledge)
    # Of a symbolic pledge the figure says so itself.
    impact = f"{words(f'impact.{pledge.impact(country)}')} · " if pledge.high else ""
    yield f"{impact}{figure(words, campaign, pledge, country)}"
    yield goals(words, pledge)
    if about := pledge_words(campaign, pledge.id, words).about:
        yield escape(about)
    if pledge.lasting:
        yield words("form.pledges.lasting")


def _buttons(words: Words, name: str, *, is_mine: bool) -> Iterator[Block]:
    """Yield the buttons of the pledge: what to do in place of planning it, and the way back to the list."""
    for action in (*(() if is_mine else ("pledge_already",)), "pledge_why"):
        yield button(action_id_for(action, name), words(f"button.{action}"), name)
    yield button("pledges_page", words("button.pledges_all"), "0")


def read(view: View, campaign: Campaign) -> PlanAnswers:
    """Read the plan.

    Raises:
        StaleViewError: The form is not one that the bot draws, or the campaign no longer has the pledge.
        InvalidFieldsError: The person selected to write a plan, and wrote none.
    """
    pledge = metadata_text(view, "pledge")
    offered = metadata_days(view, "days")
    plan = _read_plan(view, campaign, pledge)
    if not offered:
        # Without days to offer, the form has no field for a time either.
        return PlanAnswers(pledge, plan, (), parse_time(metadata_text(view, "at")), any_hour=False)
    days = checked_values(view, "days", [day.isoformat() for day in offered])
    return PlanAnswers(
        pledge=pledge,
        plan=plan,
        days=tuple(date.fromisoformat(day) for day in days),
        at=picked_time(view, "at"),
        any_hour=bool(checked_values(view, "any_hour", [_YES])),
    )


def _plan(words: Words, plans: Sequence[str], plan: str | None) -> Iterator[Block]:
    known = plan in plans
    if plans:
        # By position: the value of an option is limited, and a plan is a sentence.
        options = {str(index): each for index, each in enumerate(plans)} | {_OWN: words("form.plan.own")}
        before = str(plans.index(plan)) if plan in plans else _OWN if plan else None
        yield input_field(words("form.plan.question"), radio("how", options, before), optional=True)
    # A preset plan is selected above, and is not repeated as the person's own words.
    box = text_input(_OWN, MAX_PLAN_LENGTH, None if known or plan is None else plan[:MAX_PLAN_LENGTH])
    yield input_field(
        words("form.plan.own" if plans else "form.plan.question"), box, hint=words("form.plan.own_hint"), optional=True
    )


def _days(words: Words, offered: Sequence[date], chosen: Collection[date]) -> Block:
    options = {day.isoformat(): words.short_day(day) for day in offered}
    boxes = checkboxes("days", options, [day.isoformat() for day in chosen])
    return input_field(words("form.plan.days"), boxes, hint=words("form.plan.days_hint"), optional=True)


def _hours(words: Words, at: time, *, any_hour: bool) -> Iterator[Block]:
    yield input_field(words("form.plan.at"), timepicker("at", at))
    box = checkboxes("any_hour", {_YES: words("form.plan.any_hour_yes")}, [_YES] if any_hour else [])
    yield input_field(words("form.plan.any_hour"), box, hint=words("form.plan.any_hour_hint"), optional=True)


def _read_plan(view: View, campaign: Campaign, pledge: str) -> str | None:
    """Read the preset plan in the words in which it was shown, or the plan that was written."""
    language = metadata_text(view, "language")
    if (pledge, language) not in campaign.pledge_words or campaign.pledge(pledge) is None:
        raise StaleViewError("the pledge is none of the campaign's")
    plans = preset_plans(campaign, pledge, language)
    indexes = [str(index) for index in range(len(plans))]
    how = selected_or_none(view, "how", [*indexes, _OWN]) if plans else None
    if how in indexes:
        return plans[int(how)]
    own = entered_text(view, _OWN, MAX_PLAN_LENGTH)
    if how == _OWN and not own:
        raise InvalidFieldsError({_OWN: "form.plan.empty"})
    return own or None

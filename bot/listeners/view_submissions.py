"""The forms that come back filled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.campaign.model import Campaign
from bot.listeners import check_ins, earth_hour, ideas, my_data, onboarding, pledges, preferences
from bot.listeners.interaction import Visit
from bot.messages.modals import check_in, done, forget, idea, join, minutes, pause, plan, reply
from bot.messages.modals.modal import View


@dataclass(frozen=True)
class Submission:
    """`read` makes values of the form, without asking anybody; `keep` carries out what was asked.

    `anybody` is as for errands.
    """

    read: Callable[[View, Campaign], Any]
    keep: Callable[[Visit, Any], Awaitable[None]]
    member: bool = True
    until_close: bool = True
    anybody: bool = False


def _for_anybody(read: Callable[[View, Campaign], Any], keep: Callable[[Visit, Any], Awaitable[None]]) -> Submission:
    return Submission(read, keep, member=False, until_close=False, anybody=True)


SUBMISSIONS: Mapping[str, Submission] = {
    join.CALLBACK: Submission(join.read, onboarding.joined, member=False, until_close=False),
    plan.CALLBACK: Submission(plan.read, pledges.planned),
    done.CALLBACK: Submission(lambda view, _: done.read(view), check_ins.marked),
    check_in.CALLBACK: Submission(lambda view, _: check_in.read(view), check_ins.checked_in),
    minutes.CALLBACK: Submission(lambda view, _: minutes.read(view), earth_hour.minutes),
    idea.CALLBACK: Submission(lambda view, _: idea.read(view), ideas.submitted),
    reply.CALLBACK: _for_anybody(lambda view, _: reply.read(view), ideas.replied),
    pause.CALLBACK: Submission(lambda view, _: pause.read(view), preferences.paused, until_close=False),
    forget.CALLBACK: _for_anybody(lambda _view, _: None, my_data.forgotten),
}
"""By the name that Slack hands back with a form."""

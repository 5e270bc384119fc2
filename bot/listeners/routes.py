"""The routing tables: the handler of every button, subcommand and form, and what has to hold before it runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from bot.campaign.model import Campaign
from bot.listeners import (
    awareness,
    earth_hour,
    guesses,
    ideas,
    measures,
    my_data,
    onboarding,
    organise,
    organise_digest,
    organise_ideas,
    organise_own_posts,
    organise_pauses,
    organise_post_texts,
    organise_posts,
    organise_report,
    organise_shared_posts,
    organise_stand_ins,
    pledge_outcomes,
    pledges,
    preferences,
    standings,
    tips,
)
from bot.listeners.command_parsing import PAUSE_OFF, RESUME, START, STOP, UNKNOWN
from bot.listeners.help import help_, unknown
from bot.listeners.interaction import Interaction
from bot.messages.modals import (
    check_in,
    earth_hour_minutes,
    idea,
    idea_reply,
    join,
    mark_done,
    pause_own_messages,
    pledge_plan,
)
from bot.messages.modals.modal import View
from bot.messages.modals.my_data import FORGET_CALLBACK
from bot.messages.organise import edit, own_post, resume, stand_ins
from bot.store.store import Knowledge


class Surface(Enum):
    """The place in which a route answers."""

    MESSAGE = auto()
    MODAL = auto()
    MODAL_WITHOUT_ARGUMENT = auto()
    PUSHED_MODAL = auto()


Handler = Callable[[Interaction, str], Awaitable[None]]
"""Gets the value of a button, or the rest of a command."""


@dataclass(frozen=True)
class Route:
    """A handler, and what has to hold before it runs.

    - `members_only`: everybody else is asked to join first, and then it runs.
    - `until_close`: it counts something, and nothing is counted once the campaign is over.
    - `open_to_all`: it is also for people who may not take part, for their own data or a duty that the campaign's
      files give them; the handler itself checks who is asking.
    - `knowledge`: it looks at what the person did, which is looked up with the person.
    """

    handler: Handler
    surface: Surface = Surface.MESSAGE
    members_only: bool = False
    until_close: bool = False
    open_to_all: bool = False
    knowledge: Knowledge = Knowledge.PERSON

    def opens_modal(self, argument: str) -> bool:
        """Return whether a modal is needed, which is then opened before the person is looked up."""
        without_argument = self.surface is Surface.MODAL_WITHOUT_ARGUMENT and not argument
        return self.surface is Surface.MODAL or without_argument


def _form(handler: Handler, *, until_close: bool = False, members_only: bool = True) -> Route:
    return Route(handler, Surface.MODAL, members_only=members_only, until_close=until_close)


def _pledge_form(handler: Handler) -> Route:
    return replace(_form(handler, until_close=True), knowledge=Knowledge.PLEDGES)


def _form_for_all(handler: Handler) -> Route:
    return Route(handler, Surface.MODAL, open_to_all=True)


def _counted(handler: Handler) -> Route:
    return Route(handler, members_only=True, until_close=True)


def _setting(handler: Handler) -> Route:
    return Route(handler, members_only=True)


def _setting_or_form(handler: Handler) -> Route:
    return Route(handler, Surface.MODAL_WITHOUT_ARGUMENT, members_only=True)


HELP_COMMANDS: Mapping[str, Route] = {
    "help": Route(help_),
    "join": _form(onboarding.join, members_only=False),
    "pledge": _pledge_form(pledges.pledge),
    "done": _pledge_form(pledge_outcomes.done),
    "my": Route(my_data.my, members_only=True, knowledge=Knowledge.ACTIVITY),
    "standings": Route(standings.standings),
    "measures": Route(measures.measures),
    "tip": Route(tips.tip),
    "earthhour": Route(earth_hour.earthhour),
    "idea": _form(ideas.idea, until_close=True),
    "country": _setting_or_form(preferences.country),
    "language": _setting_or_form(preferences.language),
    "messages": Route(preferences.messages, open_to_all=True),
    "pause": _setting_or_form(preferences.pause),
    "data": _form_for_all(my_data.data),
    "forget": _form_for_all(my_data.forget),
}
"""The subcommands of `/earthweek` that its help lists."""

ORGANISER_ACTIONS: Mapping[str, Route] = {
    "organise": _form_for_all(organise.organise),
    "organise_help": Route(organise.organise_help, Surface.PUSHED_MODAL, open_to_all=True),
    "organise_home": Route(organise.organise_home, open_to_all=True),
    "organise_page": _form_for_all(organise.organise_page),
    "organise_digest": _form_for_all(organise_digest.organise_digest),
    "organise_pause": _form_for_all(organise_pauses.organise_pause),
    "organise_resume": _form_for_all(organise_pauses.organise_resume),
    "organise_post": _form_for_all(organise_posts.organise_post),
    "organise_preview": Route(organise_posts.organise_preview, Surface.PUSHED_MODAL, open_to_all=True),
    "organise_send_test": _form_for_all(organise_posts.organise_send_test),
    "organise_test": Route(organise_posts.organise_test, open_to_all=True),
    "organise_approve": _form_for_all(organise_posts.organise_approve),
    "organise_leave_out": _form_for_all(organise_posts.organise_leave_out),
    "organise_bring_back": _form_for_all(organise_posts.organise_bring_back),
    "organise_try_again": _form_for_all(organise_posts.organise_try_again),
    "organise_report": _form_for_all(organise_report.organise_report),
    "organise_own_post": _form_for_all(organise_own_posts.organise_own_post),
    "organise_share_post": _form_for_all(organise_shared_posts.organise_share_post),
    "organise_use": _form_for_all(organise_shared_posts.organise_use),
    "organise_withdraw": _form_for_all(organise_own_posts.organise_withdraw),
    "organise_stand_ins": _form_for_all(organise_stand_ins.organise_stand_ins),
    "organise_end_stand_in": _form_for_all(organise_stand_ins.organise_end_stand_in),
    "organise_edit": _form_for_all(organise_post_texts.organise_edit),
    "organise_discard": _form_for_all(organise_post_texts.organise_discard),
    "organise_correct": _form_for_all(organise_post_texts.organise_correct),
    "organise_ideas": _form_for_all(organise_ideas.organise_ideas),
    "organise_idea": _form_for_all(organise_ideas.organise_idea),
    "organise_idea_approve": _form_for_all(organise_ideas.organise_idea_approve),
    "organise_idea_publish": _form_for_all(organise_ideas.organise_idea_publish),
    "organise_idea_share": _form_for_all(organise_ideas.organise_idea_share),
    "organise_idea_reply": _form_for_all(organise_ideas.organise_idea_reply),
}
"""The routes of what organisers press. Their handlers check who is asking, and tell everybody else who organises."""

ACTIONS: Mapping[str, Route] = {
    **HELP_COMMANDS,
    **ORGANISER_ACTIONS,
    "settings": _form(preferences.settings),
    "figures_about": Route(standings.figures_about, Surface.MODAL),
    "messages_on": _setting(preferences.messages_on),
    "messages_pause": _form_for_all(preferences.messages_pause),
    "messages_stop": Route(preferences.messages_stop, open_to_all=True),
    "pause_off": _setting(preferences.pause_off),
    "resume": _setting(preferences.resume),
    "pledge_choose": _pledge_form(pledges.pledge_choose),
    "pledge_already": _counted(pledges.pledge_already),
    "pledge_why": Route(pledges.pledge_why, Surface.PUSHED_MODAL),
    "pledges_page": _pledge_form(pledges.pledges_page),
    "pledge_withdraw": _counted(pledges.pledge_withdraw),
    "reminders_stop": _setting(pledges.reminders_stop),
    "done_today": _counted(pledge_outcomes.done_today),
    "check_in_done": _form(pledge_outcomes.check_in_done, until_close=True),
    "check_in_partly": _form(pledge_outcomes.check_in_partly, until_close=True),
    "check_in_not_yet": _form(pledge_outcomes.check_in_not_yet, until_close=True),
    "check_in_not": _form(pledge_outcomes.check_in_not, until_close=True),
    "check_in_stop": _setting(preferences.check_in_stop),
    "did_this": _counted(tips.did_this),
    "guess": _counted(guesses.guess),
    "awareness": _counted(awareness.awareness),
    "earth_hour_join": _counted(earth_hour.earth_hour_join),
    "earth_hour_remind": _counted(earth_hour.earth_hour_remind),
    "earth_hour_calendar": Route(earth_hour.earth_hour_calendar),
    "earth_hour_did": _form(earth_hour.earth_hour_did, until_close=True),
    "earth_hour_forgot": _counted(earth_hour.earth_hour_forgot),
    "earth_hour_other": _counted(earth_hour.earth_hour_other),
    "idea_approve": Route(ideas.idea_approve, open_to_all=True),
    "idea_publish": Route(ideas.idea_publish, open_to_all=True),
    "idea_decline": _form_for_all(ideas.idea_decline),
    "idea_ask": _form_for_all(ideas.idea_ask),
    "idea_answer": _form(ideas.idea_answer),
}
"""The routes of buttons, by action ID. Subcommands are among them, because buttons offer most of them."""

COMMANDS: Mapping[str, Route] = {
    **HELP_COMMANDS,
    UNKNOWN: Route(unknown),
    "organise": Route(organise.organise_typed, Surface.MODAL_WITHOUT_ARGUMENT, open_to_all=True),
    **{name: ACTIONS[name] for name in ("settings", STOP, START, RESUME, PAUSE_OFF)},
}
"""The routes of what people type, after the command or in a message to the bot."""


Read = Callable[[View, Campaign], Any]
Save = Callable[[Interaction, Any], Awaitable[None]]


@dataclass(frozen=True)
class Submission:
    """A submitted form: `read` parses its fields without asking anybody, `save` carries out what they say.

    The conditions are those of a `Route`.
    """

    read: Read
    save: Save
    members_only: bool = True
    until_close: bool = True
    open_to_all: bool = False


def _for_all(read: Read, save: Save) -> Submission:
    return Submission(read, save, members_only=False, until_close=False, open_to_all=True)


SUBMISSIONS: Mapping[str, Submission] = {
    join.CALLBACK: Submission(join.read, onboarding.save_member, members_only=False, until_close=False),
    pledge_plan.CALLBACK: Submission(pledge_plan.read, pledges.save_pledge),
    mark_done.CALLBACK: Submission(lambda view, _: mark_done.read(view), pledge_outcomes.mark_done),
    check_in.CALLBACK: Submission(lambda view, _: check_in.read(view), pledge_outcomes.save_check_in),
    earth_hour_minutes.CALLBACK: Submission(lambda view, _: earth_hour_minutes.read(view), earth_hour.save_minutes),
    idea.CALLBACK: Submission(lambda view, _: idea.read(view), ideas.submit_idea),
    idea_reply.CALLBACK: _for_all(lambda view, _: idea_reply.read(view), ideas.save_reply),
    pause_own_messages.CALLBACK: Submission(
        lambda view, _: pause_own_messages.read(view), preferences.pause_until, until_close=False
    ),
    edit.CALLBACK: _for_all(edit.read, organise_post_texts.save_edit),
    own_post.CALLBACK: _for_all(own_post.read, organise_own_posts.save_own_post),
    resume.CALLBACK: _for_all(lambda view, _: resume.read(view), organise_pauses.save_resume),
    stand_ins.CALLBACK: _for_all(lambda view, _: stand_ins.read(view), organise_stand_ins.save_stand_in),
    FORGET_CALLBACK: _for_all(lambda _view, _: None, my_data.erase),
}
"""The routes of submitted forms, by callback ID."""

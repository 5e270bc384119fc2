"""Organisers look at the ideas of a country by stage, decide about them, and say what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.campaign.idea_recipients import is_listed, may_decide
from bot.campaign.model import Campaign
from bot.listeners.errors import RequestRefusedError
from bot.listeners.idea_decisions import choose, decision, find_idea, verdict
from bot.listeners.interaction import Interaction
from bot.listeners.organise import require_organiser
from bot.listeners.organisers import store_for_organiser
from bot.messages.modals import idea_reply as reply_form
from bot.messages.organise import ideas as page
from bot.messages.organise.idea_stages import STAGES, stage_and_page, stage_of
from bot.store.ideas import NEXT, Choice, Idea, IdeaState, same_stage

_CHOICES: Mapping[IdeaState, tuple[str, ...]] = {
    IdeaState.NEW: ("organise_idea_approve", "organise_idea_publish", "ask", "decline"),
    IdeaState.ASKED: ("organise_idea_approve", "organise_idea_publish", "decline"),
    IdeaState.APPROVED: ("plan", "finish", "drop"),
    IdeaState.PLANNED: ("finish", "drop"),
}

_PURPOSES: Mapping[str, reply_form.Purpose] = {
    "ask": "ask",
    "decline": "decline",
    "plan": "plan",
    "finish": "finish",
    "drop": "decline",
}
"""The form behind each button."""

_STATES: Mapping[reply_form.Purpose, IdeaState] = {
    "ask": IdeaState.ASKED,
    "decline": IdeaState.DECLINED,
    "plan": IdeaState.PLANNED,
    "finish": IdeaState.DONE,
}

_CONFIRMATIONS: Mapping[reply_form.Purpose, str] = {
    "decline": "idea.declined",
    "ask": "idea.asked",
    "plan": "idea.planned",
    "finish": "idea.done",
}


@dataclass(frozen=True)
class Subject:
    """The idea that a press is about, the country from whose page it came, and the rest of the button's value."""

    country: str
    zone: str
    idea: Idea
    rest: tuple[str, ...]


async def organise_ideas(interaction: Interaction, value: str) -> None:
    """Show a page of ideas: those of a stage, or of the first stage that has any."""
    country, stage, number = stage_and_page(value)
    require_organiser(interaction, country)
    found = await interaction.store.read(interaction.store.ideas.of_campaign, interaction.campaign.id)
    mine = [each for each in found if is_listed(interaction.campaign, country, each.country, interaction.user)]
    counts = Counter(stage_of(each.state) for each in mine)
    stage = stage or next((each for each in STAGES if counts[each]), next(iter(STAGES)))
    zone = _zone(interaction, country)
    newest = sorted(mine, key=lambda each: (each.changed_at, each.id), reverse=True)
    lines = [_line(each, zone) for each in newest if each.state in STAGES[stage]]
    campaign = interaction.campaign
    earlier = (each for each in campaign.kept_ideas if each.campaign != campaign.id and each.next_year)
    kept = [each for each in earlier if each.country == country or campaign.country(each.country) is None]
    shown = page.IdeaList(country, zone, stage, counts, lines, number, kept)
    await interaction.show(page.draw_list(interaction.words, shown))


def _zone(interaction: Interaction, country: str) -> str:
    home = interaction.campaign.country(country)
    return home.zone if home else interaction.campaign.zone


def _line(idea: Idea, zone: str) -> page.IdeaLine:
    return page.IdeaLine(idea.id, idea.text, idea.at, decision(idea, zone))


async def organise_idea(interaction: Interaction, value: str) -> None:
    """Show the page of an idea."""
    await show_idea(interaction, value)


async def show_idea(interaction: Interaction, value: str, told: str = "") -> None:
    """Show the page of an idea as it is now; `told` is what has come of the last press."""
    about = await _subject(interaction, value)
    idea, store = about.idea, interaction.store
    share = await store.read(store.shares.get, interaction.campaign.id, idea.id)
    shown = page.IdeaPage(
        country=about.country,
        zone=about.zone,
        idea=_line(idea, about.zone),
        state=idea.state,
        home=idea.country,
        author=idea.user if idea.named else None,
        question=idea.question,
        answer=idea.answer,
        reason=idea.reason,
        choices=list(_choices(interaction.campaign, idea, is_shared=share is not None)),
        shared=(share.by, share.at) if share else None,
    )
    await interaction.show(page.draw_idea(interaction.words, shown, told))


async def _subject(interaction: Interaction, value: str) -> Subject:
    """Find out what a press is about.

    Raises:
        RequestRefusedError: There is no such idea, or it is not theirs to decide, or they do not organise there.
    """
    country, idea, *rest = (*value.split("/"), "")
    require_organiser(interaction, country)
    return Subject(country, _zone(interaction, country), await find_idea(interaction, idea), tuple(rest))


def _choices(campaign: Campaign, idea: Idea, *, is_shared: bool) -> Iterator[str]:
    for choice in _CHOICES.get(idea.state, ()):
        if choice != "organise_idea_publish" or campaign.country(idea.country):
            yield choice
    if _can_be_shared(campaign, idea) and not is_shared:
        yield "organise_idea_share"


def _can_be_shared(campaign: Campaign, idea: Idea) -> bool:
    return campaign.organisers_channel is not None and idea.state is not IdeaState.DECLINED


async def organise_idea_approve(interaction: Interaction, value: str) -> None:
    """Approve an idea from its page."""
    await _choose(interaction, value, Choice(IdeaState.APPROVED), "idea.approved")


async def organise_idea_publish(interaction: Interaction, value: str) -> None:
    """Approve an idea from its page, and post it in the country's channel."""
    about = await _subject(interaction, value)
    if interaction.campaign.country(about.idea.country) is None:
        raise RequestRefusedError("idea.no_channel")
    await _choose(interaction, value, Choice(IdeaState.APPROVED, published=True), "idea.published")


async def organise_idea_share(interaction: Interaction, value: str) -> None:
    """Share an idea with the organisers of the other countries, once."""
    about = await _subject(interaction, value)
    if not _can_be_shared(interaction.campaign, about.idea):
        raise RequestRefusedError("share.nowhere")
    share = await store_for_organiser(
        interaction,
        lambda named: may_decide(named, about.idea.country, interaction.user),
        interaction.store.shares.share,
        about.idea.id,
    )
    is_first = (share.by, share.at) == (interaction.user, interaction.now)
    interaction.request_full_plan()
    await show_idea(interaction, value, interaction.words("share.on_its_way") if is_first else "")


async def organise_idea_reply(interaction: Interaction, value: str) -> None:
    """Show the form for the words that go with a decision."""
    about = await _subject(interaction, value)
    reply, seen = (*about.rest, "", "")[:2]
    purpose = _PURPOSES.get(reply)
    if purpose is None:
        raise RequestRefusedError("trouble.stale")
    if about.idea.state not in same_stage(_state(seen)):
        await show_idea(interaction, value, _told_of_the_first(interaction, about))
        return
    form = reply_form.draw(
        interaction.words,
        purpose=purpose,
        idea=about.idea.id,
        shown=about.idea.text,
        page=about.country,
        seen=about.idea.state,
    )
    await interaction.show(form)


async def save_from_page(interaction: Interaction, answers: reply_form.ReplyAnswers) -> None:
    """Store a decision with its words, and show the idea again."""
    value = f"{answers.page}/{answers.idea}"
    await _choose(interaction, value, choice_of(answers), confirmation(answers.purpose))


async def _choose(interaction: Interaction, value: str, choice: Choice, confirmed: str) -> None:
    """Store a choice, and show the idea with what has come of it: somebody else may have been first."""
    about = await _subject(interaction, value)
    if about.idea.state in same_stage(choice.seen) and await choose(interaction, about.idea, choice):
        told = interaction.words(confirmed)
    else:
        told = _told_of_the_first(interaction, await _subject(interaction, value))
    await show_idea(interaction, value, told)


def _told_of_the_first(interaction: Interaction, about: Subject) -> str:
    said = verdict(interaction, about.idea, about.zone)
    return interaction.words("idea.decided_before", verdict=said) if said else interaction.words("idea.decided")


def choice_of(answers: reply_form.ReplyAnswers) -> Choice:
    """Return the choice that a form is about.

    Raises:
        RequestRefusedError: The form is not one that the bot draws.
    """
    state, seen = _STATES.get(answers.purpose), _state(answers.seen)
    if state is None or (state is not IdeaState.ASKED and state not in NEXT[seen]):
        raise RequestRefusedError("trouble.stale")
    return Choice(state, seen, answers.text)


def confirmation(purpose: reply_form.Purpose) -> str:
    """Return the name of the sentence that confirms a choice."""
    return _CONFIRMATIONS[purpose]


def _state(written: str) -> IdeaState:
    if written not in set(IdeaState):
        raise RequestRefusedError("trouble.stale")
    return IdeaState(written)

"""Posts of a country's own: organisers write them in Slack, and take them back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Country, Text
from bot.campaign.organiser_decisions import OwnPost
from bot.campaign.schedule import Misplaced, misplaced
from bot.campaign.workdays import first_working_day
from bot.listeners.interaction import Interaction
from bot.listeners.organise import country_of, require_organiser, show_page
from bot.listeners.organise_posts import is_own, show_post
from bot.listeners.organisers import decide, last_act
from bot.messages.organise import own_post as form
from bot.messages.organise.overview import instant_words, name_of, scope_name
from bot.messages.organise.post_page import post_value
from bot.messages.organise.text_fields import Draft
from bot.store.organiser_acts import Act

_SUGGESTED_AT = time(10)


async def organise_own_post(interaction: Interaction, value: str) -> None:
    """Show the form for a new post of a country."""
    await show_form(interaction, value)


async def show_form(
    interaction: Interaction, country: str, words: Text | Draft | None = None, *, origin: str = ""
) -> None:
    """Show the form for a new post of a country, with words to begin with, such as those of what was shared.

    Raises:
        RequestRefusedError: The person does not organise there.
    """
    require_organiser(interaction, country)
    campaign = interaction.services.campaign()
    day = _suggested_day(campaign, country_of(campaign, country), interaction.now)
    await _show(interaction, country, (day, _SUGGESTED_AT), words or Draft(), origin=origin)


async def _show(
    interaction: Interaction,
    country: str,
    when: tuple[date, time],
    words: Text | Draft,
    *,
    told: str = "",
    origin: str = "",
) -> None:
    organiser, campaign = require_organiser(interaction, country), interaction.services.campaign()
    homes = [each for each in campaign.countries if organiser.answers_for(each.code)]
    day, at = when
    about = {"told": told, "origin": origin}
    await interaction.show(form.draw(interaction.words, homes, country=country, day=day, at=at, text=words, **about))


def _suggested_day(campaign: Campaign, home: Country, now: datetime) -> date:
    """Return the next working day of the campaign, or its last day."""
    tomorrow = local(now, home.zone).date() + timedelta(days=1)
    return min(first_working_day(max(tomorrow, campaign.opens), home.code), campaign.closes)


async def save_own_post(interaction: Interaction, answers: form.OwnPostAnswers) -> None:
    """Plan a new post, unless it cannot be due then. A form that is sent twice is one post."""
    require_organiser(interaction, answers.country)
    campaign = interaction.services.campaign()
    home = country_of(campaign, answers.country)
    problem = misplaced(campaign, home, answers.day, answers.at, interaction.now)
    if problem and _planned(interaction, answers) is None:
        await _show_again(interaction, answers, problem)
        return
    when, words = (answers.country, answers.day, answers.at), {home.language: answers.text}
    change = interaction.store.revisions.add_post
    made = await decide(interaction, lambda who: who.answers_for(answers.country), change, *when, words, answers.origin)
    revision = interaction.services.live.decisions.revisions.get((made.id, home.language))
    if made.by != interaction.user or revision is None or revision.text != answers.text:
        await _show_again(interaction, answers, Misplaced.MEETS)
        return
    await show_post(interaction, post_value(answers.country, made.id), interaction.words("organise.own_post_planned"))


def _planned(interaction: Interaction, answers: form.OwnPostAnswers) -> OwnPost | None:
    """Return the post that the organiser has planned for that time, as the same form does that comes once more."""
    wanted = (answers.country, answers.day, answers.at, interaction.user)
    own = interaction.services.live.decisions.own_posts
    return next((each for each in own if (each.country, each.day, each.time, each.by) == wanted), None)


async def _show_again(interaction: Interaction, answers: form.OwnPostAnswers, problem: Misplaced) -> None:
    words, campaign = interaction.words, interaction.services.campaign()
    days = {"from": words.short_day(campaign.opens), "to": words.short_day(campaign.closes)}
    told = words(f"form.organise_own_post.{problem}", country=scope_name(words, answers.country), **days)
    when = answers.day, answers.at
    await _show(interaction, answers.country, when, answers.text, told=told, origin=answers.origin)


async def organise_withdraw(interaction: Interaction, value: str) -> None:
    """Take back a post of a country's own, unless it has been sent."""
    country, _, name = value.partition("/")
    organiser = require_organiser(interaction, country)
    if not is_own(interaction, name, country):
        await show_page(interaction, organiser, country, told=await _who_withdrew(interaction, name, country))
        return
    change = interaction.store.revisions.withdraw_post
    is_gone = await decide(interaction, lambda who: who.answers_for(country), change, name)
    if not is_gone and is_own(interaction, name, country):
        await show_post(interaction, value, interaction.words("organise.own_post_left"))
        return
    words = interaction.words
    withdrawn = words("organise.own_post_withdrawn", country=scope_name(words, country)) if is_gone else None
    told = withdrawn or await _who_withdrew(interaction, name, country)
    await show_page(interaction, organiser, country, told=told)


async def _who_withdrew(interaction: Interaction, name: str, country: str) -> str:
    """Say who has taken a post back that is gone by now."""
    act = await last_act(interaction, Act.WITHDREW_POST, country, name)
    when = instant_words(interaction.words, act.at, country_of(interaction.campaign, country).zone)
    return interaction.words("organise.own_post_withdrawn_before", who=name_of(interaction.words, act.user), **when)

"""Managers name who stands in for the representatives of a country, see who does, and end it."""

from __future__ import annotations

from bot.campaign.localtime import local
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise import country_of, require_organiser
from bot.listeners.organisers import decide, last_act
from bot.messages.organise import stand_ins as form
from bot.messages.organise.overview import instant_words, name_of, scope_name
from bot.store.organiser_acts import Act


async def organise_stand_ins(interaction: Interaction, value: str) -> None:
    """Show who stands in for a country's representatives, and the form to name somebody."""
    await _show(interaction, value)


async def _show(interaction: Interaction, country: str, told: str = "") -> None:
    """Show the form as everything is now; `told` is what has come of the last press."""
    _require_manager(interaction, country)
    campaign = interaction.services.campaign()
    today = local(interaction.now, country_of(campaign, country).zone).date()
    named = interaction.services.live.decisions.stand_ins
    there = sorted(
        (each for each in named if each.country == country and today <= each.until), key=lambda each: each.until
    )
    until = max(today, campaign.last_day)
    await interaction.show(form.draw(interaction.words, country, there, today=today, until=until, told=told))


def _require_manager(interaction: Interaction, country: str) -> None:
    if not require_organiser(interaction, country).is_manager:
        raise RequestRefusedError("organise.managers_only")


async def save_stand_in(interaction: Interaction, answers: form.StandInAnswers) -> None:
    """Let a colleague stand in up to a day."""
    _require_manager(interaction, answers.country)
    words, country = interaction.words, scope_name(interaction.words, answers.country)
    name = name_of(words, answers.user)
    files = interaction.services.live.files.country(answers.country)
    if files and answers.user in files.representatives:
        await _show(interaction, answers.country, words("organise.represents_already", person=name, country=country))
        return
    profile = await interaction.services.profile(answers.user)
    if not profile.membership.may_participate:
        await _show(interaction, answers.country, words("organise.no_colleague", person=name))
        return
    change = interaction.store.organisers.name_stand_in
    about = (answers.country, answers.user, answers.until)
    before = await decide(interaction, lambda who: who.is_manager, change, *about)
    told = [words("organise.stand_in_named", person=name, country=country, day=words.short_day(answers.until))]
    if before and before.until != answers.until:
        day = words.short_day(before.until)
        told.append(words("organise.stand_in_named_before", day=day, who=name_of(words, before.by)))
    await _show(interaction, answers.country, " ".join(told))


async def organise_end_stand_in(interaction: Interaction, value: str) -> None:
    """End somebody's standing in before its last day."""
    country, _, user = value.partition("/")
    _require_manager(interaction, country)
    words, change = interaction.words, interaction.store.organisers.end_stand_in
    if await decide(interaction, lambda who: who.is_manager, change, country, user):
        told = words("organise.stand_in_ended", person=name_of(words, user), country=scope_name(words, country))
    else:
        act = await last_act(interaction, Act.ENDED_STAND_IN, country)
        when = instant_words(words, act.at, country_of(interaction.campaign, country).zone)
        told = words("organise.stand_in_ended_before", who=name_of(words, act.user), **when)
    await _show(interaction, country, told)

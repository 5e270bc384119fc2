"""Organisers pause the week, in a country or everywhere, and resume it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from bot.campaign.organiser_decisions import ALL_COUNTRIES, Pause
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise import require_organiser, show_page
from bot.listeners.organisers import decide, last_act
from bot.messages.campaign_texts import title_of_post
from bot.messages.organise import resume as form
from bot.messages.organise.overview import EVERYTHING, instant_words, name_of, scope_name
from bot.messages.replies.phrases import capitalized
from bot.store.organiser_acts import Act
from bot.store.pauses import Missed, MissedPost


async def organise_pause(interaction: Interaction, value: str) -> None:
    """Pause a country, or all, at once."""
    scope, _, home = value.partition("/")
    country = ALL_COUNTRIES if scope == EVERYTHING else scope
    _require_known(interaction, country)
    pause = await decide(interaction, lambda who: who.answers_for(country), interaction.store.pauses.pause, country)
    is_first = (pause.by, pause.at) == (interaction.user, interaction.now)
    name = "organise.paused_now" if is_first else "organise.paused_before"
    await _back(interaction, home, _told(interaction, name, pause, home))


async def organise_resume(interaction: Interaction, value: str) -> None:
    """Show what a pause has kept back, and ask what is to become of it."""
    name, _, home = value.partition("/")
    organiser = require_organiser(interaction, home)
    pause = await _in_force(interaction, name)
    if pause is None:
        await _back(interaction, home, await _who_resumed(interaction, home))
        return
    if not organiser.answers_for(pause.country):
        raise RequestRefusedError("organise.not_yours")
    store, campaign = interaction.store, interaction.campaign
    missed = await store.read(store.pauses.missed, campaign.id, pause, interaction.now)
    shown = list(_by_post(interaction, missed))
    await interaction.show(form.draw(interaction.words, pause, shown, home=home, zone=_zone(interaction, home)))


async def save_resume(interaction: Interaction, answers: form.ResumeAnswers) -> None:
    """End a pause, and send what was missed or leave it out."""
    require_organiser(interaction, answers.home)
    pause = await _in_force(interaction, answers.pause)
    choice = Missed.LEAVE_OUT if answers.is_left_out else Missed.SEND
    is_over = pause is not None and await decide(
        interaction, lambda who: who.answers_for(pause.country), interaction.store.pauses.resume, pause, choice
    )
    if pause and is_over:
        told = _told(interaction, f"organise.resumed_{choice}", pause, answers.home)
    else:
        told = await _who_resumed(interaction, answers.home)
    await _back(interaction, answers.home, told)


async def _back(interaction: Interaction, home: str, told: str) -> None:
    await show_page(interaction, require_organiser(interaction, home), home, told=told)


def _require_known(interaction: Interaction, country: str) -> None:
    if country != ALL_COUNTRIES and interaction.campaign.country(country) is None:
        raise RequestRefusedError("trouble.stale")


async def _in_force(interaction: Interaction, name: str) -> Pause | None:
    """Look up a pause in the database: another process may have just begun or ended it."""
    found = await interaction.store.read(interaction.store.pauses.in_force, interaction.campaign.id)
    return next((each for each in found if each.id == name), None)


def _told(interaction: Interaction, name: str, pause: Pause, home: str) -> str:
    words = interaction.words
    where, when = scope_name(words, pause.country), instant_words(words, pause.at, _zone(interaction, home))
    return capitalized(words(name, country=where, who=name_of(words, pause.by), **when))


async def _who_resumed(interaction: Interaction, home: str) -> str:
    """Say who ended the pause that is over by now."""
    words, last = interaction.words, await last_act(interaction, Act.RESUMED)
    when = instant_words(words, last.at, _zone(interaction, home))
    where = scope_name(words, last.country or ALL_COUNTRIES)
    return capitalized(words("organise.resumed_before", who=name_of(words, last.user), country=where, **when))


def _zone(interaction: Interaction, home: str) -> str:
    found = interaction.campaign.country(home)
    return found.zone if found else interaction.campaign.zone


def _by_post(interaction: Interaction, missed: list[MissedPost]) -> Iterator[form.MissedMessages]:
    """Put together what was missed of a post: how many colleagues did not get a message is not told."""
    campaign = interaction.campaign
    together = attrgetter("post", "can_be_sent")
    for (post, can_be_sent), found in groupby(sorted(missed, key=together), key=together):
        rows = list(found)
        title = title_of_post(campaign, post, interaction.words)
        # Reminders and news of ideas are no posts, and about one colleague each.
        if title:
            countries = sorted({each.country or ALL_COUNTRIES for each in rows})
            yield form.MissedMessages(title, countries, min(each.due_at for each in rows), can_be_sent)

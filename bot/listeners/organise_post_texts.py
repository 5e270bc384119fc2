"""Organisers edit the words of a post, go back to the file's, and correct what was sent."""

from __future__ import annotations

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise_posts import Subject, show_post, subject
from bot.listeners.organisers import decide
from bot.messages.campaign_texts import title_of_post
from bot.messages.modals.modal import View
from bot.messages.organise import edit as form
from bot.messages.organise.overview import instant_words, name_of
from bot.messages.organise.post_page import post_value
from bot.store.text_revisions import Edit, OvertakenError


async def organise_edit(interaction: Interaction, value: str) -> None:
    """Show the form with the words of a post in a language."""
    about = subject(interaction, value)
    language = next(iter(about.rest), "")
    text = _text(interaction, about, language)
    if not about.words_are_of(about.organiser, language):
        raise RequestRefusedError("organise.not_yours")
    await interaction.show(_form(interaction, about, language, text))


def _text(interaction: Interaction, about: Subject, language: str) -> Text:
    text = interaction.services.campaign().texts.get((about.name, language))
    if text is None:
        raise RequestRefusedError("trouble.stale")
    return text


def _form(interaction: Interaction, about: Subject, language: str, text: Text, *, told: str | None = None) -> View:
    """Draw the form with some words; if somebody was first, with the sentence that says so and their words."""
    now = _text(interaction, about, language)
    revision = interaction.services.live.decisions.revisions.get((about.name, language))
    seen = revision.id if revision else ""
    edited = form.Edited(about.home.code, about.name, language, seen, text_hash(now))
    overtaken = (told, now) if told else None
    campaign = interaction.services.campaign()
    return form.draw(interaction.words, edited, text, campaign, title=_title(interaction, about), overtaken=overtaken)


def _title(interaction: Interaction, about: Subject) -> str:
    campaign = interaction.services.campaign()
    return title_of_post(campaign, about.name, interaction.words, about.home.code) or about.name


async def save_edit(interaction: Interaction, answers: form.EditAnswers) -> None:
    """Put the words in force, unless somebody else has changed them since the form was opened."""
    edited = answers.about
    value = post_value(edited.home, edited.post, edited.language)
    about = subject(interaction, value)
    now = _text(interaction, about, edited.language)
    text = _with_other_lines(answers, now, about)
    if text_hash(now) == text_hash(text):
        # Also the same form once more.
        await show_post(interaction, value, interaction.words("organise.saved"))
        return
    # Also where a file says something else: whoever wrote this has not seen it.
    is_seen = text_hash(now) == edited.shown
    if is_seen and await _is_stored(interaction, about, edited, text):
        await show_post(interaction, value, interaction.words("organise.saved"))
        return
    await interaction.services.refresh_decisions()
    told = _overtaken(interaction, about, edited.language)
    await interaction.show(_form(interaction, about, edited.language, text, told=told))


def _with_other_lines(answers: form.EditAnswers, now: Text, about: Subject) -> Text:
    """Return the words that were written, with what the form does not ask for as it is now."""
    # Of other countries, each of which answers for its own line.
    others = {code: line for code, line in now.local.items() if code != about.home.code}
    asked = answers.text.model_dump(include=answers.text.model_fields_set - {"examples"})
    local = {**others, **answers.text.local} if "local" in asked else now.local
    kept = {"answers": now.answers, "picture": now.picture, "alt": now.alt}
    return Text.model_validate({"ask": now.ask, **asked, **kept, "local": local})


async def _is_stored(interaction: Interaction, about: Subject, edited: form.Edited, text: Text) -> bool:
    language = edited.language
    file = interaction.services.live.files.texts.get((about.name, language))
    base = text_hash(file) if file else ""
    edit = Edit(about.name, language, text, base, edited.seen or None)
    try:
        await decide(
            interaction,
            lambda who: about.words_are_of(who, language),
            interaction.store.revisions.revise,
            edit,
        )
    except OvertakenError:
        return False
    return True


def _overtaken(interaction: Interaction, about: Subject, language: str) -> str:
    revision = interaction.services.live.decisions.revisions.get((about.name, language))
    if revision is None:
        return interaction.words("organise.overtaken_by_file")
    when = instant_words(interaction.words, revision.at, about.home.zone)
    return interaction.words("organise.overtaken", who=name_of(interaction.words, revision.by), **when)


async def organise_discard(interaction: Interaction, value: str) -> None:
    """Go back to the words of the file."""
    about = subject(interaction, value)
    language, revision = (*about.rest, "", "")[:2]
    found = interaction.services.live.decisions.revisions.get((about.name, language))
    if found and found.id == revision:
        await decide(
            interaction, lambda who: about.words_are_of(who, language), interaction.store.revisions.discard, revision
        )
    await show_post(interaction, value, interaction.words("organise.discarded"))


async def organise_correct(interaction: Interaction, value: str) -> None:
    """Correct a post where it was sent with other words."""
    about, campaign = subject(interaction, value), interaction.services.campaign()
    texts = {language: text for (post, language), text in campaign.texts.items() if post == about.name}
    country = about.home.code if about.is_for_country else None
    change = interaction.store.corrections.correct
    count = await decide(interaction, about.answers, change, about.name, texts, country)
    name = "organise.correcting" if count else "organise.nothing_to_correct"
    await show_post(interaction, value, interaction.words(name))

"""Country, language and messages: changed at any time, and stopped with one press."""

from __future__ import annotations

from datetime import date, timedelta

from bot.campaign.idea_recipients import has_duty
from bot.listeners import country_and_language_parsing, date_parsing, onboarding
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.stop_messages import stop, stop_posts
from bot.messages.modals import pause_own_messages as pause_modal
from bot.messages.replies.phrases import place_name
from bot.messages.replies.reply_blocks import inline_quote

_LONGEST_PAUSE = timedelta(days=366)


async def settings(interaction: Interaction, _value: str) -> None:
    """Show everything that can be changed."""
    await onboarding.ask(interaction)


async def country(interaction: Interaction, name: str) -> None:
    """Move to another country, or show the settings; what the person did before counts where they did it."""
    if not name:
        await onboarding.ask(interaction)
        return
    found = country_and_language_parsing.country(interaction.campaign, name)
    if found is None:
        raise _unknown_country(interaction, name)
    # Somebody who has moved may be in another time zone.
    await interaction.refresh_timezone()
    await interaction.store.write(interaction.store.people.change, interaction.user, country=found)
    interaction.request_full_plan()
    await interaction.reply(interaction.words("country.changed", country=place_name(interaction.words, found)))


def _unknown_country(interaction: Interaction, name: str) -> RequestRefusedError:
    codes = [each.code for each in interaction.campaign.countries]
    countries = ", ".join(f"`{code}` {place_name(interaction.words, code)}" for code in codes)
    return RequestRefusedError("country.unknown", asked=inline_quote(name), countries=countries)


async def language(interaction: Interaction, name: str) -> None:
    """Change to another language, or show the settings."""
    if not name:
        await onboarding.ask(interaction)
        return
    found = country_and_language_parsing.language(interaction.campaign, name)
    if found is None:
        raise _unknown_language(interaction, name)
    await interaction.store.write(interaction.store.people.change, interaction.user, language=found)
    interaction.request_full_plan()
    # Takes up the new language, in which the answer has to be.
    await interaction.identify()
    await interaction.reply(interaction.words("language.changed", language=interaction.words.language_name(found)))


def _unknown_language(interaction: Interaction, name: str) -> RequestRefusedError:
    codes = interaction.campaign.languages
    languages = ", ".join(f"`{code}` {interaction.services.words(code).language_name(code)}" for code in codes)
    return RequestRefusedError("language.unknown", asked=inline_quote(name), languages=languages)


async def messages(_interaction: Interaction, _value: str) -> None:
    """Refuse to guess whether messages shall be on or off."""
    raise RequestRefusedError("messages.unclear")


async def messages_on(interaction: Interaction, _value: str) -> None:
    """Turn direct messages on, which also ends a pause."""
    store, user = interaction.store, interaction.user
    await store.write(store.people.change, user, direct_messages=True, paused_until=None, stopped_at=None)
    interaction.request_full_plan()
    await interaction.reply(interaction.words("messages.on"))


async def messages_stop(interaction: Interaction, post: str) -> None:
    """Stop all direct messages, also those that are about to be sent; `post` is the one below which it was pressed."""
    if interaction.person is None:
        raise _nothing_to_stop(interaction)
    await stop(interaction, post)
    # What representatives get as a duty cannot be stopped here, so they are told who decides on it.
    names = ["messages.stopped", *(["messages.duty"] if has_duty(interaction.campaign, interaction.user) else [])]
    await interaction.reply(" ".join(map(interaction.words, names)))


def _nothing_to_stop(interaction: Interaction) -> RequestRefusedError:
    has_a_duty = has_duty(interaction.campaign, interaction.user)
    return RequestRefusedError("messages.duty" if has_a_duty else "messages.none")


async def check_in_stop(interaction: Interaction, post: str) -> None:
    """Stop the questions how it went; reminders that were asked for go on."""
    interaction.post(post, "check_in")
    await stop_posts(interaction, post)
    await interaction.reply(interaction.words("check_in.stopped"))


async def messages_pause(interaction: Interaction, _value: str) -> None:
    """Ask until when messages shall pause."""
    if interaction.person is None:
        raise _nothing_to_stop(interaction)
    await interaction.show(pause_modal.draw(interaction.words, interaction.today + timedelta(days=1)))


async def pause(interaction: Interaction, typed: str) -> None:
    """Pause messages until a date that was typed, or ask for one."""
    if not typed:
        await messages_pause(interaction, "")
        return
    until = date_parsing.day(typed, interaction.today, interaction.typed_words)
    if until is None:
        raise RequestRefusedError("pause.unclear", asked=inline_quote(typed), example=_example(interaction))
    await pause_until(interaction, until)


def _example(interaction: Interaction) -> str:
    """Return a date as people can type it, which would be a pause of a week."""
    return (interaction.today + timedelta(weeks=1)).isoformat()


async def pause_until(interaction: Interaction, until: date) -> None:
    """Send no messages before `until`, a local date."""
    if until <= interaction.today:
        raise RequestRefusedError("pause.past", day=interaction.words.day(until), example=_example(interaction))
    # Nobody means a pause of years: more likely the year was mistyped, and messages would stop for good without a word.
    if until > interaction.today + _LONGEST_PAUSE:
        raise RequestRefusedError("pause.too_long")
    await interaction.store.write(interaction.store.people.change, interaction.user, paused_until=until)
    await interaction.reply(interaction.words("pause.until", day=interaction.words.day(until)))


async def resume(interaction: Interaction, _value: str) -> None:
    """End a pause; without one, turn messages on that were stopped."""
    await (pause_off if _is_paused(interaction) else messages_on)(interaction, "")


async def pause_off(interaction: Interaction, _value: str) -> None:
    """End a pause."""
    if not _is_paused(interaction):
        raise RequestRefusedError("pause.none")
    await interaction.store.write(interaction.store.people.change, interaction.user, paused_until=None)
    interaction.request_full_plan()
    await interaction.reply(interaction.words("pause.ended"))


def _is_paused(interaction: Interaction) -> bool:
    until = interaction.member.paused_until
    return until is not None and interaction.today < until

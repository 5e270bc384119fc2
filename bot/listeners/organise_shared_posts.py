"""Organisers share posts of their own with those of other countries, and take over what is shared."""

from __future__ import annotations

from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise_own_posts import show_form
from bot.listeners.organise_posts import is_own, show_post, subject
from bot.listeners.organisers import decide, role
from bot.messages.organise.overview import instant_words, name_of
from bot.messages.organise.text_fields import Draft
from bot.messages.organise.who_organises import who_organises


async def organise_share_post(interaction: Interaction, value: str) -> None:
    """Share a post of a country's own with the organisers of the other countries, once."""
    about, campaign = subject(interaction, value), interaction.services.campaign()
    if not is_own(interaction, about.name, about.home.code):
        raise RequestRefusedError("trouble.stale")
    if campaign.organisers_channel is None:
        raise RequestRefusedError("share.no_channel")
    change = interaction.store.shares.share_post
    share = await decide(interaction, about.answers, change, about.name, about.home.code)
    words = interaction.words
    if (share.by, share.at) == (interaction.user, interaction.now):
        told = words("share.post_on_its_way")
    else:
        who, when = name_of(words, share.by), instant_words(words, share.at, about.home.zone)
        told = words("share.done_before", who=who, **when)
    await show_post(interaction, value, told)


async def organise_use(interaction: Interaction, value: str) -> None:
    """Show the form for a post of the organiser's own country, with the words of what is shared."""
    campaign = interaction.services.campaign()
    if role(campaign, interaction.user) is None:
        interaction.require_colleague()
        await interaction.reply(who_organises(interaction.words, campaign, interaction.country))
        return
    own = [each for each in campaign.countries if interaction.user in each.representatives]
    if not own:
        raise RequestRefusedError("share.no_country")
    draft = await _draft(interaction, value, own[0].language)
    await show_form(interaction, own[0].code, draft, origin=value)


async def _draft(interaction: Interaction, shared: str, language: str) -> Draft:
    """Return the words of what is shared.

    Raises:
        RequestRefusedError: It is not shared, or not there any more.
    """
    store, campaign = interaction.store, interaction.services.campaign()
    if await store.read(store.shares.get, campaign.id, shared):
        if idea := await store.read(store.ideas.get, shared):
            return Draft(body=idea.text)
        if text := campaign.texts.get((shared, language)):
            return Draft(text.title, text.summary, text.body, text.ask)
    raise RequestRefusedError("trouble.stale")

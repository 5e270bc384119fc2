"""Tips: the tip of the day, and "I did this"."""

from __future__ import annotations

from datetime import date

from bot.campaign.model import Campaign, Post
from bot.campaign.schedule import day_of
from bot.listeners.interaction import Interaction
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose
from bot.store.actions import ActionKind


async def did_this(interaction: Interaction, value: str) -> None:
    """Store that the person did what a tip proposes, once a tip."""
    post = interaction.post(value, "tip")
    is_new = await interaction.store.write(
        interaction.store.actions.record, interaction.new_action(ActionKind.TIP, post.post)
    )
    await interaction.reply(interaction.words("tip.noted" if is_new else "tip.known"))


async def tip(interaction: Interaction, _value: str) -> None:
    """Show the tip of the day, or the latest one."""
    campaign, words, country = interaction.campaign, interaction.words, interaction.country
    post = latest(campaign, country, interaction.today)
    if post:
        context = PostContext(campaign, post, words, country=country, at=interaction.moment)
        await interaction.reply_message(compose(context))
    elif coming := _coming(interaction):
        await interaction.reply(words("tip.none_yet", day=words.day(min(coming))))
    else:
        await interaction.reply(words("tip.none"))


def _coming(interaction: Interaction) -> list[date]:
    """Return the days of the tips that are still to come in the person's country."""
    days = (day_of(post, interaction.country) for post in _tips(interaction.campaign, interaction.country))
    return [day for day in days if day > interaction.today]


def latest(campaign: Campaign, country: str | None, today: date) -> Post | None:
    """Return the newest tip that a country has had by a local date."""
    had = [post for post in _tips(campaign, country) if day_of(post, country) <= today]
    return max(had, key=lambda post: (post.day, post.time), default=None)


def _tips(campaign: Campaign, country: str | None) -> list[Post]:
    return [post for post in campaign.posts if post.kind == "tip" and post.reaches(country)]

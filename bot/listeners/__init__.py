"""The handlers of what people do in Slack: commands, actions, views and events."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.campaign.model import Campaign
from bot.listeners import command_parsing, country_and_language_parsing
from bot.listeners.interaction_handlers import Handlers
from bot.listeners.services import Services
from bot.listeners.typed_words import TypedWords
from bot.slack.manifest import COMMAND

ANY = re.compile("")
"""Matches every name, so that unknown ones are answered as well."""


def prepare(campaign: Campaign) -> None:
    """Look up the words and names that people can type, in every language.

    The first to type one would do it, and everybody would wait for a tenth of a second or two.
    """
    command_parsing.parse(campaign.id, TypedWords(campaign.bot_words))
    country_and_language_parsing.country(campaign, campaign.id)
    country_and_language_parsing.language(campaign, campaign.id)


def register(app: AsyncApp, services: Services) -> Handlers:
    """Register the handlers with Bolt."""
    handlers = Handlers(services)
    # A middleware, so that a redelivery reaches no listener.
    app.middleware(handlers.duplicates.filter)
    app.command(COMMAND)(handlers.command)
    # One listener for all, since Bolt tries its listeners one after the other; the routing table is a dictionary.
    app.action(ANY)(handlers.action)
    app.shortcut(ANY)(handlers.shortcut)
    app.view(ANY)(handlers.view_submission)
    app.event("app_home_opened")(handlers.app_home_opened)
    app.event("message")(handlers.message)
    app.event("app_uninstalled")(handlers.access_revoked)
    app.event("tokens_revoked")(handlers.access_revoked)
    return handlers

"""The handlers of what people do in Slack: commands, actions, views and events."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.listeners.handlers import Handlers
from bot.listeners.services import Services
from bot.slack import payloads
from bot.slack.manifest import COMMAND

ANY = re.compile("")
"""Matches every name, so that unknown ones are answered as well."""


def register(app: AsyncApp, services: Services) -> Handlers:
    """Register the handlers with Bolt."""
    handlers = Handlers(services)
    app.middleware(payloads.check)
    app.middleware(handlers.once.filter)
    app.command(COMMAND)(handlers.command)
    app.action(ANY)(handlers.action)
    app.view(ANY)(handlers.view_submission)
    app.event("app_home_opened")(handlers.app_home_opened)
    app.event("message")(handlers.message)
    app.event("app_uninstalled")(handlers.access_revoked)
    app.event("tokens_revoked")(handlers.access_revoked)
    return handlers

"""What people do in Slack: commands, actions, views, events."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.listeners.handlers import Reception
from bot.listeners.services import Desk
from bot.slack import payloads
from bot.slack.manifest import COMMAND

ANY = re.compile("")
"""Every name: what nobody knows is answered, too."""


def register(app: AsyncApp, desk: Desk) -> Reception:
    """Tell Bolt who listens to what; who receives it."""
    reception = Reception(desk)
    app.middleware(payloads.check)
    app.middleware(reception.once.filter)
    app.command(COMMAND)(reception.command)
    app.action(ANY)(reception.action)
    app.view(ANY)(reception.submission)
    app.event("app_home_opened")(reception.home_opened)
    app.event("message")(reception.message)
    app.event("app_uninstalled")(reception.gone)
    app.event("tokens_revoked")(reception.gone)
    return reception

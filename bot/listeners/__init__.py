"""What people do in Slack: commands, actions, views, events."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.listeners import arrivals
from bot.manifest import COMMAND, EVENTS


def register(app: AsyncApp) -> None:
    """Tell Bolt who listens to what."""
    app.action(re.compile(r"^[a-z_]+$"))(arrivals.acknowledge)
    app.command(COMMAND)(arrivals.acknowledge)
    for event in EVENTS:
        app.event(event)(arrivals.acknowledge)

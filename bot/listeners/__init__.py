"""What people do in Slack: commands, actions, views, events."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.listeners import presses


def register(app: AsyncApp) -> None:
    """Tell Bolt who listens to what."""
    app.action(re.compile(r"^[a-z_]+$"))(presses.acknowledge)

"""Presses on buttons."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

log = structlog.get_logger()


async def acknowledge(ack: AsyncAck, action: dict[str, Any]) -> None:
    """Tell Slack at once that the press has arrived, so that it shows no warning."""
    await ack()
    log.info("a button was pressed", action="press", button=action.get("action_id"))

"""Whatever arrives from Slack and asks for no more than to be acknowledged."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

log = structlog.get_logger()


async def acknowledge(ack: AsyncAck, body: dict[str, Any]) -> None:
    """Tell Slack at once that it has arrived: it shows no warning then, and does not send it again."""
    await ack()
    log.info("something arrived from Slack", action="arrival", kind=body.get("type") or body.get("command"))

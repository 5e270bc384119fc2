"""`/earthweek standings`: the figures as they were published last."""

from __future__ import annotations

from bot.campaign.publications import next_at
from bot.listeners.interaction import Visit
from bot.messages.replies import standings as panel


async def standings(visit: Visit, _value: str) -> None:
    """Show where the countries stand."""
    newest = await visit.desk.publisher.newest(visit.campaign)
    coming = next_at(visit.campaign, visit.now)
    await visit.say(panel.draw(visit.words, visit.campaign, newest, country=visit.country, chart=True, next_at=coming))

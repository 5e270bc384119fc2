"""`/earthweek standings`: the figures as they were published last."""

from __future__ import annotations

from bot.listeners.visit import Visit
from bot.messages.panels import standings as panel
from bot.standings.register import next_at


async def standings(visit: Visit, _value: str) -> None:
    """Show where the countries stand."""
    newest = await visit.desk.register.newest(visit.campaign.id)
    coming = next_at(visit.campaign, visit.now)
    await visit.say(panel.draw(visit.words, visit.campaign, newest, country=visit.country, chart=True, next_at=coming))

"""The App Home: everything about the week on one page."""

from __future__ import annotations

from bot.campaign.publications import next_at
from bot.listeners import my_data
from bot.listeners.interaction import Visit
from bot.listeners.tips import latest
from bot.messages.replies import home


async def publish(visit: Visit) -> None:
    """Draw somebody's Home anew; who takes no part reads why."""
    if not visit.standing.may_participate:
        refused = home.refused(visit.words, visit.campaign, f"standing.{visit.standing}")
        await visit.desk.client.views_publish(user_id=visit.user, view=refused)
        return
    view = home.draw(
        visit.words,
        visit.campaign,
        await my_data.me(visit),
        tip=latest(visit.campaign, visit.country, visit.today),
        standings=await visit.desk.publisher.newest(visit.campaign),
        at=visit.moment,
        next_at=next_at(visit.campaign, visit.now),
    )
    await visit.desk.client.views_publish(user_id=visit.user, view=view)

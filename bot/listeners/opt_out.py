"""Stopping direct messages, in one press and at once."""

from __future__ import annotations

from bot.listeners.interaction import Visit
from bot.store.actions import Deed, Kind


async def stop(visit: Visit, post: str = "") -> None:
    """Send no more direct messages, also none that is about to be sent; `post` is what the button stood under."""
    await visit.desk.store.people.stop(_opted_out(visit, post))


async def stop_posts(visit: Visit, post: str) -> None:
    """Send no more posts directly; reminders that were asked for go on."""
    await visit.desk.store.people.stop_posts(_opted_out(visit, post))


def _opted_out(visit: Visit, post: str) -> Deed:
    known = any(each.post == post for each in visit.campaign.posts)
    return Deed(visit.campaign.id, visit.user, Kind.OPTED_OUT, post if known else "", visit.country, visit.now)

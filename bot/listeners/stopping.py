"""Stopping direct messages, in one press and at once."""

from __future__ import annotations

from bot.listeners.visit import Visit
from bot.store.deeds import Deed, Kind


async def stop(visit: Visit, post: str = "") -> None:
    """Send no more direct messages, also none that is about to be sent; `post` is what the button stood under."""
    store, user = visit.desk.store, visit.user
    await store.people.change(user, direct_messages=False, earth_hour_reminder=False, stopped_at=visit.now)
    await store.pledges.stop_reminders(visit.campaign.id, user)
    await store.privacy.recall(user)
    await count_out(visit, post)


async def count_out(visit: Visit, post: str) -> None:
    """Count that somebody opted out after a post, or after none that is known."""
    known = any(each.post == post for each in visit.campaign.posts)
    subject = post if known else ""
    deed = Deed(visit.campaign.id, visit.user, Kind.OPTED_OUT, subject, visit.country, visit.now)
    await visit.desk.store.deeds.record(deed)

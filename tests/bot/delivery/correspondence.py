"""People, pledges and ideas that letters are about, as short as a test can say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from bot.delivery.unscheduled_messages import NotificationKind
from bot.store.ideas import Idea, Remark
from bot.store.people import Person
from bot.store.pledges import Factor, Pledged

CAMPAIGN = "earth-week-2027"
PLEDGE = "bike_or_walk_10km"
NOW = datetime(2027, 3, 15, 10, tzinfo=UTC)
"""Monday, 11:00 in Stockholm."""

TUESDAY, WEDNESDAY = date(2027, 3, 16), date(2027, 3, 17)


def person(user: str = "U0ANN", **more: Any) -> Person:
    """Somebody in Sweden who joined on Monday and asked for no direct messages."""
    known: dict[str, Any] = {"zone": "Europe/Stockholm", "joined_at": NOW, "country": "SE", "language": "sv"}
    return Person("T0TEAM", user, **known | more)


def pledged(user: str = "U0ANN", **more: Any) -> Pledged:
    """A pledge with a reminder on Tuesday at nine."""
    known: dict[str, Any] = {"country": "SE", "made_at": NOW, "factor": Factor(2.1, 0.1, 3.4, "1")}
    wanted = {"pledge": PLEDGE, "plan": "To work", "remind_at": time(9), "remind_on": (TUESDAY,)}
    return Pledged(CAMPAIGN, user, **known | wanted | more)


def idea(**more: Any) -> Idea:
    """An idea of Ann's, in Sweden."""
    known: dict[str, Any] = {"id": "1dea", "user": "U0ANN", "country": "SE", "language": "sv", "named": False}
    return Idea(campaign=CAMPAIGN, **known | {"text": "More trains!", "at": NOW, "changed_at": NOW} | more)


def remark(**more: Any) -> Remark:
    """A line about a pledge."""
    known: dict[str, Any] = {"id": "5a1d", "user": "U0ANN", "country": "SE", "occasion": "friday-check-in"}
    about = {"pledge": PLEDGE, "obstacle": "rules", "text": "No place for bicycles."}
    return Remark(campaign=CAMPAIGN, at=NOW, **known | about | more)


REVIEW, NEWS, POST = NotificationKind.IDEA_REVIEW, NotificationKind.IDEA_NEWS, NotificationKind.IDEA_POST

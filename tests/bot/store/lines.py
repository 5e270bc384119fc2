"""Lines of an outbox, as short as a test can say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.store.outbox import Changes, Entry, Outbox

CAMPAIGN = "a-week"
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
LEASE = timedelta(seconds=30)


def line(post: str = "tip", recipient: str = "SE", due: datetime = DUE, **more: Any) -> Slot:
    """A line that is due at 08:00 and may be two hours late."""
    known: dict[str, Any] = {
        "campaign": CAMPAIGN,
        "post": post,
        "audience": "countries",
        "recipient": recipient,
        "local_date": due.date(),
        "kind": "tip",
        "country": "SE",
        "language": "sv",
        "zone": "Europe/Stockholm",
        "local": due.replace(tzinfo=None) + timedelta(hours=1),
        "due_at": due,
        "expires_at": due + timedelta(hours=2),
    }
    return Slot(**known | more)


async def planned(database: Database, outbox: Outbox, *lines: Slot) -> list[Entry]:
    """Put lines into an outbox; its rows."""
    await database.write(outbox.apply, Changes(add=lines), DUE - timedelta(days=1))
    return await database.read(outbox.entries, CAMPAIGN)


async def only(database: Database, outbox: Outbox) -> Entry:
    """The only row there is."""
    [row] = await database.read(outbox.entries, CAMPAIGN)
    return row

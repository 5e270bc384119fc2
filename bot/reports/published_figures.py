"""Reads the published figures of a campaign from the database of a running bot."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from bot.campaign.model import Campaign
from bot.standings.figures import Standings
from bot.standings.publisher import Publisher
from bot.store.database import open_read_only, require_current, unusable_error
from bot.store.participation import Participation
from bot.store.snapshots import Snapshots


async def published(url: str, campaign: Campaign) -> list[Standings]:
    """Read all publications, oldest first. The database is neither created nor upgraded nor locked.

    Raises:
        DatabaseUnusableError: There is no database yet, it cannot be read, or it is another version's.
    """
    # An older schema is not read: its snapshots may lack what the report shows.
    await require_current(url)
    engine = open_read_only(url)
    try:
        return await Publisher(Participation(engine), Snapshots(engine)).all(campaign)
    except (SQLAlchemyError, OSError) as error:
        raise unusable_error(error) from error
    finally:
        await engine.dispose()

"""The figures that were published of a campaign, read beside a bot that runs."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.standings.figures import Standings
from bot.standings.register import Register
from bot.store.database import DatabaseUnusable, open_database, parse_url
from bot.store.participation import Participation
from bot.store.snapshots import Snapshots


async def published(url: str, campaign: str) -> list[Standings]:
    """Everything that was published of a campaign, oldest first. Nothing is made, brought up to date or locked.

    Raises:
        DatabaseUnusable: There is no database yet, or none that a bot has kept figures in.
    """
    _look_for(url)
    engine = open_database(url)
    try:
        return await Register(Participation(engine), Snapshots(engine)).all(campaign)
    except (SQLAlchemyError, OSError) as error:
        cause = str(getattr(error, "orig", error)).splitlines()[0]
        raise DatabaseUnusable(
            f"the database has no figures that can be read ({cause}); look at DATABASE_URL, "
            "and start the bot once if it is an older one's"
        ) from error
    finally:
        await engine.dispose()


def _look_for(url: str) -> None:
    """Opening a SQLite file that is not there would make it."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise DatabaseUnusable(
            f"there is no database at {parsed.database or url} yet; look at DATABASE_URL, or start the bot first"
        )

"""Pictures that were uploaded to Slack, by workspace and by the hash of their bytes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.database.dialect_statements import insert_for
from bot.store.tables import pictures


class Pictures:
    """Stores which file of Slack is which picture, and who is uploading one."""

    def uploaded(self, connection: Connection, team: str) -> set[str]:
        """Return the hashes of the pictures that are in a workspace."""
        query = select(pictures.c.hash).where(pictures.c.team == team, pictures.c.file.is_not(None))
        return set(connection.scalars(query))

    def claim(self, connection: Connection, team: str, picture: str, now: datetime, until: datetime) -> bool:
        """Return whether this process may upload a picture, which no other process then does until some time."""
        free = pictures.c.file.is_(None) & (pictures.c.claimed_until <= now)
        # One statement, so that of two processes that ask at once exactly one uploads.
        claimed = (
            insert_for(connection, pictures)
            .values(team=team, hash=picture, claimed_until=until)
            .on_conflict_do_update(index_elements=("team", "hash"), set_={"claimed_until": until}, where=free)
            .returning(pictures.c.hash)
        )
        return connection.execute(claimed).scalar_one_or_none() is not None

    def record(self, connection: Connection, team: str, picture: str, file: str, at: datetime) -> None:
        """Store the file of a picture. The first one stays if another process was at it too."""
        mine = (pictures.c.team == team) & (pictures.c.hash == picture) & pictures.c.file.is_(None)
        connection.execute(update(pictures).where(mine).values(file=file, uploaded_at=at))

    def file(self, connection: Connection, team: str, picture: str, uploaded_by: datetime) -> str | None:
        """Look up the file of a picture that was uploaded by some time."""
        query = select(pictures.c.file).where(
            pictures.c.team == team, pictures.c.hash == picture, pictures.c.uploaded_at <= uploaded_by
        )
        return connection.scalar(query)

    def forget(self, connection: Connection, file: str) -> bool:
        """Forget a file that Slack does not show any more. Returns whether it was known."""
        return connection.execute(delete(pictures).where(pictures.c.file == file)).rowcount > 0

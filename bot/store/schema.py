"""Compares a database's schema with the one that this version of the bot needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True)
class Schema:
    """The revision that a database has, or None where it has no tables yet, and the newest one."""

    revision: str | None
    newest: str
    is_known: bool

    @property
    def is_current(self) -> bool:
        """True if it is the revision that this version of the bot needs."""
        return self.revision == self.newest

    @property
    def sentence(self) -> str:
        """The state of the schema and what to do about it, for operators."""
        if self.revision is None:
            return "it has no tables yet; earthweek run makes them"
        if not self.is_known:
            return (
                f"its schema {self.revision} is of a newer version of the bot, and this one knows none after "
                f"{self.newest}; install the newer version again, or go back to a copy from before it"
            )
        if not self.is_current:
            return f"it has schema {self.revision}; earthweek run upgrades it to {self.newest}"
        return f"it has schema {self.newest}, the newest"


def schema_of(connection: Connection) -> Schema:
    """Read the schema of a database, without changing anything."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    newest = scripts.get_current_head() or ""
    found = MigrationContext.configure(connection).get_current_revision()
    return Schema(found, newest, found in {each.revision for each in scripts.walk_revisions()})

"""Runs the migrations on the connection that `bot.store.schema.migrate` hands over."""

from __future__ import annotations

from alembic import context

from bot.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # Alembic assumes that SQLite has no transactional DDL. It does, once the driver's own handling is off.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Runs the remote store's migrations on the connection it is given."""

from alembic import context

from gca_tui.server.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()

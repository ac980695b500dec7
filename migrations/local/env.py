"""Runs the local store's migrations on the connection it is given."""

from alembic import context

from gca_tui.store.tables import DossierRow

context.configure(connection=context.config.attributes["connection"], target_metadata=DossierRow.metadata)
context.run_migrations()

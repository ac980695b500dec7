"""Migrations of the store by Alembic. Imported only when the store is behind: Alembic costs as much as the screen."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

import migrations
from gca_tui.store.engine import engine_for


def upgrade(path: Path, version: int) -> None:
    """Bring the store to the newest tables and write their version in it, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0]) / "local"))
    engine = engine_for(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.execute(text(f"PRAGMA user_version = {version}"))
    engine.dispose()

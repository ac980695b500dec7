"""SQLAlchemy over the store, for what writes. Imported after the first paint: it costs more than the screen."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from gca_tui.store.driver import connect


def engine_for(path: Path) -> Engine:
    """An engine whose transactions begin as writers, so that none is refused half way through."""
    engine = create_engine("sqlite://", creator=lambda: connect(path), poolclass=QueuePool, pool_size=2)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine

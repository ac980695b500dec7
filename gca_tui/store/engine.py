"""SQLAlchemy over the store, for what writes. Imported after the first paint: it costs more than the screen."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from gca_tui.errors import StoreBusy
from gca_tui.store.driver import BUSY_MS, OperationalError, connect, in_words
from gca_tui.store.driver import Connection as DriverConnection
from gca_tui.store.location import DATABASE

_POLL_MS = 2
_BULK = ("PRAGMA wal_autocheckpoint = 4000", "PRAGMA cache_size = -16000")
_ONE_BY_ONE = ("PRAGMA secure_delete = ON",)
"""What is deleted is overwritten: a dossier that leaves leaves no byte. An import deletes nothing that must go."""


def engine_for(path: Path, *, bulk: bool = False) -> Engine:
    """An engine whose transactions begin as writers, so that none is refused half way through.

    A bulk one takes memory to copy the log back and read the indexes less often: a quarter of an import's SQL.
    """

    def opened() -> DriverConnection:
        connection = connect(path)
        for pragma in _BULK if bulk else _ONE_BY_ONE:
            connection.execute(pragma)
        return connection

    engine = create_engine("sqlite://", creator=opened, poolclass=QueuePool, pool_size=2)
    event.listen(engine, "begin", become_writer)
    return engine


def become_writer(connection: Connection) -> None:
    """Become the writer as soon as nobody is. Raises StoreBusy after ten seconds.

    SQLite alone looks every 100 ms, and an import leaves the lock for a few milliseconds between its batches: an agent
    would wait until it ends.
    """
    driver: Any = connection.connection.driver_connection
    last = time.monotonic() + BUSY_MS / 1_000
    driver.execute(f"PRAGMA busy_timeout = {_POLL_MS}")
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
            break
        except OperationalError as error:
            busy = in_words(error, DATABASE)
            if not isinstance(busy, StoreBusy):
                raise
            if time.monotonic() > last:
                raise busy from error
    driver.execute(f"PRAGMA busy_timeout = {BUSY_MS}")

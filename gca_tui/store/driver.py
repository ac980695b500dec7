"""The one place that chooses the SQLite driver and how a connection behaves."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from gca_tui.errors import StoreDamaged

Connection = sqlite3.Connection
Row = sqlite3.Row
DatabaseError = sqlite3.DatabaseError
OperationalError = sqlite3.OperationalError

BUSY_MS = 10_000
_EVERY_CONNECTION = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
)


def connect(path: Path, *, readonly: bool = False) -> Connection:
    """Open the store's file. Transactions are begun by the caller; a reader cannot write.

    Raises StoreDamaged when the file is no database.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
    try:
        for pragma in _EVERY_CONNECTION:
            connection.execute(pragma)
        connection.execute("PRAGMA journal_mode = WAL")
    except DatabaseError as error:
        connection.close()
        raise StoreDamaged(
            f"Le fichier {path.name} ne se lit pas ({error}).",
            "Il n’a pas été modifié.",
            "Prévenez l’administrateur ; les copies de sauvegarde sont dans le même dossier.",
        ) from error
    if readonly:
        connection.execute("PRAGMA query_only = ON")
    return connection

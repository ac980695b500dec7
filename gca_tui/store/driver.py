"""The one place that chooses the SQLite driver and how a connection behaves."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from gca_tui.errors import StoreBusy, StoreDamaged, StoreError

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


_KEPT = "Ce qui était enregistré l’est toujours."
_CODE = 0xFF


def connect(path: Path, *, readonly: bool = False) -> Connection:
    """Open the store's file. Transactions are begun by the caller; a reader cannot write.

    Raises StoreError: StoreDamaged when the file is no database.
    """
    connection = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)
        for pragma in _EVERY_CONNECTION:
            connection.execute(pragma)
        connection.execute("PRAGMA journal_mode = WAL")
    except DatabaseError as error:
        if connection:
            connection.close()
        raise in_words(error, path.name) or _damaged(error, path.name) from error
    if readonly:
        connection.execute("PRAGMA query_only = ON")
    return connection


def version_of(path: Path) -> int:
    """The version of the tables, read without touching a byte of the file. Raises StoreError."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    except DatabaseError as error:
        raise in_words(error, path.name) or _damaged(error, path.name) from error


def in_words(error: BaseException, name: str) -> StoreError | None:
    """What SQLite says of the store's file, also through SQLAlchemy, in words for the agent; None for anything else."""
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorcode", 0) & _CODE
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy("Un autre programme occupe les données.", "Rien n’a changé.", "Réessayez.")
    if code == sqlite3.SQLITE_FULL:
        return StoreError("Le disque est plein.", _KEPT, "Libérez de la place, puis réessayez.")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        happened = f"Le fichier {name} ne peut pas être ouvert en écriture."
        return StoreError(happened, _KEPT, "Vérifiez les droits de son dossier.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR):
        return _damaged(cause, name)
    return None


def _damaged(error: BaseException, name: str) -> StoreDamaged:
    return StoreDamaged(
        f"Le fichier {name} ne se lit pas ({error}).",
        "Il n’a pas été modifié.",
        "Prévenez l’administrateur ; les copies de sauvegarde sont dans le même dossier.",
    )

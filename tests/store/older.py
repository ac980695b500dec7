"""Stores as earlier versions of the tables held them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.store.given import raw

_EXCHANGES = ("corbeille", "synced", "acked", "conflict", "claim", "departure")
_ANSWERS = ("code", "token", "acked_rev", "lost_at", "seal")


def back_to_2(folder: Path) -> Path:
    """As before exchanges with a server."""
    with raw(folder) as connection:
        _without_exchanges(connection)
        _say(connection, 2)
    return folder


def back_to_1(folder: Path) -> Path:
    """As before planned calls."""
    with raw(folder) as connection:
        _without_exchanges(connection)
        connection.execute("DROP INDEX ix_dossier_appel")
        connection.execute("ALTER TABLE dossier DROP COLUMN appel_le")
        connection.execute("UPDATE document SET document = json_remove(document, '$.appels_prevus')")
        _say(connection, 1)
    return folder


def _without_exchanges(connection: sqlite3.Connection) -> None:
    for table in _EXCHANGES:
        connection.execute(f"DROP TABLE {table}")
    for column in _ANSWERS:
        connection.execute(f"ALTER TABLE outbox DROP COLUMN {column}")


def _say(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("UPDATE alembic_version SET version_num = ?", (f"{version:04d}",))
    connection.execute(f"PRAGMA user_version = {version}")

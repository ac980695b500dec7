"""What must hold in a store at any moment, whoever wrote what."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from gca_tui.domain.apply import replay
from gca_tui.domain.command import Command, Context
from gca_tui.domain.commands import ANY_COMMAND
from gca_tui.domain.dossier import Dossier
from gca_tui.store.projection import project, search_words
from gca_tui.store.tables import FOREVER
from tests.store.given import Key, raw


def documents(folder: Path) -> dict[Key, str]:
    """The visible document of each dossier."""
    with raw(folder) as connection:
        return {key: row["document"] for key, row in _visible(connection).items()}


def outbox(connection: sqlite3.Connection, key: Key) -> list[Command]:
    """The commands pending on a dossier."""
    sql = "SELECT command FROM outbox WHERE caisse = ? AND matricule = ? AND state = 'pending' ORDER BY n"
    return [ANY_COMMAND.validate_json(row[0]) for row in connection.execute(sql, key)]


def check(folder: Path, context: Context) -> None:
    """A document follows from mirror and outbox, columns and words from the document; a tx has one state."""
    with raw(folder) as connection:
        for key, row in _visible(connection).items():
            pending = outbox(connection, key)
            assert (row["mirror"] is not None) == bool(pending), key
            dossier = Dossier.from_json(row["document"])
            if row["mirror"] is not None:
                replayed, refused = replay(Dossier.from_json(row["mirror"]), pending, context)
                assert refused == ()
                assert replayed.to_json() == row["document"], key
            columns = project(dossier, context)
            assert {name: row[name] for name in columns} == columns, key
            assert (row["words"], row["noted"]) == search_words(dossier), key
        _whole(connection)


def _whole(connection: sqlite3.Connection) -> None:
    assert connection.execute("SELECT tx FROM outbox GROUP BY tx HAVING count(DISTINCT state) > 1").fetchall() == []
    assert connection.execute("SELECT * FROM outbox WHERE state = 'refused' AND reason = ''").fetchall() == []
    rows = [
        {number for (number,) in connection.execute(f"SELECT {column} FROM {table}")}
        for table, column in (("dossier", "id"), ("document", "dossier_id"), ("recherche", "rowid"))
    ]
    assert rows[0] == rows[1] == rows[2]


def settled(folder: Path) -> None:
    """No version is left that nothing shows, and the file is sound."""
    with raw(folder) as connection:
        count = "SELECT count(*) FROM dossier WHERE until < ? OR since > ?"
        generation = int(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])
        assert connection.execute(count, (FOREVER, generation)).fetchone()[0] == 0
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def _visible(connection: sqlite3.Connection) -> dict[Key, dict[str, Any]]:
    connection.row_factory = sqlite3.Row
    sql = (
        "SELECT d.*, c.document, c.mirror, r.nom AS words, r.notes AS noted FROM dossier d"
        " JOIN document c ON c.dossier_id = d.id JOIN recherche r ON r.rowid = d.id, meta"
        " WHERE meta.name = 'generation' AND since <= CAST(value AS INTEGER) AND until > CAST(value AS INTEGER)"
    )
    found = {(row["caisse"], row["matricule"]): dict(row) for row in connection.execute(sql)}
    connection.row_factory = None
    return found

"""Laying documents of the server into the store, many at once; what was given here stays over them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.errors import StoreError
from gca_tui.store import leaving
from gca_tui.store.facts import generation
from gca_tui.store.judging import settle
from gca_tui.store.loading import Rows
from gca_tui.store.outbox import LIVE
from gca_tui.store.preparing import PROJECTED, Row, as_received
from gca_tui.store.synced import by_caisse
from gca_tui.store.tables import DOSSIER, OUTBOX
from gca_tui.store.versions import Key

_COLUMNS = ", ".join(f"{name} = ?" for name in PROJECTED)
_UPDATES = (
    f"UPDATE dossier SET {_COLUMNS} WHERE id = ?",
    "UPDATE document SET document = ?, mirror = ? WHERE dossier_id = ?",
    "UPDATE recherche SET nom = ?, notes = ? WHERE rowid = ?",
)


class Arrival(NamedTuple):
    """A document as the server holds it, as its text."""

    key: Key
    document: str


Made = tuple[Key, Row]
"""A document made ready to be written, its row as that of a dossier with no pending command."""


def make(arrivals: Iterable[Arrival], context: Context) -> list[Made]:
    """What there is to write for these documents, worked out without the store.

    Raises StoreError when this program cannot read one of them.
    """
    return [(one.key, as_received(_read(one), one.document, None, context)) for one in arrivals]


def lay(connection: Connection, arrivals: Sequence[Arrival], context: Context) -> None:
    """Write these documents. Over those with pending commands, what the screen reads is made again.

    Raises StoreError when this program cannot read one of them.
    """
    lay_made(connection, make(arrivals, context), context)


def lay_made(connection: Connection, made: Sequence[Made], context: Context) -> None:
    """As `lay`, from rows that were made with the same context."""
    keys = [key for key, _ in made]
    numbers = _visible(connection, keys)
    waited_for = with_commands(connection)
    fresh = Rows(generation(connection))
    updates: list[tuple[int, Row]] = []
    following = _next_id(connection)
    for key, row in made:
        if key in waited_for:
            columns, document, _, nom, notes = row
            row = columns, document, document, nom, notes
        number = numbers.get(key)
        if number is None:
            fresh.add(following, row, None)
            following += 1
        else:
            updates.append((number, row))
    fresh.write(connection)
    _update(connection, updates)
    leaving.come_back(connection, [key for key in keys if key not in numbers])
    for key in keys:
        if key in waited_for:
            settle(connection, key, context)


def with_commands(connection: Connection) -> Collection[Key]:
    """The dossiers on which something was given that is not acknowledged."""
    found = select(OUTBOX.c.caisse, OUTBOX.c.matricule).where(OUTBOX.c.state.in_(LIVE)).distinct()
    return {(row[0], row[1]) for row in connection.execute(found)}


def _read(arrival: Arrival) -> Dossier:
    try:
        dossier = Dossier.from_json(arrival.document)
        if (dossier.caisse, dossier.matricule) == arrival.key:
            return dossier
    except ValueError:
        pass
    raise StoreError(
        f"Le dossier {arrival.key[0]}·{arrival.key[1]} envoyé par le serveur ne se lit pas avec ce programme.",
        "Rien n’a changé dans ce poste.",
        "Mettez le programme à jour ; si cela continue, prévenez l’administrateur.",
    )


def _visible(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """The row of the visible version of each dossier that is in the store."""
    found: dict[Key, int] = {}
    now = generation(connection)
    for caisse, numbers in by_caisse(keys):
        sql = (
            "SELECT matricule, id FROM dossier WHERE since <= ? AND until > ? AND caisse = ?"
            f" AND matricule IN ({','.join('?' * len(numbers))})"
        )
        rows = connection.exec_driver_sql(sql, (now, now, caisse, *numbers))
        found.update({(caisse, row[0]): row[1] for row in rows})
    return found


def _next_id(connection: Connection) -> int:
    return int(connection.execute(select(func.max(DOSSIER.c.id))).scalar() or 0) + 1


def _update(connection: Connection, updates: Sequence[tuple[int, Row]]) -> None:
    written: tuple[list[tuple[Any, ...]], ...] = ([], [], [])
    for number, (columns, document, mirror, nom, notes) in updates:
        for rows, values in zip(written, (columns, (document, mirror), (nom, notes)), strict=True):
            rows.append((*values, number))
    for statement, rows in zip(_UPDATES, written, strict=True):
        if rows:
            connection.exec_driver_sql(statement, rows)

"""The dossiers as the server gave them: corbeille, revision, hash; and the digest of each corbeille, kept with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from gca_tui.store.tables import CORBEILLE
from gca_tui.store.versions import Key
from gca_tui.wire import MODULUS, Mark, sum64

AT_ONCE = 400
"""Keys of one caisse looked up in one statement."""

_PUT = (
    "INSERT INTO synced (caisse, matricule, scope, rev, h, snapshot) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (caisse, matricule) DO UPDATE SET scope = excluded.scope, rev = excluded.rev, h = excluded.h,"
    " snapshot = excluded.snapshot"
)


class Synced(NamedTuple):
    """A dossier as the server gave it; `snapshot` names the reading that brought it."""

    caisse: str
    matricule: str
    scope: str
    rev: int
    h: str
    snapshot: str = ""

    @property
    def key(self) -> Key:
        """(caisse, matricule)."""
        return self.caisse, self.matricule


def by_caisse(keys: Iterable[Key]) -> Iterable[tuple[str, Sequence[str]]]:
    """The matricules of each caisse, so many at once."""
    wanted: dict[str, list[str]] = {}
    for caisse, matricule in keys:
        wanted.setdefault(caisse, []).append(matricule)
    for caisse, numbers in wanted.items():
        for first in range(0, len(numbers), AT_ONCE):
            yield caisse, numbers[first : first + AT_ONCE]


def known(connection: Connection, keys: Iterable[Key]) -> dict[Key, Synced]:
    """What is known of these dossiers."""
    found: dict[Key, Synced] = {}
    for caisse, numbers in by_caisse(keys):
        sql = (
            "SELECT caisse, matricule, scope, rev, h, snapshot FROM synced"
            f" WHERE caisse = ? AND matricule IN ({','.join('?' * len(numbers))})"
        )
        rows = map(Synced._make, connection.exec_driver_sql(sql, (caisse, *numbers)))
        found.update({row.key: row for row in rows})
    return found


def put(connection: Connection, rows: Sequence[Synced], before: Collection[Synced]) -> None:
    """Note these, in the place of what was known of them."""
    if rows:
        connection.exec_driver_sql(_PUT, list(map(tuple, rows)))
        _move_digests(connection, rows, before)


def forget(connection: Connection, rows: Collection[Synced]) -> None:
    """Know nothing more of these."""
    if rows:
        keys = [row.key for row in rows]
        connection.exec_driver_sql("DELETE FROM synced WHERE caisse = ? AND matricule = ?", keys)
        _move_digests(connection, (), rows)


def _move_digests(connection: Connection, after: Iterable[Synced], before: Iterable[Synced]) -> None:
    """Have the digest of each corbeille follow."""
    moved: dict[str, int] = {}
    for row in after:
        moved[row.scope] = moved.get(row.scope, 0) + sum64(row.caisse, row.matricule, row.rev, row.h)
    for row in before:
        moved[row.scope] = moved.get(row.scope, 0) - sum64(row.caisse, row.matricule, row.rev, row.h)
    for scope, change in moved.items():
        where = CORBEILLE.c.scope == scope
        digest = connection.execute(select(CORBEILLE.c.digest).where(where)).scalar()
        if digest is not None:
            value = str((int(digest) + change) % MODULUS)
            connection.execute(update(CORBEILLE).where(where).values(digest=value))


def see(connection: Connection, scope: str, marks: Iterable[Mark]) -> None:
    """Note marks that were shown: the greatest counts, and every request shows it to the server."""
    row = connection.execute(select(CORBEILLE.c.seen_seq).where(CORBEILLE.c.scope == scope)).scalar()
    greatest = max(marks, key=lambda mark: mark.seq)
    if row is not None and greatest.seq > row:
        connection.execute(
            update(CORBEILLE).where(CORBEILLE.c.scope == scope).values(seen_seq=greatest.seq, seen_h=greatest.h)
        )

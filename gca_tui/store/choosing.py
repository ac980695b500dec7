"""Which of the commands that wait go in the next request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from gca_tui.store import removals
from gca_tui.store.outbox import LIVE
from gca_tui.store.reading import RECOVERY
from gca_tui.store.tables import CORBEILLE, OUTBOX, SYNCED
from gca_tui.store.versions import Key
from gca_tui.wire import PUSH_BYTES, PUSH_OPS

BYTES = PUSH_BYTES - 100_000
"""Bytes of commands in one request; the rest is for marks."""
AROUND = 300
"""Bytes around each command, about."""
OFTEN = 3
"""Attempts after which what was not taken lets the others pass first."""


def chosen(connection: Connection, most: int = PUSH_OPS) -> Iterator[Any]:
    """The rows of the next request: whole groups given together, `most` of them, as far as a request holds."""
    number = size = 0
    for taken, rows in enumerate(sorted(_free(connection), key=lambda rows: rows[0].attempts >= OFTEN)):
        number += len(rows)
        size += sum(len(row.command.encode()) + AROUND for row in rows)
        if taken and (taken >= most or number > PUSH_OPS or size > BYTES):
            return
        yield from rows


def _free(connection: Connection) -> Iterator[Sequence[Any]]:
    """The groups that wait for no other one of the same dossier, nor for a recovery."""
    busy = _being_recovered(connection)
    for rows in _given_together(connection):
        keys = {(row.caisse, row.matricule) for row in rows}
        if keys.isdisjoint(busy) and not any(row.lost_at for row in rows):
            yield rows
        busy |= keys


def _given_together(connection: Connection) -> Iterator[Sequence[Any]]:
    """What was given together, in order; more than a request holds is cut, else it would never go."""
    rows = connection.execute(select(OUTBOX).where(OUTBOX.c.state.in_(LIVE)).order_by(OUTBOX.c.n)).all()
    for _, together in groupby(rows, key=lambda row: row.tx):
        whole = list(together)
        if len(whole) <= PUSH_OPS:
            yield whole
        else:
            yield from _cut(whole)


def _cut(whole: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts that a request holds. What was given on one dossier (to explain, then to close) stays together."""
    part: list[Any] = []
    for _, found in groupby(whole, key=lambda row: (row.caisse, row.matricule)):
        rows = list(found)
        if part and len(part) + len(rows) > PUSH_OPS:
            yield part
            part = []
        part += rows
        while len(part) > PUSH_OPS:
            yield part[:PUSH_OPS]
            part = part[PUSH_OPS:]
    if part:
        yield part


def _being_recovered(connection: Connection) -> set[Key]:
    """The dossiers of a corbeille that is read again: until then nobody knows on what commands stand.

    And those that it no longer has, while a person must say whether they may leave.
    """
    asking = removals.asking(connection)
    again = CORBEILLE.c.snapshot.startswith(RECOVERY)
    left = CORBEILLE.c.scope.in_(asking), CORBEILLE.c.snapshot != "", SYNCED.c.snapshot != CORBEILLE.c.snapshot
    keys = select(SYNCED.c.caisse, SYNCED.c.matricule).join(CORBEILLE, SYNCED.c.scope == CORBEILLE.c.scope)
    return {(row[0], row[1]) for row in connection.execute(keys.where(or_(again, and_(*left))))}

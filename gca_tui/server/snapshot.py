"""A corbeille as a stream of lines, in the order of its dossiers, from wherever the last reading stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select, tuple_

from gca_tui.server.access import Who, again
from gca_tui.server.events import SHOWN, as_text
from gca_tui.server.tables import MEMBERSHIP, SCOPE
from gca_tui.wire import START, Key, Mark, SnapshotHead, SnapshotTail, key_text

if TYPE_CHECKING:
    from gca_tui.server.service import Service

LINES = 2_000
"""Dossiers in one answer at most."""
BATCH = 500
"""Dossiers read at a time: a slow reader holds no transaction, and only these in memory."""


def stream(service: Service, who: Who, scope: str, after: Key | None, limit: int) -> Iterator[bytes]:
    """The lines of a corbeille after a dossier: where it stands, then at most `limit` dossiers, then the tail.

    Each batch is read in a transaction of its own. Dossiers may move meanwhile: they do so after the `cur` of the
    first line, so that the next pull tells of it. The stream breaks off, without its last line, where the right ends.
    """
    head = _head(service, scope)
    yield _line(head.model_dump_json())
    sent, last, ended = 0, after, False
    while sent < limit and not ended:
        wanted = min(BATCH, limit - sent)
        rows = _batch(service, who, scope, last, wanted)
        if rows is None:
            return
        ended = len(rows) < wanted
        if rows:
            now = service.now()
            last = Key(rows[-1].caisse, rows[-1].matricule)
            sent += len(rows)
            yield "".join(f"{as_text(row, who, now)}\n" for row in rows).encode()
    following = "" if ended or last is None else key_text(*last)
    yield _line(SnapshotTail(sent=sent, next=following).model_dump_json())


def _line(text: str) -> bytes:
    return f"{text}\n".encode()


def _head(service: Service, scope: str) -> SnapshotHead:
    """Where the corbeille stands, and how many dossiers it shows."""
    counted = select(func.count()).select_from(MEMBERSHIP).where(MEMBERSHIP.c.scope == scope, MEMBERSHIP.c.present == 1)
    with service.base.read() as connection:
        row = connection.execute(select(SCOPE.c.seq, SCOPE.c.head).where(SCOPE.c.id == scope)).one_or_none()
        count = connection.execute(counted).scalar_one()
    return SnapshotHead(cur=Mark(row.seq, row.head) if row else START, count=count)


def _batch(service: Service, who: Who, scope: str, after: Key | None, number: int) -> Sequence[Row[Any]] | None:
    """The next dossiers; None where the right to them has ended meanwhile."""
    here = SHOWN.where(MEMBERSHIP.c.present == 1)
    if after is not None:
        here = here.where(tuple_(MEMBERSHIP.c.caisse, MEMBERSHIP.c.matricule) > tuple_(after.caisse, after.matricule))
    ordered = here.order_by(MEMBERSHIP.c.caisse, MEMBERSHIP.c.matricule).limit(number)
    with service.base.read() as connection:
        if scope not in again(connection, who, service.now()).scopes:
            return None
        return connection.execute(ordered, {"scope": scope}).all()

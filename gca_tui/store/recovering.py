"""The server was restored from a backup: what it acknowledged and does not have any more is sent to it again."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, literal_column, select, update

from gca_tui.store.forks import note_fork
from gca_tui.store.outbox import PENDING
from gca_tui.store.reading import reread
from gca_tui.store.tables import ACKED, CORBEILLE, OUTBOX
from gca_tui.store.versions import Key
from gca_tui.wire import MARKS, START, Mark

KEPT = timedelta(days=35)
"""How long what was acknowledged is kept, for a server restored from a backup that old."""
LAST = 2_000
"""Of which so many are kept longer: more than an agent gives in that time."""


def marks(connection: Connection, scope: str) -> tuple[Mark, ...]:
    """The marks of a corbeille that this store was given, the newest first: the server says which it still has."""
    row = connection.execute(select(CORBEILLE).where(CORBEILLE.c.scope == scope)).first()
    if row is None:
        return ()
    acked = connection.execute(
        select(ACKED.c.seq, ACKED.c.h).where(ACKED.c.scope == scope).distinct().order_by(ACKED.c.seq.desc())
    )
    known = {Mark(row.seen_seq, row.seen_h), Mark(row.cur_seq, row.cur_h), *(Mark(one.seq, one.h) for one in acked)}
    return (*sorted(known - {START}, reverse=True)[: MARKS - 1], START)


def recover(connection: Connection, scope: str, fork: Mark, at: datetime) -> int:
    """Put a corbeille right after `fork`, the newest mark that the server still has.

    What was acknowledged after it is in the outbox again, before all else, with the revision it had; the corbeille is
    read again, what is here staying visible meanwhile. Gives how many commands are sent again.
    """
    lost = connection.execute(
        select(ACKED).where(ACKED.c.scope == scope, ACKED.c.seq > fork.seq).order_by(ACKED.c.seq, ACKED.c.place)
    ).all()
    again = _put_back(connection, lost)
    connection.execute(delete(ACKED).where(ACKED.c.scope == scope, ACKED.c.seq > fork.seq))
    values = {"seen_seq": fork.seq, "seen_h": fork.h}
    connection.execute(update(CORBEILLE).where(CORBEILLE.c.scope == scope).values(**values))
    note_fork(connection, scope, fork, at)
    reread(connection, scope, recovery=True)
    return again


def put_back(connection: Connection, scope: str, keys: Collection[Key]) -> None:
    """Have all that was acknowledged in a corbeille that is lost sent again, and on these dossiers, which leave.

    Was the server restored meanwhile, nobody can tell any more from its marks. It answers at once to what it has, and
    keeps the rest in quarantine.
    """
    rows = connection.execute(select(ACKED).order_by(literal_column("rowid"))).all()
    again = [row for row in rows if row.scope == scope or _key(row) in keys]
    _put_back(connection, again)
    if again:
        gone = [(row.command_id,) for row in again]
        connection.exec_driver_sql("DELETE FROM acked WHERE command_id = ?", gone)


def _key(row: Any) -> Key:
    said = json.loads(row.command)
    return said["caisse"], said["matricule"]


def _put_back(connection: Connection, acked: Sequence[Any]) -> int:
    """Put these in the outbox again, before all else; gives how many were not there."""
    waiting = {row[0] for row in connection.execute(select(OUTBOX.c.command_id))}
    rows = [_again(row) for row in acked if row.command_id not in waiting]
    first = min(0, int(connection.execute(select(func.min(OUTBOX.c.n))).scalar() or 0)) - len(rows)
    for place, row in enumerate(rows):
        connection.execute(insert(OUTBOX).values(n=first + place, **row))
    return len(rows)


def _again(row: Any) -> dict[str, Any]:
    said = json.loads(row.command)
    return {
        "command_id": row.command_id,
        "tx": row.tx,
        "place": row.place,
        "session": "",
        "caisse": said["caisse"],
        "matricule": said["matricule"],
        "state": PENDING,
        "attempts": 0,
        "reason": "",
        "command": row.command,
        "acked_rev": row.rev,
        "seal": row.seal,
    }


def forget_acked(connection: Connection, at: datetime) -> None:
    """Keep no longer what no backup will need; the last ones stay whatever their date, for a clock may be wrong."""
    old = ACKED.c.at < (at - KEPT).isoformat()
    last: Select[Any] = (
        select(literal_column("rowid")).select_from(ACKED).order_by(literal_column("rowid").desc()).limit(LAST)
    )
    connection.execute(delete(ACKED).where(old, literal_column("rowid").not_in(last)))

"""From which mark on a restored server lost what it had, and when this store learnt it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from gca_tui.store.facts import drop_meta, mapping_meta, set_mapping_meta
from gca_tui.store.tables import OUTBOX
from gca_tui.wire import Mark

FORKS = "forks"
"""The fact that says from which mark on each corbeille was lost, and when this store learnt it."""


def note_fork(connection: Connection, scope: str, fork: Mark, at: datetime) -> None:
    """A server was restored: of two restorations the one that lost more counts."""
    known = mapping_meta(connection, FORKS)
    earlier = known.get(scope)
    seq, h = min((fork.seq, fork.h), (earlier["seq"], earlier["h"])) if earlier else (fork.seq, fork.h)
    set_mapping_meta(connection, FORKS, {**known, scope: {"seq": seq, "h": h, "at": at.isoformat()}})


def forks(connection: Connection) -> dict[str, Mark]:
    """The forks to tell the server, as long as something is sent to it again."""
    if not connection.execute(select(OUTBOX.c.n).where(OUTBOX.c.acked_rev > 0).limit(1)).first():
        return {}
    return {scope: Mark(fork["seq"], fork["h"]) for scope, fork in mapping_meta(connection, FORKS).items()}


def since(connection: Connection) -> datetime | None:
    """When this store learnt of the last restoration of which something is not settled yet."""
    return max((datetime.fromisoformat(fork["at"]) for fork in mapping_meta(connection, FORKS).values()), default=None)


def forget_forks(connection: Connection) -> None:
    """Nothing is sent again, nothing waits any more."""
    waiting = select(OUTBOX.c.n).where((OUTBOX.c.acked_rev > 0) | (OUTBOX.c.lost_at != "")).limit(1)
    if mapping_meta(connection, FORKS) and not connection.execute(waiting).first():
        drop_meta(connection, FORKS)

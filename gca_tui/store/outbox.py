"""The outbox inside a transaction: what was given here and is not yet folded in, or acknowledged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update

from gca_tui.domain.command import Command
from gca_tui.store.tables import OUTBOX
from gca_tui.store.unread import as_json, read_command

PENDING, IN_FLIGHT, CONFLICT, REFUSED = "pending", "in_flight", "conflict", "refused"
LIVE = (PENDING, IN_FLIGHT)
"""States of what is shown over the mirror: given here, and nobody said no."""
Key = tuple[str, str]


@dataclass(frozen=True)
class Given:
    """A command of the outbox, with what its row says. `held_back`: why it cannot be shown over the mirror now.

    Such a one stays to be sent: in a store tied to a server, the server is the judge.
    """

    n: int
    tx: str
    state: str
    command: Command
    held_back: str
    acked_rev: int
    lost_at: str


_READ = ("n", "tx", "state", "command_id", "caisse", "matricule", "command", "reason", "acked_rev", "lost_at")
_COLUMNS = tuple(OUTBOX.c[name] for name in _READ)


def given(connection: Connection, key: Key, states: Iterable[str] = LIVE) -> list[Given]:
    """The commands given on a dossier, in their order."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(OUTBOX.c.caisse == key[0], OUTBOX.c.matricule == key[1], OUTBOX.c.state.in_(tuple(states)))
        .order_by(OUTBOX.c.n)
    )
    return [_given(row) for row in rows]


def given_together(connection: Connection, tx: str) -> list[Given]:
    """The commands of a tx, in their order."""
    return [_given(row) for row in connection.execute(select(*_COLUMNS).where(OUTBOX.c.tx == tx).order_by(OUTBOX.c.n))]


def tx_of(connection: Connection, command_id: str) -> str | None:
    """The tx of a command; None when it is not in the outbox any more."""
    found = connection.execute(select(OUTBOX.c.tx).where(OUTBOX.c.command_id == command_id)).scalar()
    return None if found is None else str(found)


def pending(connection: Connection, key: Key) -> list[Command]:
    """The commands not yet folded in or acknowledged, in the order they were given."""
    return [one.command for one in given(connection, key)]


def mark(connection: Connection, tx: str, **values: Any) -> set[Key]:
    """Say something of all that was given together; gives the dossiers it was for."""
    touched = connection.execute(select(OUTBOX.c.caisse, OUTBOX.c.matricule).where(OUTBOX.c.tx == tx)).all()
    connection.execute(update(OUTBOX).where(OUTBOX.c.tx == tx).values(**values))
    return {(row[0], row[1]) for row in touched}


def rewrite(connection: Connection, n: int, command: Command, **values: Any) -> None:
    """Put a command in the place of another one."""
    written = {"command": as_json(command), "command_id": command.id, **values}
    connection.execute(update(OUTBOX).where(OUTBOX.c.n == n).values(**written))


def _given(row: Row[Any]) -> Given:
    return Given(row.n, row.tx, row.state, read_command(row), row.reason, row.acked_rev, row.lost_at)

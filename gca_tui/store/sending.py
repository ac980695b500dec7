"""What was given here, sent to the server; and what its answers make of it. Each step is one transaction.

A command leaves the outbox only once the server has it, or a person let it go. One of which the answer never came is
sent again as it was: the server knows it by its id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gca_tui.domain.command import Context
from gca_tui.domain.values import Base
from gca_tui.errors import StoreError
from gca_tui.ids import new_id
from gca_tui.store import forks, leaving, lost, recovering, ruling, synced
from gca_tui.store.choosing import chosen
from gca_tui.store.disputes import dispute, said
from gca_tui.store.facts import meta, set_meta
from gca_tui.store.judging import settle as show_again
from gca_tui.store.outbox import CONFLICT, IN_FLIGHT, PENDING, REFUSED, Given, given, rewrite
from gca_tui.store.receiving import take_events
from gca_tui.store.tables import ACKED, CORBEILLE, OUTBOX
from gca_tui.store.unread import read_command
from gca_tui.store.versions import Key
from gca_tui.wire import PUSH_OPS, SETTLED, Mark, Operation, Push, Pushed, Result

COUNTER = "push_n"
"""The fact that counts the requests of this machine: a copy of it would count the same."""


@dataclass(frozen=True)
class Batch:
    """A request, and the commands in it, by id."""

    push: Push
    ids: tuple[str, ...]


@dataclass
class Settlement:
    """What the server made of a batch, in commands. `error`: nothing was applied, see `Pushed`.

    `left`: those it has, of dossiers that left. Nothing of them may stay on the disk: see `leaving.scrub`.
    """

    applied: int = 0
    conflicts: int = 0
    refused: int = 0
    revoked: int = 0
    waiting: int = 0
    left: int = 0
    error: str = ""
    touched: set[Key] = field(default_factory=set)


def next_batch(connection: Connection, most: int = PUSH_OPS) -> Batch | None:
    """The next commands to send, from now on on their way; None when there is none that may go.

    Those given together go together, `most` such groups at once. Of one dossier only one group goes: the rest waits for
    the answer.
    """
    rows = list(chosen(connection, most))
    if not rows:
        return None
    ids = tuple(row.command_id for row in rows)
    where = OUTBOX.c.command_id.in_(ids)
    connection.execute(update(OUTBOX).where(where).values(state=IN_FLIGHT, attempts=OUTBOX.c.attempts + 1))
    number = int(meta(connection, COUNTER) or 0) + 1
    set_meta(connection, COUNTER, str(number))
    operations = tuple(map(_operation, rows))
    restored = forks.forks(connection)
    return Batch(Push(seen=_seen(connection), n=number, nonce=new_id(), ops=operations, forks=restored), ids)


def more(connection: Connection) -> bool:
    """Whether there is something that may be sent now."""
    return next(chosen(connection), None) is not None


def _operation(row: Any) -> Operation:
    return Operation(
        command=json.loads(row.command),
        tx=row.tx,
        acked_rev=row.acked_rev or None,
        seal=row.seal,
        token=row.token,
    )


def _seen(connection: Connection) -> dict[str, Mark]:
    """The greatest mark of each corbeille: a server that does not have it was restored, and must apply nothing."""
    rows = connection.execute(select(CORBEILLE.c.scope, CORBEILLE.c.seen_seq, CORBEILLE.c.seen_h))
    return {row[0]: Mark(row[1], row[2]) for row in rows if row[1]}


def settle(connection: Connection, batch: Batch, pushed: Pushed, context: Context, at: datetime) -> Settlement:
    """Take in an answer: once, however often it comes; what it does not speak of stays on its way."""
    context = ruling.in_force(connection, context)
    done = Settlement(error=pushed.error)
    rows = _on_their_way(connection, batch.ids)
    if pushed.error:
        _call_back(connection, rows.values(), done)
        return done
    for result in pushed.results:
        row = rows.get(result.id)
        if row is not None:
            _settle_one(connection, row, result, context, at, done)
    _take(connection, pushed, context, at)
    for key in done.touched:
        show_again(connection, key, context)
    recovering.forget_acked(connection, at)
    forks.forget_forks(connection)
    return done


def _on_their_way(connection: Connection, ids: Sequence[str]) -> dict[str, Any]:
    rows = connection.execute(select(OUTBOX).where(OUTBOX.c.command_id.in_(ids), OUTBOX.c.state == IN_FLIGHT))
    return {row.command_id: row for row in rows.all()}


def _call_back(connection: Connection, rows: Any, done: Settlement) -> None:
    """Nothing was applied: those sent this once are surely not there, of the others nobody can tell."""
    first = [row.n for row in rows if row.attempts == 1]
    connection.execute(update(OUTBOX).where(OUTBOX.c.n.in_(first)).values(state=PENDING))
    done.waiting = len(list(rows))


def _settle_one(
    connection: Connection, row: Any, result: Result, context: Context, at: datetime, done: Settlement
) -> None:
    key = (row.caisse, row.matricule)
    where = OUTBOX.c.n == row.n
    if result.status in SETTLED:
        _stand_on(connection, row, result, context)
        done.left += not _acknowledge(connection, row, result, at)
        done.applied += 1
    elif result.status == "revoked":
        connection.execute(delete(OUTBOX).where(where))
        leaving.count_revoked(connection, key, at)
        done.left += leaving.is_gone(connection, key)
        done.revoked += 1
    elif result.status == "conflict":
        dispute(connection, read_command(row), result.moved, context)
        values = {"state": CONFLICT, "code": result.code, "reason": result.reason}
        connection.execute(update(OUTBOX).where(where).values(**values))
        _stand_without(connection, row)
        done.conflicts += 1
    elif result.status == "refused":
        values = {"state": REFUSED, "code": result.code, "reason": result.reason or "Refusé par le serveur."}
        connection.execute(update(OUTBOX).where(where).values(**values))
        _stand_without(connection, row)
        done.refused += 1
    else:
        connection.execute(update(OUTBOX).where(where).values(state=PENDING))
        if result.status == "future":
            lost.put_off(connection, row.n, at)
        done.waiting += 1
    done.touched.add(key)


def _acknowledge(connection: Connection, row: Any, result: Result, at: datetime) -> bool:
    """The server has it: out of the outbox, kept some weeks in case it is restored; later ones stand on it.

    Nothing is kept of a dossier that left: False then.
    """
    connection.execute(delete(OUTBOX).where(OUTBOX.c.n == row.n))
    if leaving.is_gone(connection, (row.caisse, row.matricule)):
        return False
    if result.scope:
        synced.see(connection, result.scope, [result.mark])
        rank = row.acked_rev if result.status == "superseded" and row.acked_rev else result.rev
        given_here = {"command_id": row.command_id, "tx": row.tx, "place": row.place, "command": row.command}
        said_there = {"scope": result.scope, "seq": result.mark.seq, "h": result.mark.h, "seal": result.seal}
        acked = insert(ACKED).prefix_with("OR REPLACE")
        connection.execute(acked.values(rev=rank, at=at.isoformat(), **given_here, **said_there))
    return True


def _stand_on(connection: Connection, row: Any, result: Result, context: Context) -> None:
    """Later commands on the fields that this one set were given on top of it: what it set is what they stand on."""
    command = read_command(row)
    for later in _later(connection, row):
        bases = later.command.bases
        raised = {
            name: Base(rev=rev, value=said(connection, command, name, context, bases[name].value))
            for name, rev in _raised(bases, result.set).items()
        }
        if raised and not later.acked_rev:
            rewrite(connection, later.n, later.command.model_copy(update={"bases": bases | raised}))


def _raised(bases: Mapping[str, Base], set_now: Mapping[str, int]) -> dict[str, int]:
    """The revisions that an own command moved, and no others: those would hide what somebody else wrote."""
    return {name: max(base.rev, set_now[name]) for name, base in bases.items() if name in set_now}


def _stand_without(connection: Connection, row: Any) -> None:
    """The command was not applied: the next one on each of its fields stands on what was there before it."""
    before = dict(read_command(row).bases)
    for later in _later(connection, row):
        bases = later.command.bases
        lowered = {name: before.pop(name) for name in bases if name in before and before[name].rev == bases[name].rev}
        if lowered:
            rewrite(connection, later.n, later.command.model_copy(update={"bases": bases | lowered}))


def _later(connection: Connection, row: Any) -> list[Given]:
    return [one for one in given(connection, (row.caisse, row.matricule)) if one.n > row.n]


def _take(connection: Connection, pushed: Pushed, context: Context, at: datetime) -> None:
    """Lay the dossiers of an answer, those that its marks cover.

    What no mark covers waits for the pull: were the server restored, nobody would see that it is lost.
    """
    rows = connection.execute(select(CORBEILLE.c.scope, CORBEILLE.c.snapshot)).all()
    followed = {row.scope: row.snapshot for row in rows}
    shown: dict[str, int] = {}
    for result in pushed.results:
        if result.scope in followed and result.mark.seq:
            synced.see(connection, result.scope, [result.mark])
            shown[result.scope] = max(shown.get(result.scope, 0), result.mark.seq)
    for scope, events in pushed.dossiers.items():
        covered = [event for event in events if event.seq <= shown.get(scope, 0) and not event.gone]
        if scope in followed:
            # A document that does not read must not keep what was acknowledged on its way: the pull will say so.
            with suppress(StoreError), connection.begin_nested():
                take_events(connection, scope, covered, context, at, followed[scope])

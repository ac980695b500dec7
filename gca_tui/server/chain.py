"""The journal of a corbeille: a chain in which each entry carries the hash of all those before it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, text

from gca_tui.server.among import among
from gca_tui.server.tables import JOURNAL, SCOPE
from gca_tui.wire import MODULUS, START, Mark

_OPEN = text(
    "INSERT INTO scope (id, caisse, convention, seq, head, digest, made_at)"
    " VALUES (:id, :caisse, :convention, 0, '', '0', :at) ON CONFLICT (id) DO NOTHING"
)
_MOVE = text("UPDATE scope SET seq = :seq, head = :head, digest = :digest WHERE id = :id")
_ASKED = 400
"""Marks looked up in one statement: SQLite's limits allow so many."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened to one dossier. `body` is JSON; `rev` the dossier's revision after it.

    Kinds: that of a command, `gone` (it left the corbeille), `claim`, `moved`, and what an operator does.
    """

    kind: str
    caisse: str
    matricule: str
    rev: int
    at: str
    body: str
    command_id: str = ""
    agent: str = ""


def link(previous: str, columns: Mapping[str, Any]) -> str:
    """The hash of an entry from that of the one before and its own columns: `body_sha` is among them, `body` is not."""
    said = {name: columns[name] for name in _CHAINED}
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous}|{columns['body_sha']}|{written}".encode()).hexdigest()


_CHAINED = ("scope", "seq", "kind", "command_id", "agent", "caisse", "matricule", "rev", "at")


def body_hash(body: str) -> str:
    """What the chain keeps of a body, so that it holds when the body is taken out for the law."""
    return sha256(body.encode()).hexdigest()


def open_scope(connection: Connection, scope: str, at: str) -> None:
    """Make a corbeille if it is not there yet."""
    caisse, _, convention = scope.partition("/")
    connection.execute(_OPEN, {"id": scope, "caisse": caisse, "convention": convention, "at": at})


def append(connection: Connection, scope: str, entries: Sequence[Entry], digest_delta: int = 0) -> list[Mark]:
    """Add entries to a corbeille's journal; their marks, in their order.

    This takes the corbeille's lock, which must be the LAST one of the transaction, those of several corbeilles in the
    order of their ids: what is committed later is then numbered later, and no cursor skips it. Raises KeyError for a
    corbeille that does not exist.
    """
    wanted = select(SCOPE.c.seq, SCOPE.c.head, SCOPE.c.digest).where(SCOPE.c.id == scope).with_for_update()
    found = connection.execute(wanted).first()
    if found is None:
        raise KeyError(scope)
    rows, h = [], found.head
    for seq, entry in enumerate(entries, found.seq + 1):
        row = {"scope": scope, "seq": seq, **_columns(entry)}
        row["h"] = h = link(h, row)
        rows.append(row)
    seq, digest = found.seq + len(rows), (int(found.digest) + digest_delta) % MODULUS
    connection.execute(_MOVE, {"id": scope, "seq": seq, "head": h, "digest": str(digest)})
    if rows:
        connection.execute(insert(JOURNAL), rows)
    return [Mark(row["seq"], row["h"]) for row in rows]


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "command_id": entry.command_id,
        "agent": entry.agent,
        "caisse": entry.caisse,
        "matricule": entry.matricule,
        "rev": entry.rev,
        "at": entry.at,
        "body_sha": body_hash(entry.body),
        "body": entry.body,
    }


def holds(connection: Connection, scope: str, marks: Collection[Mark]) -> set[Mark]:
    """Which of these marks are of this corbeille's journal; the start always is."""
    return {mark for _, mark in held(connection, [(scope, mark) for mark in marks])}


def held(connection: Connection, shown: Sequence[tuple[str, Mark]]) -> set[tuple[str, Mark]]:
    """Which of these marks are of their corbeille's journal."""
    found = {(scope, Mark(*mark)) for scope, mark in shown if tuple(mark) == START}
    asked = [(scope, mark[0]) for scope, mark in shown if tuple(mark) != START]
    known: set[tuple[str, Mark]] = set()
    for first in range(0, len(asked), _ASKED):
        places = among(JOURNAL.c.scope, JOURNAL.c.seq, asked[first : first + _ASKED])
        rows = connection.execute(select(JOURNAL.c.scope, JOURNAL.c.seq, JOURNAL.c.h).where(places))
        known.update((row.scope, Mark(row.seq, row.h)) for row in rows)
    return found | (known & {(scope, Mark(*mark)) for scope, mark in shown})

"""What waits to be sent, was refused or is in conflict, and how the exchange is going: read for the screen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from gca_tui.store.driver import Connection


class Ask(NamedTuple):
    """A corbeille of which more dossiers would leave at once than goes without a question; `kept`: a person said no."""

    scope: str
    removed: int
    total: int
    kept: bool = False


@dataclass(frozen=True)
class SyncState:
    """How the exchange with the remote store is going; all is 0 or empty in a store tied to none.

    Counts are of commands; `judged` of those that wait counts the ones this machine would refuse, `lost` those begun on
    what a restored server does not have. `progress`: dossiers read, of how many. `problem` is a code, `words` says it.
    `shut_out`: the server gives this machine no corbeille, or none any more.
    """

    tied: bool = False
    url: str = ""
    pending: int = 0
    in_flight: int = 0
    conflicts: int = 0
    refused: int = 0
    judged: int = 0
    lost: int = 0
    progress: tuple[int, int] | None = None
    offline_since: str = ""
    last_contact: str = ""
    problem: str = ""
    words: str = ""
    asks: tuple[Ask, ...] = ()
    departures: int = 0
    shut_out: bool = False


class Waiting(NamedTuple):
    """A command that is not known to be on the server.

    `state`: pending, in_flight, conflict, refused. A `reason` of a pending one is why this machine does not show it:
    the server will judge. `command` is JSON; `nom` is "" for a dossier that is not here any more.
    """

    n: int
    command_id: str
    tx: str
    caisse: str
    matricule: str
    state: str
    code: str
    reason: str
    attempts: int
    lost_at: str
    command: str
    nom: str


class Field(NamedTuple):
    """One field in conflict, its values decoded."""

    path: str
    base: Any
    mine: Any
    server: Any
    server_rev: int
    by: str
    at: str


class Departure(NamedTuple):
    """A dossier that left."""

    n: int
    caisse: str
    matricule: str
    motif: str
    at: str
    commands: int
    drafts_left: int
    seen: int


_LIVE = "state IN ('pending', 'in_flight')"


def _meta(connection: Connection, name: str) -> Any:
    found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return json.loads(found[0]) if found and found[0] else None


def is_tied(connection: Connection) -> bool:
    """Whether this store exchanges with a server."""
    return _meta(connection, "server") is not None


def sync_state(connection: Connection) -> SyncState:
    """How the exchange is going."""
    tie = _meta(connection, "server")
    if tie is None:
        return SyncState()
    counts = dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state").fetchall())
    told = _meta(connection, "sync") or {}
    progress = told.get("progress")
    return SyncState(
        tied=True,
        url=tie.get("url", ""),
        pending=counts.get("pending", 0),
        in_flight=counts.get("in_flight", 0),
        conflicts=counts.get("conflict", 0),
        refused=counts.get("refused", 0),
        judged=_count(connection, f"outbox WHERE {_LIVE} AND reason <> ''"),
        lost=_count(connection, f"outbox WHERE {_LIVE} AND lost_at <> ''"),
        progress=(progress[0], progress[1]) if progress else None,
        **{name: told.get(name, "") for name in ("offline_since", "last_contact", "problem", "words")},
        asks=_asks(connection),
        departures=_count(connection, "departure WHERE seen = 0"),
        shut_out=not tie.get("scopes"),
    )


def _count(connection: Connection, where: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {where}").fetchone()[0])


def _asks(connection: Connection) -> tuple[Ask, ...]:
    """The removals that wait for a person's word: see `removals`."""
    known = _meta(connection, "retraits") or {}
    return tuple(
        Ask(scope, tally["asks"], tally["total"], tally.get("kept", False))
        for scope, tally in sorted(known.items())
        if tally.get("asks")
    )


def waiting_list(connection: Connection) -> list[Waiting]:
    """All that is not on the server, old to new."""
    sql = (
        "SELECT n, command_id, tx, o.caisse, o.matricule, state, code, reason, attempts, lost_at, command,"
        " coalesce((SELECT nom FROM dossier d WHERE d.caisse = o.caisse AND d.matricule = o.matricule LIMIT 1), '')"
        " FROM outbox o ORDER BY n"
    )
    return [Waiting._make(row) for row in connection.execute(sql)]


def in_conflict(connection: Connection, key: tuple[str, str]) -> bool:
    """Whether something given on a dossier waits for a person to choose."""
    sql = "SELECT 1 FROM outbox WHERE caisse = ? AND matricule = ? AND state = 'conflict'"
    return connection.execute(sql, key).fetchone() is not None


def conflict_fields(connection: Connection, command_id: str) -> list[Field]:
    """The fields of a command that are in conflict."""
    sql = "SELECT path, base, mine, server, server_rev, by, at FROM conflict WHERE command_id = ? ORDER BY path"
    return [Field(row[0], *map(json.loads, row[1:4]), *row[4:]) for row in connection.execute(sql, (command_id,))]


def departures(connection: Connection) -> list[Departure]:
    """The dossiers that left, the newest first."""
    sql = "SELECT n, caisse, matricule, motif, at, commands, drafts_left, seen FROM departure ORDER BY n DESC"
    return [Departure._make(row) for row in connection.execute(sql)]

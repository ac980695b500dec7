"""What an agent did, on its way, and what became of it; drafts that are left with the server."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from gca_tui.wire.limits import PUSH_OPS, TEXT
from gca_tui.wire.reading import Event
from gca_tui.wire.values import START, Caisse, Hash, Id, Mark, Matricule, Scope, Seq, Wire

Status = Literal["applied", "merged", "conflict", "refused", "revoked", "superseded", "future", "waiting"]
SETTLED: frozenset[Status] = frozenset({"applied", "merged", "superseded"})
"""What the server holds from now on."""


class Operation(Wire):
    """A command on its way. Those of one `tx` are applied together or not at all, and follow each other.

    `acked_rev` is the revision an earlier server gave it: the server was restored and it is sent again, with the
    `seal` of that answer; without a genuine one it is a command like any other. `token` is that of the claim under
    which it was given.
    """

    command: dict[str, JsonValue]
    tx: Id
    acked_rev: int | None = Field(default=None, ge=1, lt=1 << 62)
    seal: Hash = ""
    token: int = 0


class Push(Wire):
    """Commands, in the order they were given. `n` counts the pushes of a machine, `nonce` tells two of one `n` apart.

    `forks`: of each corbeille that the client found restored from a backup, while it sends again what was lost there,
    the last mark that both still had: what the journal holds after it is work done since.
    """

    seen: Annotated[dict[Scope, Mark], Field(max_length=200)]
    n: Annotated[int, Field(ge=1, lt=1 << 62)]
    nonce: Id
    ops: Annotated[tuple[Operation, ...], Field(max_length=PUSH_OPS)]
    forks: Annotated[dict[Scope, Mark], Field(max_length=200)] = Field(default_factory=dict)


class Moved(Wire):
    """A field in conflict: what the server holds, its revision, and who set it last."""

    path: str
    rev: Seq
    value: JsonValue = None
    by: str = ""
    at: str = ""


class Result(Wire):
    """What became of a command. `set` gives the revision of each field it set; `moved` the fields in conflict.

    `code` and `reason` say why it was refused; `replayed`: the answer was given before. `seal` proves the answer to
    this server, should it be restored from a backup that does not hold it.
    """

    id: str
    status: Status
    rev: Seq = 0
    scope: str = ""
    mark: Mark = START
    set: dict[str, Seq] = Field(default_factory=dict)
    code: str = ""
    reason: str = ""
    moved: tuple[Moved, ...] = ()
    replayed: bool = False
    seal: Hash = ""


class Pushed(Wire):
    """One result a command, in their order, and the dossiers they touched as they are now, where still in sight.

    `error` `lineage`: a mark shown is not of this server's journals, nothing was applied, pull first.
    `clone`: another machine speaks under the same id, nothing was applied, ask for another one.
    """

    results: tuple[Result, ...] = ()
    dossiers: dict[str, tuple[Event, ...]] = Field(default_factory=dict)
    error: Literal["", "lineage", "clone"] = ""


class LeftDraft(Wire):
    """Something begun on a dossier that left this machine, handed to the caisse that owns it."""

    caisse: Caisse
    matricule: Matricule
    kind: Annotated[str, Field(max_length=40)]
    target: Annotated[str, Field(max_length=80)] = ""
    fields: Annotated[
        dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=TEXT)]], Field(max_length=60)
    ]
    saved_at: Annotated[str, Field(max_length=40)] = ""


class LeftDrafts(Wire):
    """Several of them; `id` is for sending them twice and keeping them once."""

    id: Id
    drafts: Annotated[tuple[LeftDraft, ...], Field(max_length=200)]


class Kept(Wire):
    """How many were put in quarantine."""

    kept: int

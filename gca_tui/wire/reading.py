"""What moved in a corbeille: pages, whole readings, and which journal they are of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from gca_tui.wire.access import Hello
from gca_tui.wire.claims import Claimed
from gca_tui.wire.limits import MARKS, PAGE
from gca_tui.wire.values import START, Caisse, Hash, Mark, Matricule, Rev, Scope, Seq, Wire


class Event(Wire):
    """A dossier as it is now. Without `document` the client has it already and the claim alone moved.

    `h` is the server's hash of the document. `gone`: it left the corbeille, `motif` says why.
    """

    caisse: Caisse
    matricule: Matricule
    seq: Seq = 0
    rev: Seq = 0
    h: Hash = ""
    document: dict[str, JsonValue] | None = None
    claim: Claimed | None = None
    gone: bool = False
    motif: str = ""


class Position(Wire):
    """Where a client is in a corbeille: what it read up to, and the greatest mark it was ever shown."""

    cur: Mark = START
    seen: Mark = START


class Pull(Wire):
    """Ask what moved. `rights` is the one of the last hello: when it differs the answer carries a new one.

    Without it no hello is wanted.
    """

    scopes: Annotated[dict[Scope, Position], Field(max_length=200)]
    limit: Annotated[int, Field(ge=1, le=PAGE)] = PAGE
    rights: Annotated[str, Field(max_length=80)] = ""


class Page(Wire):
    """What moved in one corbeille, oldest first.

    `error`: `lineage` (these marks are not of this journal), `scope` (no right, `motif` says why). Then nothing else
    is set. `digest` comes with the last page.
    """

    cur: Mark = START
    head: Mark = START
    more: bool = False
    digest: str = ""
    events: tuple[Event, ...] = ()
    error: Literal["", "lineage", "scope"] = ""
    motif: str = ""


class Pulled(Wire):
    """A page for each corbeille in which something moved; a new hello where rights or rules did."""

    scopes: dict[str, Page]
    hello: Hello | None = None


class Lineage(Wire):
    """Which of these marks does the journal hold?"""

    scope: Scope
    marks: Annotated[tuple[Mark, ...], Field(max_length=MARKS)]


class Fork(Wire):
    """The newest of the marks that the journal holds; the start when it holds none."""

    mark: Mark


class SnapshotHead(Wire):
    """First line of a snapshot: pull from `cur` once all of it is there; `count` dossiers are in the corbeille."""

    cur: Mark
    count: Seq


class SnapshotTail(Wire):
    """Last line: how many dossiers were sent, `next` the one to ask after; without it the snapshot is complete."""

    sent: Rev
    next: str = ""
    end: Literal[True] = True

"""Writing dossiers that changed: rows, corbeilles, journals and digests together."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection, Row, TextClause, select, text

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.server.among import among
from gca_tui.server.chain import Entry, append
from gca_tui.server.tables import DOSSIER
from gca_tui.store.projection import project
from gca_tui.wire import Key, Mark, sum64

COLUMNS = ("statut", "holder", "attente_jusqu", "classe", "echeance", "recue_le", "natures")
"""What get-next and lots choose by, of what `project` says."""
READ = 400
"""Dossiers read in one statement."""
GONE = "gone"
"""The kind of the entry that a dossier leaves in the corbeille it was in."""


def upsert(table: str, key: Sequence[str], columns: Sequence[str]) -> TextClause:
    """Insert a row, or write over the one of this key."""
    given = ", ".join(f":{name}" for name in columns)
    others = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    names, told = ", ".join(columns), ", ".join(key)
    return text(f"INSERT INTO {table} ({names}) VALUES ({given}) ON CONFLICT ({told}) DO UPDATE SET {others}")


@dataclass(frozen=True)
class Stored:
    """A dossier as the base holds it. `replayed`: by field, the revision that a replay after a restore put there."""

    caisse: str
    matricule: str
    scope: str
    rev: int
    seq: int
    h: str
    document: str
    replayed: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """(caisse, matricule)."""
        return Key(self.caisse, self.matricule)

    @property
    def dossier(self) -> Dossier:
        """The document, read. Raises pydantic.ValidationError on one that is damaged."""
        return Dossier.from_json(self.document)


@dataclass(frozen=True)
class Change:
    """A dossier before (None: new) and after, what to note of it in the journal, and its corbeille from now on.

    `motif` is said to those who had it in the corbeille that it leaves.
    """

    before: Stored | None
    after: Dossier
    entries: tuple[Entry, ...]
    scope: str
    motif: str = ""
    replayed: Mapping[str, int] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """(caisse, matricule)."""
        return Key(self.after.caisse, self.after.matricule)


def document_hash(document: str) -> str:
    """The server's hash of a stored document."""
    return blake2b(document.encode(), digest_size=8).hexdigest()


def stored(connection: Connection, keys: Collection[Key], *, lock: bool = True) -> dict[Key, Stored]:
    """Dossiers of the base, those that are there; locked in the order of their keys, so that nobody waits in a ring."""
    found: dict[Key, Stored] = {}
    wanted = sorted(set(keys))
    for first in range(0, len(wanted), READ):
        some = among(DOSSIER.c.caisse, DOSSIER.c.matricule, wanted[first : first + READ])
        statement = select(*_STORED).where(some).order_by(DOSSIER.c.caisse, DOSSIER.c.matricule)
        rows = connection.execute(statement.with_for_update() if lock else statement)
        found.update((one.key, one) for one in map(_read, rows))
    return found


def lay(connection: Connection, changes: Sequence[Change], context: Context) -> dict[Key, Mark]:
    """Write changed dossiers, locked before by `stored`; the last mark of each in its corbeille.

    One change a dossier, each with an entry at least. A dossier that only had something noted (same document) keeps
    its `seq`, and is not sent again by a pull. The hash of the document joins the body of the change's last entry.
    Raises KeyError for a corbeille that does not exist.
    """
    return {key: mark for key, (_, mark) in lay_whole(connection, changes, context).items()}


def lay_whole(connection: Connection, changes: Sequence[Change], context: Context) -> dict[Key, tuple[Stored, Mark]]:
    """As `lay`, with each dossier as the base now holds it."""
    laid = [_Laid.of(change, context) for change in changes]
    journals: dict[str, _Journal] = {}
    for one in laid:
        _note(journals, one)
    marks = {scope: journals[scope].append(connection, scope) for scope in sorted(journals)}
    last = {one.change.key: marks[one.change.scope][one.change.key] for one in laid}
    rows = [one.row(last[one.change.key]) for one in laid]
    _write(connection, _UPSERT, rows)
    _write(connection, _SHOWN, [_member(one.change.scope, one.change.key, last[one.change.key]) for one in laid])
    left = [(one.left, one.change) for one in laid if one.left]
    gone = [_member(scope, change.key, marks[scope][change.key], 0, change.motif) for scope, change in left]
    _write(connection, _SHOWN, gone)
    now = (_read([row[column.name] for column in _STORED]) for row in rows)
    return {one.key: (one, last[one.key]) for one in now}


def stir(connection: Connection, moved: Mapping[str, Sequence[Entry]]) -> dict[Key, Mark]:
    """Note entries by corbeille for dossiers whose document stays, a claim for instance: a pull tells of it.

    Lock the dossiers before. The last mark of each. Raises KeyError for a corbeille that does not exist.
    """
    last: dict[Key, Mark] = {}
    rows = []
    for scope in sorted(moved):
        marks = _Journal(list(moved[scope])).append(connection, scope)
        rows += [_member(scope, key, mark) for key, mark in marks.items()]
        last.update(marks)
    _write(connection, _SHOWN, rows)
    return last


@dataclass
class _Journal:
    """What one transaction adds to the journal of one corbeille, and to its digest."""

    entries: list[Entry] = field(default_factory=list)
    delta: int = 0

    def append(self, connection: Connection, scope: str) -> dict[Key, Mark]:
        """Write it; the last mark of each dossier."""
        marks = append(connection, scope, self.entries, self.delta)
        return {Key(one.caisse, one.matricule): mark for one, mark in zip(self.entries, marks, strict=True)}


@dataclass(frozen=True)
class _Laid:
    """A change with all that costs time worked out, before any corbeille is locked."""

    change: Change
    document: str
    h: str
    columns: Mapping[str, Any]

    @classmethod
    def of(cls, change: Change, context: Context) -> _Laid:
        document = change.after.to_json()
        projected = project(change.after, context)
        return cls(change, document, document_hash(document), {name: projected[name] for name in COLUMNS})

    @property
    def left(self) -> str:
        """The corbeille it leaves, "" when it stays where it was or is new."""
        before = self.change.before
        return before.scope if before and before.scope != self.change.scope else ""

    def row(self, mark: Mark) -> dict[str, Any]:
        """The row of the table."""
        change, before = self.change, self.change.before
        same = before and not self.left and (before.rev, before.h) == (change.after.rev, self.h)
        return {
            "caisse": change.after.caisse,
            "matricule": change.after.matricule,
            "scope": change.scope,
            "rev": change.after.rev,
            "seq": before.seq if before and same else mark.seq,
            "h": self.h,
            "document": self.document,
            "replayed": json.dumps(dict(change.replayed), sort_keys=True) if change.replayed else "{}",
            **self.columns,
        }


def _note(journals: dict[str, _Journal], laid: _Laid) -> None:
    """Put a change where it belongs: its entries in its corbeille, its leaving in the one it was in."""
    change, before, after = laid.change, laid.change.before, laid.change.after
    journal = journals.setdefault(change.scope, _Journal())
    *others, last = change.entries
    journal.entries += [*others, replace(last, body=_with_hash(last.body, laid.h))]
    journal.delta += sum64(after.caisse, after.matricule, after.rev, laid.h)
    if before is None:
        return
    former = journals.setdefault(before.scope, _Journal())
    former.delta -= sum64(before.caisse, before.matricule, before.rev, before.h)
    if laid.left:
        body = json.dumps({"motif": change.motif}, ensure_ascii=False)
        former.entries.append(replace(last, kind=GONE, command_id="", body=body))


def _with_hash(body: str, h: str) -> str:
    """A JSON object with the document's hash as its last member."""
    return f'{body[:-1]}{"" if body == "{}" else ","}"h":"{h}"}}'


def _member(scope: str, key: Key, mark: Mark, present: int = 1, motif: str = "") -> dict[str, Any]:
    return {
        "scope": scope,
        "caisse": key.caisse,
        "matricule": key.matricule,
        "seq": mark.seq,
        "present": present,
        "motif": motif,
    }


def _write(connection: Connection, statement: TextClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows if len(rows) > 1 else rows[0])


def _read(row: Row[Any] | Sequence[Any]) -> Stored:
    caisse, matricule, scope, rev, seq, h, document, replayed = tuple(row)
    return Stored(caisse, matricule, scope, rev, seq, h, document, json.loads(replayed))


_STORED = tuple(DOSSIER.c[name] for name in ("caisse", "matricule", "scope", "rev", "seq", "h", "document", "replayed"))
_MEMBER = ("scope", "caisse", "matricule", "seq", "present", "motif")
_UPSERT = upsert("dossier", ("caisse", "matricule"), tuple(DOSSIER.c.keys()))
_SHOWN = upsert("membership", ("scope", "caisse", "matricule"), _MEMBER)

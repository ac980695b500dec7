"""Reading a whole corbeille, in parts that each stay: a program killed in the middle goes on where it was.

What is there already stays visible and is replaced as it comes; what the reading did not bring leaves at its end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from gca_tui.domain.command import Context
from gca_tui.ids import new_id
from gca_tui.store import claims, leaving, lost, removals, ruling, synced
from gca_tui.store.arriving import Arrival, Made, lay_made, make
from gca_tui.store.synced import Synced
from gca_tui.store.tables import CLAIM, CORBEILLE, SYNCED
from gca_tui.store.versions import Key
from gca_tui.wire import Claimed, Event, SnapshotHead, SnapshotTail, key_text

RECOVERY = "reprise-"
"""How the name of a reading begins that puts a store right after a server was restored."""
NO_MORE = "N’est plus dans la corbeille."
_DOCUMENT = '"document":'


@dataclass(frozen=True)
class Reading:
    """A corbeille being read: ask the snapshot with `after`. `taken` dossiers of `expected` are there.

    `complete`: the last line came, call `end_snapshot`.
    """

    scope: str
    name: str
    after: str = ""
    taken: int = 0
    expected: int = 0
    complete: bool = False


@dataclass(frozen=True)
class Taken:
    """What a page, or the end of a reading, did: dossiers laid, dossiers that left.

    `error` is the page's own, with its `motif`: nothing was done. `asks`: so many dossiers would leave without a
    reason, nothing was done, a person has to say. `differs`: this copy is not the server's, read the corbeille again.
    `ignored`: the page answers a question that is out of date.
    """

    events: int = 0
    removed: int = 0
    error: str = ""
    motif: str = ""
    asks: int = 0
    differs: bool = False
    ignored: bool = False


class _Line(NamedTuple):
    key: Key
    rev: int
    h: str
    document: str
    claim: Claimed | None


@dataclass
class Lines:
    """The lines of a batch by what they are; `made`, where it is there, what to write for each with `context`."""

    head: SnapshotHead | None = None
    tail: SnapshotTail | None = None
    dossiers: list[_Line] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    context: Context | None = None


def readings(connection: Connection, *, but: str = "") -> list[Reading]:
    """What remains to be read, in the order of the corbeilles; `but` leaves one out."""
    left = CORBEILLE.c.snapshot != "", CORBEILLE.c.scope != but
    rows = connection.execute(select(CORBEILLE).where(*left).order_by(CORBEILLE.c.scope)).all()
    return [_reading(connection, row) for row in rows]


def reread(connection: Connection, scope: str, *, recovery: bool = False) -> Reading:
    """Read a corbeille again from its beginning."""
    name = f"{RECOVERY if recovery else ''}{new_id()}"
    values = {"cur_seq": 0, "cur_h": "", "snapshot": name, "after": "", "expected": 0}
    connection.execute(update(CORBEILLE).where(CORBEILLE.c.scope == scope).values(**values))
    return Reading(scope, name)


def _reading(connection: Connection, row: Any, *, complete: bool = False) -> Reading:
    return Reading(row.scope, row.snapshot, row.after, _count(connection, row), row.expected, complete)


def _count(connection: Connection, row: Any) -> int:
    where = SYNCED.c.scope == row.scope, SYNCED.c.snapshot == row.snapshot
    return int(connection.execute(select(func.count()).select_from(SYNCED).where(*where)).scalar_one())


def take_lines(
    connection: Connection, scope: str, lines: Sequence[str | bytes], context: Context, at: datetime
) -> Reading:
    """Lay lines of a snapshot, in any batches, as they came. Raises ValueError on one that is none, LookupError when
    the corbeille is not being read.
    """
    return take_ready(connection, scope, ready(lines, None), context, at)


def to_make_ahead(connection: Connection, scope: str, context: Context) -> Context | None:
    """What to make lines ready with before they are taken.

    None where the corbeille was read before: most of its dossiers will come as they are here, with nothing to make.
    """
    here = select(SYNCED.c.snapshot).where(SYNCED.c.scope == scope)
    reading = select(CORBEILLE.c.snapshot).where(CORBEILLE.c.scope == scope).scalar_subquery()
    if connection.execute(here.where(SYNCED.c.snapshot != reading).limit(1)).first():
        return None
    return ruling.in_force(connection, context)


def ready(lines: Sequence[str | bytes], context: Context | None) -> Lines:
    """Lines of a snapshot read, and what to write worked out, both without the store; None: the reading alone.

    Raises ValueError on one that is none, StoreError on a dossier that this program cannot read.
    """
    parsed = _parsed(lines)
    if context is not None:
        parsed.context = context
        parsed.made = make([Arrival(line.key, line.document) for line in parsed.dossiers], context)
    return parsed


def take_ready(connection: Connection, scope: str, parsed: Lines, context: Context, at: datetime) -> Reading:
    """As `take_lines`, of lines made ready; those made with other rules than the ones in force are made again."""
    context = ruling.in_force(connection, context)
    row = connection.execute(select(CORBEILLE).where(CORBEILLE.c.scope == scope, CORBEILLE.c.snapshot != "")).first()
    if row is None:
        raise LookupError(scope)
    if parsed.head:
        _begin(connection, row, parsed.head)
    if parsed.dossiers:
        _lay(connection, row, parsed, context)
        _claim(connection, parsed.dossiers, at)
        after = key_text(*parsed.dossiers[-1].key)
        connection.execute(update(CORBEILLE).where(CORBEILLE.c.scope == scope).values(after=after))
    now = connection.execute(select(CORBEILLE).where(CORBEILLE.c.scope == scope)).one()
    return _reading(connection, now, complete=parsed.tail is not None and not parsed.tail.next)


def _parsed(lines: Sequence[str | bytes]) -> Lines:
    found = Lines()
    for line in lines:
        text = (line.decode() if isinstance(line, bytes) else line).strip()
        head, is_event, document = text.partition(_DOCUMENT)
        if is_event:
            found.dossiers.append(_dossier(head, document))
        elif text:
            _head_or_tail(found, text)
    return found


def _dossier(head: str, document: str) -> _Line:
    """A dossier, its document as the very text that the server holds: to read it once is enough."""
    event = Event.model_validate_json(f"{head.rstrip().removesuffix(',')}}}")
    key = (event.caisse, event.matricule)
    return _Line(key, event.rev, event.h, document.removesuffix("}").strip(), event.claim)


def _head_or_tail(found: Lines, text: str) -> None:
    said: Mapping[str, Any] = json.loads(text)
    if not isinstance(said, dict):
        raise ValueError(text[:80])
    if "end" in said:
        found.tail = SnapshotTail.model_validate(said)
    else:
        found.head = SnapshotHead.model_validate(said)


def _begin(connection: Connection, row: Any, head: SnapshotHead) -> None:
    """What moves from the first head on is for the next pull; documents of a later part may be as new as its head."""
    if not row.after:
        values = {"cur_seq": head.cur.seq, "cur_h": head.cur.h, "expected": head.count}
        connection.execute(update(CORBEILLE).where(CORBEILLE.c.scope == row.scope).values(**values))
    synced.see(connection, row.scope, [head.cur])


def _lay(connection: Connection, row: Any, parsed: Lines, context: Context) -> None:
    lines = parsed.dossiers
    known = synced.known(connection, [line.key for line in lines])
    complete = {one.scope for one in connection.execute(select(CORBEILLE.c.scope).where(CORBEILLE.c.snapshot == ""))}
    news = [line for line in lines if not _outdated(line, known.get(line.key), row, complete)]
    to_write = [line for line in news if not _same(line, known.get(line.key))]
    lay_made(connection, _made(parsed, to_write, context), context)
    rows = [Synced(*line.key, row.scope, line.rev, line.h, row.snapshot) for line in news]
    synced.put(connection, rows, [known[line.key] for line in news if line.key in known])


def _made(parsed: Lines, lines: Sequence[_Line], context: Context) -> Sequence[Made]:
    """What to write for some of the lines."""
    if parsed.context != context:
        return make([Arrival(line.key, line.document) for line in lines], context)
    if len(lines) == len(parsed.made):
        return parsed.made
    wanted = {line.key for line in lines}
    return [one for one in parsed.made if one[0] in wanted]


def _same(line: _Line, known: Synced | None) -> bool:
    return known is not None and (line.rev, line.h) == (known.rev, known.h)


def _outdated(line: _Line, known: Synced | None, row: Any, complete: set[str]) -> bool:
    """Whether something newer came since: by an acknowledgement, or by the corbeille to which the dossier moved."""
    if known is None or line.rev >= known.rev:
        return False
    return known.snapshot == row.snapshot if known.scope == row.scope else known.scope in complete


def _claim(connection: Connection, lines: Sequence[_Line], at: datetime) -> None:
    rows = connection.execute(select(CLAIM.c.caisse, CLAIM.c.matricule)).all()
    known = {(row.caisse, row.matricule) for row in rows}
    for line in lines:
        if line.claim is not None and (line.claim.lease or line.key in known):
            claims.event(connection, line.key, line.claim, at)


def end_snapshot(connection: Connection, scope: str, at: datetime) -> Taken:
    """End a reading of which the last line came: what it did not bring leaves, and pulls go on from its first head."""
    row = connection.execute(select(CORBEILLE).where(CORBEILLE.c.scope == scope, CORBEILLE.c.snapshot != "")).first()
    if row is None:
        return Taken()
    here = SYNCED.c.scope == scope
    total = connection.execute(select(func.count()).select_from(SYNCED).where(here)).scalar_one()
    left = connection.execute(
        select(SYNCED.c.caisse, SYNCED.c.matricule).where(here, SYNCED.c.snapshot != row.snapshot)
    ).all()
    if not removals.may_leave(connection, scope, len(left), total, at):
        _recovered(connection, row, at)
        return Taken(asks=len(left))
    leaving.purge(connection, [(one.caisse, one.matricule) for one in left], NO_MORE, at)
    _recovered(connection, row, at)
    values = {"snapshot": "", "after": "", "expected": 0}
    connection.execute(update(CORBEILLE).where(CORBEILLE.c.scope == scope).values(**values))
    return Taken(removed=len(left))


def _recovered(connection: Connection, row: Any, at: datetime) -> None:
    """What a recovery brought may be worked with again, even while a person must say what becomes of the rest."""
    if row.snapshot.startswith(RECOVERY):
        lost.find_lost(connection, row.scope, at)
        name = {"snapshot": row.snapshot.removeprefix(RECOVERY)}
        connection.execute(update(SYNCED).where(SYNCED.c.snapshot == row.snapshot).values(name))
        connection.execute(update(CORBEILLE).where(CORBEILLE.c.scope == row.scope).values(name))

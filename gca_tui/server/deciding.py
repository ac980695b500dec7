"""What becomes of one command on one dossier: applied, in conflict, refused, or to be sent again later.

Nothing is read nor written here. Of two agents who set the same field the second is shown the conflict; the machine
never chooses between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from gca_tui.domain.apply import intended, intended_again, written
from gca_tui.domain.closing import missing_to_close
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.dossier import CLOS, Dossier
from gca_tui.domain.paths import appends, read
from gca_tui.wire import Moved, Status

FURTHEST = 1_000_000
"""How far ahead of the dossier the revision of a command sent again may be: nobody loses more than that."""
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


@dataclass
class Course:
    """A dossier through the commands of one transaction. `own` are the fields that these commands set, by revision.

    `replayed`: by field, the revision that a command sent again after a restore put there. `since_fork` tells the
    revisions given since the client's machine and this server last agreed, None where the client does not say.
    `moved`: somebody else changed the dossier since the client was last told of it.
    """

    dossier: Dossier
    replayed: dict[str, int] = field(default_factory=dict)
    moved: bool = False
    since_fork: Callable[[], frozenset[int]] | None = None
    own: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a command, the dossier after it, and the fields it set with their revisions."""

    status: Status
    after: Dossier
    set: Mapping[str, int] = field(default_factory=dict)
    code: str = ""
    reason: str = ""
    moved: tuple[Moved, ...] = ()


def decide(course: Course, command: Command, context: Context) -> Outcome:
    """Apply a command given on what its author saw. The course is left as it was: see `follow`."""
    if is_ahead(course, command):
        return Outcome("future", course.dossier)
    try:
        changes = intended(course.dossier, command, context)
        _refuse_taken(course.dossier, command, changes)
        if moved := moved_since(course, command, changes):
            return Outcome("conflict", course.dossier, moved=moved)
        after = written(course.dossier, command, changes, context)
    except CommandRefused as refusal:
        return _refused(course, refusal)
    return Outcome("merged" if course.moved else "applied", after, _set_by(course.dossier, changes, after.rev))


def decide_again(course: Course, command: Command, context: Context, acked_rev: int) -> Outcome:
    """Apply a command that this server had at revision `acked_rev` before it was restored from an older backup.

    Of the commands sent again the later one stays, field by field, whichever comes first. Work done since the restore
    is never replaced. What cannot be applied yet may be once a colleague's commands are back: `future`.
    """
    dossier = course.dossier
    if any(entry.id == command.id for entry in dossier.history) or _is_outdone(course, command, acked_rev):
        return Outcome("superseded", dossier)
    if acked_rev > dossier.rev + FURTHEST:
        return Outcome("refused", dossier, code="revision", reason="Ce changement ne vient pas de ce serveur.")
    try:
        changes = intended_again(dossier, command, context)
        if moved := _work_since(course, command, changes):
            return Outcome("conflict", dossier, moved=moved)
        kept = {name: new for name, new in changes.items() if not _is_later(course, name, acked_rev)}
        after = written(dossier, command, kept, context, acked_rev)
    except CommandRefused as refusal:
        if any(_is_fresh(course, command, name) for name in command.writes()):
            return _refused(course, refusal)
        return Outcome("future", dossier)
    if _breaks_closing(after, context):
        return Outcome("future", dossier)
    if not kept:
        return Outcome("superseded", dossier)
    status: Status = "applied" if len(kept) == len(changes) and not course.moved else "merged"
    return Outcome(status, after, _set_by(dossier, kept, acked_rev))


def follow(course: Course, outcome: Outcome, *, again: bool) -> None:
    """Go on with the dossier as a command left it."""
    course.dossier = outcome.after
    course.own.update(outcome.set)
    if again:
        course.replayed.update(outcome.set)


def still_replayed(course: Course) -> dict[str, int]:
    """The fields that stand as a command sent again put them."""
    revisions = course.dossier.revisions
    return {name: rev for name, rev in course.replayed.items() if revisions.get(name) == rev}


def _refuse_taken(dossier: Dossier, command: Command, changes: Mapping[str, Any]) -> None:
    """An item has the id of the command that made it: one that takes an id that is there would write over the item."""
    for name in changes:
        parent, _, last = name.rpartition(".")
        if parent and last == command.id and not appends(dossier, name) and isinstance(read(dossier, parent), tuple):
            raise CommandRefused("deja_applique", "Cette commande est déjà dans le dossier.")


def is_ahead(course: Course, command: Command) -> bool:
    """Whether its author saw what this server does not have: a restore lost it, and it may come back."""
    revisions = course.dossier.revisions
    return any(base.rev > revisions.get(name, 0) for name, base in command.bases.items())


def moved_since(course: Course, command: Command, changes: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The fields that the command would set over something its author did not see."""
    return _told(course.dossier, [name for name in _fields(course.dossier, changes) if _unseen(course, command, name)])


def _unseen(course: Course, command: Command, name: str) -> bool:
    rev, base = course.dossier.revisions.get(name, 0), command.bases.get(name)
    if name in course.own or rev == 0:
        return False
    if base is None or rev > base.rev:
        return True
    return _is_other(base.value, _json(course.dossier, name))


def _is_other(seen: Any, held: Any) -> bool:
    """Whether two plain values differ at one revision: a restored server gave its number to somebody else's work."""
    return not isinstance(seen, dict | list) and not isinstance(held, dict | list) and seen != held


def _is_outdone(course: Course, command: Command, acked_rev: int) -> bool:
    """Whether each field that the command sets was set by a later one that is back already."""
    fields = command.writes()
    later = all(_is_later(course, name, acked_rev) for name in fields)
    return later and not any(_is_fresh(course, command, name) for name in fields)


def _is_later(course: Course, name: str, acked_rev: int) -> bool:
    return course.dossier.revisions.get(name, 0) >= acked_rev


def _work_since(course: Course, command: Command, changes: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The fields that the command would set over work done since the restore."""
    fields = _fields(course.dossier, changes)
    return _told(course.dossier, [name for name in fields if _is_fresh(course, command, name)])


def _is_fresh(course: Course, command: Command, name: str) -> bool:
    """Whether a field was set since the restore by something that was not sent again."""
    rev = course.dossier.revisions.get(name, 0)
    if rev == 0 or course.replayed.get(name) == rev:
        return False
    if course.since_fork is not None:
        return rev in course.since_fork()
    base = command.bases.get(name)
    return base is None or rev > base.rev


def _breaks_closing(after: Dossier, context: Context) -> bool:
    return after.etat == CLOS and any(one.blocks for one in missing_to_close(after, context))


def _refused(course: Course, refusal: CommandRefused) -> Outcome:
    return Outcome("refused", course.dossier, code=refusal.code, reason=refusal.reason)


def _fields(dossier: Dossier, changes: Mapping[str, Any]) -> list[str]:
    """The fields among the changes; the others add items to lists, which never conflicts."""
    return [name for name, new in changes.items() if not appends(dossier, name) and read(dossier, name) != new]


def _set_by(before: Dossier, changes: Mapping[str, Any], rev: int) -> dict[str, int]:
    return {name: rev for name in changes if not appends(before, name)}


def _told(dossier: Dossier, names: Iterable[str]) -> tuple[Moved, ...]:
    return tuple(_moved(dossier, name) for name in names)


def _moved(dossier: Dossier, name: str) -> Moved:
    """A field in conflict, with who set it last as far as the history goes back."""
    last = next((one for one in reversed(dossier.history) if any(it.path == name for it in one.changes)), None)
    return Moved(
        path=name,
        rev=dossier.revisions.get(name, 0),
        value=_json(dossier, name),
        by=last.author.label if last else "",
        at=last.at.isoformat() if last else "",
    )


def _json(dossier: Dossier, name: str) -> Any:
    return _ANY.dump_python(read(dossier, name), mode="json")

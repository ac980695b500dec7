"""Laying extracts into the shared store, as system commands, while it serves.

Dossiers are worked out outside any transaction, then written some hundreds at a time; those that somebody changed in
between are worked out again. An extract decides the corbeille of a dossier that is new or whose convention it
changes; one that an administrator put elsewhere stays there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from sqlalchemy import Connection, select

from gca_tui import clock
from gca_tui.domain.apply import apply
from gca_tui.domain.command import Command, CommandRefused, Context
from gca_tui.domain.commands import MarkAbsent
from gca_tui.domain.commands.extract import OLDER
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.ids import new_id
from gca_tui.server.administering import touch_rights
from gca_tui.server.bell import RIGHTS
from gca_tui.server.chain import Entry
from gca_tui.server.delegating import ensure_conventions, ensure_scopes, scope_of
from gca_tui.server.laying import Change, Stored, lay, stored
from gca_tui.server.moving import release
from gca_tui.server.service import Service
from gca_tui.server.tables import DOSSIER, SCOPE
from gca_tui.store.loading import Loaded
from gca_tui.store.preparing import NEWER, Given, Orders
from gca_tui.wire import Key

BATCH = 500
"""Dossiers a transaction: agents wait for the writer a fraction of a second at most."""
LEFT = "changement de convention dans l’extrait"
"""Said where a dossier leaves a corbeille because its extract says so."""
Progress = Callable[[int], None]
Worked = Change | tuple[()] | None
"""What an extract makes of a dossier: None where it stays as it is, `NEWER` where it has a newer extract."""


@dataclass(frozen=True)
class Absent:
    """What to mark as « absente de l'extrait »: the dossiers of these (caisse, convention) not among those seen."""

    scopes: Collection[tuple[str, str]]
    seen: Collection[tuple[str, str]]
    author: Author


@dataclass
class Taken:
    """What an import did; `absent` dossiers were marked so."""

    loaded: Loaded = field(default_factory=Loaded)
    absent: int = 0


def load(
    service: Service,
    given: Iterable[Given] | Orders,
    progress: Progress = lambda _: None,
    absent: Absent | None = None,
    *,
    dry: bool = False,
) -> Taken:
    """Load dossiers, then mark those that the extract lost; a dry one writes nothing.

    `progress` is told how many are done. Raises StoreError.
    """
    loading = _Loading(service, dry=dry)
    if isinstance(given, Orders):
        given = given.make(slice(0, len(given.keys)))
    taken = Taken(loading.load(given, progress))
    if absent:
        taken.absent = loading.load(_marks(service, absent)).written
    return taken


class _Loading:
    """One import. `_scopes` are the corbeilles known to be there."""

    def __init__(self, service: Service, *, dry: bool) -> None:
        self._service = service
        self._base = service.base
        self._dry = dry
        self._scopes: set[str] = set()

    def load(self, given: Iterable[Given], progress: Progress = lambda _: None) -> Loaded:
        """All of these dossiers."""
        loaded, done, source = Loaded(), 0, iter(given)
        while batch := list(islice(source, BATCH)):
            for one, worked in zip(batch, self._take(batch), strict=True):
                loaded.written += isinstance(worked, Change)
                loaded.older += worked == NEWER
                if not isinstance(worked, Change):
                    loaded.unchanged.append(one.key)
            done += len(batch)
            progress(done)
        return loaded

    def _take(self, batch: Sequence[Given]) -> list[Worked]:
        """Work these out and write them; what became of each."""
        keys = [Key(*one.key) for one in batch]
        context, before = self._base.reading(lambda c: (self._service.context(c), stored(c, keys, lock=False)))
        at = self._service.instant()
        found = [_worked(one, before.get(key), context, at) for one, key in zip(batch, keys, strict=True)]
        if self._dry or not any(found):
            return found
        self._open(found)
        changing = {key: place for place, key in enumerate(keys) if found[place]}
        written = self._base.writing(lambda c: self._write(c, batch, found, changing, context))
        self._service.bell.ring({scope for one in written if isinstance(one, Change) for scope in _touched(one)})
        return written

    def _open(self, found: Iterable[Worked]) -> None:
        """Make the corbeilles that are wanted, in a transaction of their own: theirs is the last lock of others."""
        wanted = {one.scope for one in found if isinstance(one, Change)} - self._scopes
        if not wanted:
            return

        def make(connection: Connection) -> bool:
            known = set(connection.execute(select(SCOPE.c.id).where(SCOPE.c.id.in_(sorted(wanted)))).scalars())
            ensure_scopes(connection, wanted - known, self._service.now())
            if made := ensure_conventions(connection, wanted) or not wanted <= known:
                touch_rights(connection)
            return made

        if self._base.writing(make):
            self._service.bell.ring([RIGHTS])
        self._scopes |= wanted

    def _write(
        self,
        connection: Connection,
        batch: Sequence[Given],
        found: Sequence[Worked],
        changing: Mapping[Key, int],
        context: Context,
    ) -> list[Worked]:
        """Write what changes; what somebody changed since it was worked out is worked out again."""
        now = stored(connection, changing.keys())
        written, at = list(found), self._service.instant()
        for key, place in changing.items():
            one, current = written[place], now.get(key)
            if isinstance(one, Change) and not _same(one.before, current):
                written[place] = _worked(batch[place], current, context, at)
        changes = [one for one in written if isinstance(one, Change)]
        ensure_scopes(connection, {one.scope for one in changes} - self._scopes, self._service.now())
        release(connection, [one.key for one in changes if len(_touched(one)) > 1])
        lay(connection, changes, context)
        return written


def _worked(given: Given, before: Stored | None, context: Context, at: str) -> Worked:
    """What the system's command, and those of agents that come with it, make of a dossier."""
    start = before.dossier if before else None
    try:
        dossier = apply(start, given.command, context)
    except CommandRefused as refusal:
        if refusal.code != OLDER:
            raise
        return NEWER
    if dossier is start:
        return None
    entries = [_entry(given.command, dossier, at)]
    for command in given.since:
        try:
            after = apply(dossier, command, context)
        except CommandRefused:
            continue
        if after is not dossier:
            entries.append(_entry(command, after, at))
        dossier = after
    scope = _scope(before, start, dossier)
    return Change(before, dossier, tuple(entries), scope, LEFT, before.replayed if before else {})


def _entry(command: Command, dossier: Dossier, at: str) -> Entry:
    return Entry(
        kind=command.kind,
        caisse=dossier.caisse,
        matricule=dossier.matricule,
        rev=dossier.rev,
        at=at,
        body=f'{{"command":{command.model_dump_json()}}}',
        command_id=command.id,
        agent=command.author.identifiant,
    )


def _scope(before: Stored | None, start: Dossier | None, after: Dossier) -> str:
    if before and start and start.convention == after.convention:
        return before.scope
    return scope_of(after.caisse, after.convention)


def _same(one: Stored | None, other: Stored | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.scope, one.rev, one.h) == (other.scope, other.rev, other.h)


def _touched(change: Change) -> set[str]:
    return {change.scope, change.before.scope if change.before else change.scope}


def _marks(service: Service, absent: Absent) -> Iterator[Given]:
    """« Absente de l'extrait » for each dossier that the extract should hold and does not."""
    at, seen = service.now(), frozenset(absent.seen)
    le = clock.local(at).date()
    for caisse in sorted({caisse for caisse, _ in absent.scopes}):
        known = service.base.reading(partial(_keys, caisse=caisse))
        lost = iter([key for key in known if key not in seen])
        while part := list(islice(lost, BATCH)):
            found = service.base.reading(partial(stored, keys=part, lock=False))
            for key, one in found.items():
                if (caisse, _convention(one)) in absent.scopes:
                    yield Given(MarkAbsent(id=new_id(), **key._asdict(), author=absent.author, at=at, le=le))


def _keys(connection: Connection, caisse: str) -> list[Key]:
    found = select(DOSSIER.c.caisse, DOSSIER.c.matricule).where(DOSSIER.c.caisse == caisse)
    return [Key(*row) for row in connection.execute(found.order_by(DOSSIER.c.matricule))]


def _convention(one: Stored) -> str:
    return json.loads(one.document).get("convention") or ""

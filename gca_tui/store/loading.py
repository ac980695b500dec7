"""Laying extracts into the store: in short transactions, out of sight, then all at once.

An import writes its versions of dossiers under the next generation and marks the ones they replace; the last step is
to move the generation, one row. Killed before that, the next start takes its versions away; agents go on writing all
the while, into the visible version and into the prepared one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, text, update

from gca_tui.domain.apply import apply, replay
from gca_tui.domain.command import Command, Context
from gca_tui.domain.commands import MarkAbsent, ReceiveExtract
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.values import Author
from gca_tui.store.journal import generation, pending, set_meta, settle
from gca_tui.store.projection import project, search_words
from gca_tui.store.tables import FOREVER, DocumentRow, DossierRow

BATCH = 250
"""Dossiers a transaction: about 40 ms of the writer's lock, far under the 200 ms that an agent would feel."""

_DOSSIER = DossierRow.__table__  # type: ignore[attr-defined]  # SQLModel sets it on every table class
_DOCUMENT = DocumentRow.__table__  # type: ignore[attr-defined]
_SEARCH = text("INSERT INTO recherche (rowid, nom, notes) VALUES (:id, :nom, :notes)")
Key = tuple[str, str]


@dataclass
class Loaded:
    """What an import did, in dossiers."""

    written: int = 0
    unchanged: list[Key] = field(default_factory=list)


@dataclass(frozen=True)
class Given:
    """One dossier to load: the system's command, and what agents did since where a demonstration says so."""

    command: ReceiveExtract | MarkAbsent
    since: Sequence[Command] = ()


class _Rows:
    """The rows of a batch, written together."""

    def __init__(self, since: int, context: Context) -> None:
        self._since = since
        self._context = context
        self._dossiers: list[dict[str, Any]] = []
        self._documents: list[dict[str, Any]] = []
        self._words: list[dict[str, Any]] = []
        self._replaced: list[dict[str, int]] = []

    def add(self, number: int, dossier: Dossier, mirror: str | None, replaced: int | None) -> None:
        """A new version, in the place of another one where there is one."""
        columns = project(dossier, self._context)
        self._dossiers.append({"id": number, "since": self._since, "until": FOREVER, **columns})
        self._documents.append({"dossier_id": number, "document": dossier.to_json(), "mirror": mirror})
        identity, notes = search_words(dossier)
        self._words.append({"id": number, "nom": identity, "notes": notes})
        if replaced is not None:
            self._replaced.append({"replaced": replaced})

    def write(self, connection: Connection) -> None:
        """Insert them; end the versions they replace at this generation."""
        if not self._dossiers:
            return
        if self._replaced:
            ended = update(_DOSSIER).where(_DOSSIER.c.id == bindparam("replaced")).values(until=self._since)
            connection.execute(ended, self._replaced)
        connection.execute(insert(_DOSSIER), self._dossiers)
        connection.execute(insert(_DOCUMENT), self._documents)
        connection.execute(_SEARCH, self._words)


class Loader:
    """One import. Use it under the lock `import` of the data folder."""

    def __init__(self, engine: Engine, context: Context) -> None:
        self._engine = engine
        self._context = context
        with engine.begin() as connection:
            self._generation = generation(connection) + 1
            self._next_id = int(connection.execute(select(func.max(_DOSSIER.c.id))).scalar() or 0) + 1

    def load(self, given: Iterable[Given], progress: Callable[[int], None] = lambda _: None) -> Loaded:
        """Prepare the versions of these dossiers; `progress` is told how many are done. Nothing shows yet."""
        loaded = Loaded()
        done = 0
        for batch in _batches(given):
            with self._engine.begin() as connection:
                self._stage(connection, batch, loaded)
            done += len(batch)
            progress(done)
        return loaded

    def mark_absent(self, scopes: set[tuple[str, str]], seen: set[Key], le: date, author: Author, at: datetime) -> int:
        """Prepare « absente de l'extrait » for the dossiers of these corbeilles that the extract does not hold."""
        with self._engine.begin() as connection:
            known = connection.execute(
                select(_DOSSIER.c.caisse, _DOSSIER.c.matricule, _DOSSIER.c.convention)
                .where(_DOSSIER.c.since < self._generation, _DOSSIER.c.until == FOREVER)
                .order_by(_DOSSIER.c.id)
            )
            gone = [(row[0], row[1]) for row in known if (row[0], row[2]) in scopes and (row[0], row[1]) not in seen]
        marks = (
            MarkAbsent(id=f"{at:%Y%m%dT%H%M%S}-{c}-{m}", caisse=c, matricule=m, author=author, at=at, le=le)
            for c, m in gone
        )
        return self.load(map(Given, marks)).written

    def show(self) -> None:
        """Make all of it visible at once, then drop the versions it replaces."""
        with self._engine.begin() as connection:
            set_meta(connection, "generation", str(self._generation))
        sweep(self._engine, self._context)

    def _stage(self, connection: Connection, batch: Sequence[Given], loaded: Loaded) -> None:
        current = self._current(connection, [(one.command.caisse, one.command.matricule) for one in batch])
        rows = _Rows(self._generation, self._context)
        for one in batch:
            key = (one.command.caisse, one.command.matricule)
            number, document, mirror = current.get(key, (None, None, None))
            source = mirror or document
            before = Dossier.from_json(source) if source else None
            dossier = apply(before, one.command, self._context)
            if dossier is before:
                loaded.unchanged.append(key)
                continue
            kept = dossier.to_json() if mirror else None
            if one.since or mirror:
                waiting = pending(connection, key) if mirror else []
                dossier, _ = replay(dossier, [*one.since, *waiting], self._context)
            rows.add(self._next_id, dossier, kept, number)
            self._next_id += 1
            loaded.written += 1
        rows.write(connection)

    def _current(self, connection: Connection, keys: list[Key]) -> dict[Key, tuple[int, str, str | None]]:
        """The newest version of each dossier, by key. A new store is not searched 130 000 times."""
        if self._generation == 1:
            return {}
        found = {}
        for caisse in {key[0] for key in keys}:
            rows = connection.execute(
                select(_DOSSIER.c.caisse, _DOSSIER.c.matricule, _DOSSIER.c.id, _DOCUMENT.c.document, _DOCUMENT.c.mirror)
                .join(_DOCUMENT, _DOCUMENT.c.dossier_id == _DOSSIER.c.id)
                .where(_DOSSIER.c.caisse == caisse, _DOSSIER.c.until == FOREVER)
                .where(_DOSSIER.c.matricule.in_([key[1] for key in keys if key[0] == caisse]))
            )
            found.update({(row[0], row[1]): (row[2], row[3], row[4]) for row in rows})
        return found


def recover(engine: Engine, context: Context) -> bool:
    """Take away what an interrupted import left. Use it under the lock `import`. Says whether there was anything."""
    with engine.begin() as connection:
        visible = generation(connection)
        left = connection.execute(select(_DOSSIER.c.id).where(_DOSSIER.c.since > visible).limit(1)).first()
        if left:
            connection.execute(update(_DOSSIER).where(_DOSSIER.c.until == visible + 1).values(until=FOREVER))
    if left:
        _delete(engine, f"since > {visible}")
    sweep(engine, context)
    return bool(left)


def sweep(engine: Engine, context: Context) -> None:
    """Drop the versions that nothing shows any more, and see again to the commands pending on the new ones."""
    with engine.begin() as connection:
        visible = generation(connection)
        waiting = connection.execute(
            select(_DOSSIER.c.caisse, _DOSSIER.c.matricule)
            .join(_DOCUMENT, _DOCUMENT.c.dossier_id == _DOSSIER.c.id)
            .where(_DOCUMENT.c.mirror.is_not(None), _DOSSIER.c.since == visible)
        ).all()
    _delete(engine, f"until < {FOREVER} AND until <= {visible}")
    for caisse, matricule in waiting:
        with engine.begin() as connection:
            settle(connection, (caisse, matricule), context)


def _delete(engine: Engine, where: str) -> None:
    """Delete versions and all that hangs on them, a batch at a time."""
    while True:
        with engine.begin() as connection:
            ids = [
                row[0] for row in connection.execute(text(f"SELECT id FROM dossier WHERE {where} LIMIT {BATCH * 2}"))
            ]
            if not ids:
                return
            listed = ",".join(map(str, ids))
            for table, column in (("recherche", "rowid"), ("document", "dossier_id"), ("dossier", "id")):
                connection.execute(text(f"DELETE FROM {table} WHERE {column} IN ({listed})"))


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    source = iter(items)
    while batch := list(islice(source, BATCH)):
        yield batch

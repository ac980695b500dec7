"""Laying extracts into the store: in short transactions, out of sight, then all at once.

An import writes its versions of dossiers under the next generation and marks the ones they replace; the last step is
to move the generation, one row. Killed before that, the next start takes its versions away; agents go on writing all
the while, into the visible version and into the prepared one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from gca_tui.domain.command import Context
from gca_tui.domain.commands import MarkAbsent
from gca_tui.domain.values import Author
from gca_tui.store.batching import Batch, Batches, Found
from gca_tui.store.facts import generation, set_meta
from gca_tui.store.judging import settle
from gca_tui.store.outbox import pending
from gca_tui.store.preparing import COLUMNS, NEWER, Given, Key, Orders, Prepared, Row, prepare, prepare_again
from gca_tui.store.tables import DOCUMENT, DOSSIER, FOREVER

__all__ = ["Given", "Key", "Loaded", "Loader", "Orders", "recover", "sweep"]

BATCH = 1_000
"""Dossiers a transaction: about 30 ms of the writer's lock, far under the 200 ms that an agent would feel."""
DROPPED = 500
"""Versions deleted in a transaction."""

# Given to the driver as they are: through SQLAlchemy each row would cost as much again as SQLite takes for it.
_INSERT = f"INSERT INTO dossier ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_INSERT_DOCUMENT = "INSERT INTO document (dossier_id, document, mirror) VALUES (?, ?, ?)"
_INSERT_WORDS = "INSERT INTO recherche (rowid, nom, notes) VALUES (?, ?, ?)"
_END = "UPDATE dossier SET until = ? WHERE id = ?"
_NEWEST = (
    "SELECT d.caisse, d.matricule, d.id, t.document, t.mirror FROM dossier AS d"
    " JOIN document AS t ON t.dossier_id = d.id WHERE d.until = ? AND d.caisse = ? AND d.matricule IN "
)
Execute = Callable[[str, tuple[Any, ...]], Iterable[Any]]


@dataclass
class Loaded:
    """What an import did, in dossiers. `older` counts those, among the unchanged, that have a newer extract."""

    written: int = 0
    older: int = 0
    unchanged: list[Key] = field(default_factory=list)


class Rows:
    """The rows of a batch, written together."""

    def __init__(self, since: int) -> None:
        self._since = since
        self._dossiers: list[tuple[Any, ...]] = []
        self._documents: list[tuple[int, str, str | None]] = []
        self._words: list[tuple[int, str, str]] = []
        self._replaced: list[tuple[int, int]] = []

    def add(self, number: int, row: Row, replaced: int | None) -> None:
        """A new version, in the place of another one where there is one."""
        columns, document, mirror, nom, notes = row
        self._dossiers.append((number, self._since, FOREVER, *columns))
        self._documents.append((number, document, mirror))
        self._words.append((number, nom, notes))
        if replaced is not None:
            self._replaced.append((self._since, replaced))

    def write(self, connection: Connection) -> None:
        """Insert them; end the versions they replace at this generation."""
        statements = (
            (_END, self._replaced),
            (_INSERT, self._dossiers),
            (_INSERT_DOCUMENT, self._documents),
            (_INSERT_WORDS, self._words),
        )
        for statement, rows in statements:
            if rows:
                connection.exec_driver_sql(statement, rows)


class Loader:
    """One import. Use it under the lock `import` of the data folder."""

    def __init__(self, engine: Engine, context: Context) -> None:
        self._engine = engine
        self._context = context
        self._known: dict[str, set[str]] = {}  # by caisse; only an import adds dossiers, and there is one at a time
        with engine.begin() as connection:
            self._generation = generation(connection) + 1
            self._next_id = int(connection.execute(select(func.max(DOSSIER.c.id))).scalar() or 0) + 1
        for caisse, matricule in self._rows("SELECT caisse, matricule FROM dossier WHERE until = ?", (FOREVER,)):
            self._known.setdefault(caisse, set()).add(matricule)

    def load(self, given: Iterable[Given] | Orders, progress: Callable[[int], None] = lambda _: None) -> Loaded:
        """Prepare the versions of these dossiers; `progress` is told how many are done. Nothing shows yet.

        Rows are prepared outside any transaction. Raises StoreError when a process that helps was stopped.
        """
        loaded = Loaded()
        done = 0
        batches = Batches(self._context, self._read, BATCH, empty=not self._known)
        with closing(batches.prepared(given)) as prepared:
            for batch in prepared:
                with self._engine.begin() as connection:
                    self._stage(connection, batch, loaded)
                done += len(batch.rows)
                progress(done)
        return loaded

    def mark_absent(self, scopes: set[tuple[str, str]], seen: set[Key], le: date, author: Author, at: datetime) -> int:
        """Prepare « absente de l'extrait » for the dossiers of these corbeilles that the extract does not hold."""
        newest = "SELECT caisse, matricule, convention FROM dossier WHERE since < ? AND until = ? ORDER BY id"
        known = self._rows(newest, (self._generation, FOREVER))
        gone = [(row[0], row[1]) for row in known if (row[0], row[2]) in scopes and (row[0], row[1]) not in seen]

        def marks(part: slice) -> Iterator[Given]:
            for c, m in gone[part]:
                name = f"{at:%Y%m%dT%H%M%S}-{c}-{m}"
                yield Given(MarkAbsent(id=name, caisse=c, matricule=m, author=author, at=at, le=le))

        return self.load(Orders(gone, marks)).written

    def show(self) -> None:
        """Make all of it visible at once, then drop the versions it replaces."""
        with self._engine.begin() as connection:
            set_meta(connection, "generation", str(self._generation))
        sweep(self._engine, self._context)

    def _stage(self, connection: Connection, batch: Batch, loaded: Loaded) -> None:
        """Write a batch. What agents changed since it was prepared is prepared again."""
        newest = self._newest(connection.exec_driver_sql, list(batch.found))
        rows = Rows(self._generation)
        for place, row in enumerate(batch.rows):
            found = newest.get(batch.keys[place]) if newest else None
            if found and (found.mirror or found != batch.found[batch.keys[place]]):
                row = self._again(connection, batch.given(place), found)
            if not row:
                loaded.unchanged.append(batch.keys[place])
                loaded.older += row == NEWER
                continue
            rows.add(self._next_id, row, found and found.id)
            self._next_id += 1
            loaded.written += 1
        rows.write(connection)

    def _again(self, connection: Connection, given: Given, found: Found) -> Prepared:
        if found.mirror:
            return prepare_again(given, found.mirror, pending(connection, given.key), self._context)
        return prepare([given], [found.document], self._context)[0]

    def _rows(self, sql: str, params: tuple[Any, ...]) -> Iterator[Any]:
        """Rows of the whole store, without the writer's lock: it would be held for as long as they take."""
        with closing(self._engine.raw_connection()) as connection:
            yield from connection.cursor().execute(sql, params)

    def _read(self, keys: Sequence[Key]) -> dict[Key, Found]:
        """The newest versions, without the writer's lock: they may have moved when it is taken."""
        with closing(self._engine.raw_connection()) as connection:
            return self._newest(connection.cursor().execute, keys)

    def _newest(self, execute: Execute, keys: Sequence[Key]) -> dict[Key, Found]:
        """The newest version of each dossier that was in the store before this import."""
        wanted: dict[str, list[str]] = {}
        for caisse, matricule in keys:
            if matricule in self._known.get(caisse, ()):
                wanted.setdefault(caisse, []).append(matricule)
        found = {}
        for caisse, numbers in wanted.items():
            rows = execute(f"{_NEWEST} ({','.join('?' * len(numbers))})", (FOREVER, caisse, *numbers))
            found.update({(row[0], row[1]): Found(*row[2:]) for row in rows})
        return found


def recover(engine: Engine, context: Context) -> bool:
    """Take away what an interrupted import left. Use it under the lock `import`. Says whether there was anything."""
    with engine.begin() as connection:
        visible = generation(connection)
        left = connection.execute(select(DOSSIER.c.id).where(DOSSIER.c.since > visible).limit(1)).first()
    if left:
        _restore(engine, visible + 1)
        _delete(engine, f"since > {visible}")
    sweep(engine, context)
    return bool(left)


def sweep(engine: Engine, context: Context) -> None:
    """Drop the versions that nothing shows any more, and see again to the commands pending on the new ones."""
    with engine.begin() as connection:
        visible = generation(connection)
        waiting = connection.execute(
            select(DOSSIER.c.caisse, DOSSIER.c.matricule)
            .join(DOCUMENT, DOCUMENT.c.dossier_id == DOSSIER.c.id)
            .where(DOCUMENT.c.mirror.is_not(None), DOSSIER.c.since == visible)
        ).all()
    _delete(engine, f"until < {FOREVER} AND until <= {visible}")
    for caisse, matricule in waiting:
        with engine.begin() as connection:
            settle(connection, (caisse, matricule), context)


def _restore(engine: Engine, ended: int) -> None:
    """Let the versions that an import ended go on, a batch at a time."""
    some = f"SELECT id FROM dossier WHERE until < {FOREVER} AND until = {ended} LIMIT {BATCH}"
    restored = True
    while restored:
        with engine.begin() as connection:
            done = connection.exec_driver_sql(f"UPDATE dossier SET until = {FOREVER} WHERE id IN ({some})")
            restored = done.rowcount > 0


def _delete(engine: Engine, where: str) -> None:
    """Delete versions and all that hangs on them, a batch at a time."""
    while True:
        with engine.begin() as connection:
            ids = [row[0] for row in connection.execute(text(f"SELECT id FROM dossier WHERE {where} LIMIT {DROPPED}"))]
            if not ids:
                return
            listed = ",".join(map(str, ids))
            for table, column in (("recherche", "rowid"), ("document", "dossier_id"), ("dossier", "id")):
                connection.execute(text(f"DELETE FROM {table} WHERE {column} IN ({listed})"))

"""Taking a backup again: read whole and checked first, then laid in one transaction under a new epoch.

Dossiers, journals and answers are those of the backup. Who may work, and with which machine, is what it is now where
the base knows it: a machine that was shut since stays shut, one that was enrolled since keeps its token, and work set
aside since stays. Machines notice by the journals' marks, and send again what the backup does not hold.
"""

from __future__ import annotations

import gzip
import json
import secrets
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from gca_tui.errors import InputError
from gca_tui.ids import new_id
from gca_tui.server import seals
from gca_tui.server.administering import RAISED
from gca_tui.server.backup import FORMAT, KIND, tables
from gca_tui.server.base import REVISION
from gca_tui.server.bell import RIGHTS
from gca_tui.server.delegating import ensure_scopes
from gca_tui.server.service import Service
from gca_tui.server.tables import AGENT, DOSSIER, ENROLMENT, INSTALL, META, RIGHT, SCOPE

BATCH = 500
"""Rows written by one statement."""
KEPT = ("agent", "agent_right", "convention", "install", "enrolment", "quarantine")
"""Tables of which the rows that are there now prevail over those of the backup with the same key."""
INTACT = "Rien n’a été remplacé."
Progress = Callable[[int], None]
Row = dict[str, Any]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself: the moment it is of, its columns, its rows by table."""

    at: str
    server: str
    revision: str
    columns: Mapping[str, Sequence[str]]
    counts: Mapping[str, int]
    sha256: str

    @property
    def rows(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


def read_manifest(path: Path) -> Manifest:
    """Read a backup whole and check that nothing of it is missing or changed. Raises InputError."""
    digest, counts = sha256(), dict[str, int]()
    first: Any = None
    last = b""
    for last, is_last in _lines(path):
        if is_last:
            break
        digest.update(last)
        value = _parsed(path, last)
        if first is None:
            first = _checked_head(path, value)
        else:
            _check_row(path, first["tables"], value)
            counts[value[0]] = counts.get(value[0], 0) + 1
    if first is None or _parsed(path, last) != {"sha256": digest.hexdigest(), "lignes": counts}:
        raise _broken(path)
    return Manifest(first["le"], first["serveur"], first["revision"], first["tables"], counts, digest.hexdigest())


def restore(service: Service, path: Path, progress: Progress = lambda _: None, *, replace: bool = False) -> Manifest:
    """Put a backup in the base, which is empty unless it is to be replaced; `progress` is told the rows laid.

    Nothing is touched before the whole file was checked, and all of it is laid or nothing. Raises InputError.
    """
    manifest = read_manifest(path)
    service.base.writing(lambda connection: _restore(service, connection, path, manifest, progress, replace=replace))
    service.bell.ring([RIGHTS])
    return manifest


def _restore(
    service: Service, connection: Connection, path: Path, manifest: Manifest, progress: Progress, *, replace: bool
) -> None:
    if not service.base.is_sqlite:
        names = ", ".join(f'"{table.name}"' for table in tables())
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
    if not (replace or is_empty(connection)):
        raise InputError(
            "Cette base n’est pas vide.", INTACT, "Donnez une autre base, ou --remplacer pour remplacer ce qu’elle a."
        )
    kept = {table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in _kept()}
    raised = connection.execute(select(META.c.value).where(META.c.name == RAISED)).scalar()
    for table in tables():
        connection.execute(delete(table))
    _lay(connection, path, manifest, kept, progress)
    _lay_kept(service, connection, kept)
    _renew(connection, int(raised or 0))


def is_empty(connection: Connection) -> bool:
    """Whether nobody used the base yet."""
    return not any(
        connection.execute(select(func.count()).select_from(table)).scalar()
        for table in (SCOPE, DOSSIER, AGENT, INSTALL)
    )


def _lay(
    connection: Connection, path: Path, manifest: Manifest, kept: Mapping[str, list[Row]], progress: Progress
) -> None:
    """Insert the rows of the backup, save those for which the base has its own; the file is checked once more."""
    by_name = {table.name: table for table in tables()}
    own = {name: {_key(name, row) for row in rows} for name, rows in kept.items()}
    known = {row["identifiant"] for row in kept["agent"]}
    digest, done = sha256(), 0

    def rows() -> Iterator[tuple[str, Row]]:
        for number, (one, is_last) in enumerate(_lines(path)):
            if is_last:
                return
            digest.update(one)
            if number:
                name, *cells = _parsed(path, one)
                yield name, dict(zip(manifest.columns[name], cells, strict=True))

    for name, group in groupby(rows(), key=lambda pair: pair[0]):
        while some := list(islice(group, BATCH)):
            new = [row for _, row in some if _is_new(name, row, own, known)]
            if new:
                connection.execute(insert(by_name[name]), new)
            done += len(some)
            progress(done)
    if digest.hexdigest() != manifest.sha256:
        raise _broken(path)


def _is_new(name: str, row: Row, own: Mapping[str, set[tuple[Any, ...]]], known: set[str]) -> bool:
    """Whether the base has nothing of its own in the place of this row."""
    if name in (RIGHT.name, ENROLMENT.name) and row["agent"] in known:
        return False
    return name not in own or _key(name, row) not in own[name]


def _lay_kept(service: Service, connection: Connection, kept: Mapping[str, list[Row]]) -> None:
    for table in _kept():
        for first in range(0, len(kept[table.name]), BATCH):
            connection.execute(insert(table), kept[table.name][first : first + BATCH])
    # A machine whose corbeille were not there would be told that it lost the right, and empty itself.
    ensure_scopes(connection, {row["scope"] for row in kept[RIGHT.name]}, service.now())


def _renew(connection: Connection, raised: int) -> None:
    """Another epoch, and rights that every process sees as moved."""
    before = connection.execute(select(META.c.value).where(META.c.name == RAISED)).scalar()
    values = {
        "epoch": new_id(),
        RAISED: str(max(raised, int(before or 0)) + 1),
        seals.NAME: seals.key(connection) or secrets.token_hex(32),
    }
    connection.execute(delete(META).where(META.c.name.in_(values)))
    connection.execute(insert(META), [{"name": name, "value": value} for name, value in values.items()])


def _kept() -> list[Any]:
    return [table for table in tables() if table.name in KEPT]


def _key(name: str, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for table in _kept() if table.name == name for column in table.primary_key)


def _lines(path: Path) -> Iterator[tuple[bytes, bool]]:
    """The lines of a backup, and whether each is the last one. Raises InputError."""
    try:
        with gzip.open(path, "rb") as file:
            before = None
            for one in file:
                if before is not None:
                    yield before, False
                before = one
    except FileNotFoundError as error:
        raise InputError(f"{path} n’existe pas.", INTACT) from error
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path) from error
    if before is None:
        raise _broken(path)
    yield before, True


def _parsed(path: Path, one: bytes) -> Any:
    try:
        return json.loads(one)
    except (ValueError, RecursionError) as error:
        raise _broken(path) from error


def _checked_head(path: Path, value: Any) -> Any:
    if not isinstance(value, dict) or value.get("genre") != KIND:
        raise _broken(path)
    own = {table.name: set(table.columns.keys()) for table in tables()}
    told = value.get("tables")
    if not isinstance(told, dict) or not all(
        isinstance(value.get(name), str) for name in ("le", "serveur", "revision")
    ):
        raise _broken(path)
    newer = any(not set(columns) <= own.get(name, set()) for name, columns in told.items())
    if newer or value.get("format") != FORMAT or value["revision"] > REVISION:
        raise InputError(
            f"{path} vient d’une version plus récente du programme.", INTACT, "Mettez le programme à jour."
        )
    return value


def _check_row(path: Path, columns: Mapping[str, Sequence[str]], value: Any) -> None:
    if not (isinstance(value, list) and value and isinstance(value[0], str) and value[0] in columns):
        raise _broken(path)
    if len(value) != 1 + len(columns[value[0]]):
        raise _broken(path)


def _broken(path: Path) -> InputError:
    return InputError(
        f"{path} n’est pas une sauvegarde entière de gca.", INTACT, "Prenez-en une autre, ou copiez-la à nouveau."
    )

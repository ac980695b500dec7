"""A backup of the shared store, the same for SQLite and PostgreSQL: gzip of JSON lines.

The first line says what it is and the columns of each table; then a line a row, an array after the table's name; the
last one counts the rows and gives the SHA-256 of all lines before it. All of it is of one moment.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table, select

from gca_tui.errors import InputError
from gca_tui.server.base import REVISION
from gca_tui.server.service import Service
from gca_tui.server.tables import META, METADATA

KIND, FORMAT = "gca-sauvegarde", 1
STREAMED = 1_000
"""Rows held in memory."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Saved:
    """A backup that was written: rows by table, and the SHA-256 of what it holds."""

    counts: dict[str, int]
    sha256: str


def save(service: Service, path: Path, progress: Progress = lambda _: None) -> Saved:
    """Write a backup, readable by its owner alone; `progress` is told the rows written.

    It appears under its name once it is whole and on the disk. Raises InputError for a file that is there already or
    cannot be written.
    """
    if path.exists():
        raise InputError(f"{path} existe déjà.", "Il n’a pas été touché.", "Donnez un autre nom.")
    part = path.with_name(f".{path.name}.{os.getpid()}.partiel")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            saved = service.base.reading(lambda connection: _write(connection, file, service.instant(), progress))
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise InputError(
            f"{path} ne peut pas être écrit.",
            "Les données du serveur sont intactes.",
            "Vérifiez la place et les droits.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return saved


def tables() -> list[Table]:
    """What a backup holds, in its order."""
    return sorted(METADATA.tables.values(), key=lambda table: table.name)


def line(value: Any) -> bytes:
    """One JSON value as a line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write(connection: Connection, file: IO[bytes], at: str, progress: Progress) -> Saved:
    file.seek(0)
    file.truncate()
    counts: dict[str, int] = {}
    digest = sha256()
    done = 0
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6, mtime=0, filename="") as packed:
        for table, one in _lines(connection, at):
            packed.write(one)
            digest.update(one)
            if table:
                counts[table] = counts.get(table, 0) + 1
                done += 1
                if done % STREAMED == 0:
                    progress(done)
        packed.write(line({"sha256": digest.hexdigest(), "lignes": counts}))
    progress(done)
    return Saved(counts, digest.hexdigest())


def _lines(connection: Connection, at: str) -> Iterator[tuple[str, bytes]]:
    """Every line but the last, with the table it is of."""
    meta = {row.name: row.value for row in connection.execute(select(META))}
    columns = {table.name: table.columns.keys() for table in tables()}
    first = {"genre": KIND, "format": FORMAT, "revision": REVISION, "le": at, "tables": columns}
    yield "", line(first | {"serveur": meta.get("server", ""), "epoque": meta.get("epoch", "")})
    for table in tables():
        rows = connection.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": STREAMED})
        for row in rows:
            yield table.name, line([table.name, *row])

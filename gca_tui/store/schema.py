"""Opening the file: create it, bring it up to date after a copy, or refuse one from a newer program."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

from gca_tui.errors import StoreBusy, StoreNewer
from gca_tui.store.driver import Connection, connect, version_of
from gca_tui.store.location import exclusive

SCHEMA = 3
"""Version of the tables; `PRAGMA user_version` of a store that is up to date."""
_WAIT = 60.0
"""Seconds that a program waits for another one that prepares the same store."""


def open_reader(path: Path) -> Connection:
    """A connection that only reads, on a store brought up to date if it was behind."""
    ensure(path)
    return connect(path, readonly=True)


def ensure(path: Path) -> None:
    """Create or migrate the store when its recorded version is behind; cheap when it is not.

    Raises StoreNewer, StoreDamaged, StoreBusy.
    """
    with suppress(StoreBusy):
        if path.exists() and path.stat().st_size and _is_current(path):
            return
    with exclusive(path.parent, "migration", "Une préparation des données est", wait=_WAIT):
        _prepare(path)


def _is_current(path: Path) -> bool:
    version = version_of(path)
    if version > SCHEMA:
        raise StoreNewer(
            f"Ces données viennent d’une version plus récente du programme (format {version}, connu : {SCHEMA}).",
            "Elles n’ont pas été modifiées.",
            "Mettez le programme à jour.",
        )
    return version == SCHEMA


def _prepare(path: Path) -> None:
    if not path.exists():
        _make_private(path)
    elif path.stat().st_size and _is_current(path):
        return
    elif path.stat().st_size and version_of(path):
        _copy(path)
    path.chmod(0o600)
    from gca_tui.store.migrate import upgrade

    upgrade(path, SCHEMA)


def _copy(path: Path) -> None:
    """A copy as it was before the migration, beside the store."""
    target = path.with_name(f"{path.stem}.avant-migration-{version_of(path)}.db")
    target.unlink(missing_ok=True)
    _make_private(target)
    with closing(connect(path)) as source, closing(connect(target)) as copy:
        source.backup(copy)


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))

"""Changing the rules' figures of a store, and making the queue follow them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, text, update

from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.settings import Settings
from gca_tui.errors import StoreDamaged
from gca_tui.store.engine import engine_for
from gca_tui.store.facts import set_meta
from gca_tui.store.projection import project
from gca_tui.store.rules import SETTINGS, parsed
from gca_tui.store.tables import DOSSIER, META

FOLLOWING = "regles_a_suivre"
"""There while the columns of the queue may still follow older rules."""
BATCH = 200
"""Dossiers read at a time, without the writer's lock; those that change are written together."""

_WITH_INDU = (
    "SELECT d.id, d.a_expliquer, d.objet, d.appel_le, t.document"
    " FROM dossier AS d JOIN document AS t ON t.dossier_id = d.id"
    " WHERE d.id > ? AND d.indu > 0 ORDER BY d.id LIMIT ?"
)


def _settings_in(connection: Connection) -> Settings:
    """The settings in force, inside a transaction."""
    return parsed(connection.execute(select(META.c.value).where(META.c.name == SETTINGS)).scalar())


def give_again(path: Path, settings: Settings) -> bool:
    """Put settings in the place of some that cannot be read, which no program starts with; False when they can be."""
    engine = engine_for(path)
    try:
        with engine.begin() as connection:
            try:
                _settings_in(connection)
            except StoreDamaged:
                _put(connection, settings)
                return True
        return False
    finally:
        engine.dispose()


def in_force(connection: Connection, context: Context) -> Context:
    """The context with the settings in force: another program may have changed them since it was made."""
    return replace(context, settings=_settings_in(connection))


def store_settings(connection: Connection, change: Callable[[Settings], Settings]) -> tuple[Settings, Settings]:
    """Put changed settings in force, their version one higher; nothing is written when they are the same.

    Returns what was in force and what is now. The queue does not follow yet: see `follow`.
    """
    before = _settings_in(connection)
    after = change(before)
    if after == before:
        return before, before
    after = after.model_copy(update={"version": before.version + 1})
    _put(connection, after)
    return before, after


def adopt(connection: Connection, settings: Settings) -> bool:
    """Put a server's settings in force as they are; whether they changed. The queue does not follow yet: see `follow`.

    Rules of this store that cannot be read are replaced: the server's are the ones that count.
    """
    with suppress(StoreDamaged):
        if _settings_in(connection) == settings:
            return False
    _put(connection, settings)
    return True


def _put(connection: Connection, settings: Settings) -> None:
    """Put them in force, and say that the queue does not follow yet."""
    set_meta(connection, SETTINGS, settings.model_dump_json(exclude_defaults=True))
    set_meta(connection, FOLLOWING, str(settings.version))


def follow(engine: Engine, context: Context, progress: Callable[[int], None] = lambda _: None) -> int:
    """Make the columns of all dossiers with a trop-perçu follow the rules in force, if they may not yet.

    A program stopped in the middle leaves the rest to the next one. Use it under the lock `import`: what an import
    prepares follows older rules. `progress` is told how many were read. Returns how many changed.
    """
    with engine.begin() as connection:
        if connection.execute(select(META.c.value).where(META.c.name == FOLLOWING)).scalar() is None:
            return 0
        context = in_force(connection, context)
    done = changed = last = 0
    while rows := _read(engine, last):
        stale = [found for row in rows if (found := _projected(row, context))]
        if stale:
            with engine.begin() as connection:
                for number, document, columns in stale:
                    _write(connection, number, document, columns, context)
        changed += len(stale)
        done += len(rows)
        last = rows[-1][0]
        progress(done)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM meta WHERE name = :n"), {"n": FOLLOWING})
    return changed


def _read(engine: Engine, after: int) -> list[Any]:
    with closing(engine.raw_connection()) as connection:
        return list(connection.cursor().execute(_WITH_INDU, (after, BATCH)))


def _projected(row: Any, context: Context) -> tuple[int, str, dict[str, Any]] | None:
    """The columns of a version where they are not what the rules make of it."""
    number, *known, document = row
    columns = project(Dossier.from_json(document), context)
    same = [columns[name] for name in ("a_expliquer", "objet", "appel_le")] == known
    return None if same else (number, document, columns)


def _write(connection: Connection, number: int, document: str, columns: dict[str, Any], context: Context) -> None:
    """Write the columns; those of a document that moved since it was read are made again."""
    now = connection.execute(text("SELECT document FROM document WHERE dossier_id = :id"), {"id": number}).scalar()
    if now is None:
        return
    if now != document:
        columns = project(Dossier.from_json(now), context)
    connection.execute(update(DOSSIER).where(DOSSIER.c.id == number).values(columns))

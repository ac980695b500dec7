"""Single facts of the store, inside a transaction: its generation, its tie to a server, what engines note."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, text

from gca_tui.store.tables import META

TIE = "server"
"""There when the store is tied to a server, which then decides of every command."""


def generation(connection: Connection) -> int:
    """The generation that is visible."""
    return int(meta(connection, "generation") or 0)


def meta(connection: Connection, name: str) -> str | None:
    """A single fact; None when it was never noted."""
    found = connection.execute(select(META.c.value).where(META.c.name == name)).scalar()
    return None if found is None else str(found)


def set_meta(connection: Connection, name: str, value: str) -> None:
    """Note a single fact of the store; nothing is written when it is known already."""
    connection.execute(
        text(
            "INSERT INTO meta (name, value) VALUES (:n, :v)"
            " ON CONFLICT (name) DO UPDATE SET value = :v WHERE value <> :v"
        ),
        {"n": name, "v": value},
    )


def mapping_meta(connection: Connection, name: str) -> dict[str, Any]:
    """A fact that names several; empty when it was never noted."""
    written = meta(connection, name)
    known: dict[str, Any] = json.loads(written) if written else {}
    return known


def set_mapping_meta(connection: Connection, name: str, known: Mapping[str, Any]) -> None:
    """Note a fact that names several; nothing is written when it is known already."""
    set_meta(connection, name, json.dumps(known, sort_keys=True))


def drop_meta(connection: Connection, name: str) -> None:
    """Forget a single fact."""
    connection.execute(text("DELETE FROM meta WHERE name = :n"), {"n": name})


def is_tied(connection: Connection) -> bool:
    """Whether a server decides of what is given here."""
    return meta(connection, TIE) is not None

"""What an administrator watches over: the machines of agents, and the work that was set aside."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from gca_tui.errors import InputError
from gca_tui.server.administering import touch_rights
from gca_tui.server.delegating import NOTHING
from gca_tui.server.tables import INSTALL, QUARANTINE


@dataclass(frozen=True)
class Poste:
    """A machine of an agent, its instants as ISO texts."""

    id: str
    agent: str
    nom: str
    made_at: str
    seen_at: str
    revoked_at: str


def postes(connection: Connection, identifiant: str = "") -> list[Poste]:
    """The machines of all agents, or of one."""
    chosen = select(INSTALL).order_by(INSTALL.c.agent, INSTALL.c.made_at, INSTALL.c.id)
    if identifiant:
        chosen = chosen.where(INSTALL.c.agent == identifiant)
    found = connection.execute(chosen)
    return [Poste(row.id, row.agent, row.poste, row.made_at, row.seen_at, row.revoked_at) for row in found]


def revoke(connection: Connection, install: str, at: datetime) -> Poste:
    """Shut out a machine, named by its id or by enough of its beginning. Raises InputError."""
    found = [poste for poste in postes(connection) if poste.id.startswith(install)] if install else []
    if len(found) != 1:
        said = "Aucun poste" if not found else "Plusieurs postes"
        raise InputError(f"{said} « {install} ».", NOTHING, "gca serveur poste liste les dit.")
    if not found[0].revoked_at:
        connection.execute(update(INSTALL).where(INSTALL.c.id == found[0].id).values(revoked_at=at.isoformat()))
        touch_rights(connection)
    return found[0]


@dataclass(frozen=True)
class Aside:
    """Work of somebody who had lost the right, or a draft left behind. `content` is a command or what was typed."""

    id: str
    agent: str
    caisse: str
    matricule: str
    kind: str
    motif: str
    at: str
    seen_by: str
    content: Any


def quarantine(connection: Connection, caisse: str = "", *, seen: bool = False) -> list[Aside]:
    """What was set aside, oldest first; what somebody read already only when it is asked for."""
    chosen = select(QUARANTINE).order_by(QUARANTINE.c.at, QUARANTINE.c.id)
    if caisse:
        chosen = chosen.where(QUARANTINE.c.caisse == caisse)
    if not seen:
        chosen = chosen.where(QUARANTINE.c.seen_by == "")
    return [
        Aside(
            *(row.id, row.agent, row.caisse, row.matricule, row.kind, row.motif, row.at, row.seen_by),
            content=_content(row.body),
        )
        for row in connection.execute(chosen)
    ]


def mark_seen(connection: Connection, asides: list[Aside], by: str) -> int:
    """Note who read these; returns how many were new. Nothing is deleted."""
    changed = 0
    for aside in asides:
        row = update(QUARANTINE).where(QUARANTINE.c.id == aside.id, QUARANTINE.c.seen_by == "").values(seen_by=by)
        changed += connection.execute(row).rowcount
    return changed


def _content(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body

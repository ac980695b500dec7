"""What is being typed, kept: one draft per dossier, kind of form and target."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select, text

from gca_tui.store.departed import keep_late
from gca_tui.store.tables import DRAFT

_KEEP = text(
    "INSERT INTO draft (caisse, matricule, kind, target, rev, base, fields, saved_at)"
    " VALUES (:caisse, :matricule, :kind, :target, :rev, :base, :fields, :at)"
    " ON CONFLICT (caisse, matricule, kind, target) DO UPDATE SET fields = :fields, saved_at = :at"
)


NOTE, EXPLANATION = "note", "explication"
"""Forms whose text comes back as a draft when what was given is undone."""


@dataclass(frozen=True)
class Place:
    """Which draft: a form (`kind`) over a dossier, about one of its items (`target`) or none."""

    caisse: str
    matricule: str
    kind: str
    target: str = ""


@dataclass(frozen=True)
class Begun:
    """What stood there when typing began: the dossier's revision, and the fields' first texts."""

    rev: int = 0
    base: Mapping[str, str] = field(default_factory=dict)


def put(connection: Connection, place: Place, fields: Mapping[str, str], at: str, begun: Begun) -> None:
    """Keep what is being typed (instant `at`, ISO); fields all empty are no draft. `begun` counts the first time.

    Over a dossier that left meanwhile, it goes with it: see `departed`.
    """
    if not any(value.strip() for value in fields.values()):
        drop(connection, place)
        return
    written = {"rev": begun.rev, "base": _json(begun.base), "fields": _json(fields)}
    form = {"kind": place.kind, "target": place.target}
    if not keep_late(connection, (place.caisse, place.matricule), {**form, **written, "saved_at": at}):
        connection.execute(_KEEP, {**vars(place), **written, "at": at})


def drop(connection: Connection, place: Place) -> None:
    """Forget a draft."""
    connection.execute(delete(DRAFT).where(*(DRAFT.c[name] == value for name, value in vars(place).items())))


def read(connection: Connection, place: Place) -> dict[str, str]:
    """The fields of a draft; none when there is no draft."""
    where = (DRAFT.c[name] == value for name, value in vars(place).items())
    found = connection.execute(select(DRAFT.c.fields).where(*where)).scalar()
    known: dict[str, str] = json.loads(found) if found else {}
    return known


def _json(fields: Mapping[str, str]) -> str:
    return json.dumps(dict(fields), ensure_ascii=False)

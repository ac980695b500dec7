"""The drafts that were left, over all dossiers: read for the screen, without what writes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from gca_tui.store.schema import open_reader

REPLACED = "explication_remplacee"
"""The kind that no form holds: texts kept beside an explanation, to be taken up from there."""


class Left(NamedTuple):
    """Something begun: on which dossier, in which form, about which of its items."""

    caisse: str
    matricule: str
    kind: str
    target: str


def drafts_left(path: Path) -> list[Left]:
    """The drafts of the dossiers in this store, the newest first."""
    sql = (
        "SELECT caisse, matricule, kind, target FROM draft WHERE EXISTS (SELECT 1 FROM dossier d"
        " WHERE d.caisse = draft.caisse AND d.matricule = draft.matricule)"
        " ORDER BY saved_at DESC, caisse, matricule, kind, target"
    )
    connection = open_reader(path)
    try:
        return [left for left in map(Left._make, connection.execute(sql)) if left.kind != REPLACED]
    finally:
        connection.close()

"""Writing dossiers to a file that a spreadsheet opens safely."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from gca_tui import clock
from gca_tui.store.views import NEVER
from gca_tui.store.window import Row, Window

COLUMNS = (
    *("caisse", "matricule", "nom", "prestations", "objet", "statut", "holder", "echeance", "anteriorite_le"),
    "appel_le",
)
_CHUNK = 500
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(folder: Path, window: Window, ids: Sequence[int], name: str = "") -> Path:
    """A CSV file (`;`, UTF-8 with BOM) of these rows in the folder. Returns its path."""
    path = folder / (name or f"export-{clock.local(clock.now()):%Y%m%d-%H%M%S}.csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(COLUMNS)
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            rows = window.rows(part)
            writer.writerows(_cells(rows[number]) for number in part if number in rows)
    return path


def _cells(row: Row) -> list[str]:
    """Texts that begin like a formula get an apostrophe: a spreadsheet would run them."""
    texts = [str(getattr(row, column) or "").strip("|").replace(NEVER, "") for column in COLUMNS]
    return [f"'{text}" if text.startswith(_FORMULA) else text for text in texts]

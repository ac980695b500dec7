"""The list of what an import did not take, as a file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from gca_tui.extracts.values import shown

HEADER = ("enregistrement", "ligne", "colonne", "valeur", "raison", "fichier")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Reject:
    """One reason why a record was not taken. `record` counts from 1, `line` is the physical line where it begins."""

    record: int
    line: int
    column: str
    value: str
    reason: str
    file: str


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """Write them as CSV (`;`, UTF-8 with BOM), values escaped and cut to what helps finding them. Raises OSError."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows([_safe(cell) for cell in astuple(reject)] for reject in rejects)


def _safe(cell: object) -> str:
    text = shown(str(cell))
    return f"'{text}" if text.startswith(_FORMULA) else text

"""From a record to a line of a dossier: every known cell through its parser, then what cells must say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from gca_tui.extracts.columns import REQUIRED, column_of
from gca_tui.extracts.source import Problem, Record
from gca_tui.extracts.values import PARSERS, BadValue, Parser

DOSSIER = {
    "caisse": "caisse",
    "matricule": "matricule",
    "nom": "nom",
    "prenom": "prenom",
    "date_naissance": "date_naissance",
    "telephone": "telephones",
    "adresse": "adresse",
    "code_postal": "code_postal",
    "commune": "commune",
    "prestations": "prestations",
    "convention": "convention",
    "urgence": "urgence",
}
"""Columns that describe the dossier as a whole, and the field each fills."""

PIECE = {"piece": "id", "nature": "nature", "canal": "canal", "recue_le": "recue_le", "etat": "etat"}
"""Columns that describe a pièce, and the field each fills."""

INDU = {
    "indu_reference": "reference",
    "indu_prestation": "prestation",
    "indu_mois": "mois",
    "indu_verse": "verse",
    "indu_du": "du",
    "indu_motif": "motif",
    "indu_notifie_le": "notifiee_le",
    "indu_recu_le": "recue_le",
}
"""Columns that describe one month of a trop-perçu, and the field each fills."""

Fields = dict[str, Any]
Cell = tuple[int, str, Parser, str]


class Line(NamedTuple):
    """What one record says; only what is not empty is there."""

    dossier: Fields
    piece: Fields
    indu: Fields


class Layout:
    """Where the columns of ours stand among those of a file, worked out once for all its records."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._cells: tuple[list[Cell], list[Cell], list[Cell]] = ([], [], [])
        known: list[str] = []
        for index, name in enumerate(names):
            if (column := column_of(name)) is None:
                continue
            known.append(column)
            for fields, cells in zip((DOSSIER, PIECE, INDU), self._cells, strict=True):
                if column in fields:
                    cells.append((index, fields[column], PARSERS[column], column))
        self.known = frozenset(known)
        self.ignored = tuple(name.strip() for name in names if name.strip() and column_of(name) is None)

    def read(self, cells: Sequence[str]) -> Line:
        """The line. Raises BadValue, without saying where: `problems` does."""
        dossier, piece, indu = (self._group(group, cells) for group in self._cells)
        return Line(dossier, piece, indu)

    def _group(self, group: list[Cell], cells: Sequence[str]) -> Fields:
        fields: Fields = {}
        for index, field, parser, _ in group:
            if (cell := cells[index]) and (value := parser(cell)) is not None:
                fields[field] = value
        return fields

    def key(self, cells: Sequence[str]) -> tuple[str, str] | None:
        """The caisse and matricule of a line that is rejected for something else."""
        found = {field: (index, parser) for index, field, parser, _ in self._cells[0] if index < len(cells)}
        try:
            caisse, numero = (parser(cells[index]) for index, parser in (found["caisse"], found["matricule"]))
        except (KeyError, BadValue):
            return None
        return (caisse, numero) if caisse and numero else None

    def problems(self, cells: Sequence[str]) -> Iterator[Problem]:
        """Every cell that cannot be taken."""
        given = set()
        for index, _, parser, column in (cell for group in self._cells for cell in group):
            try:
                if cells[index] and parser(cells[index]) is not None:
                    given.add(column)
            except BadValue as error:
                given.add(column)
                yield Problem(column, cells[index], str(error))
        for column in REQUIRED:
            if column not in given:
                yield Problem(column, "", "valeur obligatoire, cellule vide ou absente")


layout_of = lru_cache(maxsize=256)(Layout)


def read_line(record: Record, layout: Layout) -> Line | tuple[Problem, ...]:
    """The line of a record, or everything that prevents taking it."""
    if record.problem:
        return (record.problem,)
    try:
        line = layout.read(record.cells)
    except BadValue:
        return tuple(layout.problems(record.cells))
    dossier = line.dossier
    if not ("caisse" in dossier and "matricule" in dossier and "nom" in dossier):
        return tuple(layout.problems(record.cells))
    return tuple(_indu_problems(line.indu)) or line if line.indu else line


def _indu_problems(indu: Fields) -> Iterator[Problem]:
    amount = "verse" in indu or "du" in indu
    if "prestation" not in indu:
        yield Problem("indu_prestation", "", "obligatoire dès qu’une colonne indu_… est remplie")
    if amount and "mois" not in indu:
        yield Problem("indu_mois", "", "obligatoire avec un montant d’indu")
    elif "mois" in indu and not amount:
        yield Problem("indu_verse", "", "indu_verse ou indu_du est obligatoire avec indu_mois")
    elif "mois" not in indu and "reference" not in indu:
        yield Problem("indu_mois", "", "un indu demande une référence, ou un mois et un montant")

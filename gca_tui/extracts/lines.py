"""From a record to a line of a dossier: every known cell through its parser, then what cells must say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from gca_tui.extracts.columns import ALIASES, REQUIRED, column_of
from gca_tui.extracts.source import Problem, Record
from gca_tui.extracts.values import PARSERS, BadValue, Parser, shown

COLUMNS = tuple(ALIASES)
AT = {column: place for place, column in enumerate(COLUMNS)}
"""Where each column stands in a line."""

PIECE = slice(AT["piece"], AT["etat"] + 1)
"""The cells of a line that describe a pièce: identifier, nature, canal, reception, state."""

INDU = slice(AT["indu_reference"], AT["indu_recu_le"] + 1)
"""The cells of a line that describe one month of a trop-perçu."""

Line = list[Any]
"""The values of a record in the order of COLUMNS; None where the cell is empty or the file has no such column."""

_CAISSE, _MATRICULE, _NOM = (AT[name] for name in REQUIRED)
_BLANK: Line = [None] * len(COLUMNS)
_NO_INDU = _BLANK[INDU]


class Layout:
    """Where our columns stand among those of a file, worked out once for all its records."""

    def __init__(self, names: tuple[str, ...]) -> None:
        found = [(index, column) for index, name in enumerate(names) if (column := column_of(name))]
        self._cells: list[tuple[int, int, Parser]] = [(index, AT[column], PARSERS[column]) for index, column in found]
        self.known = frozenset(column for _, column in found)
        self.ignored = tuple(shown(name.strip()) for name in names if name.strip() and column_of(name) is None)

    def read(self, cells: Sequence[str]) -> Line:
        """The line. Raises BadValue, without saying where: `problems` does."""
        line = _BLANK.copy()
        for index, place, parser in self._cells:
            if cell := cells[index]:
                line[place] = parser(cell)
        return line

    def key(self, cells: Sequence[str]) -> tuple[str, str] | None:
        """The caisse and matricule of a record that is rejected, when they can be read."""
        found: dict[int, str] = {}
        for index, place, parser in self._cells:
            if place in (_CAISSE, _MATRICULE) and index < len(cells):
                try:
                    found[place] = parser(cells[index])
                except BadValue:
                    return None
        caisse, numero = found.get(_CAISSE), found.get(_MATRICULE)
        return (caisse, numero) if caisse and numero else None

    def problems(self, cells: Sequence[str]) -> Iterator[Problem]:
        """Every cell that cannot be taken."""
        given = set()
        for index, place, parser in self._cells:
            try:
                if parser(cells[index]) is not None:
                    given.add(place)
            except BadValue as error:
                given.add(place)
                yield Problem(COLUMNS[place], cells[index], str(error))
        for column in REQUIRED:
            if AT[column] not in given:
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
    if not (line[_CAISSE] and line[_MATRICULE] and line[_NOM]):
        return tuple(layout.problems(record.cells))
    indu = line[INDU]
    return line if indu == _NO_INDU else tuple(_indu_problems(*indu)) or line


def _indu_problems(
    reference: str | None, prestation: str | None, mois: str | None, verse: int | None, du: int | None, *_: object
) -> Iterator[Problem]:
    amount = verse is not None or du is not None
    if not prestation:
        yield Problem("indu_prestation", "", "obligatoire dès qu’une colonne indu_… est remplie")
    if amount and not mois:
        yield Problem("indu_mois", "", "obligatoire avec un montant d’indu")
    elif mois and not amount:
        yield Problem("indu_verse", "", "indu_verse ou indu_du est obligatoire avec indu_mois")
    elif not mois and not reference:
        yield Problem("indu_mois", "", "un indu demande une référence, ou un mois et un montant")

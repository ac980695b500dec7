"""Lines of one dossier, adjacent or not, are brought together. A later value that is not empty prevails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from gca_tui.domain.french import euros, short_date
from gca_tui.extracts.lines import AT, INDU, PIECE, Line
from gca_tui.extracts.source import Problem

NO_REFERENCE = "sans-reference"
NO_NUMBER = "sans-numero"

Key = tuple[str, str]
"""(caisse, matricule)."""

_NO_PIECE = [None] * (PIECE.stop - PIECE.start)


@dataclass(slots=True)
class Indu:
    """A trop-perçu while its months come in: (paid, due) in cents for each."""

    reference: str = ""
    prestation: str = ""
    motif: str = ""
    notifiee_le: date | None = None
    recue_le: date | None = None
    mois: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)


class Draft:
    """A dossier while its lines come in. `columns` are those of all its lines: they decide what its command sets."""

    __slots__ = ("columns", "id", "indus", "lines")

    def __init__(self, command_id: str, columns: frozenset[str]) -> None:
        self.id = command_id
        self.columns = columns
        self.lines: list[Line] = []
        self.indus: dict[str, Indu] | None = None

    def take(self, line: Line, columns: frozenset[str]) -> tuple[Problem, ...]:
        """Add a line; when it contradicts an indu of those before, say so and take nothing of it."""
        if line[AT["indu_prestation"]] and (problems := tuple(self._take_indu(*line[INDU]))):
            return problems
        self.lines.append(line)
        if columns is not self.columns:
            self.columns |= columns
        return ()

    def merged(self) -> Line:
        """What its lines say of the dossier as a whole."""
        first, *others = self.lines
        if not others:
            return first
        whole = first.copy()
        for line in others:
            _lay_over(whole, line)
        return whole

    def pieces(self) -> dict[str, Line]:
        """The cells of each of its pièces, by identifier."""
        found: dict[str, Line] = {}
        for line in self.lines:
            piece = line[PIECE]
            if piece == _NO_PIECE:
                continue
            name = piece[0] or _derived_id(piece)
            if name in found:
                _lay_over(found[name], piece)
            else:
                found[name] = piece
        return found

    def _take_indu(
        self,
        reference: str | None,
        prestation: str,
        mois: str | None,
        verse: int | None,
        du: int | None,
        motif: str | None,
        notifiee_le: date | None,
        recue_le: date | None,
    ) -> Iterator[Problem]:
        name = f"{reference or NO_REFERENCE}:{prestation}"
        if self.indus is None:
            self.indus = {}
        indu = self.indus.get(name) or Indu(reference or "", prestation)
        verse_before, du_before = indu.mois.get(mois or "", (None, None))
        problems = [
            *_contradiction("indu_verse", verse_before, verse),
            *_contradiction("indu_du", du_before, du),
            *_contradiction("indu_notifie_le", indu.notifiee_le, notifiee_le),
        ]
        if problems:
            yield from problems
            return
        if mois:
            indu.mois[mois] = (verse_before if verse is None else verse, du_before if du is None else du)
        indu.motif = motif or indu.motif
        indu.notifiee_le = notifiee_le or indu.notifiee_le
        indu.recue_le = recue_le or indu.recue_le
        self.indus[name] = indu


def _lay_over(below: Line, above: Line) -> None:
    for place, value in enumerate(above):
        if value is not None:
            below[place] = value


def _contradiction(column: str, before: int | date | None, now: int | date | None) -> Iterator[Problem]:
    """Two lines give one month of an indu two amounts, or one indu two letters: a figure must not be lost unseen."""
    if before is not None and now is not None and before != now:
        said, again = (short_date(each) if isinstance(each, date) else euros(each) for each in (before, now))
        yield Problem(column, again, f"une ligne précédente du même indu donne {said}")


def _derived_id(piece: Line) -> str:
    """An id for a pièce sent without one, the same in each extract while its nature, day and channel are."""
    _, nature, canal, day, _ = piece
    return ":".join((NO_NUMBER, nature or "", day.isoformat() if day else "", canal or ""))

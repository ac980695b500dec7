"""Lines of one dossier, adjacent or not, become one command.

A later value that is not empty prevails. The columns of a dossier's lines decide what the command sets: a column that
none of them has erases nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gca_tui.domain.commands.extract import ReadIndu, ReadPiece, ReceiveExtract
from gca_tui.domain.dossier import Allocataire, ExtraitPiece, Montants
from gca_tui.domain.french import euros, short_date
from gca_tui.domain.values import Author
from gca_tui.extracts.lines import DOSSIER, INDU, PIECE, Fields, Line
from gca_tui.extracts.source import Problem

NO_REFERENCE = "sans-reference"
NO_NUMBER = "sans-numero"
Key = tuple[str, str]
"""(caisse, matricule)."""

_ALLOCATAIRE: Fields = {
    "nom": "",
    "prenom": "",
    "date_naissance": None,
    "telephones": (),
    "adresse": "",
    "code_postal": "",
    "commune": "",
}
_COMMAND: Fields = {"prestations": (), "convention": None, "urgence": ""}
_PIECE: Fields = {"nature": "", "canal": "", "recue_le": None, "etat": ""}


class _Shape:
    """What a set of columns lets a command set, and the empty value of each field."""

    def __init__(self, columns: frozenset[str]) -> None:
        fields = {field for column, field in (DOSSIER | PIECE).items() if column in columns}
        self.allocataire = {name: empty for name, empty in _ALLOCATAIRE.items() if name in fields}
        self.command = {name: empty for name, empty in _COMMAND.items() if name in fields}
        self.piece = {name: empty for name, empty in _PIECE.items() if name in fields}
        self.has_pieces = not columns.isdisjoint(PIECE)
        self.has_indus = not columns.isdisjoint(INDU)


_shape_of = lru_cache(maxsize=256)(_Shape)


class Draft:
    """A dossier while its lines come in. `lines` counts those taken."""

    __slots__ = ("columns", "dossier", "indus", "lines", "pieces")

    def __init__(self) -> None:
        self.columns: frozenset[str] = frozenset()
        self.dossier: Fields = {}
        self.pieces: dict[str, Fields] = {}
        self.indus: dict[str, Fields] = {}
        self.lines = 0

    def take(self, line: Line, columns: frozenset[str]) -> tuple[Problem, ...]:
        """Lay a line over those before; when it contradicts an indu of theirs, say so and take nothing of it."""
        if line.indu and (problems := tuple(self._take_indu(line.indu))):
            return problems
        if self.lines:
            self.dossier.update(line.dossier)
            if columns is not self.columns:
                self.columns |= columns
        else:
            self.dossier, self.columns = line.dossier, columns
        self.lines += 1
        if line.piece:
            name = line.piece.get("id") or _derived_id(line.piece)
            if name in self.pieces:
                self.pieces[name].update(line.piece)
            else:
                self.pieces[name] = line.piece
        return ()

    def _take_indu(self, read: Fields) -> Iterator[Problem]:
        name = f"{read.get('reference', NO_REFERENCE)}:{read['prestation']}"
        known = self.indus.get(name, {})
        months: dict[str, Fields] = known.get("mois", {})
        amounts: Fields = {field: read[field] for field in ("verse", "du") if field in read}
        before = months.get(read.get("mois", ""), {})
        contradicted = False
        for field, cents in amounts.items():
            if before.get(field, cents) != cents:
                contradicted = True
                reason = f"une ligne précédente donne {euros(before[field])} pour ce mois du même indu"
                yield Problem(f"indu_{field}", euros(cents), reason)
        day, day_before = read.get("notifiee_le"), known.get("notifiee_le")
        if day and day_before and day != day_before:
            contradicted = True
            reason = f"une ligne précédente donne {short_date(day_before)} pour le même indu"
            yield Problem("indu_notifie_le", short_date(day), reason)
        if contradicted:
            return
        if "mois" in read:
            months = {**months, read["mois"]: {**before, **amounts}}
        said = {field: value for field, value in read.items() if field not in ("mois", "verse", "du")}
        self.indus[name] = {**known, **said, "mois": months}

    @property
    def convention(self) -> str | None:
        """The convention under which the dossier was sent."""
        return self.dossier.get("convention")


def _derived_id(piece: Fields) -> str:
    """An id for a pièce sent without one, the same in each extract while its nature, day and channel are."""
    day = piece.get("recue_le")
    return ":".join((NO_NUMBER, piece.get("nature", ""), day.isoformat() if day else "", piece.get("canal", "")))


class CommandMaker:
    """Makes the command of each draft; what all of them share is said once."""

    def __init__(self, author: Author, at: datetime, le: date, new_id: Callable[[], str]) -> None:
        self._author, self._at, self._le, self._new_id = author, at, le, new_id

    def make(self, key: Key, draft: Draft) -> ReceiveExtract:
        """The command that brings a dossier what its lines say."""
        shape = _shape_of(draft.columns)
        said = draft.dossier
        fields: dict[str, Any] = {name: said.get(name, empty) for name, empty in shape.command.items()}
        if shape.has_pieces:
            fields["pieces"] = tuple([_piece(name, piece, shape) for name, piece in draft.pieces.items()])
        if shape.has_indus:
            fields["indus"] = tuple([_indu(name, indu) for name, indu in draft.indus.items()])
        return ReceiveExtract(
            id=self._new_id(),
            caisse=key[0],
            matricule=key[1],
            author=self._author,
            at=self._at,
            le=self._le,
            allocataire=_allocataire(said, shape),
            **fields,
        )


def _allocataire(said: Fields, shape: _Shape) -> Allocataire:
    return Allocataire(**{name: said.get(name, empty) for name, empty in shape.allocataire.items()})


def _piece(name: str, said: Fields, shape: _Shape) -> ReadPiece:
    return ReadPiece(
        id=name, extrait=ExtraitPiece(**{field: said.get(field, empty) for field, empty in shape.piece.items()})
    )


def _indu(name: str, said: Fields) -> ReadIndu:
    months = {month: Montants(**amounts) for month, amounts in said["mois"].items()}
    return ReadIndu(id=name, **{**said, "mois": months})

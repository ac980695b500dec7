"""Makes the command of each dossier. A column that none of its lines has is a field that its command does not set."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import overload

from gca_tui.domain.command import in_utc
from gca_tui.domain.commands.extract import ReadIndu, ReadPiece, ReceiveExtract
from gca_tui.domain.dossier import Allocataire
from gca_tui.domain.pieces import ExtraitPiece
from gca_tui.domain.trop_percu import Montants
from gca_tui.domain.values import Author, trusted
from gca_tui.extracts.grouping import Draft, Indu, Key
from gca_tui.extracts.lines import AT, COLUMNS, INDU, PIECE

_ALWAYS = {"id", "caisse", "matricule", "author", "at", "le", "allocataire"}
_OPTIONAL = {"prestations", "convention", "urgence"}
_ALLOCATAIRE = {"nom", "prenom", "date_naissance", "adresse", "code_postal", "commune"}
_READ_PIECE = {"id", "extrait"}
_PIECE = {"nature", "canal", "recue_le", "etat"}
_INDU = {
    "indu_reference": "reference",
    "indu_prestation": "prestation",
    "indu_motif": "motif",
    "indu_notifie_le": "notifiee_le",
    "indu_recu_le": "recue_le",
    "indu_mois": "mois",
}
_MONTANTS = {"indu_verse": "verse", "indu_du": "du"}
_IDENTITY = slice(AT["nom"], AT["convention"] + 1)
_URGENCE = AT["urgence"]


class _Shape:
    """Which fields the columns of a file set."""

    def __init__(self, columns: frozenset[str]) -> None:
        self.has_pieces = not columns.isdisjoint(COLUMNS[PIECE])
        self.has_indus = not columns.isdisjoint(COLUMNS[INDU])
        self.piece = _PIECE & columns
        self.indu = {field for column, field in _INDU.items() if column in columns}
        self.montants = {field for column, field in _MONTANTS.items() if column in columns}
        self.allocataire = _ALLOCATAIRE & columns | ({"telephones"} if "telephone" in columns else set())
        self.command = _ALWAYS | _OPTIONAL & columns
        self.command |= {name for name, there in (("pieces", self.has_pieces), ("indus", self.has_indus)) if there}


_shape_of = lru_cache(maxsize=256)(_Shape)


class Commands(Sequence[ReceiveExtract]):
    """The commands of an import, in the order of the file, each made when it is asked for.

    130 000 lines wait in a fifth of the memory that their commands would take. Raises ValueError when `at` is without
    its zone.
    """

    def __init__(
        self, drafts: Mapping[Key, Draft], author: Author, at: datetime, le: date, partial: Container[Key] = ()
    ) -> None:
        self._drafts = drafts
        self._partial = partial
        self._keys = list(drafts)
        self._author, self._at, self._le = author, in_utc(at), le

    @property
    def keys(self) -> Sequence[Key]:
        """The dossier of each command, known before it is made."""
        return self._keys

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> ReceiveExtract: ...
    @overload
    def __getitem__(self, index: slice) -> list[ReceiveExtract]: ...
    def __getitem__(self, index: int | slice) -> ReceiveExtract | list[ReceiveExtract]:
        if isinstance(index, slice):
            return [self._make(key) for key in self._keys[index]]
        return self._make(self._keys[index])

    def __iter__(self) -> Iterator[ReceiveExtract]:
        return map(self._make, self._keys)

    def _make(self, key: Key) -> ReceiveExtract:
        draft = self._drafts[key]
        shape = _shape_of(draft.columns)
        line = draft.merged()
        nom, prenom, born, telephones, adresse, code_postal, commune, prestations, convention = line[_IDENTITY]
        allocataire = {
            "nom": nom,
            "prenom": prenom or "",
            "date_naissance": born,
            "telephones": telephones or (),
            "adresse": adresse or "",
            "code_postal": code_postal or "",
            "commune": commune or "",
        }
        said = {
            "id": draft.id,
            "caisse": key[0],
            "matricule": key[1],
            "author": self._author,
            "at": self._at,
            "bases": {},
            "le": self._le,
            "allocataire": trusted(Allocataire, allocataire, shape.allocataire),
            "prestations": (prestations or ()) if "prestations" in shape.command else None,
            "convention": convention,
            "urgence": (line[_URGENCE] or "") if "urgence" in shape.command else None,
            "pieces": _pieces(draft, shape) if shape.has_pieces else None,
            "indus": _indus(draft, shape) if shape.has_indus else None,
            "partial": key in self._partial,
        }
        return trusted(ReceiveExtract, said, shape.command)


def _pieces(draft: Draft, shape: _Shape) -> tuple[ReadPiece, ...]:
    read = []
    for name, (_, nature, canal, recue_le, etat) in draft.pieces().items():
        fields = {
            "nature": nature or "",
            "canal": canal or "",
            "recue_le": recue_le,
            "etat": etat or "",
        }
        extrait = trusted(ExtraitPiece, fields, shape.piece)
        read.append(trusted(ReadPiece, {"id": name, "extrait": extrait}, _READ_PIECE))
    return tuple(read)


def _indus(draft: Draft, shape: _Shape) -> tuple[ReadIndu, ...]:
    return tuple([_indu(name, indu, shape) for name, indu in draft.indus.items()]) if draft.indus else ()


def _indu(name: str, indu: Indu, shape: _Shape) -> ReadIndu:
    fields = {field: getattr(indu, field) for field in shape.indu - {"mois"}}
    months = {}
    for month, (verse, du) in indu.mois.items():
        amounts = {"verse": verse, "du": du}
        months[month] = Montants(**{field: amounts[field] for field in shape.montants})
    return ReadIndu(id=name, **fields, **({"mois": months} if "mois" in shape.indu else {}))

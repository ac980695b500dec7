"""Pièces: what arrives, what is done with it, what is asked for."""

from __future__ import annotations

from datetime import date, datetime

from gca_tui.domain.values import Author, Item, Value

TRAITEE, RETOURNEE = "TRAITEE", "RET"
ETATS_PIECE = {
    RETOURNEE: "retournée à l’allocataire",
    "INS": "mise en instance",
    "APJ": "attente de pièce justificative",
    "INC": "dossier incomplet",
}
"""States of a pièce in SDP (data.caf.fr, « taux d'allers-retours »)."""


class ExtraitPiece(Value):
    """A pièce as the information system knows it. `etat` is one of ETATS_PIECE, empty when it waits for treatment."""

    nature: str = ""
    canal: str = ""
    recue_le: date | None = None
    prestation: str = ""
    etat: str = ""
    masse: bool = False


class Traitement(Value):
    """What an agent did with a pièce: TRAITEE, or one of ETATS_PIECE."""

    etat: str
    commentaire: str = ""
    author: Author
    at: datetime


class Piece(Item):
    """A unit of work: any document or message, by any channel."""

    extrait: ExtraitPiece = ExtraitPiece()
    traitement: Traitement | None = None
    absente_le: date | None = None

    @property
    def etat(self) -> str:
        """The agent's word where there is one, else the information system's."""
        return self.traitement.etat if self.traitement else self.extrait.etat

    @property
    def is_open(self) -> bool:
        """Whether work is left on it: neither treated nor returned to the allocataire."""
        return (self.traitement or self.extrait).etat not in (TRAITEE, RETOURNEE)


class AppelPieces(Item):
    """Documents asked of the family with a date limit (CRPA L.114-5)."""

    pieces: tuple[str, ...] = ()
    avant_le: date | None = None
    author: Author
    at: datetime

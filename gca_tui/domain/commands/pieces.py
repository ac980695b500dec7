"""Pièces: treat one, ask for others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import path, read
from gca_tui.domain.pieces import ETATS_PIECE, TRAITEE, AppelPieces, Piece, Traitement


class TreatPiece(Command):
    """Say what was done with a pièce: treated, or one of the states of SDP."""

    kind: Literal["treat_piece"] = "treat_piece"
    piece: str
    etat: str = TRAITEE
    commentaire: str = ""

    def writes(self) -> tuple[str, ...]:
        """The agent's side of the pièce."""
        return (path("pieces", self.piece, "traitement"),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The pièce exists and the state is a known one."""
        piece = read(dossier, path("pieces", self.piece))
        refuse_unless(
            isinstance(piece, Piece), "piece_inconnue", f"La pièce « {self.piece} » n’est pas dans ce dossier."
        )
        refuse_unless(
            self.etat == TRAITEE or self.etat in ETATS_PIECE,
            "etat_inconnu",
            f"L’état « {self.etat} » n’existe pas : TRAITEE, {', '.join(ETATS_PIECE)}.",
        )
        refuse_unless(piece.etat != self.etat, "deja_fait", "La pièce est déjà dans cet état.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The treatment."""
        done = Traitement(etat=self.etat, commentaire=self.commentaire, author=self.author, at=self.at)
        return {self.writes()[0]: done}


class RequestPieces(Command):
    """Ask the family for documents, with the list and the date limit that CRPA L.114-5 wants."""

    kind: Literal["request_pieces"] = "request_pieces"
    pieces: tuple[str, ...]
    avant_le: date

    def writes(self) -> tuple[str, ...]:
        """The request."""
        return (path("appels", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The list is not empty."""
        refuse_unless(
            any(piece.strip() for piece in self.pieces), "liste_vide", "Nommez au moins un document à demander."
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The request."""
        named = tuple(piece.strip() for piece in self.pieces if piece.strip())
        appel = AppelPieces(id=self.id, pieces=named, avant_le=self.avant_le, author=self.author, at=self.at)
        return {self.writes()[0]: appel}

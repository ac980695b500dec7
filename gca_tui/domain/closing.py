"""What must be done before a dossier can be closed: one small rule after another, alike on client and server."""

from __future__ import annotations

from gca_tui.domain.command import Context, Missing, Rule
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.french import short_date
from gca_tui.domain.traces import DEMARCHES


def open_pieces(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Every pièce is treated or was returned to the allocataire."""
    return tuple(
        Missing(
            f"pièce {piece.id} à traiter"
            + (f" (absente de l’extrait du {short_date(piece.absente_le)})" if piece.absente_le else ""),
            "treat_piece",
        )
        for piece in dossier.open_pieces
    )


def open_answers(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Réclamations and demandes de rectification are answered; the other démarches outlive the dossier's treatment."""
    return tuple(
        Missing(f"{DEMARCHES[demarche.nature]} sans réponse", "close_demarche") for demarche in dossier.owed_answers
    )


RULES: tuple[Rule, ...] = (open_pieces, open_answers)


def missing_to_close(dossier: Dossier, context: Context) -> tuple[Missing, ...]:
    """Everything that stands in the way of closing, in the order to mend it."""
    return tuple(missing for rule in RULES for missing in rule(dossier, context))

"""Actions on trop-perçus: their explanation, its facts and months, the desk sheet, a suspicion of fraud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.ui.actions.base import Action, Situation, needs_dossier, needs_open

if TYPE_CHECKING:
    from gca_tui.ui.screens.queue import QueueScreen

LEFT = "Le dossier est transmis pour suspicion de fraude : reprenez-le d’abord (X)."


def explanation(screen: QueueScreen) -> None:
    """Write what the family will read."""
    from gca_tui.ui.actions.workshop import open_workshop

    open_workshop(screen)


def facts(screen: QueueScreen) -> None:
    """Establish the facts, of all the trop-perçus of a notification or of one."""
    from gca_tui.ui.forms.facts import open_facts

    if dossier := screen.dossier():
        open_facts(screen, dossier)


def months(screen: QueueScreen) -> None:
    """Read and correct what was paid and due, month by month."""
    from gca_tui.ui.forms.months import open_months

    if dossier := screen.dossier():
        open_months(screen, dossier)


def sheet(screen: QueueScreen) -> None:
    """Show what the desk reads aloud."""
    from gca_tui.ui.screens.sheet import open_sheet

    open_sheet(screen)


def suspicion(screen: QueueScreen) -> None:
    """Send the dossier out of the queue for a suspicion of fraud, or take it back."""
    from gca_tui.domain.dossier import TRANSMIS

    if dossier := screen.dossier():
        screen.work.form("withdraw_suspicion" if dossier.etat == TRANSMIS else "suspicion", dossier)


def _in_queue(situation: Situation) -> str | None:
    refused = needs_dossier(situation)
    if refused or situation.row is None:
        return refused
    return LEFT if situation.row.statut == "transmis" else None


ACTIONS = (
    Action("explanation", "x", "explication", "Écrire l’explication d’un trop-perçu.", explanation, "f7", _in_queue),
    Action("facts", "e", "faits", "Établir les faits d’un trop-perçu : quoi, quand, comment la Caf l’a su.", facts,
           refusal=_in_queue),
    Action("months", "m", "mois", "Lire et corriger les mois d’un trop-perçu, reçu et dû.", months,
           refusal=_in_queue),
    Action("sheet", "f", "fiche d’accueil", "Afficher la fiche pour l’accueil.", sheet, refusal=needs_dossier),
    Action("suspicion", "X", "suspicion", "Transmettre pour suspicion de fraude, ou reprendre le dossier transmis.",
           suspicion, refusal=needs_open),
)  # fmt: skip

"""A suspicion of fraud leaves the agents' queue by its own command: fraud is never a word of theirs to a family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import CLOS, OUVERT, TRANSMIS, Dossier
from gca_tui.domain.paths import path
from gca_tui.domain.traces import Signalement


class ReportSuspicion(Command):
    """Send the dossier out of the queue for a suspicion of fraud."""

    kind: Literal["report_suspicion"] = "report_suspicion"
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The statut, the holder, the report, and the end of a running pause."""
        return ("statut", "holder", "signalement", "attentes")

    def check(self, dossier: Dossier, context: Context) -> None:
        """It is in the queue, and there is a reason."""
        refuse_unless(dossier.etat != TRANSMIS, "deja_fait", "Le dossier est déjà transmis.")
        refuse_unless(dossier.etat != CLOS, "clos", "Le dossier est clos : rouvrez-le d’abord (C).")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites ce qui fait naître le doute.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Sent, held by nobody; a pause that outlived it could neither be ended nor followed by another."""
        report = Signalement(motif=self.motif, author=self.author, at=self.at)
        changes: dict[str, Any] = {"statut": TRANSMIS, "holder": None, "signalement": report}
        if current := dossier.current_attente:
            changes[path("attentes", current.id, "fin")] = current.bounded(self.at.date())
        return changes


class WithdrawSuspicion(Command):
    """Take the dossier back into the queue, with a reason; the report stays in the history."""

    kind: Literal["withdraw_suspicion"] = "withdraw_suspicion"
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The statut and the report."""
        return ("statut", "signalement")

    def check(self, dossier: Dossier, context: Context) -> None:
        """It was sent, and there is a reason."""
        refuse_unless(dossier.etat == TRANSMIS, "pas_transmis", "Le dossier n’est pas transmis.")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi le dossier revient.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Back at work."""
        return {"statut": OUVERT, "signalement": None}

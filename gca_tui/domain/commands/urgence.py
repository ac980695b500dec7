"""Urgence and rupture de droits: placed first whatever the date, and never edited silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.traces import Levee, Urgence

NATURES_URGENCE = {"urgence": "urgence", "rupture_de_droits": "rupture de droits"}


class FlagUrgence(Command):
    """Flag an urgence or a rupture de droits."""

    kind: Literal["flag_urgence"] = "flag_urgence"
    nature: str = "urgence"
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The urgence."""
        return ("urgence",)

    def check(self, dossier: Dossier, context: Context) -> None:
        """None is in force, and there is a reason."""
        refuse_unless(self.nature in NATURES_URGENCE, "nature_inconnue", f"« {self.nature} » n’existe pas.")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi le dossier est urgent.")
        refuse_unless(dossier.urgence_active is None, "deja_fait", "Le dossier est déjà signalé urgent.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The urgence."""
        return {"urgence": Urgence(nature=self.nature, motif=self.motif, author=self.author, at=self.at)}


class LiftUrgence(Command):
    """Lift it, with a reason."""

    kind: Literal["lift_urgence"] = "lift_urgence"
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The urgence."""
        return ("urgence",)

    def check(self, dossier: Dossier, context: Context) -> None:
        """One is in force, and there is a reason."""
        refuse_unless(dossier.urgence_active, "pas_urgent", "Le dossier n’est pas signalé urgent.")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi l’urgence est levée.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The urgence, lifted."""
        current = dossier.urgence_active or Urgence()
        levee = Levee(motif=self.motif, couvre=dossier.extrait.urgence_le, author=self.author, at=self.at)
        return {"urgence": current.model_copy(update={"levee": levee})}

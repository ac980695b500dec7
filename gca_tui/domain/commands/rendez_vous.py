"""Rendez-vous: schedule one, say how it went."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import path, read
from gca_tui.domain.traces import RendezVous

FORMES_RENDEZ_VOUS = {"telephone": "téléphone", "accueil": "accueil", "droits": "rendez-vous des droits"}
RESULTATS_RENDEZ_VOUS = {"tenu": "tenu", "absent": "allocataire absent", "annule": "annulé"}
_HEURE = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)


class ScheduleRendezVous(Command):
    """Fix a rendez-vous; `heure` is `HH:MM`."""

    kind: Literal["schedule_rendez_vous"] = "schedule_rendez_vous"
    le: date
    heure: str
    forme: str
    objet: str = ""

    def writes(self) -> tuple[str, ...]:
        """The rendez-vous."""
        return (path("rendez_vous", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The form is a known one, the hour can be read (and sorted)."""
        refuse_unless(self.forme in FORMES_RENDEZ_VOUS, "forme_inconnue", f"La forme « {self.forme} » n’existe pas.")
        refuse_unless(_HEURE.fullmatch(self.heure), "heure", f"« {self.heure} » n’est pas une heure : écrivez 09:30.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The rendez-vous."""
        rendez_vous = RendezVous(
            id=self.id,
            le=self.le,
            heure=self.heure,
            forme=self.forme,
            objet=self.objet,
            author=self.author,
            at=self.at,
        )
        return {self.writes()[0]: rendez_vous}


class HoldRendezVous(Command):
    """Say how a rendez-vous went."""

    kind: Literal["hold_rendez_vous"] = "hold_rendez_vous"
    rendez_vous: str
    resultat: str

    def writes(self) -> tuple[str, ...]:
        """Its outcome."""
        return (path("rendez_vous", self.rendez_vous, "resultat"),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """It exists, has no outcome yet, and the outcome is a known one."""
        found = read(dossier, path("rendez_vous", self.rendez_vous))
        refuse_unless(found, "rendez_vous_inconnu", "Ce rendez-vous n’est pas dans le dossier.")
        refuse_unless(not found.resultat, "deja_fait", "Le résultat de ce rendez-vous est déjà noté.")
        refuse_unless(
            self.resultat in RESULTATS_RENDEZ_VOUS, "resultat_inconnu", f"Le résultat « {self.resultat} » n’existe pas."
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The outcome."""
        return {self.writes()[0]: self.resultat}

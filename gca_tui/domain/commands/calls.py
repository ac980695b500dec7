"""Calls to make: plan one, for a dossier or for each of a campaign; cancel one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.calls import CAMPAGNE, DEMI_JOURNEES, EXPLICATION, OBJETS
from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import CLOS, LEFT_THE_QUEUE, TRANSMIS, Dossier
from gca_tui.domain.paths import path, read
from gca_tui.domain.traces import Annulation, AppelPrevu


class PlanCall(Command):
    """Plan a call on a half-day, "" when it does not matter; a campaign has a name."""

    kind: Literal["plan_call"] = "plan_call"
    le: date
    demi_journee: str = ""
    objet: str = EXPLICATION
    campagne: str = ""

    def writes(self) -> tuple[str, ...]:
        """The call."""
        return (path("appels_prevus", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The dossier is at work, the day is not before the command, words are known ones, nothing is planned twice."""
        refuse_unless(dossier.etat != CLOS, "clos", "Le dossier est clos : rouvrez-le d’abord (C).")
        refuse_unless(dossier.etat != TRANSMIS, "transmis", LEFT_THE_QUEUE)
        refuse_unless(self.le >= self.at.date(), "date_passee", "Ce jour est passé : choisissez-en un à venir.")
        refuse_unless(self.objet in OBJETS, "objet_inconnu", f"L’objet « {self.objet} » n’existe pas.")
        refuse_unless(
            not self.demi_journee or self.demi_journee in DEMI_JOURNEES,
            "demi_journee",
            f"« {self.demi_journee} » n’est pas une demi-journée.",
        )
        refuse_unless(
            bool(self.campagne.strip()) == (self.objet == CAMPAGNE),
            "campagne",
            "Une campagne a un nom, et un nom de campagne ne va qu’avec elle.",
        )
        refuse_unless(
            all((one.objet, one.campagne) != (self.objet, self.campagne) for one in dossier.open_calls),
            "deja_prevu",
            "Cet appel est déjà prévu : notez-en le résultat (a).",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The call."""
        appel = AppelPrevu(
            id=self.id,
            le=self.le,
            demi_journee=self.demi_journee,
            objet=self.objet,
            campagne=self.campagne,
            author=self.author,
            at=self.at,
        )
        return {self.writes()[0]: appel}


class CancelCall(Command):
    """Cancel a planned call, with a reason; it stays readable."""

    kind: Literal["cancel_call"] = "cancel_call"
    appel: str
    motif: str

    def writes(self) -> tuple[str, ...]:
        """Its cancelling."""
        return (path("appels_prevus", self.appel, "annulation"),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """It is still to be made, and there is a reason."""
        found = read(dossier, path("appels_prevus", self.appel))
        refuse_unless(found, "appel_inconnu", "Cet appel prévu n’est pas dans le dossier.")
        refuse_unless(found.fait is None, "deja_fait", "Cet appel a eu lieu : son résultat est noté.")
        refuse_unless(found.annulation is None, "deja_annule", "Cet appel est déjà annulé.")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi l’appel est annulé.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The reason, by whom and when."""
        return {self.writes()[0]: Annulation(motif=self.motif, author=self.author, at=self.at)}

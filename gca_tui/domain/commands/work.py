"""The dossier's course: wait, resume, take, hand back, close, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.closing import missing_to_close
from gca_tui.domain.command import Command, CommandRefused, Context, refuse_unless
from gca_tui.domain.dossier import CLOS, EN_ATTENTE, LEFT_THE_QUEUE, OUVERT, TRANSMIS, Dossier
from gca_tui.domain.paths import path
from gca_tui.domain.traces import Attente, Cloture


class Wait(Command):
    """Put the dossier aside until a date; the delay is paused meanwhile and the dossier comes back by itself."""

    kind: Literal["wait"] = "wait"
    depuis: date
    jusqu_au: date
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The statut and the new interval."""
        return ("statut", path("attentes", self.id))

    def check(self, dossier: Dossier, context: Context) -> None:
        """Not on a closed dossier, for a reason, and until a later day."""
        refuse_unless(dossier.etat != CLOS, "clos", "Le dossier est clos : rouvrez-le d’abord (C).")
        refuse_unless(dossier.etat != TRANSMIS, "transmis", LEFT_THE_QUEUE)
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites ce que le dossier attend.")
        refuse_unless(self.jusqu_au > self.depuis, "date_passee", "La date d’attente doit être après aujourd’hui.")
        current = dossier.current_attente
        refuse_unless(
            current is None or current.jusqu_au <= self.depuis,
            "deja_en_attente",
            "Le dossier est déjà en attente : reprenez-le d’abord (w).",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The statut and the interval; an interval that ran out is left as it ended."""
        attente = Attente(id=self.id, depuis=self.depuis, jusqu_au=self.jusqu_au, motif=self.motif)
        return {"statut": EN_ATTENTE, path("attentes", self.id): attente}


class Resume(Command):
    """Take the dossier out of waiting; the pause ends on `le`."""

    kind: Literal["resume"] = "resume"
    attente: str
    le: date

    def writes(self) -> tuple[str, ...]:
        """The statut and the end of the interval."""
        return ("statut", path("attentes", self.attente, "fin"))

    def check(self, dossier: Dossier, context: Context) -> None:
        """The pause named is the one running."""
        current = dossier.current_attente
        refuse_unless(
            current is not None and current.id == self.attente and dossier.statut == EN_ATTENTE,
            "pas_en_attente",
            "Le dossier n’est pas en attente.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """A pause cannot end before it began, nor after the day it was to end."""
        current = dossier.current_attente
        end = current.bounded(self.le) if current else self.le
        return {"statut": OUVERT, path("attentes", self.attente, "fin"): end}


class Take(Command):
    """Become the holder."""

    kind: Literal["take"] = "take"

    def writes(self) -> tuple[str, ...]:
        """The holder."""
        return ("holder",)

    def check(self, dossier: Dossier, context: Context) -> None:
        """Nobody else holds it."""
        refuse_unless(dossier.etat != CLOS, "clos", "Le dossier est clos : rouvrez-le d’abord (C).")
        refuse_unless(dossier.etat != TRANSMIS, "transmis", LEFT_THE_QUEUE)
        refuse_unless(dossier.holder != self.author.identifiant, "deja_a_vous", "Vous avez déjà ce dossier.")
        refuse_unless(dossier.holder is None, "deja_pris", f"Le dossier est pris par {dossier.holder}.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The author holds it."""
        return {"holder": self.author.identifiant}


class HandBack(Command):
    """Give the dossier back to the corbeille, with a reason."""

    kind: Literal["hand_back"] = "hand_back"
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The holder."""
        return ("holder",)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The author holds it and says why."""
        refuse_unless(
            dossier.holder == self.author.identifiant, "pas_a_vous", "Vous n’avez pas pris ce dossier : rien à rendre."
        )
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi vous rendez le dossier.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Nobody holds it."""
        return {"holder": None}


class CloseDossier(Command):
    """Close the dossier: nothing is left to do on it."""

    kind: Literal["close"] = "close"
    motif: str = ""

    def writes(self) -> tuple[str, ...]:
        """The statut, the closing, the holder, and the end of a running pause."""
        return ("statut", "cloture", "holder", "attentes")

    def check(self, dossier: Dossier, context: Context) -> None:
        """Nothing that forbids it is missing (`closing.RULES`)."""
        refuse_unless(dossier.etat != CLOS, "deja_clos", "Le dossier est déjà clos.")
        refuse_unless(dossier.etat != TRANSMIS, "transmis", LEFT_THE_QUEUE)
        if missing := tuple(item for item in missing_to_close(dossier, context) if item.blocks):
            listed = " ; ".join(item.text for item in missing)
            raise CommandRefused("reste_a_faire", f"Clôture impossible, il reste : {listed}.", missing)

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Closed by the author, knowing these trop-perçus; no pause outlives it, it would put off what comes later."""
        cloture = Cloture(
            motif=self.motif,
            connus=tuple(trop_percu.id for trop_percu in dossier.trop_percus),
            montants=tuple(trop_percu.montant for trop_percu in dossier.trop_percus),
            author=self.author,
            at=self.at,
        )
        changes: dict[str, Any] = {"statut": CLOS, "cloture": cloture, "holder": None}
        if current := dossier.current_attente:
            changes[path("attentes", current.id, "fin")] = current.bounded(self.at.date())
        return changes


class Reopen(Command):
    """Open a closed dossier again: a new cycle, the old closing stays in the history."""

    kind: Literal["reopen"] = "reopen"
    motif: str

    def writes(self) -> tuple[str, ...]:
        """The statut and the closing."""
        return ("statut", "cloture")

    def check(self, dossier: Dossier, context: Context) -> None:
        """It is closed, and there is a reason."""
        refuse_unless(dossier.statut == CLOS, "pas_clos", "Le dossier n’est pas clos.")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi vous rouvrez le dossier.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Open, no closing in force."""
        return {"statut": OUVERT, "cloture": None}

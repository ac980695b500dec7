"""Corrections by agents of what the information system says, and facts only they learn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, check_erased, refuse_unless
from gca_tui.domain.dossier import COORDONNEES, Dossier, DossierKey
from gca_tui.domain.paths import path, read
from gca_tui.domain.traces import Derogation


class CorrectContactDetails(Command):
    """Record contact details the family gave; None leaves what was said.

    `effacer` names those taken back: the extract's word holds again.
    """

    kind: Literal["correct_contact_details"] = "correct_contact_details"
    telephones: tuple[str, ...] | None = None
    adresse: str | None = None
    code_postal: str | None = None
    commune: str | None = None
    effacer: tuple[str, ...] = ()

    def _given(self) -> dict[str, Any]:
        return {name: said for name in COORDONNEES if (said := getattr(self, name)) is not None}

    def _said(self) -> dict[str, Any]:
        return {path("coordonnees", name): said for name, said in (self._given() | dict.fromkeys(self.effacer)).items()}

    def writes(self) -> tuple[str, ...]:
        """Each detail given or taken back."""
        return tuple(self._said())

    def check(self, dossier: Dossier, context: Context) -> None:
        """What is taken back is a contact detail, and is not given as well."""
        check_erased(self.effacer, self._given(), COORDONNEES)

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The details that are new."""
        return {name: said for name, said in self._said().items() if read(dossier, name) != said}


class RecordReception(Command):
    """Record the day the family received a notification: every delay starts there."""

    kind: Literal["record_reception"] = "record_reception"
    notification: str
    le: date

    def writes(self) -> tuple[str, ...]:
        """The day."""
        return (path("notifications", self.notification, "recue_le"),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """The notification exists and was sent before."""
        found = read(dossier, path("notifications", self.notification))
        refuse_unless(found, "notification_inconnue", "Cette notification n’est pas dans le dossier.")
        sent = found.extrait.notifiee_le
        refuse_unless(sent is None or sent <= self.le, "dates", "La réception ne peut pas précéder la notification.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The day."""
        return {self.writes()[0]: self.le}


class GrantDerogation(Command):
    """Record a right kept open by exception, with its end: the dossier is to be seen again before then."""

    kind: Literal["grant_derogation"] = "grant_derogation"
    nature: str
    debut: date
    fin: date
    base: str = ""

    def writes(self) -> tuple[str, ...]:
        """The dérogation."""
        return (path("derogations", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """It is named and ends after it begins."""
        refuse_unless(self.nature.strip(), "nature_manquante", "Dites sur quoi porte la dérogation.")
        refuse_unless(self.fin >= self.debut, "dates", "La fin de la dérogation précède son début.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The dérogation."""
        derogation = Derogation(
            id=self.id, nature=self.nature, debut=self.debut, fin=self.fin, base=self.base, author=self.author
        )
        return {self.writes()[0]: derogation}


class EndDerogation(Command):
    """End a dérogation and say why: what it was to be seen again for is settled."""

    kind: Literal["end_derogation"] = "end_derogation"
    derogation: str
    le: date
    motif: str

    def _paths(self) -> tuple[str, str]:
        return (path("derogations", self.derogation, "levee_le"), path("derogations", self.derogation, "levee_motif"))

    def writes(self) -> tuple[str, ...]:
        """The day and the reason."""
        return self._paths()

    def check(self, dossier: Dossier, context: Context) -> None:
        """It is in force, there is a reason, and it does not end before it began."""
        found = read(dossier, path("derogations", self.derogation))
        refuse_unless(found, "derogation_inconnue", "Cette dérogation n’est pas dans le dossier.")
        refuse_unless(found.is_open, "deja_fait", "Cette dérogation est déjà terminée.")
        refuse_unless(self.motif.strip(), "motif_manquant", "Dites pourquoi la dérogation prend fin.")
        refuse_unless(
            found.debut is None or self.le >= found.debut, "dates", "La dérogation ne peut pas finir avant son début."
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Day and reason; the end that was planned stays readable."""
        return dict(zip(self._paths(), (self.le, self.motif), strict=True))


class LinkMutation(Command):
    """Link the dossier that this one continues, or that continues it, at another caisse."""

    kind: Literal["link_mutation"] = "link_mutation"
    lie_a: DossierKey

    def writes(self) -> tuple[str, ...]:
        """The link."""
        return ("lie_a",)

    def check(self, dossier: Dossier, context: Context) -> None:
        """A dossier is not linked to itself."""
        refuse_unless(self.lie_a != dossier.key, "lien", "Un dossier ne peut pas être lié à lui-même.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The link."""
        return {"lie_a": self.lie_a}

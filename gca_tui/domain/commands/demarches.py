"""Démarches of the family: each kind its own track, with its accusé de réception."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import path, read
from gca_tui.domain.traces import DEMARCHES, Demarche

VOIES = {"ecrite": "écrite", "orale": "orale"}


class OpenDemarche(Command):
    """Record a démarche. An oral demande de rectification counts (CSS R.133-9-2): its day matters.

    `accuse_le` is the day the accusé de réception left (CRPA L.112-3); `notification` is the id of the letter it is
    about, "" when that is not known.
    """

    kind: Literal["open_demarche"] = "open_demarche"
    nature: str
    recue_le: date
    voie: str = "ecrite"
    objet: str = ""
    accuse_le: date | None = None
    notification: str = ""

    def writes(self) -> tuple[str, ...]:
        """The démarche."""
        return (path("demarches", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """Kind, way and letter are known ones; the acknowledgement does not precede the reception."""
        refuse_unless(self.nature in DEMARCHES, "nature_inconnue", f"La démarche « {self.nature} » n’existe pas.")
        refuse_unless(self.voie in VOIES, "voie_inconnue", f"La voie « {self.voie} » n’existe pas.")
        refuse_unless(
            self.accuse_le is None or self.accuse_le >= self.recue_le,
            "dates",
            "L’accusé de réception ne peut pas précéder la réception.",
        )
        refuse_unless(
            not self.notification or read(dossier, path("notifications", self.notification)),
            "notification_inconnue",
            "Cette notification n’est pas dans le dossier.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The démarche."""
        demarche = Demarche(
            id=self.id,
            nature=self.nature,
            recue_le=self.recue_le,
            voie=self.voie,
            objet=self.objet,
            accuse_le=self.accuse_le,
            notification=self.notification,
            author=self.author,
            at=self.at,
        )
        return {self.writes()[0]: demarche}


class AcknowledgeDemarche(Command):
    """Record the day the accusé de réception of a démarche left (CRPA L.112-3)."""

    kind: Literal["acknowledge_demarche"] = "acknowledge_demarche"
    demarche: str
    le: date

    def writes(self) -> tuple[str, ...]:
        """The day."""
        return (path("demarches", self.demarche, "accuse_le"),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """None was sent yet, and it does not precede the reception."""
        found = read(dossier, path("demarches", self.demarche))
        refuse_unless(found, "demarche_inconnue", "Cette démarche n’est pas dans le dossier.")
        refuse_unless(found.accuse_le is None, "deja_fait", "L’accusé de réception de cette démarche est déjà noté.")
        refuse_unless(
            found.recue_le is None or self.le >= found.recue_le,
            "dates",
            "L’accusé de réception ne peut pas précéder la réception.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The day."""
        return {self.writes()[0]: self.le}


class CloseDemarche(Command):
    """Say how a démarche ended."""

    kind: Literal["close_demarche"] = "close_demarche"
    demarche: str
    le: date
    issue: str

    def writes(self) -> tuple[str, ...]:
        """Its end."""
        return (path("demarches", self.demarche, "close_le"), path("demarches", self.demarche, "issue"))

    def check(self, dossier: Dossier, context: Context) -> None:
        """It is open, there is an outcome, and it does not precede the reception."""
        found = read(dossier, path("demarches", self.demarche))
        refuse_unless(found, "demarche_inconnue", "Cette démarche n’est pas dans le dossier.")
        refuse_unless(found.is_open, "deja_fait", "Cette démarche est déjà close.")
        refuse_unless(self.issue.strip(), "issue_manquante", "Dites quelle réponse a été donnée.")
        refuse_unless(
            found.recue_le is None or self.le >= found.recue_le,
            "dates",
            "La réponse ne peut pas précéder la réception.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """Day and outcome."""
        return dict(zip(self.writes(), (self.le, self.issue), strict=True))

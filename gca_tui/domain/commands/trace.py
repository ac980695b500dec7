"""Notes and contacts: what only grows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from gca_tui.domain.command import Command, Context, refuse_unless
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.paths import path, read
from gca_tui.domain.traces import Contact, Note

CANAUX_CONTACT = {
    "telephone": "téléphone",
    "courriel": "courriel",
    "courrier": "courrier",
    "guichet": "accueil",
    "caf.fr": "caf.fr",
}
RESULTATS_CONTACT = {
    "joint": "joint",
    "non_joint": "non joint",
    "message": "message laissé",
    "refus": "refus de l’échange",
    "impossible": "contact impossible",
}


class AddNote(Command):
    """Write an internal note."""

    kind: Literal["add_note"] = "add_note"
    texte: str

    def writes(self) -> tuple[str, ...]:
        """The note."""
        return (path("notes", self.id),)

    def check(self, dossier: Dossier, context: Context) -> None:
        """A note says something."""
        refuse_unless(self.texte.strip(), "note_vide", "La note est vide : écrivez un texte ou fermez avec Échap.")

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The note."""
        return {self.writes()[0]: Note(id=self.id, texte=self.texte, author=self.author, at=self.at)}


class CorrectNote(AddNote):
    """Replace a note by a new one that points to it; the old one stays readable."""

    kind: Literal["correct_note"] = "correct_note"  # type: ignore[assignment]  # a narrower tag than the parent's
    corrige: str

    def check(self, dossier: Dossier, context: Context) -> None:
        """The corrected note exists and was not corrected already."""
        super().check(dossier, context)
        refuse_unless(
            read(dossier, path("notes", self.corrige)), "note_inconnue", "La note à corriger n’est pas dans ce dossier."
        )
        refuse_unless(
            all(note.corrige != self.corrige for note in dossier.notes),
            "note_deja_corrigee",
            "Cette note a déjà été corrigée : corrigez la plus récente.",
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The new note."""
        note = Note(id=self.id, texte=self.texte, author=self.author, at=self.at, corrige=self.corrige)
        return {self.writes()[0]: note}


class LogContact(Command):
    """Record a contact or an attempt; `appels` are the planned calls that it settles."""

    kind: Literal["log_contact"] = "log_contact"
    canal: str
    resultat: str
    le: date
    texte: str = ""
    appels: tuple[str, ...] = ()

    def writes(self) -> tuple[str, ...]:
        """The contact, and each call it settles."""
        return (path("contacts", self.id), *(path("appels_prevus", one, "fait") for one in self.appels))

    def check(self, dossier: Dossier, context: Context) -> None:
        """Channel and outcome are known ones; an impossible contact says why."""
        refuse_unless(self.canal in CANAUX_CONTACT, "canal_inconnu", f"Le canal « {self.canal} » n’existe pas.")
        refuse_unless(
            self.resultat in RESULTATS_CONTACT, "resultat_inconnu", f"Le résultat « {self.resultat} » n’existe pas."
        )
        refuse_unless(
            self.resultat != "impossible" or self.texte.strip(),
            "motif_manquant",
            "Dites pourquoi le contact est impossible.",
        )
        waiting = {one.id for one in dossier.open_calls}
        refuse_unless(
            set(self.appels) <= waiting, "appel_inconnu", "Un appel prévu n’est plus à faire : son résultat est noté."
        )

    def changes(self, dossier: Dossier, context: Context) -> Mapping[str, Any]:
        """The contact, and what it settles."""
        contact = Contact(
            id=self.id,
            canal=self.canal,
            resultat=self.resultat,
            le=self.le,
            texte=self.texte,
            author=self.author,
            at=self.at,
        )
        settled, *calls = self.writes()
        return {settled: contact, **dict.fromkeys(calls, self.id)}

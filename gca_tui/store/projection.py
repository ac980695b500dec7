"""The one function that says which columns a dossier has in the queue, and which words find it."""

from __future__ import annotations

from datetime import date
from typing import Any

from gca_tui import reference
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.folding import fold_name, fold_words, plain
from gca_tui.domain.french import euros
from gca_tui.domain.priority import standing
from gca_tui.domain.traces import RECLAMATION, RECTIFICATION
from gca_tui.domain.trop_percu import Notification

NEVER = "9999-12-31"
"""Stands for « no such day » in columns that sort: it comes after every day."""
RAC_NATURES = frozenset({"rac_annuel", "rac_trimestriel"})


def project(dossier: Dossier, context: Context) -> dict[str, Any]:
    """The columns of a version, save id and generations."""
    place = standing(dossier, context.calendars, context.settings)
    pieces = [piece.extrait for piece in dossier.open_pieces]
    natures = {piece.nature for piece in pieces}
    demarches = {demarche.nature for demarche in dossier.open_demarches}
    attente = dossier.current_attente
    live = [notification for notification in dossier.notifications if notification.trop_percus]
    due = [one for one in live if to_explain(one, context)]
    allocataire = dossier.contact_details
    return {
        "caisse": dossier.caisse,
        "matricule": dossier.matricule,
        "convention": dossier.convention or "",
        "statut": dossier.etat,
        "holder": dossier.holder or "",
        "attente_jusqu": attente.jusqu_au.isoformat() if attente else "",
        "classe": place.classe,
        "echeance": place.echeance.le.isoformat() if place.echeance else NEVER,
        "recue_le": place.recue_le.isoformat() if place.recue_le else NEVER,
        "anteriorite_le": place.anteriorite_le.isoformat() if place.anteriorite_le else NEVER,
        "nom": allocataire.label,
        "nom_tri": plain(allocataire.label),
        "commune": allocataire.commune,
        "prestations": _listed(dossier.prestations),
        "natures": _listed(natures),
        "canaux": _listed({piece.canal for piece in pieces}),
        "objet": _objet(dossier, due or live, demarches),
        "indu": max((notification.montant for notification in live), default=0),
        "a_expliquer": int(bool(due)),
        "rectification": int(RECTIFICATION in demarches or RECTIFICATION in natures),
        "reclamation": int(RECLAMATION in demarches or RECLAMATION in natures),
        "rac": int(not natures.isdisjoint(RAC_NATURES)),
        "rdv_le": _next_rendez_vous(dossier),
        "absente_le": _absente(dossier),
        "notes": len(dossier.notes),
        "questions": sum(question.reponse is None for question in dossier.questions),
    }


def to_explain(notification: Notification, context: Context) -> bool:
    """Whether the notification reaches the threshold and nothing explains it yet."""
    return notification.montant >= context.settings.threshold and notification.explication.is_empty


def search_words(dossier: Dossier) -> tuple[str, str]:
    """The words that find the dossier: those of its identity, those of its notes."""
    details = dossier.contact_details
    identity = [dossier.matricule, *fold_name(details.nom), *fold_name(details.prenom)]
    notes = [word for note in dossier.notes for word in fold_words(note.texte)]
    return " ".join(identity), " ".join(dict.fromkeys(notes))


def _listed(codes: Any) -> str:
    return "|" + "|".join(codes) + "|" if codes else ""


def _objet(dossier: Dossier, notifications: list[Notification], demarches: set[str]) -> str:
    """The work in two words: what is owed to the family first, then the money, then the oldest pièce."""
    if RECLAMATION in demarches:
        return "Réclamation"
    if RECTIFICATION in demarches:
        return "Rectification"
    if notifications:
        return f"Indu {euros(max(n.montant for n in notifications))}"
    pieces = sorted(dossier.open_pieces, key=lambda piece: piece.extrait.recue_le or date.max)
    if not pieces:
        return ""
    nature = pieces[0].extrait.nature
    known = reference.natures().get(nature)
    label = known.libelle if known else nature
    return label[:1].upper() + label[1:]


def _next_rendez_vous(dossier: Dossier) -> str | None:
    moments = (f"{rdv.le.isoformat()}T{rdv.heure}" for rdv in dossier.rendez_vous if rdv.le and not rdv.resultat)
    return min(moments, default=None)


def _absente(dossier: Dossier) -> str | None:
    days = [dossier.extrait.absente_le, *(piece.absente_le for piece in dossier.open_pieces)]
    days += [trop_percu.absente_le for trop_percu in dossier.trop_percus]
    return min((day.isoformat() for day in days if day), default=None)

"""The one function that says which columns a dossier has in the queue, and which words find it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from gca_tui import reference
from gca_tui.domain.calls import calls
from gca_tui.domain.closing import unexplained
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import Dossier
from gca_tui.domain.folding import fold_name, fold_words, plain
from gca_tui.domain.french import capital, euros
from gca_tui.domain.pieces import Piece
from gca_tui.domain.priority import standing
from gca_tui.domain.traces import RECLAMATION, RECTIFICATION
from gca_tui.domain.trop_percu import Notification
from gca_tui.store.views import NEVER, RAC_NATURES

REMEMBERED = 4096
"""Names, days and natures of which what they become is kept in memory."""


def project(dossier: Dossier, context: Context) -> dict[str, Any]:
    """The columns of a version, save id and generations."""
    place = standing(dossier, context.calendars, context.settings)
    pieces = dossier.open_pieces
    natures = dict.fromkeys([piece.extrait.nature for piece in pieces])
    demarches = {demarche.nature for demarche in dossier.open_demarches}
    attente = dossier.current_attente
    live = [notification for notification in dossier.notifications if notification.trop_percus]
    due = [one for one in live if unexplained(dossier, one, context)]
    allocataire = dossier.contact_details
    label = allocataire.label
    return {
        "caisse": dossier.caisse,
        "matricule": dossier.matricule,
        "convention": dossier.convention or "",
        "statut": dossier.etat,
        "holder": dossier.holder or "",
        "attente_jusqu": attente.jusqu_au.isoformat() if attente else "",
        "classe": place.classe,
        "echeance": _day(place.echeance.le) if place.echeance else NEVER,
        "recue_le": _day(place.recue_le) if place.recue_le else NEVER,
        "anteriorite_le": _day(place.anteriorite_le) if place.anteriorite_le else NEVER,
        "nom": label,
        "nom_tri": _plain(label),
        "commune": _plain(allocataire.commune),
        "prestations": _listed(dossier.prestations),
        "natures": _listed(natures),
        "canaux": _listed(dict.fromkeys([piece.extrait.canal for piece in pieces])),
        "objet": _objet(pieces, due or live, demarches),
        "indu": max([notification.montant for notification in live], default=0),
        "a_expliquer": int(bool(due)),
        "rectification": int(RECTIFICATION in demarches or RECTIFICATION in natures),
        "reclamation": int(RECLAMATION in demarches or RECLAMATION in natures),
        "rac": int(not RAC_NATURES.isdisjoint(natures)),
        "rdv_le": _next_rendez_vous(dossier) if dossier.rendez_vous else None,
        "absente_le": _absente(dossier, pieces),
        "appel_le": _first_call(dossier, context),
        "notes": len(dossier.notes),
        "questions": len([question for question in dossier.questions if question.reponse is None]),
    }


def _first_call(dossier: Dossier, context: Context) -> str | None:
    """The earliest day on which the family is to be called, None where it is not."""
    planned = calls(dossier, context)
    return _day(planned[0].le) if planned else None


def search_words(dossier: Dossier) -> tuple[str, str]:
    """The words that find the dossier: those of its identity, those of its notes."""
    details = dossier.contact_details
    identity = [dossier.matricule, _name_words(details.nom), _name_words(details.prenom)]
    notes = [word for note in dossier.notes for word in fold_words(note.texte)]
    return " ".join(filter(None, identity)), " ".join(dict.fromkeys(notes))


@lru_cache(maxsize=REMEMBERED)
def _name_words(name: str) -> str:
    """Remembered: an extract of a whole caisse repeats names."""
    return " ".join(fold_name(name))


_plain = lru_cache(maxsize=REMEMBERED)(plain)
_day = lru_cache(maxsize=REMEMBERED)(date.isoformat)


def _listed(codes: Collection[str]) -> str:
    return f"|{'|'.join(codes)}|" if codes else ""


def _objet(pieces: Collection[Piece], notifications: list[Notification], demarches: set[str]) -> str:
    """The work in two words: what is owed to the family first, then the money, then the oldest pièce."""
    if RECLAMATION in demarches:
        return "Réclamation"
    if RECTIFICATION in demarches:
        return "Rectification"
    if notifications:
        return f"Indu {euros(max(n.montant for n in notifications))}"
    if not pieces:
        return ""
    return _nature_label(min(pieces, key=lambda piece: piece.extrait.recue_le or date.max).extrait.nature)


@lru_cache(maxsize=REMEMBERED)
def _nature_label(nature: str) -> str:
    known = reference.natures().get(nature)
    label = known.libelle if known else nature
    return capital(label)


def _next_rendez_vous(dossier: Dossier) -> str | None:
    moments = (f"{rdv.le.isoformat()}T{rdv.heure}" for rdv in dossier.rendez_vous if rdv.le and not rdv.resultat)
    return min(moments, default=None)


def _absente(dossier: Dossier, pieces: Collection[Piece]) -> str | None:
    days = [dossier.extrait.absente_le, *[piece.absente_le for piece in pieces]]
    days += [trop_percu.absente_le for trop_percu in dossier.trop_percus]
    known = [day for day in days if day]
    return min(known).isoformat() if known else None

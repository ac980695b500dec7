"""The facts beside the text, in few words; what nobody said yet is marked « à dire »."""

from __future__ import annotations

from collections.abc import Iterator

from gca_tui.domain.dossier import Dossier
from gca_tui.domain.explanation.remarks import remarks
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.french import count, euros, short_date
from gca_tui.presentation.lines import FAINT, HEAD, Line, month_label

TO_SAY = "à dire"
_COTES = {
    "caf": "erreur de la Caf",
    "allocataire": "allocataire",
    "tiers": "tiers",
    "fraude": "fraude",
}


def facts_lines(dossier: Dossier, about: Subject) -> list[Line]:
    """What the text must agree with, trop-perçu by trop-perçu, then the whole and what is not certain."""
    lines = [line for part in about.parts for line in _part(part)]
    lines.append(Line(f"En tout : {euros(about.total)}", HEAD))
    if about.must_explain:
        lines.append(Line(f"Seuil de {euros(about.threshold)} atteint : à expliquer."))
    else:
        lines.append(Line(f"Sous le seuil de {euros(about.threshold)} : facultatif."))
    received = short_date(about.recue_le) if about.recue_le else "pas encore notée"
    lines.append(Line(f"Réception : {received}"))
    if known := remarks(about, dossier):
        lines += [Line(""), Line("À savoir", HEAD), *(Line(f"• {one.text}", FAINT) for one in known)]
    return lines


def _part(part: Part) -> Iterator[Line]:
    one, faits = part.trop_percu, part.faits
    yield Line(f"{one.prestation} {part.libelle}" if part.prestation else one.prestation, HEAD, typed=True)
    yield Line(f"{_period(part)} · {one.reference}".rstrip(" ·"), typed=True)
    yield Line(f"Reçu {_amount(part.verse)} · dû {_amount(part.du)}")
    yield Line(f"Différence {euros(part.montant)}")
    if any(mois.corrige for mois in part.mois):
        yield Line("Mois corrigés par un agent.", FAINT)
    yield _said("Motif", part.motif)
    yield _said("Date de l’événement", short_date(faits.evenement_le) if faits.evenement_le else "")
    yield _said("Événement", faits.evenement)
    if faits.regle:
        yield _said("Règle", faits.regle)
    known = short_date(faits.connu_le) if faits.connu_le else ""
    yield _said("Su le", f"{known}, par {faits.connu_par}" if known and faits.connu_par else known)
    yield _said("Tiers", _tiers(part))
    yield _said("Responsabilité", _COTES.get(part.cote, part.cote))
    if faits.prochaine_fois:
        yield _said("La prochaine fois", faits.prochaine_fois)
    yield Line("")


def _tiers(part: Part) -> str:
    faits = part.faits
    if faits.tiers is None:
        return ""
    if not faits.tiers:
        return "non"
    return f"oui, {faits.tiers_nom or TO_SAY} : {faits.tiers_contenu or TO_SAY}"


def _said(what: str, value: str) -> Line:
    return Line(f"{what}\u00a0: {value or TO_SAY}", typed=True)


def _amount(cents: int | None) -> str:
    return euros(cents) if cents is not None else TO_SAY


def _period(part: Part) -> str:
    months = [month_label(mois.id) for mois in part.mois]
    if not months:
        return f"Mois {TO_SAY}"
    span = months[0] if len(months) == 1 else f"{months[0]} à {months[-1]}"
    return f"{span} ({count(len(months), 'mois', 'mois')})"

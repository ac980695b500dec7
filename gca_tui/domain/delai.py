"""The delays that follow a notification, in words: what each family of recourse gives, before any date is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from gca_tui.domain.lexicon import Famille
from gca_tui.domain.months import long_date
from gca_tui.domain.traces import RECTIFICATION

RECOURS, JUGE, RETENUES = "recours", "juge", "retenues"
REPONSE_RECTIFICATION, REPONSE_RECOURS, REPONSE_REMISE = "reponse_rectification", "reponse_recours", "reponse_remise"
DOCUMENTS, ACCUSE_REMISE, ECHEANCIER = "documents", "accuse_remise", "echeancier"
OBJETS = {
    RECTIFICATION: "demander une rectification",
    RECOURS: "faire un recours",
    JUGE: "saisir le juge",
    DOCUMENTS: "produire les documents de la demande orale",
    REPONSE_RECTIFICATION: "répondre à la demande de rectification",
    REPONSE_RECOURS: "répondre au recours",
    ACCUSE_REMISE: "accuser réception de la demande de remise",
    REPONSE_REMISE: "répondre à la demande de remise",
    ECHEANCIER: "conclure l’échéancier",
    RETENUES: "pas de retenue avant la fin de ce jour",
}
"""What may or must be done until each delay's last day."""

_NUMBERS = {1: "un", 2: "deux", 3: "trois", 4: "quatre", 6: "six"}
_RECEIVED = "qui suivent la réception de ce courrier"


@dataclass(frozen=True)
class Delai:
    """One delay. `objet` is one of OBJETS.

    `familles` are codes of recourse families. `le` is its last day, None when it cannot be said, as long as the
    reception is not recorded; `relatif` says the delay in words. `dire` is how a letter gives it, "" when it cannot.
    `suspendu`: a médiation under way suspends it. `a_valider`: its text was not read, or a date of it is supposed.
    """

    objet: str
    familles: tuple[str, ...]
    relatif: str
    le: date | None = None
    suspendu: bool = False
    a_valider: bool = False
    source: str = ""
    dire: str = ""


def to_validate(famille: Famille, field: str) -> bool:
    """Whether a field of a family rests on a text that was not read."""
    return any(field in one for one in famille.a_valider)


def months_of_recourse(famille: Famille) -> int:
    """Months to make the first recourse of a family, the judge's when there is none before him."""
    return famille.recours_prealable.delai_mois if famille.recours_prealable else famille.juge.delai_mois


def in_words(months: int) -> str:
    """`deux mois`."""
    return f"{_NUMBERS.get(months, str(months))} mois"


def relative_delays(famille: Famille) -> tuple[Delai, ...]:
    """All of a family's delays in words, as long as the reception is not recorded."""
    found = (rectification(famille), recours(famille), juge(famille), retenues(famille))
    return tuple(one for one in found if one)


def rectification(famille: Famille) -> Delai | None:
    """To have a mistake corrected; None where no text gives it."""
    if famille.rectification_jours is None:
        return None
    words = f"dans les {famille.rectification_jours} jours {_RECEIVED}"
    unread = to_validate(famille, "rectification_jours")
    return Delai(RECTIFICATION, (famille.code,), words, a_valider=unread, source=famille.notification, dire=words)


def recours(famille: Famille) -> Delai:
    """To make the first recourse: to the judge himself where none is compulsory before."""
    words = f"dans les {in_words(months_of_recourse(famille))} {_RECEIVED}"
    prealable = famille.recours_prealable
    field = "recours_prealable.delai_mois" if prealable else "juge.delai_mois"
    source = prealable.base if prealable else famille.juge.base
    return Delai(RECOURS, (famille.code,), words, a_valider=to_validate(famille, field), source=source, dire=words)


def juge(famille: Famille) -> Delai | None:
    """To go to the judge after the first recourse; None where the delay of the recours is his already."""
    if famille.recours_prealable is None:
        return None
    words = f"dans les {in_words(famille.juge.delai_mois)} qui suivent la réponse au recours, ou son rejet sans réponse"
    unread = to_validate(famille, "juge.delai_mois")
    return Delai(JUGE, (famille.code,), words, a_valider=unread, source=famille.juge.base)


def retenues(famille: Famille) -> Delai:
    """Until when nothing is withheld; never said as certain where the text was not read."""
    unread = to_validate(famille, "retenues_possibles") or famille.retenues_possibles == ""
    if unread:
        words = "début des retenues à valider"
    elif famille.suspensif:
        words = f"pas de retenue dans les {in_words(months_of_recourse(famille))} {_RECEIVED}"
    else:
        words = f"pas de retenue dans les {famille.rectification_jours} jours {_RECEIVED}"
    return Delai(RETENUES, (famille.code,), words, a_valider=unread, source=famille.notification)


def dated(delai: Delai, last: date) -> Delai:
    """The delay with its last day."""
    return replace(delai, le=last, dire=f"jusqu’au {long_date(last)}" if delai.dire else "")


def merged(delais: list[Delai]) -> list[Delai]:
    """Families that have the same delay share one line."""
    found: dict[object, Delai] = {}
    for one in delais:
        key = (one.objet, one.le, one.relatif, one.dire, one.suspendu, one.a_valider)
        known = found.get(key)
        source = " ; ".join(dict.fromkeys((*known.source.split(" ; "), one.source))) if known else one.source
        found[key] = replace(known, familles=(*known.familles, *one.familles), source=source) if known else one
    return list(found.values())

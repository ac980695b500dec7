"""What the sheet says of delays: what may still be done, until when, and how many days are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gca_tui.domain.delai import (
    ACCUSE_REMISE,
    DOCUMENTS,
    ECHEANCIER,
    JUGE,
    RECOURS,
    REPONSE_RECOURS,
    REPONSE_RECTIFICATION,
    REPONSE_REMISE,
    RETENUES,
    Delai,
)
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.french import NBSP, capital, count, listed
from gca_tui.domain.traces import RECTIFICATION
from gca_tui.presentation.fitting import Form, clip
from gca_tui.presentation.lines import TO_CONFIRM
from gca_tui.presentation.speech import benefit, left, spoken_day

ELSEWHERE = "(pour vous : onglet Trop-perçus)"
"""In brackets, as « à valider » is: what is not read aloud."""
_FOR = {
    RECTIFICATION: "Si une information est fausse, pour demander une rectification",
    RECOURS: "Pour contester la décision",
    DOCUMENTS: "Pour envoyer les documents de votre demande",
    REPONSE_RECTIFICATION: "Réponse à votre demande de rectification",
    REPONSE_RECOURS: "Réponse à votre recours",
    RETENUES: "Retenues sur vos prestations",
    ECHEANCIER: "Pour convenir d’un paiement en plusieurs fois",
    REPONSE_REMISE: "Réponse à votre demande de remise de dette",
    ACCUSE_REMISE: "Accusé de réception de votre demande de remise de dette",
    JUGE: "Ensuite, pour saisir le juge",
}
"""What each delay is for, said to the family; what matters most to it comes first."""
_ANSWERS = (REPONSE_RECTIFICATION, REPONSE_RECOURS, REPONSE_REMISE, ECHEANCIER)
"""Delays whose words say what happens after their last day."""
_ORDER = list(_FOR)


def deadlines(about: Subject) -> Iterator[Form]:
    """Every delay with the benefits it is for, then families together, then only the nearest of what matters most."""
    if not about.calendrier:
        yield (f"Les délais ne sont pas connus {ELSEWHERE}.",)
        return
    yield tuple(dict.fromkeys(_deadline(delai, about, named=True) for delai in _told(about.calendrier, about)))
    merged = _told(_merged(about.calendrier), about)
    yield tuple(_deadline(delai, about) for delai in merged)
    nearest = list({delai.objet: delai for delai in reversed(merged)}.values())[::-1]
    for shown in range(len(nearest), 0, -1):
        rest = len(merged) - shown
        tail = (f"Et {count(rest, 'autre délai', 'autres délais')} {ELSEWHERE}.",) if rest else ()
        yield (*(_deadline(delai, about) for delai in nearest[:shown]), *tail)


def _told(delais: Sequence[Delai], about: Subject) -> list[Delai]:
    """In the order they are said: those that have passed come last."""

    def order(delai: Delai) -> tuple[bool, int]:
        passed = delai.le is not None and delai.le < about.today and not delai.suspendu
        return passed, _ORDER.index(delai.objet) if delai.objet in _FOR else len(_ORDER)

    return sorted(delais, key=order)


def _merged(delais: Sequence[Delai]) -> list[Delai]:
    """Those of one kind with one end, whichever families they are of; « à valider » as soon as one of them is."""
    found: dict[object, Delai] = {}
    for one in delais:
        key = (one.objet, one.le or one.relatif, one.suspendu)
        known = found.get(key, one)
        families = tuple(dict.fromkeys((*known.familles, *one.familles)))
        found[key] = replace(known, familles=families, a_valider=known.a_valider or one.a_valider)
    return list(found.values())


def _deadline(delai: Delai, about: Subject, *, named: bool = False) -> str:
    concerned = [benefit(part) for part in about.parts if part.famille and part.famille.code in delai.familles]
    every = len(concerned) == len(about.parts)
    whom = f", pour {listed(list(dict.fromkeys(concerned)))}," if named and concerned and not every else ""
    if delai.objet == RETENUES:
        return _withheld(delai, whom.rstrip(","))
    after = f" ; {clip(delai.relatif, 90)}" if delai.objet in _ANSWERS and delai.le else ""
    return f"{_FOR.get(delai.objet, 'Autre délai')}{whom.rstrip(',')} : {left(delai, about.today)}{after}."


def _withheld(delai: Delai, whom: str) -> str:
    doubt = f" ({TO_CONFIRM.replace(' ', NBSP)})" if delai.a_valider else ""
    if delai.le and not delai.suspendu:
        return f"Pas de retenue{whom} avant la fin du {spoken_day(delai.le)}{doubt}."
    said = clip(delai.relatif, 120)
    return f"{capital(said)}{whom}{'' if TO_CONFIRM in said else doubt}."

"""What views and filter terms mean, said once more in Python over whole documents."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from gca_tui import reference
from gca_tui.domain.calendar import Calendar, zone
from gca_tui.domain.closing import unexplained
from gca_tui.domain.command import Context
from gca_tui.domain.dossier import CLOS, EN_ATTENTE, TRANSMIS, Dossier
from gca_tui.domain.folding import fold_name, fold_typed, fold_words, plain
from gca_tui.domain.priority import MINIMUM_SOCIAL, URGENT, Standing, standing

COMPARED = {
    ":": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Told:
    """A dossier on a day, and who looks at it."""

    dossier: Dossier
    today: date
    me: str
    context: Context

    @property
    def place(self) -> Standing:
        return standing(self.dossier, self.context.calendars, self.context.settings)

    @property
    def calendar(self) -> Calendar:
        return self.context.calendars[zone(self.dossier.caisse)]

    @property
    def waiting(self) -> bool:
        pause = self.dossier.current_attente
        return self.dossier.etat == EN_ATTENTE and pause is not None and pause.jusqu_au > self.today

    @property
    def active(self) -> bool:
        return self.dossier.etat not in (CLOS, TRANSMIS)

    @property
    def natures(self) -> set[str]:
        return {piece.extrait.nature for piece in self.dossier.open_pieces}

    @property
    def asked(self) -> set[str]:
        return {demarche.nature for demarche in self.dossier.open_demarches} | self.natures

    @property
    def amounts(self) -> list[int]:
        return [letter.montant for letter in self.dossier.notifications if letter.trop_percus]

    @property
    def to_explain(self) -> bool:
        context = replace(self.context, lexicon=reference.lexicon())
        return any(
            letter.montant >= 150_000 and unexplained(self.dossier, letter, context)
            for letter in self.dossier.notifications
            if letter.trop_percus
        )

    @property
    def to_call(self) -> bool:
        """A planned call or a rendez-vous by telephone has come, or a letter that nobody planned to announce is out."""
        d = self.dossier
        waiting = [one for one in d.appels_prevus if one.fait is None and one.annulation is None]
        days = [one.le for one in waiting]
        announced = any(one.objet == "explication" for one in waiting)
        days += [one.le for one in d.rendez_vous if one.le and one.forme == "telephone" and not one.resultat]
        for letter in d.notifications:
            sent = letter.extrait.notifiee_le
            if announced or sent is None or not letter.trop_percus or letter.montant < 150_000:
                continue
            since = [one for one in d.contacts if one.le and one.le >= sent]
            if not {"joint", "impossible", "refus"} & {one.resultat for one in since}:
                tried = [one.le for one in since if one.le]
                days.append(self.calendar.add(max(tried), 1) if tried else sent)
        return self.active and min(days, default=date.max) <= self.today

    @property
    def absent(self) -> bool:
        marks = [self.dossier.extrait, *self.dossier.open_pieces, *self.dossier.trop_percus]
        return any(mark.absente_le for mark in marks)

    @property
    def rac(self) -> bool:
        return not self.natures.isdisjoint({"rac_annuel", "rac_trimestriel"})

    @property
    def planned(self) -> set[date]:
        return {one.le for one in self.dossier.rendez_vous if one.le and not one.resultat}

    @property
    def age(self) -> int | None:
        first = self.place.anteriorite_le
        return None if first is None else self.calendar.count(first, self.today)

    @property
    def due_in(self) -> int | None:
        due = self.place.echeance
        return None if due is None else self.calendar.count(self.today, due.le)

    @property
    def late(self) -> bool:
        due = self.place.echeance
        return due is not None and due.le < self.today

    @property
    def identity(self) -> list[str]:
        details = self.dossier.contact_details
        return [self.dossier.matricule, *fold_name(details.nom), *fold_name(details.prenom)]

    @property
    def noted(self) -> list[str]:
        return [word for note in self.dossier.notes for word in fold_words(note.texte)]


Meaning = Callable[[Told], bool]
VIEWS: dict[str, Meaning] = {
    "corbeille": lambda d: d.active and not d.waiting and d.dossier.holder in (None, d.me),
    "urgences": lambda d: d.active and d.dossier.urgence_active is not None,
    "trop_percus": lambda d: d.active and d.to_explain,
    "rectifications": lambda d: d.active and "rectification" in d.asked,
    "reclamations": lambda d: d.active and "reclamation" in d.asked,
    "rendez_vous": lambda d: d.today in d.planned,
    "rac": lambda d: d.active and not d.waiting and d.rac,
    "attente": lambda d: d.waiting,
    "absentes": lambda d: d.active and d.absent,
    "pris": lambda d: d.active and d.dossier.holder == d.me,
    "appels": lambda d: d.active and d.to_call,
    "transmis": lambda d: d.dossier.etat == TRANSMIS,
    "clos": lambda d: d.dossier.etat == CLOS,
    "tout": lambda d: True,
}
FLAGS: dict[str, Meaning] = {
    "urgence": lambda d: d.place.classe == URGENT,
    "minimum": lambda d: d.place.classe == MINIMUM_SOCIAL,
    "retard": lambda d: d.late,
    "indu": lambda d: max(d.amounts, default=0) > 0,
    "expliquer": lambda d: d.to_explain,
    "rac": lambda d: d.rac,
    "reclamation": lambda d: "reclamation" in d.asked,
    "rectification": lambda d: "rectification" in d.asked,
    "rdv": lambda d: bool(d.planned),
    "absent": lambda d: d.absent,
    "appel": lambda d: d.to_call,
    "question": lambda d: any(question.reponse is None for question in d.dossier.questions),
    "note": lambda d: bool(d.dossier.notes),
    "pris": lambda d: d.dossier.holder is not None,
    "moi": lambda d: d.dossier.holder == d.me,
    "libre": lambda d: d.dossier.holder is None,
    "convention": lambda d: bool(d.dossier.convention),
}
STATUTS: dict[str, Meaning] = {
    "ouvert": lambda d: d.active and not d.waiting,
    "attente": lambda d: d.waiting,
    "transmis": lambda d: d.dossier.etat == TRANSMIS,
    "clos": lambda d: d.dossier.etat == CLOS,
}


def begins(words: list[str], sought: list[str]) -> bool:
    """Whether each word sought begins one of the words."""
    return all(any(word.startswith(beginning) for word in words) for beginning in sought)


def compared(number: int | None, sign: str, bound: int) -> bool:
    return number is not None and bool(COMPARED[sign](number, bound))


TERMS: dict[str, Callable[[Told, str, str], bool]] = {
    "caisse": lambda d, _, value: d.dossier.caisse == value,
    "prest": lambda d, _, value: any(code.startswith(value.upper()) for code in d.dossier.prestations),
    "nature": lambda d, _, value: any(nature.startswith(value) for nature in d.natures),
    "canal": lambda d, _, value: any(piece.extrait.canal.startswith(value) for piece in d.dossier.open_pieces),
    "indu": lambda d, sign, value: compared(max(d.amounts, default=0), sign, int(value) * 100),
    "age": lambda d, sign, value: compared(d.age, sign, int(value)),
    "ech": lambda d, sign, value: compared(d.due_in, sign, int(value)),
    "statut": lambda d, _, value: STATUTS[value](d),
    "est": lambda d, _, value: FLAGS[value](d),
    "pris": lambda d, _, value: d.dossier.holder == value,
    "conv": lambda d, _, value: d.dossier.convention == value,
    "commune": lambda d, _, value: plain(d.dossier.contact_details.commune).startswith(plain(value)),
    "note": lambda d, _, value: begins(d.noted, fold_words(value)),
}


def named(d: Told, typed: str) -> bool:
    """Whether the words typed find the dossier by its identity."""
    return any(begins(d.identity, way) for way in fold_typed(typed))

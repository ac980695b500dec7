"""What moves the delays of a letter: a rectification asked in time interrupts the recours, a médiation suspends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from gca_tui.domain.delai import Delai, dated
from gca_tui.domain.delays import add_months
from gca_tui.domain.lexicon import Famille
from gca_tui.domain.traces import RECTIFICATION, Demarche

MEDIATION = "mediation"
MEDIATION_SOURCE = "CSS L.217-7-1"


@dataclass(frozen=True)
class Letter:
    """What the delays of one notification depend on: its démarches are those made since it left, oldest first.

    `doubtful`: another letter could be meant by them. `several`: it mixes families of recourse, and a recours or a
    remise does not say which one it is about. `mediations` are those of the dossier, older ones included.
    """

    received: date
    today: date
    demarches: tuple[Demarche, ...]
    mediations: tuple[Demarche, ...]
    doubtful: bool
    several: bool

    def of(self, *natures: str) -> list[Demarche]:
        """Its démarches of these kinds."""
        return [one for one in self.demarches if one.nature in natures]

    @property
    def unsure(self) -> bool:
        """Whether a recours or a remise may be about something else."""
        return self.doubtful or self.several


@dataclass(frozen=True)
class Rectification:
    """A demande de rectification made in time, and when it stops interrupting the recours (CSS R.133-9-2 III).

    Answered, it ends when the family receives the answer; only the day of the answer is known.
    """

    implicit: date
    until: date
    answered: bool
    pending: bool
    early: bool

    @property
    def supposed(self) -> bool:
        """Whether its end is: the day the answer arrived is not known, or it came before the letter was received."""
        return self.answered or self.early


def rectification_in_time(famille: Famille, letter: Letter) -> Rectification | None:
    """The demande de rectification made in time, orally or in writing; of several, the one that ends last."""
    if famille.rectification_jours is None:
        return None
    last = plus(letter.received, famille.rectification_jours)
    found = [_interruption(famille, one, letter) for one in letter.of(RECTIFICATION) if received_on(one) <= last]
    return max(found, key=lambda one: one.until, default=None)


def _interruption(famille: Famille, demarche: Demarche, letter: Letter) -> Rectification:
    asked = received_on(demarche)
    implicit = add_months(asked, famille.rectification_silence_mois or 0)
    answered = demarche.close_le is not None and demarche.close_le <= implicit
    until = demarche.close_le if answered and demarche.close_le else implicit
    pending = demarche.is_open and letter.today <= implicit
    return Rectification(implicit, max(until, letter.received), answered, pending, asked < letter.received)


def late_rectifications(famille: Famille, letter: Letter, first: Delai) -> list[Demarche]:
    """Those made after the twenty days and within the delay of the recours."""
    if famille.rectification_jours is None or famille.recours_prealable is None or first.le is None:
        return []
    in_time = plus(letter.received, famille.rectification_jours)
    return [one for one in letter.of(RECTIFICATION) if in_time < received_on(one) <= first.le]


def suspended(delai: Delai, start: date, mediations: tuple[Demarche, ...]) -> Delai:
    """The delay, begun on `start`, with the médiations over it: what was left runs again after each (CSS L.217-7-1).

    The day a médiation was found admissible is not recorded: that of its receipt stands for it, « à valider ».
    """
    for one in sorted(mediations, key=_admitted_on):
        began = max(_admitted_on(one), start)
        if delai.le is None or one.recue_le is None or began > delai.le or (one.close_le and one.close_le <= began):
            continue
        left = (delai.le - began).days
        delai = replace(delai, a_valider=True, source=f"{delai.source} ; {MEDIATION_SOURCE}")
        if one.close_le is None:
            return frozen(delai, f" ; il restera {left} {'jours' if left > 1 else 'jour'}")
        said, start = delai.dire, one.close_le
        delai = dated(delai, plus(one.close_le, left))
        if said == delai.relatif:
            delai = replace(delai, dire=said)
    return delai


def frozen(delai: Delai, left: str = "") -> Delai:
    """The delay while a médiation is under way: no day can be said; `left` tells what will remain of it."""
    relatif = f"suspendu par la médiation en cours{left}"
    return replace(delai, le=None, suspendu=True, a_valider=True, dire="", relatif=relatif)


def received_on(demarche: Demarche) -> date:
    """Its day, the first of all when it was not recorded."""
    return demarche.recue_le or date.min


def plus(day: date, days: int) -> date:
    """That many days later."""
    return day + timedelta(days=min(days, (date.max - day).days))


def _admitted_on(demarche: Demarche) -> date:
    return demarche.accuse_le or received_on(demarche)

"""Delays that have run out: a letter says so, with the day, and invites nobody to use them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gca_tui.domain.delai import Delai
from gca_tui.domain.explanation.days import is_day
from gca_tui.domain.explanation.reading import Reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.french import listed, possessive, typeset
from gca_tui.domain.lexicon import Famille
from gca_tui.domain.months import long_date
from gca_tui.domain.phrases import Sought

IS_OVER = "Ce délai est passé."
_SAID = Sought(
    r"delais?(?: \w+){0,4} (?:est|sont|a) (?:\w+ )?(?:passe|expire|depasse|ecoule|termine|fini|clos)e?s?"
    r"|(?:pouviez|aviez|etait|etaient|fallait|n'est plus)",
    "dela pouv avie etai fall n",
)
_IN_TIME = Sought(r"a temps|avant cette date|dans (?:ce|le) delai|avant la fin", "a avan dans")
_INVITES = Sought(
    r"contestez|saisissez|ecrivez (?:a|au|aux)"
    r"|(?:faites|formez|deposez|adressez|envoyez)(?: \w+)? (?:recours|contestation|reclamation)"
    r"|vous pouvez(?: \w+){0,2} (?:contester|saisir|ecrire (?:a|au)|former|faire (?:un|ce) recours)",
    "cont sais ecri fait form depo adre envo vous",
)
_DOCUMENTS = Sought(r"documents?|papiers?|justificatifs?|pieces?", "docu papi just piec")
"""What the days that an oral request opens are for."""


def passed(about: Subject, objet: str, famille: str = "") -> Delai | None:
    """A delay whose last day is over; None while it is open, while a médiation suspends it, or without a day."""
    return next(
        (
            one
            for one in about.calendrier
            if one.objet == objet and one.le and one.le < about.today and (not famille or famille in one.familles)
        ),
        None,
    )


def is_said(read: Reading, places: Iterable[tuple[int, int]]) -> bool:
    """Whether one of these sentences says that a delay is over."""
    return any(read.find(_SAID, *one) for one in places)


def recourse_over(read: Reading, over: Sequence[Delai], start: int, end: int, *, is_dated: bool) -> Iterator[Finding]:
    """A sentence on recourses that are all over and that invites to make one; `is_dated`: it gives their delay."""
    before = read.sentence(max(0, start - 2))
    if read.find(_SAID, start, end) or read.find(_IN_TIME, start, end) or read.find(_IN_TIME, *before):
        return
    if is_dated or read.find(_INVITES, start, end):
        yield _invites(read, over[0], start, end)


def rectification_over(
    read: Reading, over: Delai, places: Sequence[tuple[int, int]], *, is_wrong: bool
) -> Iterator[Finding]:
    """What a text gets wrong of a rectification that is over; `is_wrong`: a delay in it was found wrong already."""
    dated = [one for one in places if any(over.le and is_day(day, over.le) for day in read.days_in(*one))]
    counted = [one for one in places if re.search(r"\d+ jours?(?!\w)", read.level[slice(*one)])]
    wrong = {*dated, *(one for one in counted if not read.find(_DOCUMENTS, *one))}
    inviting = [one for one in sorted(wrong) if not read.find(_SAID, *one)]
    for one in inviting:
        yield _invites(read, over, *one)
    if not (inviting or is_wrong) and over.le and not (dated and is_said(read, places)):
        at, last = read.end_of("que_faire"), long_date(over.le)
        advice = f"Le délai de rectification est passé depuis le {last} : dites-le, avec cette date."
        instead = f"Vous aviez jusqu’au {last} pour demander une rectification. {IS_OVER}"
        yield Finding(at, at, typeset(advice), instead)


def unsaid(read: Reading, over: Delai, famille: Famille, where: str) -> tuple[str, str]:
    """What to say of a recourse that is over: an advice, and sentences that follow it."""
    last = long_date(over.le) if over.le else ""
    advice = f"Le délai pour contester {where} est passé depuis le {last} : dites-le, avec cette date."
    return advice, f"Vous pouviez contester la décision sur {possessives(read, famille)} jusqu’au {last}. {IS_OVER}"


def possessives(read: Reading, famille: Famille) -> str:
    """`votre prime d’activité`, `vos allocations familiales et votre complément familial`."""
    own = dict.fromkeys(possessive(part.libelle) for part in read.about.parts if part.famille is famille)
    return listed(list(own))


def _invites(read: Reading, over: Delai, start: int, end: int) -> Finding:
    written = read.whole[start:end]
    shown = written if len(written) <= 60 else f"{written[:60].rsplit(' ', 1)[0]}…"
    last = long_date(over.le) if over.le else ""
    advice = f"« {shown} » : ce délai est passé depuis le {last}. Dites-le passé, n’invitez plus à l’utiliser."
    return Finding(start, end, typeset(advice))

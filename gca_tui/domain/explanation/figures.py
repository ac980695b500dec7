"""Checks 3 and 6: every amount is the one of its role, and what was received and due makes the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.mentions import Month
from gca_tui.domain.explanation.payments import is_foreign
from gca_tui.domain.explanation.placeholders import placeholders
from gca_tui.domain.explanation.reading import Reading, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.roles import DIFFERENCE, DROIT, RECU, ROLES, Fact, Played, played
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import euros, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import Sought

_SENTENCES = {
    RECU: ("ce que la famille a reçu", "Vous avez reçu {}."),
    DROIT: ("ce à quoi elle avait droit", "Vous aviez droit à {}."),
    DIFFERENCE: ("la différence", "La différence est de {}."),
}
_LABELS = {RECU: "montant versé", DROIT: "montant dû"}
"""What a draft leaves to complete, which says it already."""
_NUMBER = (
    r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante"
    r"|cinquante|soixante|septante|huitante|octante|nonante|cents?|mille|millions?)"
)
_IN_WORDS = Sought(
    rf"{_NUMBER}(?:[\s-](?:(?:et|virgule)[\s-])?(?:une?|{_NUMBER})){{0,12}}+\s(?:d')?(?:euros?|€)",
    "deux troi quat cinq six sept huit neuf dix onze douz trei quin seiz ving tren quar soix nona octa cent mill",
)
_THOUSANDS = re.compile(r"k(?<=[\d\s]k)\s?(?:€|eur(?:os?)?(?!\w))")
_INCOME = Sought(
    r"salaires?|payes?|loyers?|revenus?(?! de solidarite)|pensions?|retraites?|indemnites?|bourses?|chiffre d'affaires",
    "sala paye loye reve pens retr inde bour chif",
)
_IN_FACTS = "Un salaire ou un loyer s’écrit dans les faits (F3), et le texte reprend ces mots."
_NOTHING = Sought(
    r"(?:vous ne devez (?:plus )?rien(?: rembourser)?|vous n'avez rien a rembourser)(?=\s*[.!\n]|$)", "vous"
)


def amounts(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 3: every amount is in the data in its role, and the total is said, to the cent."""
    read = reading(texte, about, lexicon)
    found = played(read)
    for one in found:
        if not one.stated and not _is_of_foreign_month(read, one):
            yield _wrong(read, one)
    yield from _unread(read)
    misstated = [one for one in found if not one.stated and _is_total(read, one.facts)]
    if about.parts and len(misstated) != 1 and not any(_is_total(read, one.stated) for one in found):
        total, at = euros(about.total), read.end_of("calcul")
        yield Finding(
            at, at, typeset(f"Dites le total à rembourser : {total}."), f"En tout, vous devez rembourser {total}."
        )


def balance(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 6: for each prestation what was received, what was due, the difference; one less the other makes it.

    An amount that is not the right one is said by check 3: nothing is missing where it stands.
    """
    read = reading(texte, about, lexicon)
    found = played(read)
    of_parts = [(one, fact) for one in found for fact in one.facts if _is_of_all(fact)]
    told = {(id(fact.part), fact.role) for one, fact in of_parts if fact.cents == one.amount.cents or not one.stated}
    left = {one.label for one in placeholders(texte)}
    for part in about.parts:
        for role in ROLES:
            if _LABELS.get(role) not in left:
                yield from _unsaid(read, part, role, (id(part), role) in told)
        yield from _off(read, part, [(one, fact.role) for one, fact in of_parts if fact.part is part])


def _is_of_foreign_month(read: Reading, one: Played) -> bool:
    """Whether it stands in the line of a month that may not be there, which check 4 says: the month comes first."""
    if not one.facts or any(fact.month for fact in one.facts):
        return False
    start, end = read.sentence(one.amount.start)
    return any(isinstance(when, Month) and is_foreign(read, when) for when in read.dates_in(start, end))


def _unread(read: Reading) -> Iterator[Finding]:
    """Sums in words or in thousands, which no check can compare; a sentence that owes nothing."""
    for match in (*read.find(_IN_WORDS, 0, len(read.whole)), *_THOUSANDS.finditer(read.level)):
        if not read.is_quoted_place(*match.span()):
            written = read.whole[match.start() : match.end()]
            advice = f"« {written} » ne peut pas être contrôlé : écrivez la somme en chiffres, au centime."
            yield Finding(*match.span(), typeset(advice))
    for match in read.find(_NOTHING, 0, len(read.whole)) if read.about.total > 0 else ():
        advice = f"« {read.whole[match.start() : match.end()]} », mais la famille doit {euros(read.about.total)}."
        yield Finding(*match.span(), typeset(advice))


def _wrong(read: Reading, one: Played) -> Finding:
    start, end, written = one.amount.start, one.amount.end, euros(one.amount.cents)
    if not one.facts:
        advice = (
            f"On ne sait pas ce qu’est {written} : le reçu, le droit, la différence ou le total, et de quelle"
            f" prestation. {_IN_FACTS}"
        )
        return Finding(start, end, typeset(advice))
    fact = one.facts[0]
    if fact.cents is None:
        advice = f"{written} ne peut pas être vérifié : {fact.of} n’est pas connu. Corrigez d’abord les mois."
        return Finding(start, end, typeset(advice))
    right = euros(fact.cents)
    advice = f"{written} est écrit, mais {fact.of} est de {right}."
    if read.find(_INCOME, *read.sentence(start)):
        return Finding(start, end, typeset(f"{advice} {_IN_FACTS}"))
    return Finding(start, end, typeset(advice), right)


def _is_total(read: Reading, facts: Iterable[Fact]) -> bool:
    """The difference of the only prestation is the total too."""
    alone = len(read.about.parts) == 1
    return any(
        fact.role == DIFFERENCE and (fact.whole or (alone and (not fact.month or len(read.about.mois) == 1)))
        for fact in facts
    )


def _unsaid(read: Reading, part: Part, role: str, is_told: bool) -> Iterator[Finding]:
    cents = {RECU: part.verse, DROIT: part.du, DIFFERENCE: part.montant}[role]
    words, sentence = _SENTENCES[role]
    at = read.end_of("calcul")
    if cents is None:
        what = "versé" if role == RECU else "dû"
        advice = f"Le montant {what} n’est pas connu pour chaque mois de « {read.said(part)} » : complétez les mois."
        yield Finding(at, at, typeset(advice))
    elif not is_told:
        advice = f"Dites {words} pour « {read.said(part)} » : {euros(cents)}."
        yield Finding(at, at, typeset(advice), sentence.format(euros(cents)))


def _is_of_all(fact: Fact) -> bool:
    """Whether a fact is one of a trop-perçu as a whole; that of its only month is."""
    return fact.part is not None and (not fact.month or len(fact.part.mois) == 1)


def _off(read: Reading, part: Part, found: list[tuple[Played, str]]) -> Iterator[Finding]:
    """The three amounts first written of a trop-perçu do not add up."""
    said: dict[str, Played] = {}
    for one, role in found:
        said.setdefault(role, one)
    if set(said) != set(ROLES):
        return
    recu, droit, difference = (said[role].amount for role in ROLES)
    if recu.cents - droit.cents != difference.cents:
        advice = (
            f"Pour « {read.said(part)} », {euros(recu.cents)} moins {euros(droit.cents)} font"
            f" {euros(recu.cents - droit.cents)}, et non {euros(difference.cents)}."
        )
        yield Finding(difference.start, difference.end, typeset(advice))

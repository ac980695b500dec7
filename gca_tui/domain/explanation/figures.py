"""Checks 3 and 6: every amount is the one of its role, and what was received and due makes the difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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

_NUMBER = (
    r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante"
    r"|cinquante|soixante|septante|huitante|octante|nonante|cents?|mille|millions?)"
)
_IN_WORDS = Sought(
    rf"{_NUMBER}(?:[\s-](?:(?:et|virgule)[\s-])?(?:une?|{_NUMBER})){{0,12}}+\s(?:d')?(?:euros?|€)",
    "deux troi quat cinq six sept huit neuf dix onze douz trei quin seiz ving tren quar soix nona octa cent mill",
)
_THOUSANDS = re.compile(r"k(?<=[\d\s]k)\s?(?:€|eur(?:os?)?(?!\w))")
_NOTHING = Sought(
    r"(?:vous ne devez (?:plus )?rien(?: rembourser)?|vous n'avez rien a rembourser)(?=\s*[.!\n]|$)", "vous"
)


def amounts(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 3: every amount is in the data in its role, and the total is said, to the cent."""
    read = reading(texte, about, lexicon)
    found = played(read)
    for one in found:
        if not one.stated:
            yield _wrong(read, one)
    yield from _unread(read)
    if about.parts and not any(_is_total(read, one) for one in found):
        total, at = euros(about.total), read.end_of("calcul")
        yield Finding(
            at, at, typeset(f"Dites le total à rembourser : {total}."), f"En tout, vous devez rembourser {total}."
        )


def balance(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 6: for each prestation what was received, what was due, the difference; one less the other makes it."""
    read = reading(texte, about, lexicon)
    found = played(read)
    of_parts = [(one, fact) for one in found for fact in one.facts if _is_of_all(fact)]
    told = {(id(fact.part), fact.role) for one, fact in of_parts if fact.cents == one.amount.cents}
    for part in about.parts:
        for role in ROLES:
            yield from _unsaid(read, part, role, (id(part), role) in told)
        yield from _off(read, part, [(one, fact.role) for one, fact in of_parts if fact.part is part])


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
        advice = f"Le rôle de {written} n’est pas dit : reçu, droit, différence ou total, et de quelle prestation."
        return Finding(start, end, typeset(advice))
    fact = one.facts[0]
    if fact.cents is None:
        return Finding(start, end, typeset(f"{written} n’est pas dans les faits : établissez d’abord {fact.of}."))
    right = euros(fact.cents)
    return Finding(start, end, typeset(f"{written} est écrit, mais {fact.of} est de {right}."), right)


def _is_total(read: Reading, one: Played) -> bool:
    """The difference of the only prestation is the total too."""
    alone = len(read.about.parts) == 1
    return any(
        fact.role == DIFFERENCE and (fact.whole or (alone and (not fact.month or len(read.about.mois) == 1)))
        for fact in one.stated
    )


def _unsaid(read: Reading, part: Part, role: str, is_told: bool) -> Iterator[Finding]:
    cents = {RECU: part.verse, DROIT: part.du, DIFFERENCE: part.montant}[role]
    words, sentence = _SENTENCES[role]
    at = read.end_of("calcul")
    if cents is None:
        what = "versé" if role == RECU else "dû"
        advice = f"Le montant {what} n’est pas connu pour chaque mois de « {read.said(part)} » : établissez-le."
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

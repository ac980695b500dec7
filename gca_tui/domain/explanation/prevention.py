"""Check 12: what to declare next time is said, and nothing tells of another person."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.reading import reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.sentences import sentences_of
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.matricule import normalise
from gca_tui.domain.sensitive import numbers

ADVICE = "La prochaine fois, déclarez tout changement dès qu’il arrive."
_SECTION = "prochaine_fois"
_NEXT_TIME = re.compile(
    r"(?<!\w)(?:la prochaine fois|a l'avenir|desormais|dorenavant|a partir de maintenant|pensez a|n'oubliez pas de"
    r"|declarez|signalez)(?!\w)"
)
_TO_DECLARE = re.compile(
    r"(?<!\w)(?:declar(?:ez|er|ation|ations)|signal(?:ez|er)|dites(?:-\w+)*|dire|preven(?:ez|ir)|inform(?:ez|er)"
    r"|indiqu(?:ez|er)|transmett(?:ez|re)|envoy(?:ez|er)|communiqu(?:ez|er)|actualis(?:ez|er)|donn(?:ez|er)|faites(?:-\w+)*"
    r"|precis(?:ez|er)|avert(?:issez|ir)|verifi(?:ez|er)|mettez|mettre|fourni(?:ssez|r)|remplissez|remplir|ecrivez"
    r"|recopiez|appelez(?:-nous)? (?:des|si|quand|avant|en cas))(?!\w)"
)
_MATRICULE = re.compile(r"(?<![\w.,+])(?:\d{3}[·./ -])?(\d{7})(?![\w€]|[.,]\d|\s?(?:€|euros?\b))")
_LABELLED = re.compile(r"(?:matricule|(?:numero|n°) (?:d'allocataire|allocataire|de dossier))[ :n°]*(\d{4,7})\b")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]*\w")
_PHONE = re.compile(r"(?:\+(?<![\w+].)33[\s.]?\(?0?\)?|0(?<![\w+].)(?:033[\s.]?)?)[1-9](?:[\s.-]?\d{2}){4}(?!\w)")


def prevention(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 12: a sentence on what to declare next time is there, and no number or address of anybody else."""
    levelled = reading(texte, about, lexicon).level
    if not _advises(texte, levelled):
        places = [section.end for section in texte.sections if section.name == _SECTION]
        place = places[0] if places else len(texte.whole)
        yield Finding(place, place, "Il manque une phrase sur ce qu’il faut déclarer la prochaine fois.", ADVICE)
    yield from sorted(_of_others(texte.whole, levelled, about), key=lambda finding: finding.start)


def _advises(texte: Texte, levelled: str) -> bool:
    """Whether the section on next time says what to declare; where there is none, a sentence that names next time."""
    has_section = any(section.name == _SECTION for section in texte.sections)
    for start, end in sentences_of(texte.whole):
        sentence = levelled[start:end]
        is_meant = texte.section_at(start).name == _SECTION if has_section else _NEXT_TIME.search(sentence)
        if is_meant and _TO_DECLARE.search(sentence):
            return True
    return False


def _of_others(text: str, levelled: str, about: Subject) -> Iterator[Finding]:
    taken = _Taken()
    for one in numbers(text):
        taken.add(one.start, one.end)
        yield Finding(one.start, one.end, typeset(f"{one.label} dans le texte : retirez-le."), one.redaction)
    for start, end in _matricules(levelled, about):
        if not taken.meets(start, end):
            taken.add(start, end)
            yield _foreign(text, start, end, "n’est pas le matricule de ce dossier", "[matricule retiré]")
    own = f"{about.settings.adresse} {about.settings.telephone} {about.settings.adresse_departement}"
    for match in _MAIL.finditer(text) if "@" in text else ():
        if match[0].lower() not in own.lower():
            yield _foreign(text, *match.span(), "n’est pas une adresse de la Caf", "[adresse retirée]")
    phones = {_subscriber(match[0]) for match in _PHONE.finditer(own)}
    for match in _PHONE.finditer(levelled):
        if _subscriber(match[0]) not in phones and not taken.meets(*match.span()):
            yield _foreign(text, *match.span(), "n’est pas le téléphone de la Caf", "[téléphone retiré]")


class _Taken:
    """Places that do not overlap, in the order of the text."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        insort(self._places, (start, end))

    def meets(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with this place."""
        at = bisect_left(self._places, (end,))
        return at > 0 and self._places[at - 1][1] > start


def _matricules(levelled: str, about: Subject) -> Iterator[tuple[int, int]]:
    """Numbers that may be a matricule and are neither the dossier's nor a reference of its trop-perçus."""
    own = {about.matricule, *(part.trop_percu.reference for part in about.parts)}
    for pattern in (_MATRICULE, _LABELLED):
        for match in pattern.finditer(levelled):
            if match[1] not in own and _in_full(match[1]) not in own:
                yield match.span(1)


def _in_full(digits: str) -> str:
    """A matricule in full; zeros only, which are none, as they stand."""
    try:
        return normalise(digits)
    except ValueError:
        return digits


def _subscriber(phone: str) -> str:
    """The nine digits that tell a French telephone from another, however it is written."""
    return re.sub(r"\D", "", phone)[-9:]


def _foreign(text: str, start: int, end: int, why: str, instead: str) -> Finding:
    return Finding(start, end, typeset(f"« {text[start:end]} » {why} : retirez-le."), instead)

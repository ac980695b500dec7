"""Check 1: every prestation is named in full, and no other one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.labels import Name
from gca_tui.domain.explanation.reading import Reading, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import possessive, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.months import period as in_words

_SECTIONS = {"raison": "la raison", "calcul": "le calcul"}


def names(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 1: each prestation by its label, in the raison where sections are known; one more is one too many."""
    read = reading(texte, about, lexicon)
    yield from _missing(read)
    yield from _foreign(read)
    for section in _SECTIONS if texte.is_divided else ():
        yield from _twice(read, section)


def _missing(read: Reading) -> Iterator[Finding]:
    """In the calcul too when there are several: figures belong to the prestation named before them."""
    wanted = ["raison", "calcul"] if read.texte.is_divided and len(set(_labels(read))) > 1 else ["raison"]
    for section in wanted:
        named = {one.code for one in read.names if one.full and read.is_in(one, section)}
        for code, libelle in _labels(read).items():
            if code not in named:
                where = f" dans {_SECTIONS[section]}" if read.texte.is_divided else ""
                advice = f"Nommez la prestation en toutes lettres{where} : « {libelle} »."
                instead = "" if section == "calcul" else _sentence(read, code)
                yield Finding(read.end_of(section), read.end_of(section), typeset(advice), typeset(instead))


def _sentence(read: Reading, code: str) -> str:
    part = next(one for one in read.about.parts if code in (one.trop_percu.prestation, one.libelle))
    when = in_words([mois.id for mois in part.mois])
    return f"Nous avons recalculé {possessive(part.libelle)}{', ' if when else ''}{when}."


def _foreign(read: Reading) -> Iterator[Finding]:
    expected = ", ".join(f"« {one} »" for one in _labels(read).values())
    labels = _labels(read)
    for one in read.names:
        if one.full and one.code not in labels:
            written = read.whole[one.start : one.end]
            advice = f"« {written} » n’est pas dans cette notification, qui porte sur {expected}."
            yield Finding(one.start, one.end, typeset(advice), _only(read))


def _twice(read: Reading, section: str) -> Iterator[Finding]:
    """A prestation that opens more lines than it has trop-perçus, while another opens fewer, stands in its place."""
    owed = Counter(part.trop_percu.prestation or part.libelle for part in read.about.parts)
    opening = [one for one in read.names if one.full and read.is_in(one, section) and read.period_after(one)]
    said = Counter(one.code for one in opening)
    lacking = [code for code, number in owed.items() if said[code] < number]
    for code, number in said.items():
        if code in owed and number > owed[code] and lacking:
            last: Name = [one for one in opening if one.code == code][-1]
            instead = _labels(read)[lacking[0]]
            advice = (
                f"« {_labels(read)[code]} » revient deux fois dans {_SECTIONS[section]}, et « {instead} » y manque."
            )
            yield Finding(last.start, last.end, typeset(advice), instead)


def _labels(read: Reading) -> dict[str, str]:
    """The prestations of the notification, by the code under which they are found."""
    return {part.trop_percu.prestation or part.libelle: part.libelle for part in read.about.parts if part.libelle}


def _only(read: Reading) -> str:
    """What must stand there when there is but one prestation."""
    labels = list(_labels(read).values())
    return labels[0] if len(labels) == 1 else ""

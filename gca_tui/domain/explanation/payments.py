"""Check 4: the months of the payments at stake are listed, every one of them and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.authorities import NUMBERS, number_of
from gca_tui.domain.explanation.mentions import Day, Month
from gca_tui.domain.explanation.reading import Reading, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.roles import month_id
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import euros, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.months import month_name
from gca_tui.domain.phrases import Sought
from gca_tui.domain.trop_percu import Mois

_COUNT = Sought(rf"ces (?P<number>\d{{1,3}}|{'|'.join(NUMBERS)}) (?P<unit>mois)", "ces")


def payments(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 4: each month is listed by its name (a period is not a list), and no other month is."""
    read = reading(texte, about, lexicon)
    months = [one for one in read.dates if isinstance(one, Month)]
    foreign = [one for one in months if is_foreign(read, one)]
    yield from _miscounted(read)
    for part in about.parts:
        listed = [one for one in months if read.is_in(one, "calcul")]
        missing = _missing(read, part, listed)
        strange = [one for one in listed if one in foreign and _of(read, one, part)]
        if len(missing) == len(strange) == 1:
            foreign.remove(strange[0])
            yield _instead(read, strange[0], part, missing[0])
        else:
            yield from (_lacking(read, part, mois) for mois in missing)
    yield from (_foreign(read, one) for one in foreign)


def is_foreign(read: Reading, one: Month) -> bool:
    """Whether a month may not stand where it does."""
    return month_id(read, one) not in _expected(read, one)


def _of(read: Reading, one: Month, part: Part) -> bool:
    return any(other is part for other in read.parts_for(one.start))


def _instead(read: Reading, one: Month, part: Part, mois: Mois) -> Finding:
    """The only month too many stands in the place of the only one that lacks."""
    written, name = read.whole[one.start : one.end], month_name(mois.id)
    advice = f"« {written} » n’est pas un mois de « {read.said(part)} », et {name} y manque."
    return Finding(one.start, one.end, typeset(advice), name)


def _miscounted(read: Reading) -> Iterator[Finding]:
    """« Pour ces trois mois » where there are two."""
    for match in read.find(_COUNT, 0, len(read.whole)):
        parts = read.parts_for(match.start()) or read.about.parts
        right = {len(read.about.mois), *(len(part.mois) for part in parts)}
        if number_of(match) not in right:
            written = read.whole[match.start() : match.end()]
            advice = f"« {written} » n’est pas le nombre de mois : {' ou '.join(map(str, sorted(right)))}."
            yield Finding(*match.span(), typeset(advice))


def _expected(read: Reading, one: Month) -> set[str]:
    """The months that may stand at a place: those of its prestation; those of the facts too, outside the calcul."""
    start, end = read.sentence(one.start)
    parts = read.parts_for(one.start)
    own = {mois.id for part in parts or read.about.parts for mois in part.mois}
    if read.texte.is_divided and (read.section(one.start) == "calcul" or read.within(start, end)):
        return own
    days = [day for part in read.about.parts for day in (part.faits.evenement_le, part.faits.connu_le) if day]
    return {*own, *read.about.mois, *(f"{day:%Y-%m}" for day in days), *_cited(read)}


def _cited(read: Reading) -> Iterator[str]:
    for one in read.cited:
        if isinstance(one, Month):
            yield one.id
        elif isinstance(one, Day) and one.year:
            yield f"{one.year:04d}-{one.month:02d}"


def _foreign(read: Reading, one: Month) -> Finding:
    written = read.whole[one.start : one.end]
    parts = read.parts_for(one.start) or read.about.parts
    said = ", ".join(f"« {read.said(part)} »" for part in parts)
    listed = ", ".join(month_name(mois) for mois in sorted({mois.id for part in parts for mois in part.mois}))
    if one.year is None and not month_id(read, one):
        advice = f"« {written} » ne dit pas de quelle année : écrivez-la. Les mois de {said} sont : {listed}."
    else:
        advice = f"« {written} » n’est pas un mois de {said} : {listed}."
    return Finding(one.start, one.end, typeset(advice))


def _missing(read: Reading, part: Part, listed: list[Month]) -> list[Mois]:
    said = {month_id(read, one) for one in listed if _of(read, one, part)}
    return [mois for mois in part.mois if mois.id not in said]


def _lacking(read: Reading, part: Part, mois: Mois) -> Finding:
    at, name = read.end_of("calcul"), month_name(mois.id)
    advice = f"Dans la liste des mois de « {read.said(part)} », il manque {name}."
    known = mois.verse is not None and mois.du is not None
    amounts = f"reçu {euros(mois.verse or 0)}, droit {euros(mois.du or 0)}, différence {euros(mois.montant)}"
    return Finding(at, at, typeset(advice), f"- {name}\u00a0: {amounts}" if known else "")

"""Check 2: the period of each trop-perçu is said, from its first month to its last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.mentions import Month, Period
from gca_tui.domain.explanation.reading import Reading, period_of, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.roles import month_id, period_ids, periods_expected
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import possessive, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.months import month_name
from gca_tui.domain.months import period as in_words

_OPENING = re.compile(r"(?<!\w)(?:de |d')$")
_REACH = 4


def period(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 2: a period said is that of its prestation, and each trop-perçu has its own said."""
    read = reading(texte, about, lexicon)
    wrong = [one for one in read.mentions if isinstance(one, Period) and not _is_right(read, one)]
    for one in wrong:
        yield _wrong(read, one)
    misplaced = [periods_expected(read, one.start) for one in wrong]
    for part in about.parts:
        if (period_of(part),) in misplaced or not part.mois or any(_tells(read, one, part) for one in read.dates):
            continue
        words = in_words(period_of(part))
        advice = f"Dites la période pour « {read.said(part)} » : {words}."
        instead = f"Nous avons recalculé {possessive(part.libelle)}, {words}."
        yield Finding(read.end_of("raison"), read.end_of("raison"), typeset(advice), typeset(instead))


def _is_right(read: Reading, one: Period) -> bool:
    said = period_ids(read, one)
    return said in periods_expected(read, one.start) or said in set(_cited(read))


def _cited(read: Reading) -> Iterator[tuple[str, str]]:
    return ((one.first.id, one.last.id) for one in read.cited if isinstance(one, Period))


def _wrong(read: Reading, one: Period) -> Finding:
    written = read.whole[one.start : one.end]
    expected = periods_expected(read, one.start)
    if not expected:
        return Finding(one.start, one.end, typeset(f"« {written} » n’est la période d’aucun trop-perçu."))
    words = " ou ".join(in_words(ids) for ids in expected)
    advice = f"« {written} » n’est pas la période à dire ici : {words}."
    if len(expected) > 1:
        return Finding(one.start, one.end, typeset(advice))
    opening = _OPENING.search(read.level, max(0, one.start - _REACH), one.start)
    if opening:
        return Finding(opening.start(), one.end, typeset(advice), words)
    first, last = (month_name(each) for each in expected[0])
    return Finding(one.start, one.end, typeset(advice), first if first == last else f"{first} à {last}")


def _tells(read: Reading, one: Period | Month, part: Part) -> bool:
    """Whether a mention gives the period of a trop-perçu: a month alone does when there is but one."""
    said = period_ids(read, one) if isinstance(one, Period) else (month_id(read, one),) * 2
    if said != period_of(part):
        return False
    return not (parts := read.parts_for(one.start)) or any(other is part for other in parts)

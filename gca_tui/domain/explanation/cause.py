"""Check 5: why, in facts and in words: a motive, what happened and when, when it was known, and no empty formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from gca_tui.domain.explanation.days import (
    DEADLINE,
    EVENT,
    KNOWN,
    NOTIFIED,
    RECEIVED,
    day_role,
    days_expected,
    is_day,
    learns,
)
from gca_tui.domain.explanation.mentions import Day, Month, Period
from gca_tui.domain.explanation.placeholders import Placeholder, placeholders
from gca_tui.domain.explanation.reading import Reading, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.roles import month_id
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import count, listed, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.months import long_date
from gca_tui.domain.phrases import level

LEAST = 80
"""Characters of a cause in one's own words."""
REFUSED = (
    r"nous avons (?:examine|etudie|verifie|controle|revu|reexamine) (?:a nouveau )?votre (?:dossier|situation)",
    r"(?:apres|suite a) ?(?:l'|la |un |une )?(?:examen|etude|verification|controle) de votre (?:dossier|situation)",
    r"(?:vous avez |la )?modifi(?:e|cation de) votre situation(?: professionnelle| familiale)?",
    r"(?:suite a )?(?:la |une )?modification (?:de |dans )?vos ressources(?: annuelles)?",
    r"(?:suite a )?(?:un |votre |une )?(?:changement|evolution|modification) (?:de |dans )(?:votre )?situation"
    r"(?: professionnelle| familiale)?",
    r"votre situation(?: professionnelle| familiale)? a (?:change|evolue|ete modifiee)",
    r"vos droits ont ete (?:recalcules|revises|mis a jour|modifies|regularises|reexamines)",
    r"(?:suite a )?(?:la |une )?(?:mise a jour|regularisation|revision) de (?:votre dossier|vos droits)",
    r"une regularisation a ete (?:effectuee|faite|operee)",
)
"""Formulas that are not a motivation (press and complaints): a text that hardly holds more gives no reason."""
_REFUSED = re.compile("|".join(f"(?:{one})" for one in REFUSED))
_RECALCULATED = re.compile(r"(?<!\w)(?:recalcul|revu|reexamin)\w*")
_ELSEWHERE = re.compile(
    r"(?<!\w)(?:contest\w+|recours|tribunal|rectifi\w+|echeancier|remise|rembours\w+|telephone|adresse|declarez)(?!\w)|€"
)
_SPACE = re.compile(r"\s+")
_SAID = {
    EVENT: "la date de l’événement",
    KNOWN: "le jour où la Caf l’a su",
    NOTIFIED: "le jour de la notification",
    RECEIVED: "le jour où la famille a reçu le courrier",
}
_WANTED: tuple[tuple[str, str, Callable[[Part], bool]], ...] = (
    ("motif", "le motif", lambda part: bool(part.motif)),
    ("date de l’événement", "la date de l’événement", lambda part: part.faits.evenement_le is not None),
    ("date à laquelle la Caf l’a su", "la date à laquelle la Caf l’a su", lambda part: part.faits.connu_le is not None),
)
"""Label of what stands for it in a draft, its words, whether it is established."""
_DATING = frozenset(("ce qui s’est passé", "date de l’événement"))
_LOWERED = frozenset(("vous", "votre", "vos", "nous", "notre", "nos", "un", "une", "le", "la", "les", "ce", "cette"))
"""A sentence that begins with one of them goes on after a date without its capital; others may be names."""


def cause(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 5: motive and dates established, a dated cause of 80 characters that is no formula, its dates right."""
    read = reading(texte, about, lexicon)
    left = list(placeholders(texte))
    yield from _established(read, left)
    wrong = [found for one in read.days if day_role(read, one) != DEADLINE for found in _wrong_day(read, one)]
    unsaid = [] if any(read.section(one.start) in ("raison", "") for one in wrong) else list(_event_unsaid(read))
    yield from _told(read, left, is_undated=bool(wrong or unsaid))
    yield from wrong
    yield from unsaid
    yield from _misquoted(read)


def _established(read: Reading, left: list[Placeholder]) -> Iterator[Finding]:
    """One line a fact, whatever the number of trop-perçus; none where the text still has a place to complete."""
    at, open_ones = read.end_of("raison"), {one.label for one in left}
    for label, what, is_known in _WANTED:
        lacking = [f"« {read.said(part)} »" for part in read.about.parts if not is_known(part)]
        if lacking and label not in open_ones:
            yield Finding(at, at, typeset(f"Pour {listed(lacking)}, établissez {what} dans les faits (F3)."))


def _told(read: Reading, left: list[Placeholder], *, is_undated: bool) -> Iterator[Finding]:
    """The cause in words; what is left to complete does not count, nor the sentence that says what was recalculated.

    `is_undated`: something else says already that the date is wrong or lacks.
    """
    at = read.end_of("raison")
    open_ones = {one.label for one in left}
    telling = sentences = [one for one in read.sentences if _tells_why(read, *one, left)]
    formula = next((match for one in sentences if (match := _REFUSED.search(read.level, *one))), None)
    if formula:
        sentences = [one for one in sentences if not _only_learns(read, *one)]
    text = " ".join(read.level[start:end] for start, end in sentences)
    length = len(_SPACE.sub(" ", _REFUSED.sub("", text)).strip())
    if formula and length < LEAST:
        written = read.whole[formula.start() : formula.end()]
        advice = f"« {written} » n’explique rien à la famille : dites quel fait, à quelle date, et ce qui en suit."
        yield Finding(*formula.span(), typeset(advice))
    elif length < LEAST and "ce qui s’est passé" not in open_ones:
        short = f"tient en {count(length, 'signe')}, il en faut {LEAST} au moins" if length else "n’est pas dite"
        yield Finding(at, at, typeset(f"La raison {short} : dites quel fait, à quelle date, et sa règle."))
        return
    if not (is_undated or open_ones & _DATING or any(_is_dated(read, *one) for one in telling)):
        yield Finding(at, at, typeset("La raison n’a ni date ni mois : dites quand l’événement a eu lieu."))


def _tells_why(read: Reading, start: int, end: int, left: list[Placeholder]) -> bool:
    if read.texte.is_divided and read.section(start) != "raison":
        return False
    if any(one.start < end and start < one.end for one in left):
        return False
    if _RECALCULATED.search(read.level, start, end) and read.within(start, end):
        return False
    return read.texte.is_divided or not _ELSEWHERE.search(read.level, start, end)


def _only_learns(read: Reading, start: int, end: int) -> bool:
    return read.level.startswith(("nous l'avons su", "nous l'avons appris"), start) and end > start


def _is_dated(read: Reading, start: int, end: int) -> bool:
    dated = (one for one in read.dated if start <= one.start < end)
    return any(isinstance(one, (Day, Month, Period)) for one in dated)


def _wrong_day(read: Reading, one: Day) -> Iterator[Finding]:
    written, role = read.whole[one.start : one.end], day_role(read, one)
    roles = (role, KNOWN) if learns(read, one) else (role,)
    if any(is_day(one, fact) for name in roles for fact in days_expected(read, name)) or _is_cited(read, one):
        return
    facts = days_expected(read, role)
    if not facts:
        advice = f"« {written} » ne correspond à aucune date des faits : établissez-la, ou retirez-la."
        yield Finding(one.start, one.end, typeset(advice))
        return
    right = long_date(facts[0]) if len(facts) == 1 else ""
    dates = " ou ".join(map(long_date, facts))
    yield Finding(one.start, one.end, typeset(f"« {written} » n’est pas {_SAID[role]} : {dates}."), right)


def _is_cited(read: Reading, one: Day) -> bool:
    return any(isinstance(other, Day) and other.date and is_day(one, other.date) for other in read.cited)


def _misquoted(read: Reading) -> Iterator[Finding]:
    """The agent's own words, but for a month: it must be the one they say."""
    if not (cited := [(words, one) for words, one in read.cited_after if isinstance(one, (Month, Period))]):
        return
    for one in read.dates:
        same = [other for words, other in cited if read.level.endswith(words, 0, one.start)]
        if same and not any(_months(one) == _months(other) for other in same):
            written = read.whole[one.start : one.end]
            advice = f"« {written} » n’est pas ce que disent les faits dans les mêmes mots : accordez-les."
            yield Finding(one.start, one.end, typeset(advice))


def _months(one: Month | Period) -> tuple[tuple[int | None, int], ...]:
    ends = (one.first, one.last) if isinstance(one, Period) else (one,)
    return tuple((end.year, end.month) for end in ends)


def _event_unsaid(read: Reading) -> Iterator[Finding]:
    """Each event is dated in the raison, to the day or to the month."""
    said = [one for one in read.mentions if read.is_in(one, "raison")]
    for day in days_expected(read, EVENT):
        if not any(_tells(read, one, day) for one in said):
            at = read.end_of("raison")
            yield Finding(at, at, typeset(f"Dites la date de l’événement : {long_date(day)}."), _sentence(read, day))


def _sentence(read: Reading, day: date) -> str:
    """What happened that day, as a sentence; "" where the text tells it already, or nobody wrote it."""
    told = next((part.faits.evenement for part in read.about.parts if part.faits.evenement_le == day), "")
    told = " ".join(told.split()).rstrip(" .")
    if not told or level(told) in " ".join(read.level.split()):
        return ""
    first = told.split()[0].lower()
    return typeset(f"Le {long_date(day)}, {told[0].lower() if first in _LOWERED else told[0]}{told[1:]}.")


def _tells(read: Reading, one: object, day: date) -> bool:
    if isinstance(one, Month):
        return month_id(read, one) == f"{day:%Y-%m}" or (one.year is None and one.month == day.month)
    return isinstance(one, Day) and is_day(one, day)

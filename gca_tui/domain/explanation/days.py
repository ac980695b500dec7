"""The role each day of a text plays, told by the words of its clause, and the dates that the facts have for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from gca_tui.domain.explanation.mentions import Day
from gca_tui.domain.explanation.reading import Reading

EVENT, KNOWN, NOTIFIED, RECEIVED, DEADLINE = "événement", "connu", "notifié", "reçue", "échéance"

_REACH = 200
_CLAUSE = re.compile(r",\s|[;()]")
_UNTIL = re.compile(r"(?:jusqu'au|avant le|au plus tard le|d'ici le|d'ici au)\s+(?:\w+\s+)?$")
_DAYS = {
    NOTIFIED: re.compile(r"(?<!\w)notifi\w+"),
    RECEIVED: re.compile(
        r"(?<!\w)(?:reception|recue?s?) (?:de |d')?(?:ce|cette|le|la|notre) (?:courrier|lettre|notif\w+)"
    ),
    KNOWN: re.compile(
        r"(?<!\w)(?:nous (?:l'|les )?avons (?:bien )?recue?s?|vue?|constat\w+|decouv\w+|releve\w*|remarque\w*|su|sue"
        r"|appris|apprise|connue?|connaissance|inform\w+|signal\w+|declar\w+|transmis\w*|indique\w*)(?!\w)"
    ),
}


def day_role(read: Reading, day: Day) -> str:
    """What a day says, by the words of its clause, else by its section."""
    start, end = read.sentence(day.start)
    if _UNTIL.search(read.level, max(start, day.start - 30), day.start):
        return DEADLINE
    clause = _clause_of(read.level, start, end, day)
    role = next((name for name, pattern in _DAYS.items() if pattern.search(read.level, *clause)), "")
    return role or (DEADLINE if read.section(day.start) == "que_faire" else EVENT)


def days_expected(read: Reading, role: str) -> tuple[date, ...]:
    """The dates of the facts that may play a role; for a deadline, those of the whole calendar."""
    faits, about = [part.faits for part in read.about.parts], read.about
    known: dict[str, Iterable[date | None]] = {
        EVENT: (one.evenement_le for one in faits),
        KNOWN: (one.connu_le for one in faits),
        NOTIFIED: (about.notifiee_le,),
        RECEIVED: (about.recue_le,),
        DEADLINE: (one.le for one in about.calendrier),
    }
    return tuple(dict.fromkeys(one for one in known[role] if one))


def is_day(day: Day, fact: date) -> bool:
    """Whether a day written states a date; without its year, the day and the month must fit."""
    return day.date == fact if day.year is not None else (day.month, day.day) == (fact.month, fact.day)


def learns(read: Reading, day: Day) -> bool:
    """Whether the sentence of a day says that something became known, wherever in it."""
    start, end = read.sentence(day.start)
    return bool(_DAYS[KNOWN].search(read.level, max(start, day.start - _REACH), min(end, day.end + _REACH)))


def _clause_of(levelled: str, start: int, end: int, day: Day) -> tuple[int, int]:
    start, end = max(start, day.start - _REACH), min(end, day.end + _REACH)
    before = [match.end() for match in _CLAUSE.finditer(levelled, start, day.start)]
    after = _CLAUSE.search(levelled, day.end, end)
    return (before[-1] if before else start), (after.start() if after else end)

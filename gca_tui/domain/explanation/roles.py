"""The role each mention plays, told by its section and the nearest label, and the fact of that role."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from gca_tui.domain.explanation.mentions import Amount, Month, Period
from gca_tui.domain.explanation.reading import Reading, period_of
from gca_tui.domain.explanation.subject import Part
from gca_tui.domain.months import month_name
from gca_tui.domain.phrases import Sought

RECU, DROIT, DIFFERENCE = "reçu", "droit", "différence"
ROLES = (RECU, DROIT, DIFFERENCE)

_LABELS = Sought(
    r"(?P<difference>differences?|trop[- ](?:percus?|versee?s?|recue?s?|payee?s?)|(?:de|en) trop|rembours\w+"
    r"|devez|devrez|reclam\w+|dettes?|indus?|excedents?)"
    r"|(?P<droit>droits?|(?:auri(?:ez|ons)|aurait) du|du|due|dus|dues|au lieu de)"
    r"|(?P<recu>recue?s?|versee?s?|payee?s?|percue?s?|touchee?s?)",
    "diff trop de en remb deve devr recl dett indu exce droi auri aura du due dus dues au recu vers paye perc touc",
)
_TOTAL = Sought(r"en tout|au total|total|totale|totaux|somme totale|en tout et pour tout", "en au tota somm")
_CLAUSE = re.compile(r",\s|[;()]")
_OWED = ("rembours", "devez", "devrez", "reclam")
_WORDS = {
    "recu": ("ce qui a été reçu", RECU),
    "droit": ("le droit", DROIT),
    "difference": ("la différence", DIFFERENCE),
}
_REACH = 200
_TOO_MUCH = re.compile(r"\s+(?:de|en) trop(?!\w)")
_MONTH_AFTER = re.compile(r"\s*\(?(?:(?:en|pour|au titre de|(?:au|du|le|pour le) mois de|de)\s+|d')?")
_EACH_MONTH = Sought(r"par mois|chaque mois|tous les mois", "par chaq tous")
_A_MONTH = re.compile(r"\s?(?:par mois|chaque mois|/ ?mois|tous les mois)")
_MINUS, _EQUALS = re.compile(r"\s*(?:[-−–—]|moins)\s*"), re.compile(r"\s*(?:=|font|soit|egale?)\s*")


@dataclass(frozen=True)
class Fact:
    """What the data say of a role: its words, and cents; None when it is not known. `whole`: over all prestations."""

    role: str
    of: str
    cents: int | None
    part: Part | None = None
    month: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is over the whole notification."""
        return self.part is None


@dataclass(frozen=True)
class Played:
    """An amount of the text and the facts it may state; none when no role can be told."""

    amount: Amount
    facts: tuple[Fact, ...]

    @cached_property
    def stated(self) -> tuple[Fact, ...]:
        """The facts it states rightly."""
        return tuple(fact for fact in self.facts if fact.cents == self.amount.cents)


@lru_cache(maxsize=2)
def played(read: Reading) -> tuple[Played, ...]:
    """Every amount with what it may state; an amount that the facts cite in the agent's words is left out."""
    cited = {one.cents for one in read.cited if isinstance(one, Amount)}
    labels, known = _Labels(read), {id(part): _Known(read, part) for part in read.about.parts}
    found = [Played(amount, tuple(_facts(read, amount, *labels.of(amount), known))) for amount in labels.amounts]
    return tuple(one for one in found if one.facts or one.amount.cents not in cited)


class _Labels:
    """The labels of a text and the amounts between them."""

    def __init__(self, read: Reading) -> None:
        self.read = read
        self.amounts = [one for one in read.mentions if isinstance(one, Amount)]
        self.found = [
            (match.start(), match.end(), str(match.lastgroup))
            for match in _LABELS.find(read.level)
            if match[0] != "du" or read.whole[match.start() + 1] in "ûÛ"
        ]
        self._marks = [match.span() for match in _CLAUSE.finditer(read.level)]
        self._starts = [start for start, _, _ in self.found]
        self._amounts_at = [one.start for one in self.amounts]
        self._forced = dict(self._sums())

    def _sums(self) -> Iterator[tuple[int, str]]:
        """`X - Y = Z` needs no words."""
        text, amounts = self.read.level, self.amounts
        for one, two, three in zip(amounts, amounts[1:], amounts[2:], strict=False):
            if _MINUS.fullmatch(text, one.end, two.start) and _EQUALS.fullmatch(text, two.end, three.start):
                yield from zip((one.start, two.start, three.start), ("recu", "droit", "difference"), strict=True)

    def of(self, amount: Amount) -> tuple[str, str]:
        """Role of an amount and the words of its label, both "" when there is none."""
        start, end = self.read.sentence(amount.start)
        if forced := self._forced.get(amount.start):
            return forced, ""
        if _TOO_MUCH.match(self.read.level, amount.end):
            return "difference", "de trop"
        at = bisect_left(self._amounts_at, amount.start)
        left = max(start, self.amounts[at - 1].end) if at else start
        right = min(end, self.amounts[at + 1].start) if at + 1 < len(self.amounts) else end
        found = self._near(amount, *self._clause(amount, left, right)) or self._last(left, amount.start)
        found = found or self._last(start, amount.start) or self._first(amount.end, end) or self._heading(start)
        return (found[2], self.read.level[found[0] : found[1]]) if found else ("", "")

    def _clause(self, amount: Amount, left: int, right: int) -> tuple[int, int]:
        left = max(left, amount.start - _REACH)
        before = bisect_left(self._marks, (amount.start,)) - 1
        after = bisect_left(self._marks, (amount.end,))
        if before >= 0 and self._marks[before][0] >= left:
            left = self._marks[before][1]
        return left, min(right, self._marks[after][0]) if after < len(self._marks) else right

    def _near(self, amount: Amount, left: int, right: int) -> tuple[int, int, str] | None:
        """The nearest label; one before counts as twice as near, since that is where labels stand."""
        before, after = self._last(left, amount.start), self._first(amount.end, right)
        if before and after and 2 * (after[0] - amount.end) < amount.start - before[1]:
            return after
        return before or after

    def _last(self, start: int, end: int) -> tuple[int, int, str] | None:
        at = bisect_left(self._starts, end) - 1
        return self.found[at] if at >= 0 and self.found[at][0] >= start else None

    def _first(self, start: int, end: int) -> tuple[int, int, str] | None:
        at = bisect_left(self._starts, start)
        return self.found[at] if at < len(self.found) and self.found[at][1] <= end else None

    def _heading(self, start: int) -> tuple[int, int, str] | None:
        """The label of the line before a list, `Vous avez reçu :`."""
        top, _ = self.read.paragraph(start)
        end = self.read.whole.rfind(":\n", max(top, start - 5 * _REACH), start)
        return self._last(self.read.sentence(end)[0], end) if end >= 0 else None


class _Known:
    """What the facts say of one trop-perçu, worked out once."""

    def __init__(self, read: Reading, part: Part) -> None:
        self.part, self.name = part, read.said(part)
        self._facts: dict[tuple[str, str], Fact] = {}
        self.all: dict[str, int | None] = {"recu": part.verse, "droit": part.du, "difference": part.montant}
        self.months: dict[str, dict[str, int | None]] = {
            mois.id: {"recu": mois.verse, "droit": mois.du, "difference": mois.montant} for mois in part.mois
        }

    def fact(self, role: str, month: str = "") -> Fact:
        """The fact of a role, of one month if it is one of the trop-perçu, else of all."""
        found = self._facts.get((role, month))
        if found is None:
            found = self._facts[role, month] = self._made(role, month)
        return found

    def _made(self, role: str, month: str) -> Fact:
        of_month = self.months.get(month)
        when = f" en {month_name(month)}" if of_month else ""
        words, short = _WORDS[role]
        cents = (of_month or self.all)[role]
        return Fact(short, f"{words}{when} pour « {self.name} »", cents, self.part, month if of_month else "")

    def each_month(self, role: str) -> Iterator[Fact]:
        """The fact of every month when it is the same."""
        facts = [self.fact(role, month) for month in self.months]
        if len({fact.cents for fact in facts}) == 1:
            yield facts[0]


def _facts(read: Reading, amount: Amount, role: str, label: str, known: Mapping[int, _Known]) -> Iterator[Fact]:
    start, end = read.sentence(amount.start)
    is_total = bool(read.find(_TOTAL, max(start, amount.start - _REACH), min(end, amount.end + _REACH)))
    named = bool(read.within(start, end))
    if not role and not is_total:
        return
    role = role or "difference"
    if is_total and not named:
        yield _whole(read, role)
        return
    parts, month = read.parts_for(amount.start), _month(read, amount)
    is_monthly = _A_MONTH.match(read.level, amount.end) or read.find(_EACH_MONTH, start, amount.start)
    for part in parts:
        one = known[id(part)]
        if is_monthly:
            yield from one.each_month(role)
        else:
            yield one.fact(role, month)
    if not parts or (role == "difference" and not month and not named and label.startswith(_OWED)):
        yield _whole(read, role)


def _whole(read: Reading, role: str) -> Fact:
    if role == "difference":
        return Fact(DIFFERENCE, "le total à rembourser", read.about.total)
    sums = [part.verse if role == "recu" else part.du for part in read.about.parts]
    known = [one for one in sums if one is not None]
    cents = sum(known) if len(known) == len(sums) else None
    return Fact(RECU, "le total reçu", cents) if role == "recu" else Fact(DROIT, "le total des droits", cents)


def _month(read: Reading, amount: Amount) -> str:
    """The month an amount is of: said before it in its sentence, just after it, or at the head of the paragraph."""
    start, end = read.sentence(amount.start)
    before = read.dates_in(start, amount.start)
    after = next(iter(read.dates_in(amount.end, end)), None)
    if isinstance(after, Month) and _MONTH_AFTER.fullmatch(read.level, amount.end, after.start):
        return month_id(read, after)
    if not before:
        top, _ = read.paragraph(amount.start)
        before = tuple(one for one in read.dates_in(max(top, start - 5 * _REACH), start) if _heads(read, one))
    return month_id(read, before[-1]) if before and isinstance(before[-1], Month) else ""


def _heads(read: Reading, one: Month | Period) -> bool:
    """Whether a date is in a heading: a line that ends with a colon, or that holds nothing else."""
    start, end = read.sentence(one.start)
    return read.whole[end - 1] == ":" or (not read.level[start : one.start].strip(" -*•") and end <= one.end + 2)


def month_id(read: Reading, month: Month) -> str:
    """The month with its year, the facts' one when it is not said and only one fits; "" when none or several do."""
    if month.year is not None:
        return month.id
    fitting = [one for one in read.about.mois if one.endswith(f"-{month.month:02d}")]
    return fitting[0] if len(fitting) == 1 else ""


def period_ids(read: Reading, period: Period) -> tuple[str, str]:
    """First and last month of a period, years from the facts when they are not said."""
    return month_id(read, period.first), month_id(read, period.last)


def periods_expected(read: Reading, offset: int) -> tuple[tuple[str, str], ...]:
    """The periods that may stand at a place: that of the prestation it is about, or any and the one of all."""
    start, end = read.sentence(offset)
    parts = read.parts_for(offset)
    if parts and (len(read.about.parts) == 1 or bool(read.within(start, end))):
        return tuple(dict.fromkeys(map(period_of, parts)))
    months = read.about.mois
    of_all = [(months[0], months[-1])] if months else []
    return tuple(dict.fromkeys([*map(period_of, read.about.parts), *of_all]))

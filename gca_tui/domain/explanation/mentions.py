"""Every amount, day, month and period a French text mentions, whatever its form, with its exact place."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from gca_tui.domain.phrases import Sought, keys_of, level


@dataclass(frozen=True)
class Amount:
    """A sum in cents: `2 340,50 €`, `2340.50 euros`, `1500 EUR`."""

    start: int
    end: int
    cents: int


@dataclass(frozen=True)
class Day:
    """A day as written; `year` None: not said."""

    start: int
    end: int
    year: int | None
    month: int
    day: int

    @property
    def date(self) -> date | None:
        """The day of the calendar; None without a year, or when there is no such day."""
        if self.year is None or not 1 <= self.month <= 12 or not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            return None
        return date(self.year, self.month, self.day)


@dataclass(frozen=True)
class Month:
    """A month as written; `year` None: not said."""

    start: int
    end: int
    year: int | None
    month: int

    @property
    def id(self) -> str:
        """`2026-03`, as the dossier names months; "" without a year."""
        return "" if self.year is None else f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True)
class Period:
    """From one month to another, both included: `de mars à juillet 2026`, `du 1er mars au 31 juillet 2026`."""

    start: int
    end: int
    first: Month
    last: Month


Mention = Amount | Day | Month | Period

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier|janv|jan",
            "fevrier|fevr|fev",
            "mars",
            "avril|avr",
            "mai",
            "juin",
            "juillet|juil",
            "aout",
            "septembre|sept|sep",
            "octobre|oct",
            "novembre|nov",
            "decembre|dec",
        ),
        start=1,
    )
    for name in names.split("|")
}
_FULL = frozenset(name for name in _MONTHS if len(name) > 5 or name in ("mars", "avril", "mai", "juin", "aout"))
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DIGITS = re.compile(r"[0-9][0-9]*+")
_GLUED = re.compile(r"[\w.,/·]")
_SIGN_TAKEN = re.compile(r"[-\w]")
_AMOUNT = re.compile(
    r"(?P<whole>\d{1,3}(?:[ .]\d{3}){1,4}+(?!\d)|\d+)(?:[.,](?P<cents>\d\d?)(?!\d))?"
    r"(?:[ \n]{0,2}(?:€|euros?(?!\w)|eur(?!\w))(?:(?: et)? (?P<small>\d\d?) centimes?(?!\w))?"
    r"|(?<=,\d\d)(?! ?%|\w))"
)
_NUMERIC_DAY = re.compile(
    rf"(?:(?P<iso>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)"
    rf"|(?P<day>\d\d?)(?P<mark>[/.-])(?P<month>\d\d?)(?P=mark)(?P<year>{_YEAR}|\d\d))(?![\w·]|[./-]\d)"
)
_NUMERIC_MONTH = re.compile(rf"(?P<month>0?[1-9]|1[0-2])/(?P<year>{_YEAR})(?![\w·]|[./-]\d)")
_WORDS = Sought(rf"(?P<name>{_NAME})(?P<dot>\.)?(?:\s{{1,2}}(?P<year>{_YEAR}))?(?!\w|-(?!{_NAME}))", keys_of(_MONTHS))
_DAY_BEFORE = re.compile(r"(?<!\w)(?P<day>1er|\d\d?)\s{1,2}$")
_TO = re.compile(r"\s*(?:a|au|-|–|—|jusqu'(?:a|au|en)|jusque)\s*(?:la fin (?:de |d'|du mois de )|fin |mois de |le )?")
_AND = re.compile(r"\s+et\s+")
_NEXT = re.compile(r"\s*(?:,|,?\s(?:et|ou|puis)|/|;)\s*(?:de |d'|en )?")
_BETWEEN = re.compile(r"entre\s+(?:le\s+)?$")
_FROM_DAY = re.compile(r"(?<!\w)(?P<day>1er|\d\d?)\s+(?:au|-)\s+$")


def mentions(text: str) -> tuple[Mention, ...]:
    """All of them, from beginning to end; none overlaps another. A period is one mention, whatever it is made of."""
    levelled = level(text)
    numbers = list(_numbers(levelled))
    found: list[Mention] = list(_amounts(levelled, numbers))
    dates = sorted((*_numeric(levelled, numbers), *_worded(levelled)), key=lambda one: one.start)
    found += _free(_periods(_with_years(dates, levelled), levelled), found)
    return tuple(sorted(found, key=lambda one: one.start))


@lru_cache(maxsize=64)
def mentioned_in_facts(words: str) -> tuple[Mention, ...]:
    """The same of a fact, remembered: facts stay while a text changes."""
    return mentions(words)


def _numbers(levelled: str) -> Iterator[tuple[int, int, str]]:
    """Where each row of digits begins that goes on with no other word, where it ends, and the sign before it."""
    for match in _DIGITS.finditer(levelled):
        start = match.start()
        before = levelled[start - 1] if start else ""
        if not before or not _GLUED.match(before):
            yield start, match.end(), before


def _amounts(levelled: str, numbers: Sequence[tuple[int, int, str]]) -> Iterator[Amount]:
    free = 0
    for start, _, before in numbers:
        if start < free or not (match := _AMOUNT.match(levelled, start)):
            continue
        free = match.end()
        signed = before and before in "-−" and not _SIGN_TAKEN.match(levelled[start - 2 : start - 1])
        whole = int(match["whole"].replace(" ", "").replace(".", ""))
        cents = int((match["cents"] or "0").ljust(2, "0")) + int(match["small"] or 0)
        yield Amount(start - bool(signed), free, (whole * 100 + cents) * (-1 if signed else 1))


def _numeric(levelled: str, numbers: Sequence[tuple[int, int, str]]) -> Iterator[Day | Month]:
    for start, end, before in numbers:
        if before == "-" or levelled[end : end + 1] not in ("/", ".", "-"):
            continue
        if match := _NUMERIC_DAY.match(levelled, start):
            if match["iso"]:
                yield Day(*match.span(), int(match["iso"]), int(match["m"]), int(match["d"]))
            elif 1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31:
                year = int(match["year"])
                yield Day(*match.span(), year + 2000 * (year < 100), int(match["month"]), int(match["day"]))
        elif match := _NUMERIC_MONTH.match(levelled, start):
            yield Month(*match.span(), int(match["year"]), int(match["month"]))


def _worded(levelled: str) -> Iterator[Day | Month]:
    """An abbreviation counts with its point, a day before it or a year after it: « sept » may be a number."""
    last = -1
    for match in _WORDS.find(levelled):
        start = match.start()
        numbered = _DAY_BEFORE.search(levelled, max(0, start - 6), start)
        opening = numbered.start() if numbered else start
        if levelled[opening - 1 : opening] == "-" and _is_composed(levelled, opening, last):
            continue
        last = match.end()
        name, year, end = match["name"], match["year"], match.end()
        if name not in _FULL and not (match["dot"] or numbered or year):
            continue
        if match["dot"] and name in _FULL and not year:
            end = match.end("name")
        written = int(year) if year else None
        if numbered:
            yield Day(opening, end, written, _MONTHS[name], int(numbered["day"].removesuffix("er")))
        else:
            yield Month(start, end, written, _MONTHS[name])


def _is_composed(levelled: str, start: int, last: int) -> bool:
    """Whether it is the end of another word, `Saint-Mars`; `mars-avril` is two months."""
    return last != start - 1 and levelled[max(0, start - 2) : start - 1].isalnum()


def _with_years(dates: list[Day | Month], levelled: str) -> list[Day | Month]:
    """What is listed together shares the year said once: « en mars, avril et mai 2026 », « de mars à juillet 2026 »."""
    for at in range(len(dates) - 2, -1, -1):
        one, after = dates[at], dates[at + 1]
        if one.year is None and after.year is not None and _together(one, after, levelled):
            dates[at] = replace(one, year=after.year - (_order(one) > _order(after)))
    for at in range(1, len(dates)):
        before, one = dates[at - 1], dates[at]
        if one.year is None and before.year is not None and _together(before, one, levelled):
            dates[at] = replace(one, year=before.year + (_order(one) < _order(before)))
    return dates


def _order(one: Day | Month) -> tuple[int, int]:
    return one.month, one.day if isinstance(one, Day) else 0


def _together(one: Day | Month, after: Day | Month, levelled: str) -> bool:
    between = levelled[one.end : after.start]
    return len(between) < 30 and bool(_NEXT.fullmatch(between) or _TO.fullmatch(between))


def _periods(dates: list[Day | Month], levelled: str) -> list[Day | Month | Period]:
    """Days that open and close whole months make a period too; other pairs of days stay two days."""
    found: list[Day | Month | Period] = []
    for one in dates:
        before = found[-1] if found else None
        if isinstance(before, (Day, Month)) and _joined(before, one, levelled):
            first, last = _month(before, opens=True), _month(one, opens=False)
            if first and last:
                found[-1] = Period(before.start, one.end, first, last)
                continue
        if isinstance(one, Day) and (short := _FROM_DAY.search(levelled, max(0, one.start - 12), one.start)):
            opening = Day(short.start(), short.end("day"), one.year, one.month, int(short["day"].removesuffix("er")))
            first, last = _month(opening, opens=True), _month(one, opens=False)
            found += [Period(opening.start, one.end, first, last)] if first and last else [opening, one]
            continue
        found.append(one)
    return found


def _joined(one: Day | Month, after: Day | Month, levelled: str) -> bool:
    between = levelled[one.end : after.start]
    if len(between) > 30:
        return False
    if _TO.fullmatch(between):
        return True
    return bool(_AND.fullmatch(between)) and bool(_BETWEEN.search(levelled, max(0, one.start - 12), one.start))


def _month(one: Day | Month, *, opens: bool) -> Month | None:
    """The month that a date opens or closes; None for a day in the middle of one."""
    if isinstance(one, Month):
        return one
    if not 1 <= one.month <= 12 or one.day != (1 if opens else monthrange(one.year or 2026, one.month)[1]):
        return None
    return Month(one.start, one.end, one.year, one.month)


def _free(dates: list[Day | Month | Period], taken: list[Mention]) -> list[Mention]:
    """Those that lie in no amount."""
    ends = [one.end for one in taken]
    return [one for one in dates if (at := bisect_right(ends, one.start)) == len(taken) or taken[at].start >= one.end]

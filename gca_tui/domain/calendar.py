"""Jours ouvrés: Monday to Friday, public holidays excepted. The holidays are given, never computed here."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

METROPOLE, ALSACE_MOSELLE = "FR", "FR-AM"
ALSACE_MOSELLE_DEPARTMENTS = ("57", "67", "68")
_EPOCH_MONDAY = date(2000, 1, 3)


def zone(caisse: str) -> str:
    """The zone of public holidays of a caisse: Good Friday and 26 December are holidays in 57, 67 and 68."""
    return ALSACE_MOSELLE if caisse[:2] in ALSACE_MOSELLE_DEPARTMENTS else METROPOLE


class Calendar:
    """The jours ouvrés of one zone."""

    def __init__(self, holidays: Iterable[date] = ()) -> None:
        self._holidays = sorted(day for day in set(holidays) if day.weekday() < 5)
        self._known = frozenset(self._holidays)

    def is_working(self, day: date) -> bool:
        """Whether the day is a jour ouvré."""
        return day.weekday() < 5 and day not in self._known

    def count(self, start: date, end: date) -> int:
        """Jours ouvrés in [start, end); negative when end comes before start."""
        return self._rank(end) - self._rank(start)

    def add(self, start: date, days: int) -> date:
        """The day that is `days` jours ouvrés after `start` (before it, when negative), `start` not counted.

        With 0 it is `start` itself, or the next jour ouvré. Raises OverflowError past the year 9999.
        """
        rank = self._rank(start) + days - (days > 0 and not self.is_working(start))
        passed = -1
        day, holidays = start, 0
        while passed != holidays:
            passed = holidays
            weeks, rest = divmod(rank + passed, 5)
            day = _EPOCH_MONDAY + timedelta(weeks=weeks, days=rest)
            holidays = bisect_right(self._holidays, day)
        return day

    def _rank(self, day: date) -> int:
        weeks, rest = divmod((day - _EPOCH_MONDAY).days, 7)
        return weeks * 5 + min(rest, 5) - bisect_left(self._holidays, day)


Calendars = Mapping[str, Calendar]
"""A calendar by zone."""

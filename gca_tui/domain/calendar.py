"""Jours ouvrés: Monday to Friday, public holidays excepted. The holidays are given, never computed here."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

METROPOLE, ALSACE_MOSELLE = "FR", "FR-AM"
_ALSACE_MOSELLE_DEPARTMENTS = ("57", "67", "68")
_EPOCH_MONDAY = date(2000, 1, 3)


def zone(caisse: str) -> str:
    """The zone of public holidays of a caisse: Good Friday and 26 December are holidays in 57, 67 and 68."""
    return ALSACE_MOSELLE if caisse[:2] in _ALSACE_MOSELLE_DEPARTMENTS else METROPOLE


class Calendar:
    """The jours ouvrés of one zone."""

    def __init__(self, holidays: Iterable[date] = ()) -> None:
        self._holidays = sorted(day for day in set(holidays) if day.weekday() < 5)
        self._known = frozenset(self._holidays)
        self._sums: dict[tuple[date, int], date] = {}

    def is_working(self, day: date) -> bool:
        """Whether the day is a jour ouvré."""
        return day.weekday() < 5 and day not in self._known

    def count(self, start: date, end: date) -> int:
        """Jours ouvrés in [start, end); negative when end comes before start."""
        return self._rank(end) - self._rank(start)

    def add(self, start: date, days: int) -> date:
        """The day that is `days` jours ouvrés after `start` (before it, when negative), `start` not counted.

        With 0 it is `start` itself, or the next jour ouvré.
        """
        if (start, days) not in self._sums:
            self._sums[start, days] = self._add(start, days)
        return self._sums[start, days]

    def _add(self, start: date, days: int) -> date:
        step = timedelta(days=1 if days >= 0 else -1)
        day, left = start, abs(days)
        while left:
            day += step
            left -= self.is_working(day)
        while not self.is_working(day):
            day += step
        return day

    def _rank(self, day: date) -> int:
        weeks, rest = divmod((day - _EPOCH_MONDAY).days, 7)
        return weeks * 5 + min(rest, 5) - bisect_left(self._holidays, day)


Calendars = Mapping[str, Calendar]
"""A calendar by zone."""

"""Months, days and periods in full, as a letter writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_VOWELS = ("a", "o")


def month_name(month: str) -> str:
    """`2026-03` -> `mars 2026`; anything else as given."""
    year, _, number = month.partition("-")
    if not (number.isdecimal() and 1 <= int(number) <= len(MONTHS)):
        return month
    return f"{MONTHS[int(number) - 1]} {year}"


def long_date(day: date) -> str:
    """`12 novembre 2026`, `1er mars 2026`."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def period(months: Sequence[str]) -> str:
    """`de mars 2026 à juillet 2026`, `pour mars 2026` when there is one; "" when there is none."""
    if not months:
        return ""
    first, last = month_name(min(months)), month_name(max(months))
    return f"pour {first}" if first == last else f"{_from(first)} à {last}"


def _from(month: str) -> str:
    return f"d’{month}" if month.startswith(_VOWELS) else f"de {month}"

"""Days and hours as agents type them. Pure: today is given."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta

from gca_tui.domain.calendar import Calendar
from gca_tui.domain.folding import plain
from gca_tui.domain.french import NBSP, parse_date
from gca_tui.domain.months import long_date

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
"""Outside, a date is a slip of the fingers."""

_LEAP = 2024
"""A year that has all the days there are."""
_LEAPS = 9
"""Years among which one at least has a 29 February that is past."""

_NEAR = {"avant-hier": -2, "hier": -1, "aujourd'hui": 0, "auj": 0, "demain": 1, "apres-demain": 2}
_RELATIVE = re.compile(r"([+-])\s*(\d{1,4})\s*(o|jo|j|s)?")
_NUMERIC = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})")
_YEARLESS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})")
_WEEKDAY = re.compile(r"([a-z]+)(?: (dernier|prochain))?")
_TIME = re.compile(r"(\d{1,2})(?:\s*[h:]\s*(\d{2})?)?|(\d{1,2})(\d{2})")
_TO_COME = f"12/11/2026, demain, jeudi ou{NBSP}+5"
_GONE = "12/11/2026, 12/11, hier ou jeudi"


def read_day(text: str, today: date, calendar: Calendar | None = None, *, past: bool = False) -> date:
    """The day of `12/11/2026`, `12112026`, `2026-11-12`, `demain`, `jeudi`, `jeudi dernier`, `+5`, `+2s`, `+10o`.

    A weekday is the next one after today; when the day asked for is `past` it is the last one before, and so is
    `12/11`, whose year needs not be said. `o` counts jours ouvrés and needs the calendar. Raises ValueError with a
    French sentence.
    """
    words = " ".join(plain(text).replace("’", "'").split())
    try:
        found = (
            _relative(words, today, calendar)
            or _named(words, today, past=past)
            or _numeric(words)
            or (_yearless(words, today) if past else None)
        )
    except (ValueError, OverflowError):
        raise ValueError("Ce jour n’existe pas dans le calendrier.") from None
    if found is None:
        raise ValueError(f"Date non comprise{NBSP}: écrivez {_GONE if past else _TO_COME}.")
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise ValueError(f"L’année {found.year} est hors du possible ({EARLIEST_YEAR} à {LATEST_YEAR}).")
    return found


def read_time(text: str) -> str:
    """`10 h 30`, `10:30`, `1030`, `10h`, `10` as `HH:MM`. Raises ValueError with a French sentence."""
    match = _TIME.fullmatch(" ".join(plain(text).split()))
    if not match:
        raise ValueError(f"Heure non comprise{NBSP}: écrivez 10{NBSP}h{NBSP}30, 10:30 ou 1030.")
    hour, minute = int(match[1] or match[3]), int(match[2] or match[4] or 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"Cette heure n’existe pas{NBSP}: de 0{NBSP}h à 23{NBSP}h{NBSP}59.")
    return f"{hour:02d}:{minute:02d}"


def full_day(day: date) -> str:
    """`jeudi 12 novembre 2026`."""
    return f"{WEEKDAYS[day.weekday()]} {long_date(day)}"


def spoken_time(hhmm: str) -> str:
    """`10 h 30`, with spaces that do not break."""
    hour, minute = hhmm.split(":")
    return f"{int(hour)}{NBSP}h" + (f"{NBSP}{minute}" if minute != "00" else "")


def _relative(words: str, today: date, calendar: Calendar | None) -> date | None:
    match = _RELATIVE.fullmatch(words)
    if not match:
        return None
    days = int(match[2]) * (-1 if match[1] == "-" else 1)
    if match[3] in ("o", "jo"):
        return calendar.add(today, days) if calendar else None
    return today + timedelta(days=days * 7 if match[3] == "s" else days)


def _named(words: str, today: date, *, past: bool) -> date | None:
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    match = _WEEKDAY.fullmatch(words)
    if not match or match[1] not in WEEKDAYS:
        return None
    index = WEEKDAYS.index(match[1])
    if match[2] == "dernier" or (past and not match[2]):
        return today - timedelta(days=(today.weekday() - index - 1) % 7 + 1)
    return today + timedelta(days=(index - today.weekday() - 1) % 7 + 1)


def _numeric(words: str) -> date | None:
    if match := _NUMERIC.fullmatch(words):
        day, month, year = (group for group in match.groups() if group)
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    return parse_date(words) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words) else None


def _yearless(words: str, today: date) -> date | None:
    """The last day so written that is not to come."""
    match = _YEARLESS.fullmatch(words)
    if not match:
        return None
    day, month = int(match[1]), int(match[2])
    date(_LEAP, month, day)  # no such day in any year
    years = range(today.year, today.year - _LEAPS, -1)
    known = (date(year, month, day) for year in years if (day, month) != (29, 2) or isleap(year))
    return next(one for one in known if one <= today)

"""Amounts, dates, plurals and lists as French readers write them, some of them both ways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

NBSP = "\u00a0"
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_HELD = re.compile(r"(?<=«) | (?=[»:;!?€])")
_AMOUNT = re.compile(r"(-?)(\d+)(?:[.,](\d{1,2}))?")
_FRENCH_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def typeset(text: str) -> str:
    """The sentence with no-break spaces inside « » and before ; : ! ? €."""
    return _HELD.sub(NBSP, text)


def euros(cents: int) -> str:
    """`152340` -> `1 523,40 €`, with spaces that do not break."""
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    whole = f"{cents // 100:,}".replace(",", NBSP)
    return f"{sign}{whole},{cents % 100:02d}{NBSP}€"


def parse_cents(text: str) -> int:
    """Cents of `1 523,40`, `1523.4`, `1 523,40 €`. Raises ValueError on anything else, a third decimal included."""
    compact = _SPACES.sub("", text).removesuffix("€")
    match = _AMOUNT.fullmatch(compact)
    if not match:
        raise ValueError(text)
    sign, whole, decimals = match.groups()
    cents = int(whole) * 100 + int((decimals or "0").ljust(2, "0"))
    return -cents if sign else cents


def short_date(day: date) -> str:
    """`12/11/2026`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def parse_date(text: str) -> date:
    """A day written `JJ/MM/AAAA` or ISO. Raises ValueError on anything else."""
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = match.groups()
    elif match := _FRENCH_DATE.fullmatch(text):
        day, month, year = match.groups()
    else:
        raise ValueError(text)
    return date(int(year), int(month), int(day))


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 dossier`, `2 dossiers`, `130 000 dossiers`."""
    word = singular if abs(number) < 2 else (plural or f"{singular}s")
    return f"{number:,}".replace(",", NBSP) + f"{NBSP}{word}"


def possessive(label: str) -> str:
    """`votre prime d’activité`, `vos allocations familiales`."""
    first = label.split(" ", 1)[0]
    return f"{'vos' if first.endswith('s') and first.islower() else 'votre'} {label}"


def listed(items: Sequence[str]) -> str:
    """`a`, `a et b`, `a, b et c`."""
    return " et ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def capital(text: str) -> str:
    """The text with a capital first, the rest as it is."""
    return text[:1].upper() + text[1:]


def cased_like(text: str, written: str) -> str:
    """The text with a capital first where what was written there had one."""
    return capital(text) if written[:1].isupper() else text

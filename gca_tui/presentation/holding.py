"""What is read in one breath stays on one line: telephone numbers, amounts, dates, a postcode and its town.

Only what is shown is changed, never what is stored.
"""

from __future__ import annotations

import re

from gca_tui.domain.french import NBSP

_FIGURES = re.compile(
    r"(?<=\d) (?=[\d€%]|euros?\b|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
    r"|(?<=[a-zû]) (?=(?:19|20)\d\d\b)|(?<=\d(?:er|ER)) "
    r"|(?<=\d) (?=h\b)|(?<=\dh) (?=\d)|(?<=\d[ \u00a0]h) (?=\d\d\b)",
)
_TOWN = re.compile(r"(?<!\d)(\d{5}) (?=[^\W\d_])")


def held(text: str) -> str:
    """The text with no-break spaces inside what must not be cut: `03 89 00 12 34`, `12 mars 2026`, `14 h 30`."""
    return _FIGURES.sub(NBSP, text)


def town(code: str, name: str) -> str:
    """`68200 Mulhouse` in one piece, as far as the first word of the town; "" without either."""
    return _TOWN.sub(rf"\1{NBSP}", f"{code} {name}".strip())


def hour(hhmm: str) -> str:
    """`14 h 00` for `14:00`; anything else as it is given."""
    hours, colon, minutes = hhmm.partition(":")
    return f"{int(hours)}{NBSP}h{NBSP}{minutes}" if colon and hours.isdecimal() else hhmm

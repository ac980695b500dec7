"""The numéro allocataire in its several written forms."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s\u00a0\u202f.\-]+")
_SPREADSHEET = re.compile(r"\d+\.0+")
LENGTH = 7
CNAF_LENGTH = 15
_FILLING = "0" * (CNAF_LENGTH - LENGTH)


def normalise(text: str) -> str:
    """The seven digits of a matricule, also from CNAF's 15-character form (zeros before, or zeros and blanks after).

    A true number may begin or end with 0: of more than seven digits, those of the one place where only zeros stand
    around are kept. Raises ValueError on anything else, and where two numbers could be meant.
    """
    compact = _SEPARATORS.sub("", text)
    if not compact.isascii() or not compact.isdigit() or not compact.strip("0") or _SPREADSHEET.fullmatch(text.strip()):
        raise ValueError(text)
    if len(compact) >= CNAF_LENGTH:
        compact = compact.removesuffix(_FILLING)
    if len(compact) <= LENGTH:
        return compact.rjust(LENGTH, "0")
    starts = range(len(compact) - LENGTH + 1)
    possible = {compact[n : n + LENGTH] for n in starts if not (compact[:n] + compact[n + LENGTH :]).strip("0")}
    if len(possible) != 1:
        raise ValueError(text)
    return possible.pop()

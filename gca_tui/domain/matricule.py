"""The numéro allocataire in its several written forms."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s\u00a0\u202f.\-]+")
LENGTH = 7
CNAF_LENGTH = 15


def normalise(text: str) -> str:
    """The seven digits of a matricule, also from CNAF's 15-character form (zeros before, or zeros and blanks after).

    A true number may begin with 0: leading zeros go only when there are more than seven characters.
    Raises ValueError on anything else.
    """
    compact = _SEPARATORS.sub("", text)
    if len(compact) > LENGTH:
        compact = compact[:LENGTH] + compact[LENGTH:].rstrip("0")
    if len(compact) > LENGTH:
        compact = compact.lstrip("0")
        if len(compact) > LENGTH:
            compact = compact[:LENGTH] + compact[LENGTH:].rstrip("0")
    if not compact.isascii() or not compact.isdigit() or len(compact) > LENGTH:
        raise ValueError(text)
    return compact.rjust(LENGTH, "0")

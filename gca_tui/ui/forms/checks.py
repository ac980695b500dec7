"""What a form refuses of a code or a number before any command does, in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from gca_tui.domain.french import typeset
from gca_tui.domain.matricule import normalise

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk

_CODE = re.compile(r"\d{3}")
_POSTCODE = re.compile(r"\d{5}")
_LEAST_DIGITS = 6


def caisse_check(desk: Desk) -> Callable[[str], str | None]:
    """Refuses a code that is no caisse's, neither in the reference nor, as a code of other days, in the store."""

    def check(text: str) -> str | None:
        if not _CODE.fullmatch(text):
            return "Trois chiffres, par exemple 091."
        from gca_tui import reference

        if text in reference.caisses() or any(text == known for known, _ in desk.window.caisses()):
            return None
        return typeset(f"{text} n’est le code d’aucune Caf connue : vérifiez-le.")

    return check


def matricule(text: str) -> str | None:
    """Refuses what is not a numéro allocataire."""
    try:
        normalise(text)
    except ValueError:
        return "Sept chiffres, par exemple 0123456."
    return None


def postcode(text: str) -> str | None:
    """Refuses what is not a French postcode; an address abroad has none here."""
    return None if _POSTCODE.fullmatch(text) else "Cinq chiffres ; laissez vide pour une adresse à l’étranger."


def telephones(text: str) -> str | None:
    """Refuses a line without a number in it; whose number it is may stand beside."""
    for line in filter(None, map(str.strip, text.splitlines())):
        if sum(map(str.isdigit, line)) < _LEAST_DIGITS:
            return typeset(f"« {line[:20]} » n’est pas un numéro : par exemple 03 89 00 00 00.")
    return None

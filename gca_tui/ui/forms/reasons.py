"""The Cnaf's lists as a form offers them: code and label, those of responsibility under whom they point to."""

from __future__ import annotations

from collections.abc import Mapping

from gca_tui import reference
from gca_tui.domain.lexicon import Code

_SIDES = {"caf": "Caf", "allocataire": "Allocataire", "tiers": "Tiers", "": "Autre"}
"""Fraud is not among them: it leaves the queue by its own command, and is never a word to a family."""
_READABLE = {
    "10": "erreur de la Caf",
    "11": "liquidation incomplète",
    "12": "erreur de législation",
    "13": "erreur de codification",
    "14": "erreur de saisie",
    "21": "délai de notification de l’APL",
    "41": "informations erronées ou tardives d’un organisme",
    "60": "anomalie de déclaration",
    "61": "défaut de déclaration",
    "62": "déclaration erronée ou incomplète",
    "63": "déclaration tardive",
    "66": "indus de tiers",
    "67": "indus de l’allocataire",
}
"""The list's abbreviations written out; our reading."""


def options_of(codes: Mapping[str, Code], current: str = "") -> dict[str, str]:
    """Code -> `10 Situation de famille`; a code in force that the list does not know stays one of them."""
    known = {code: f"{code} {entry.libelle}" for code, entry in codes.items()}
    return known if not current or current in known else {current: f"{current} (hors liste)", **known}


def responsibilities(current: str = "") -> dict[str, str]:
    """Code -> `Caf · 14 erreur de saisie`: the Caf's own errors first, then the family's, then others'."""
    codes = reference.responsabilites()
    listed = {
        code: f"{label} · {code} {_READABLE.get(code, entry.libelle)}"
        for side, label in _SIDES.items()
        for code, entry in codes.items()
        if entry.cote == side
    }
    if not current or current in listed:
        return listed
    label = f"{current} {codes[current].libelle}" if current in codes else f"{current} (hors liste)"
    return {current: label, **listed}

"""What a draft leaves open, `[[à compléter : …]]`, and which check says so: a text that holds one is not finished."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gca_tui.domain.explanation.texte import Texte

_PATTERN = re.compile(r"\[\[([^\[\]]*)\]\]?")
_WORDS = "à compléter"
CHECKS = {
    "motif": 5,
    "date de l’événement": 5,
    "ce qui s’est passé": 5,
    "date à laquelle la Caf l’a su": 5,
    "montant versé": 6,
    "montant dû": 6,
    "données obtenues d’un tiers, oui ou non": 7,
    "nom du tiers": 7,
    "ce que le tiers a indiqué": 7,
    "adresse de la Caf": 8,
    "téléphone de la Caf": 8,
    "nom de l’agent": 8,
    "qualité de l’agent": 8,
    "recours": 8,
}
"""What may be missing, and the check it fails."""
_BY_SECTION = {"raison": 5, "calcul": 6, "que_faire": 8, "prochaine_fois": 8}


@dataclass(frozen=True)
class Placeholder:
    """One of them in a text: where, what is wanted, the check it fails."""

    start: int
    end: int
    label: str
    controle: int


def to_complete(label: str = "") -> str:
    """What stands for something the facts do not say: `[[à compléter : montant dû]]`."""
    return f"[[{_WORDS} : {label}]]" if label else f"[[{_WORDS}]]"


def placeholders(texte: Texte) -> Iterator[Placeholder]:
    """All that a text leaves open; one nobody foresaw fails the check of its section."""
    for match in _PATTERN.finditer(texte.whole):
        label = match[1].removeprefix(_WORDS).lstrip(" \u00a0:")
        section = texte.section_at(match.start()).name
        yield Placeholder(match.start(), match.end(), label, CHECKS.get(label, _BY_SECTION.get(section, 8)))

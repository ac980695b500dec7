"""How prestations are named in a text: by their labels, whole or without what stands in parentheses, or short."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import Sought, keys_of, level


@dataclass(frozen=True)
class Name:
    """A prestation named in a text; `full`: by its label, not by a sigle or a short name."""

    start: int
    end: int
    code: str
    full: bool


@dataclass(frozen=True)
class Labels:
    """Finds labels of prestations: group `n3` of a match is that of the fourth code."""

    sought: Sought
    codes: tuple[str, ...]


@remembered(4)
def _known_labels(lexicon: Lexicon) -> Labels:
    return _finder([(one.code, one.libelle) for one in lexicon.prestations.values()])


def labels_of(lexicon: Lexicon, unknown: frozenset[str]) -> Labels:
    """Those of the lexicon, and those that a caisse made up."""
    if not unknown:
        return _known_labels(lexicon)
    known = [(one.code, one.libelle) for one in lexicon.prestations.values()]
    return _finder([*known, *((one, one) for one in sorted(unknown))])


def _finder(labels: list[tuple[str, str]]) -> Labels:
    """The longest first; what stands in parentheses may be left out if no other label begins alike."""
    bases = [level(label).partition(" (") for _, label in labels]
    ways = []
    for number, (base, _, rest) in enumerate(bases):
        shared = any(other != number and one[0].startswith(base) for other, one in enumerate(bases))
        more = rf"\s+\({_words(rest.rstrip(')'))}\)" if rest else ""
        ways.append((len(base), f"(?P<n{number}>{_words(base)}{more if shared or not more else f'(?:{more})?'})"))
    sought = _either([way for _, way in sorted(ways, reverse=True)], [label for _, label in labels])
    return Labels(sought, tuple(code for code, _ in labels))


@lru_cache(maxsize=16)
def shorts_of(names: tuple[tuple[str, str], ...]) -> Sought:
    """Finds prestations by code or short name, given as (code, short name): group `n3` is the fourth."""
    ways = [
        f"(?P<n{number}>{_words(level(court))}|{_words(level(code))})" for number, (code, court) in enumerate(names)
    ]
    return _either(ways, [name for both in names for name in both if name])


def _either(ways: list[str], names: list[str]) -> Sought:
    return Sought("|".join(ways) or "(?!)", keys_of(names))


def number_of(match: re.Match[str]) -> int:
    """Which of the labels or names sought was found."""
    return int(str(match.lastgroup)[1:])


def _words(text: str) -> str:
    return r"\s+".join(map(re.escape, text.split()))

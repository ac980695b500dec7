"""Finding a line of reference data from what somebody wrote: accents, case, hyphens and plurals do not matter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from gca_tui.domain.folding import plain
from gca_tui.domain.french import NBSP
from gca_tui.domain.lexicon import Prestation
from gca_tui.reference.entries import Nature, Term
from gca_tui.reference.lists import caisses, canaux, glossaire, natures, prestations, recours

_GAPS = str.maketrans("_’'-", "    ")
_PLURAL_FROM = 4


def caisse_label(code: str) -> str:
    """`681 Haut-Rhin`; the code itself when nobody knows it."""
    found = caisses().get(code)
    return f"{code} {found.territoire}" if found else code


@lru_cache(maxsize=1024)
def nature_code(text: str) -> str:
    """The code of a nature written as its code, its label or an alias; any other text as given, stripped."""
    return _natures().get(_key(text)) or text.strip()


@lru_cache(maxsize=1024)
def canal_code(text: str) -> str | None:
    """The code of a canal written as its code, its label or an alias; None when it is none of them."""
    return _canaux().get(_key(text))


def explain(term: str) -> Term | None:
    """What a word of the screen means: a term of the glossary, a state, or a prestation by code or label."""
    return _terms().get(_key(term))


@cache
def _natures() -> Mapping[str, str]:
    return _spellings(natures())


@cache
def _canaux() -> Mapping[str, str]:
    return _spellings(canaux())


def _spellings(entries: Mapping[str, Nature]) -> Mapping[str, str]:
    return {
        _key(spelling): entry.code
        for entry in entries.values()
        for spelling in (entry.code, entry.libelle, *entry.alias)
    }


@cache
def _terms() -> Mapping[str, Term]:
    found: dict[str, Term] = {}
    for prestation in prestations().values():
        term = _prestation_term(prestation)
        found.update({_key(name): term for name in (prestation.code, prestation.libelle, prestation.court)})
    for term in glossaire():
        found.update({_key(spelling): term for spelling in (term.terme, *term.alias)})
    return found


def _prestation_term(prestation: Prestation) -> Term:
    sentences = [prestation.libelle]
    if prestation.minimum_social:
        sentences.append(f"Minimum social{NBSP}: le dossier passe avant les autres, urgences mises à part")
    sentences.append(f"Famille de recours{NBSP}: {recours()[prestation.famille].libelle}")
    return Term(prestation.code, ". ".join(sentences) + ".", prestation.base_legale, prestation.statut)


def _key(text: str) -> str:
    """What two spellings of one term have in common."""
    words = plain(text).rstrip(" .").translate(_GAPS).split()
    return " ".join(word.removesuffix("s") if len(word) >= _PLURAL_FROM else word for word in words)

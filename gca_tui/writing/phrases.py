"""Pieces of French sentences: articles, elisions, and sentences an agent wrote put into ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gca_tui.domain.folding import plain

_VOWELS = "aeiouyh"
_ASPIRATED = ("haut", "havre", "haye", "hongr")
_SIGLES = {"urssaf": "l’", "cpam": "la ", "msa": "la ", "carsat": "la ", "cnav": "la ", "dgfip": "la ", "cdaph": "la "}
_ARTICLES = {"le ": "du ", "les ": "des "}
_LOWERED = frozenset(
    (
        *("vous", "votre", "vos", "nous", "notre", "nos", "le", "la", "les", "l", "un", "une", "des", "du", "de", "d"),
        *("ce", "cet", "cette", "ces", "c", "il", "elle", "ils", "elles", "on", "y", "en", "dans", "pour", "par"),
        *("depuis", "après", "avant", "à", "au", "aux", "lors", "suivant", "selon", "comme", "quand", "cela", "qu"),
        *("son", "sa", "ses", "s", "leur", "leurs", "j", "n"),
    )
)
_COMPLEMENT = re.compile(r"(?:du |de la |de l’|de l'|des |de |d’|d')")
_GAPS = re.compile(r"[ \t\r\n]+")
_END = (".", "!", "?", "…", "]]")


def of(name: str) -> str:
    """`Amiens` -> `d’Amiens`, `Le Havre` -> `du Havre`, `les impôts` -> `des impôts`, `Colmar` -> `de Colmar`."""
    for article, contracted in _ARTICLES.items():
        if name.lower().startswith(article):
            return contracted + name[len(article) :]
    word = plain(name)
    if sigle := _SIGLES.get(word.split(" ", 1)[0]):
        return f"de {sigle}{name}"
    elided = word[:1] and word[0] in _VOWELS and not word.startswith(_ASPIRATED)
    return f"d’{name}" if elided else f"de {name}"


def territory(departement: str, caisse: str, caisses: Mapping[str, str]) -> str:
    """`du Haut-Rhin`, from a département written with or without its article, else from the caisse's name.

    "" when neither is known.
    """
    if _COMPLEMENT.match(departement):
        return departement
    known = [_complement(name) for name in (caisse, *caisses.values())]
    if not departement:
        return known[0]
    return next((one for one in known if _COMPLEMENT.sub("", one, count=1) == departement), of(departement))


def inside(text: str) -> str:
    """What an agent wrote, to be read inside a sentence: no capital first, unless it is a name's, no full stop."""
    text = one_line(text)
    if text.endswith(".") and not text.endswith(".."):
        text = text[:-1].rstrip()
    word = re.match(r"\w+", text)
    return text[:1].lower() + text[1:] if word and word[0].lower() in _LOWERED else text


def one_line(text: str) -> str:
    """The text on one line, its no-break spaces kept."""
    return _GAPS.sub(" ", text).strip()


def ended(text: str) -> str:
    """The text with an end to its sentence."""
    return text if not text or text.endswith(_END) else f"{text}."


def _complement(caisse: str) -> str:
    """`du Haut-Rhin` of `Caf du Haut-Rhin`, `de l’Ardèche` of `Caf de l’Ardèche (Annonay)`."""
    found = re.sub(r" \([^)]*\)$", "", caisse.removeprefix("Caf "))
    return found if _COMPLEMENT.match(found) else ""

"""Check 7: whether data came from a third party, and if so from whom and what (CSS L.114-21)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gca_tui.domain.explanation.placeholders import placeholders
from gca_tui.domain.explanation.reading import Reading, reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.subject import Part, Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import listed, typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import level

_WORD = re.compile(r"\w{4,}|\d+")
_PART = re.compile(r"[^\W_]+")
_ARTICLE = re.compile(r"^(?:le|la|les|l|du|des|de la|de l) ")
_ENOUGH = 0.6
"""Share of the words of what the third party said that a text must have, to say it in other words."""


def third_party(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 7: the question is answered for each trop-perçu; if yes, the text says who it is and what it told."""
    read = reading(texte, about, lexicon)
    left = {one.label for one in placeholders(texte)}
    unanswered = [f"« {read.said(part)} »" for part in about.parts if part.faits.tiers is None]
    if unanswered and "données obtenues d’un tiers, oui ou non" not in left:
        yield _at(read, f"Pour {listed(unanswered)}, dites dans les faits (F3) si des données viennent d’un tiers.")
    for part in about.parts:
        if part.faits.tiers:
            yield from _named(read, part, left)


def _named(read: Reading, part: Part, left: set[str]) -> Iterator[Finding]:
    name, content, said = part.faits.tiers_nom.strip(), part.faits.tiers_contenu.strip(), read.said(part)
    if not name:
        if "nom du tiers" not in left:
            yield _at(read, f"Pour « {said} », établissez le nom du tiers dans les faits (F3).")
    elif f" {_plain(name)} " not in read.flat:
        yield _at(read, f"Nommez le tiers qui a donné des informations pour « {said} » : {name}.", _named_as(name))
    if not content:
        if "ce que le tiers a indiqué" not in left:
            yield _at(read, f"Pour « {said} », établissez ce que le tiers a indiqué dans les faits (F3).")
    elif not _is_told(read, content):
        yield _at(read, f"Dites ce que le tiers a indiqué pour « {said} » : {content.rstrip('. ')}.", _told_as(content))


def _named_as(name: str) -> str:
    return f"Ces informations nous ont été données par {name}."


def _told_as(content: str) -> str:
    return f"Voici ce qui nous a été indiqué : {content.rstrip('. ')}."


def _is_told(read: Reading, content: str) -> bool:
    if f" {_plain(content)} " in read.flat:
        return True
    wanted = set(_WORD.findall(level(content)))
    return bool(wanted) and len(wanted & set(_WORD.findall(read.level))) >= _ENOUGH * len(wanted)


def _plain(text: str) -> str:
    """Its words, without the article that a sentence may contract: `le bailleur` is told as `du bailleur`."""
    return _ARTICLE.sub("", " ".join(_PART.findall(level(text))))


def _at(read: Reading, advice: str, instead: str = "") -> Finding:
    at = read.end_of("raison")
    return Finding(at, at, typeset(advice), typeset(instead))

"""Where the sentences and the words of a text are."""

from __future__ import annotations

import re
from functools import lru_cache

from gca_tui.domain.phrases import level

_END = re.compile(r"\n|[.!?…]+(?:[ \u00a0\u202f]?[»”\")\]])*(?=\s|$)")
_ABBREVIATED = re.compile(
    r"(?:^|[\s('’-])(?:mm?|mr|mmes?|mlle|dr|pr|me|art|al|n|no|cf|tel|av|bd|ex|env|max|min|st|ste)$"
)
_LONGEST_ABBREVIATION = 4
_INITIAL = re.compile(r"(?:^|[\s-])[A-ZÀ-Ý]$")
_NUMBERED = re.compile(r"^\s*(?:[-*•]\s*)?\d{1,2}$")
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_TOKEN = re.compile(
    r"\[\[[^\[\]]*\]\]"
    rf"|(?:\d{{1,2}}(?:er)?\s+)?(?:{_MONTHS})\s+\d{{4}}(?!\w)|\d{{1,2}}(?:er)?\s+(?:{_MONTHS})(?!\w)"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}"
    r"|\d(?:[ .]?\d)*(?:,\d+)?(?:\s?(?:€|euros?\b|%))?"
    r"|[^\W\d_]+(?:['-][^\W_]+)*"
)


@lru_cache(maxsize=2)
def sentences_of(text: str) -> tuple[tuple[int, int], ...]:
    """Beginning and end of each sentence that holds a word. Lines and list items end one, as . ! ? … do.

    The point of an abbreviation, of an initial, of a decimal or of a numbered line ends nothing.
    """
    found, start = [], 0
    for mark in _END.finditer(text):
        if mark[0] != "." or _ends(text, start, mark.start()):
            found.append((start, mark.end()))
            start = mark.end()
    found.append((start, len(text)))
    return tuple(stripped for one in found if (stripped := _strip(text, *one)))


def words_of(sentence: str) -> list[str]:
    """The words of a sentence, levelled: a date, a month of a year, an amount, an elided word are one each."""
    return _TOKEN.findall(level(sentence))


def _ends(text: str, start: int, at: int) -> bool:
    if at - start > _LONGEST_ABBREVIATION and text[at - _LONGEST_ABBREVIATION - 1 : at].isalpha():
        return True
    before = text[max(start, at - 12) : at]
    if level(before).endswith("etc"):
        return text[at + 1 :].lstrip()[:1].isupper() or not text[at + 1 :].strip()
    return not (_ABBREVIATED.search(level(before)) or _INITIAL.search(before) or _NUMBERED.match(text[start:at]))


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not any(char.isalnum() for char in piece):
        return None
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())

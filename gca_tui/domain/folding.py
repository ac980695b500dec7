"""How words are made comparable: the search finds `Schäfer`, `Schaefer` and `SCHAFER` with any of the three."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"}
_DIGRAPHS = re.compile(r"([aou])e")
_DOUBLED = re.compile(r"([a-z])\1+")
_WORDS = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Lower case without accents or ligatures; everything else stays."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_LETTERS.get(char, char) for char in decomposed if not unicodedata.combining(char))


def fold_word(word: str) -> str:
    """One word of `plain` letters as it is compared: ae, oe, ue as ä, ö, ü; doubled letters as one."""
    return _DOUBLED.sub(r"\1", _DIGRAPHS.sub(r"\1", word))


def fold_words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [fold_word(word) for word in _WORDS.findall(text if text.isascii() and text.islower() else plain(text))]


def fold_name(name: str) -> list[str]:
    """The words of a name, and the whole without its separators: `D'Angelo` is found as `dangelo` and as `angelo`."""
    lowered = plain(name)
    words = [fold_word(word) for word in _WORDS.findall(lowered)]
    if len(words) < 2:
        return words
    return [*words, fold_word("".join(_WORDS.findall(lowered)))]

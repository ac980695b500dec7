"""How words are made comparable: the search finds `Schäfer`, `Schaefer` and `SCHAFER` with any of the three."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_DIGRAPHS = re.compile(r"([aou])e")
_DOUBLED = re.compile(r"([a-z])\1+")
_WORDS = re.compile(r"[a-z0-9]+")
JOINED = 4
"""Words typed up to which neighbours are also tried joined; each one more doubles the ways."""


class _Plain(dict[int, str]):
    """What each casefolded character becomes, found out the first time it is met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = made = "" if unicodedata.combining(char) else _LETTERS.get(char, char)
        return made


_PLAIN = _Plain()


def plain(text: str) -> str:
    """Lower case without accents or ligatures; everything else stays."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN)


def fold_word(word: str) -> str:
    """One word of `plain` letters as it is compared: ae, oe, ue as ä, ö, ü; doubled letters as one."""
    return _DOUBLED.sub(r"\1", _DIGRAPHS.sub(r"\1", word))


def fold_words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return [fold_word(word) for word in _WORDS.findall(text if text.isascii() and text.islower() else plain(text))]


def fold_name(name: str) -> list[str]:
    """The words of a name, then what they give joined from each of them on.

    `Martin-D'Angelo` is found as `angelo`, as `dangelo` and as `martindangelo`.
    """
    words = _WORDS.findall(plain(name))
    joined = ["".join(words[first:]) for first in range(len(words) - 1)]
    return [fold_word(word) for word in (*words, *joined)]


def fold_typed(text: str) -> list[list[str]]:
    """What is typed to find a name, as lists of beginnings of words: a name fits when it has all those of one list.

    Neighbours are also tried joined, up to four words: `O Connor Zoé` finds `OConnor`, `Jean Pierre` `Jeanpierre`.
    """
    words = _WORDS.findall(plain(text))
    ways = [words[:1]]
    for word in words[1:]:
        joined = [[*way[:-1], way[-1] + word] for way in ways] if len(words) <= JOINED else []
        ways = [[*way, word] for way in ways] + joined
    return [[fold_word(word) for word in way] for way in ways]

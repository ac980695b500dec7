"""How words are made comparable: the search finds `Schäfer`, `Schaefer` and `SCHAFER` with any of the three."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_DIGRAPHS = re.compile(r"([aou])e")
_DOUBLED = re.compile(r"([a-z])\1+")
_WORDS = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Lower case without accents or ligatures; everything else stays."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(_LETTERS.get(char, char) for char in decomposed if not unicodedata.combining(char))


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
    """What is typed to find a name, as one or two lists of beginnings of words: a name fits when it has all of one.

    The second joins a lone letter to the word after it: `O Connor` also finds the name written `OConnor`.
    """
    words = _WORDS.findall(plain(text))
    glued: list[str] = []
    for word in words:
        if glued and len(glued[-1]) == 1:
            glued[-1] += word
        else:
            glued.append(word)
    return [[fold_word(word) for word in way] for way in ([words, glued] if glued != words else [words])]

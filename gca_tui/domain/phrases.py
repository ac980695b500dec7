"""Words of a list found in a text whatever their case, accents, plural and apostrophes, at their places in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain

from gca_tui.domain.folding import plain

KEY = 4
"""Letters of a word by which it is looked for: no inflection of a term changes them."""
_MANY = 200
"""Different signs up to which they are replaced one by one, which is quicker; a French text has under a hundred."""
_WORD = re.compile(r"\w+")
_SPACE = r"\s+"
_LAST = {"a": r"(?:au|aux|a)", "de": r"(?:de|du|des|d')", "que": r"(?:que|qu')"}
"""What a term's last word becomes before an article or a vowel."""
_VERB = r"(?:er|ez|e|es|ee|ees|ons|ent|ait|aient|a|ant)"


class _Level(dict[int, str]):
    """One character for each: lower case, no accent, straight apostrophe, plain space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        made = "'" if char == "’" else " " if char.isspace() and char != "\n" else plain(char)
        self[code] = made = made if len(made) == 1 else char
        return made


_LEVEL = _Level()


def level(text: str) -> str:
    """The text made comparable, as long as it was, so that places found in it are places of the text."""
    signs = set(text) if len(text) > _MANY else text
    if len(signs) > _MANY or signs is text:
        return text.translate(_LEVEL)
    levelled = text
    for sign in signs:
        if (made := _LEVEL[ord(sign)]) != sign:
            levelled = levelled.replace(sign, made)
    return levelled


@lru_cache(maxsize=4)
def _starts(levelled: str) -> Mapping[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for match in _WORD.finditer(levelled):
        found[match[0][:KEY]].append(match.start())
    return found


def beginnings(levelled: str, keys: Iterable[str]) -> list[int]:
    """Where words begin with one of these keys (KEY letters of a word, or all of a shorter one), in their order."""
    words = _starts(levelled)
    return sorted(chain.from_iterable(words[key] for key in keys if key in words))


class Sought:
    """Whole words to look for, each way a regular expression; tried only where a word begins with one of the keys.

    Keys are the first words of the ways as `keys_of` makes them, separated by spaces or in any collection.
    """

    def __init__(self, ways: str, keys: str | Iterable[str]) -> None:
        self.pattern = re.compile(rf"(?<!\w)(?:{ways})(?!\w)")
        self.keys = frozenset(keys.split() if isinstance(keys, str) else keys)

    def find(self, levelled: str) -> Iterator[re.Match[str]]:
        """What `finditer` would find in a text that `level` made."""
        free = 0
        for start in beginnings(levelled, self.keys):
            if start >= free and (match := self.pattern.match(levelled, start)):
                free = match.end()
                yield match


def keys_of(terms: Iterable[str]) -> frozenset[str]:
    """The keys under which the first words of these terms are found."""
    return frozenset(_WORD.findall(level(term))[0][:KEY] for term in terms)


class Phrases:
    """Terms to look for, each with what it is not looked for in (`pièce`, but not in `pièce de théâtre`).

    Terms come as (term, exceptions separated by `|`). A term ending in `à`, `de` or `que` is also found contracted.
    """

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        self._by_start: dict[str, list[tuple[int, bool, re.Pattern[str]]]] = {}
        for number, (term, exceptions) in enumerate(terms):
            self._add(number, False, term)
            for exception in filter(None, exceptions.split("|")):
                self._add(number, True, exception)

    def _add(self, number: int, excepts: bool, term: str) -> None:
        levelled = level(term)
        start = _WORD.findall(levelled)[0][:KEY]
        self._by_start.setdefault(start, []).append((number, excepts, re.compile(_pattern(levelled))))

    def find(self, levelled: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Number of each term and where, in a text that `level` made; of terms at one place the longest prevails."""
        excepted: dict[int, int] = {}
        free = 0
        for number, excepts, match in self._matches(levelled):
            if excepts:
                excepted[number] = max(match.end(), excepted.get(number, 0))
            elif match.start() >= free and match.end() > excepted.get(number, 0):
                free = match.end()
                yield number, match

    def _matches(self, levelled: str) -> Iterator[tuple[int, bool, re.Match[str]]]:
        """What matches, word by word: exceptions first, which begin with their term or before it, then the longest."""
        words = _starts(levelled)
        places = [(start, key) for key in self._by_start.keys() & words.keys() for start in words[key]]
        for start, key in sorted(places):
            found = [
                (number, excepts, match)
                for number, excepts, pattern in self._by_start[key]
                if (match := pattern.match(levelled, start))
            ]
            yield from sorted(found, key=lambda one: (not one[1], -one[2].end())) if len(found) > 1 else found


def _pattern(term: str) -> str:
    *words, last = term.split()
    end = _LAST.get(last) if words else None
    parts = [_inflected(word) for word in words] + [end or _inflected(last)]
    return _SPACE.join(parts) + (r"(?:(?<=')|(?!\w))" if end else r"(?!\w)")


def _inflected(word: str) -> str:
    if word.endswith("er") and len(word) > 5:
        return re.escape(word[:-2]) + _VERB
    feminine = "e?" if len(word) > 3 and word[-1] in "etdisu" else ""
    return re.escape(word) + (rf"{feminine}[sx]?" if len(word) > 3 and word[-1] not in "sx" else "")

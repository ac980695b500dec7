"""Check 9: sentences short enough to be read once; and how easy a text is to read, for information."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from gca_tui.domain.explanation.identity import remembered
from gca_tui.domain.explanation.reading import reading
from gca_tui.domain.explanation.results import Finding
from gca_tui.domain.explanation.sentences import sentences_of, words_of
from gca_tui.domain.explanation.subject import Subject
from gca_tui.domain.explanation.texte import Texte
from gca_tui.domain.french import typeset
from gca_tui.domain.lexicon import Lexicon
from gca_tui.domain.phrases import level

LONGEST = 25
"""Words a sentence may have."""
MEAN = 20
"""Words sentences may have on average (European Commission, « Rédiger clairement »)."""
LONG_WORD = 13
"""Letters from which a word counts as long; the project's choice."""
_RUN = re.compile(r"[^\W\d_]+|\d+|\[\[")
"""A word is made of one at least: where even these are few, no word needs counting."""
_LETTERS = re.compile(r"[^\W\d_]+")
_VOWELS = re.compile(r"[aeiouyœæ]+")
_HIATUS = re.compile(r"(?<=[éèê])(?=[aeiouâôœ])|(?=[ïëü])(?<=[aeiouéè])")
_MUTE = re.compile(r"(?<=\w\w)es?$")
_GLIDE = re.compile(r"(?<=[aeiou])y(?=[aeiouéè])")
_NAME = "Prestation"
_TWICE = re.compile(r"(?<![\w'’-])(?P<word>[^\W\d_]++)[ \t\u00a0\u202f]+(?P<again>(?P=word))(?![\w'’-])", re.IGNORECASE)
_MAY_BE_TWICE = frozenset(("nous", "vous", "en", "faire", "très", "bien", "non", "oui", "si"))
"""« nous nous sommes vus », « si si »."""


@dataclass(frozen=True)
class Reading:
    """How a text reads. `mean` is in words a sentence; `long_words` are as first written, each once.

    `score` is Kandel and Moles's, the Flesch reading ease with French figures: the higher the easier, about 60 for a
    newspaper; None for a text without words. It is information and decides nothing.
    """

    sentences: int = 0
    words: int = 0
    mean: float = 0.0
    longest: int = 0
    long_words: tuple[str, ...] = ()
    score: float | None = None


def sentences(texte: Texte, about: Subject, lexicon: Lexicon) -> Iterable[Finding]:
    """Check 9: no sentence over 25 words, 20 on average, no word written twice.

    The name of a prestation, owed in full, counts as one word.
    """
    yield from _doubled(texte.whole)
    spans = sentences_of(texte.whole)
    levelled = reading(texte, about, lexicon).level
    most = [len(_RUN.findall(levelled, *one)) for one in spans]
    if max(most, default=0) <= LONGEST and sum(most) <= MEAN * len(most):
        return
    lengths = list(_lengths(texte.whole, _names(lexicon)))
    for start, end, words in lengths:
        if words > LONGEST:
            advice = f"Cette phrase a {words} mots, {LONGEST} au plus : coupez-la, une idée par phrase."
            yield Finding(start, end, typeset(advice))
    mean = sum(words for *_, words in lengths) / max(1, len(lengths))
    if mean > MEAN:
        start, end, _ = max(lengths, key=lambda one: one[2])
        shown = f"{mean:.1f}".replace(".", ",")
        advice = f"Les phrases ont {shown} mots en moyenne, {MEAN} au plus : raccourcissez d’abord la plus longue."
        yield Finding(start, end, typeset(advice))


def _doubled(text: str) -> Iterator[Finding]:
    """« Le le 12 juillet »; two capitals may be a name."""
    for match in _TWICE.finditer(text):
        word = match["word"]
        if word.lower() not in _MAY_BE_TWICE and match["again"].islower():
            advice = f"« {match[0]} » : le mot « {word.lower()} » est écrit deux fois, gardez-en un."
            yield Finding(*match.span(), typeset(advice), word)


def measure(text: str) -> Reading:
    """What can be counted of a text; prestations are words as others here."""
    lengths = [words for *_, words in _lengths(text, None) if words]
    spelled = _LETTERS.findall(text)
    if not lengths or not spelled:
        return Reading(sentences=len(lengths), words=sum(lengths))
    written = {level(word): word for word in reversed(spelled) if len(word) >= LONG_WORD}
    mean = sum(lengths) / len(lengths)
    ratio = sum(map(syllables, spelled)) / max(1, sum(1 for word in spelled if len(word) > 1 or syllables(word)))
    return Reading(
        sentences=len(lengths),
        words=sum(lengths),
        mean=mean,
        longest=max(lengths),
        long_words=tuple(reversed(written.values())),
        score=207 - 1.015 * mean - 73.6 * ratio,
    )


@lru_cache(maxsize=4096)
def syllables(word: str) -> int:
    """Syllables of a French word as it is read in prose: a last mute e does not count, an elided letter is none."""
    word = word.lower()
    if len(word) == 1:
        return int(word in "aàyoôeiu")
    word = _GLIDE.sub("j", word)
    if len(_VOWELS.findall(level(word))) > 1 or word.endswith(("ée", "ées", "ie", "ies", "ue", "ues")):
        word = _MUTE.sub("", word)
    return max(1, len(_VOWELS.findall(level(_HIATUS.sub("-", word)))))


def _lengths(text: str, names: re.Pattern[str] | None) -> Iterator[tuple[int, int, int]]:
    for start, end in sentences_of(text):
        sentence = text[start:end]
        yield start, end, len(words_of(names.sub(_NAME, level(sentence)) if names else sentence))


@remembered(4)
def _names(lexicon: Lexicon) -> re.Pattern[str] | None:
    names = [one.libelle for one in lexicon.prestations.values()]
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(re.escape(level(name)) for name in longest_first)) if names else None

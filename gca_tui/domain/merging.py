"""What two people made of one text, put together: a proposal for a person to read, never an answer.

The texts are cut into sentences and line ends. What only one of the two changed is as that one left it; where both
changed the same place, both wordings are kept, the first one's before the second's, and that place is a clash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import merge as in_order
from itertools import pairwise
from typing import NamedTuple

from gca_tui.domain.explanation.sentences import sentences_of

_LINE = re.compile(r"\n+|[^\n]+")


@dataclass(frozen=True)
class Merged:
    """The text proposed, and how many places of it hold two wordings to choose between."""

    text: str
    clashes: int = 0


class _Change(NamedTuple):
    """The pieces of the base from `start` to `end` gave way to `text`."""

    start: int
    end: int
    text: str


@dataclass
class _Place:
    """A stretch of the base that changes touch, with those of each of the two."""

    start: int
    end: int
    mine: list[_Change]
    theirs: list[_Change]


def pieces(text: str) -> list[str]:
    """The sentences of a text, each with the spaces after it, and its line ends: joined they are the text."""
    starts = [0, *(start for start, _ in sentences_of(text)), len(text)]
    sentences = (text[start:end] for start, end in pairwise(starts))
    return [piece for sentence in sentences for piece in _LINE.findall(sentence)]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """What `mine` and `theirs` both made of `base`; without one, of what the two have in common."""
    if mine == theirs or theirs == base:
        return Merged(mine)
    if mine == base:
        return Merged(theirs)
    old = pieces(base) if base.strip() else _common(pieces(mine), pieces(theirs))
    written: list[str] = []
    clashes = done = 0
    for place in _places(_changes(old, pieces(mine)), _changes(old, pieces(theirs))):
        text, is_clash = _settled(old, place)
        written += [*old[done : place.start], text]
        clashes, done = clashes + is_clash, place.end
    return Merged("".join((*written, *old[done:])), clashes)


def _common(mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    return [
        piece
        for a, _, size in SequenceMatcher(None, mine, theirs).get_matching_blocks()
        for piece in mine[a : a + size]
    ]


def _changes(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    # The matcher's own rule for pieces that come back all the time keeps a hostile text from costing its square.
    codes = SequenceMatcher(None, old, new).get_opcodes()
    return [_Change(a, b, "".join(new[c:d])) for tag, a, b, c, d in codes if tag != "equal"]


def _places(mine: list[_Change], theirs: list[_Change]) -> Iterator[_Place]:
    """The changes of both in the order of the base, those that overlap together."""
    known: _Place | None = None
    signed = in_order(((one, True) for one in mine), ((one, False) for one in theirs), key=lambda pair: pair[0][:2])
    for change, is_mine in signed:
        if known is None or not _overlaps(known, change):
            if known is not None:
                yield known
            known = _Place(change.start, change.end, [], [])
        known.end = max(known.end, change.end)
        (known.mine if is_mine else known.theirs).append(change)
    if known is not None:
        yield known


def _overlaps(place: _Place, change: _Change) -> bool:
    """Two changed sentences side by side do not; what is added right before what the other changed does."""
    return change.start < place.end or (change.start == place.start and place.start == place.end)


def _settled(old: Sequence[str], place: _Place) -> tuple[str, bool]:
    """The text of a place, and whether there are two wordings of it."""
    if not place.theirs or not place.mine:
        return _written(old, place, place.mine or place.theirs), False
    mine, theirs = _written(old, place, place.mine), _written(old, place, place.theirs)
    if mine == theirs:
        return mine, False
    if not mine.strip() or not theirs.strip():
        return mine if mine.strip() else theirs, True
    gap = "" if mine[-1:].isspace() or theirs[:1].isspace() else " "
    return f"{mine}{gap}{theirs}", True


def _written(old: Sequence[str], place: _Place, changes: list[_Change]) -> str:
    """The place as one of the two left it."""
    written: list[str] = []
    done = place.start
    for change in changes:
        written += [*old[done : change.start], change.text]
        done = change.end
    return "".join((*written, *old[done : place.end]))

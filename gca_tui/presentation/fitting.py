"""Paragraphs made to fit a page: what matters least is shortened first, and no word is cut that would mislead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import get_character_cell_size

from gca_tui.domain.french import NBSP
from gca_tui.presentation.holding import held
from gca_tui.presentation.lines import BODY, Line
from gca_tui.presentation.safe_text import ELLIPSIS, visible

_BREAKS = re.compile(r"[ \n]+")
_CUT_FIGURE = re.compile(rf"[\d.,/€%{NBSP}-]+$")

Form = tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Something a page says. `forms` are its paragraphs, the fullest form first, the last one what is always said.

    Blocks of a lower `rank` are served first; those that are `extra` once all others are at their best. A blank line
    parts two groups where there is room.
    """

    group: int
    rank: int
    forms: tuple[Form, ...]
    style: str = BODY
    extra: bool = False


def cells(text: str) -> int:
    """How many cells of the terminal a text takes."""
    return sum(map(get_character_cell_size, text))


def clean(text: str) -> str:
    """A text that somebody typed, as part of one line: safe to show, its amounts and dates held together."""
    return held(_BREAKS.sub(" ", visible(text)).strip())


def clip(text: str, width: int) -> str:
    """At most `width` cells of a text, cut between words and never inside an amount or a date."""
    text = clean(text)
    if cells(text) <= width:
        return text
    kept = _head(text, width - 1)
    if " " in kept and text[len(kept)] != " ":
        kept = kept[: kept.rindex(" ")]
    elif text[len(kept)] != " ":
        kept = _CUT_FIGURE.sub("", kept)
    return kept.rstrip(" ,;:.") + ELLIPSIS


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at plain spaces; a longer word is cut."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        size = cells(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, width)
        lines += full
        used = cells(line)
    return [*lines, line] if line else lines


def arranged(blocks: Sequence[Block], width: int, height: int) -> tuple[Line, ...]:
    """The blocks in their order on at most `height` lines of `width` cells."""
    page = _Page(blocks, width, height)
    page.drop()
    page.grow(extra=False)
    page.space()
    page.grow(extra=True)
    return tuple(page.lines())[:height]


class _Page:
    """Which form of each block is chosen: `chosen` counts from the last one, -1 is none of them."""

    def __init__(self, blocks: Sequence[Block], width: int, height: int) -> None:
        self._blocks = blocks
        self._height = height
        self._forms = [
            [[line for paragraph in form for line in wrapped(paragraph, max(1, width))] for form in block.forms[::-1]]
            for block in blocks
        ]
        self._chosen = [-1 if block.extra else 0 for block in blocks]
        self._order = sorted(range(len(blocks)), key=lambda place: blocks[place].rank)
        self._blanks = 0
        self._spaced = False

    def _text(self, place: int) -> list[str]:
        return self._forms[place][self._chosen[place]] if self._chosen[place] >= 0 else []

    @property
    def size(self) -> int:
        """Lines taken, the blank ones left out."""
        return sum(len(self._text(place)) for place in range(len(self._blocks)))

    @property
    def gaps(self) -> int:
        """Blank lines wanted."""
        groups = [block.group for place, block in enumerate(self._blocks) if self._text(place)]
        return sum(before != after for before, after in pairwise(groups))

    def _fits(self) -> bool:
        return self.size + (self.gaps if self._spaced else 0) <= self._height

    def drop(self) -> None:
        """Leave out what matters least, until the rest fits."""
        for place in reversed(self._order[1:]):
            if self._fits():
                return
            self._chosen[place] = -1

    def space(self) -> None:
        """Part the groups, the first ones where there is not room for all; nothing is added after that."""
        self._spaced = True
        self._blanks = self._height - self.size

    def grow(self, *, extra: bool) -> None:
        """Give each block a fuller form in turn, as long as one fits."""
        places = [place for place in self._order if self._blocks[place].extra == extra]
        while sum(self._grown(place) for place in places):
            pass

    def _grown(self, place: int) -> bool:
        before = self._chosen[place]
        if before + 1 >= len(self._forms[place]):
            return False
        self._chosen[place] += 1
        if self._fits():
            return True
        self._chosen[place] = before
        return False

    def lines(self) -> Iterator[Line]:
        """The page."""
        group, blanks = None, self._blanks
        for place, block in enumerate(self._blocks):
            text = self._text(place)
            if text and blanks > 0 and group not in (None, block.group):
                yield Line("")
                blanks -= 1
            group = block.group if text else group
            yield from (Line(line, block.style, typed=True) for line in text)


def _head(text: str, width: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += get_character_cell_size(char)
        if used > width:
            return text[:index]
    return text


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces that fit; a character wider than the page is shown as `…`."""
    pieces = []
    while cells(word) > width:
        head = _head(word, width)
        pieces.append(head or ELLIPSIS)
        word = word[len(head) or 1 :]
    return [*pieces, word]

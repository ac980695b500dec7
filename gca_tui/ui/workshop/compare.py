"""Two versions beside each other where the terminal is wide enough, else one text with + and −."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from gca_tui.domain.french import typeset
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.presentation.safe_text import fit, one_line
from gca_tui.ui.screens.chooser import Scrolled

SIDE_BY_SIDE = 100
"""Columns from which the two texts stand beside each other."""
_GONE, _NEW, _SAME = "−", "+", " "


@dataclass(frozen=True)
class Written:
    """A version: when and by whom, and its sections."""

    title: str
    texts: dict[str, str]


def unified(old: Written, new: Written, width: int) -> list[str]:
    """One text, what only the first has after `−`, what only the second has after `+`."""
    lines = [f"{_GONE} {old.title}", f"{_NEW} {new.title}"]
    for name, title in SECTIONS.items():
        lines += ["", title]
        for sign, text in _changes(old.texts.get(name, ""), new.texts.get(name, "")):
            lines += [f"{sign} {part}" for part in _folded(text, width - 2)]
    return lines


def side_by_side(old: Written, new: Written, width: int) -> list[str]:
    """Two columns, each line that is not in both of them with its sign."""
    half = (width - 3) // 2
    lines = [_pair(old.title, new.title, half)]
    for name, title in SECTIONS.items():
        lines += ["", title]
        for before, after in _pairs(old.texts.get(name, ""), new.texts.get(name, "")):
            signs = (_SAME, _SAME) if before == after else (_GONE, _NEW)
            sides = [
                [f"{sign} {part}" for part in _folded(text, half - 2)] if text is not None else []
                for sign, text in zip(signs, (before, after), strict=True)
            ]
            lines += [_pair(left, right, half) for left, right in zip_longest(*sides, fillvalue="")]
    return lines


def _pair(left: str, right: str, half: int) -> str:
    return f"{fit(left, half)} │ {fit(right, half).rstrip()}"


def _changes(old: str, new: str) -> Iterator[tuple[str, str]]:
    for before, after in _pairs(old, new):
        if before == after and before is not None:
            yield _SAME, before
            continue
        if before is not None:
            yield _GONE, before
        if after is not None:
            yield _NEW, after


def _pairs(old: str, new: str) -> Iterator[tuple[str | None, str | None]]:
    """Lines of one text beside those of the other; None where one has none."""
    left, right = old.splitlines(), new.splitlines()
    for _, first, last, begin, end in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for row in range(max(last - first, end - begin)):
            before = left[first + row] if first + row < last else None
            after = right[begin + row] if begin + row < end else None
            yield before, after


def _folded(text: str, width: int) -> list[str]:
    return textwrap.wrap(one_line(text), max(1, width), replace_whitespace=False) or [""]


class Compare(Scrolled):
    """Two versions to read; `r` takes the first one back, and gives True."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(False)", "Fermer", show=False),
        Binding("r", "dismiss(True)", "Reprendre", show=False),
    ]

    def __init__(self, old: Written, new: Written) -> None:
        super().__init__()
        self._old = old
        self._new = new
        self._text = Static("")
        self.body = VerticalScroll(self._text, id="compared", can_focus=False)

    def compose(self) -> ComposeResult:
        """Title, texts, keys."""
        with Vertical(id="compare"):
            yield Static(Text("Comparer deux versions"), classes="title")
            yield self.body
            yield Static(Text(typeset("r reprendre la première (−)   Échap fermer")), classes="keys")

    def on_resize(self, event: events.Resize) -> None:
        """Beside each other, or one text."""
        width = event.size.width - 2
        make = side_by_side if event.size.width >= SIDE_BY_SIDE and not self.app.has_class("-plain") else unified
        self._text.update(Text("\n".join(make(self._old, self._new, width)), no_wrap=True))

"""What stands beside the text: the facts, and what the checks say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from gca_tui.domain.french import count, typeset
from gca_tui.presentation.lines import Line
from gca_tui.presentation.safe_text import fit, one_line

_STYLES = {"head": "bold", "body": "", "faint": "dim"}


def drawn(lines: Sequence[Line]) -> list[str]:
    """The lines as plain text, safe to show."""
    return [one_line(line.text) if line.typed else typeset(one_line(line.text)) for line in lines]


class FactsPanel(VerticalScroll, can_focus=True):
    """The facts, to scroll with the arrows once Tab is there."""

    def __init__(self) -> None:
        super().__init__(id="facts")
        self._lines: list[Line] = []
        self._body = Static("", id="facts-body")

    def compose(self) -> ComposeResult:
        """The lines."""
        yield self._body

    def show(self, lines: list[Line]) -> None:
        """Show these; drawn again only when they say something else."""
        if lines == self._lines:
            return
        self._lines = lines
        text = Text()
        for line, said in zip(lines, drawn(lines), strict=True):
            text.append(said + "\n", _STYLES[line.style])
        text.rstrip()
        self._body.update(text)


class ChecksPanel(Static):
    """The checks in as many lines as there are; drawn again only when they say something else."""

    def __init__(self) -> None:
        super().__init__("", id="checks")
        self._make: Callable[[int, int], list[str]] = lambda _width, _height: []
        self._shown: list[str] = []

    def show(self, make: Callable[[int, int], list[str]]) -> None:
        """Show the lines made for a width and a height."""
        self._make = make
        self._draw()

    def on_resize(self) -> None:
        """As much as fits."""
        self._draw()

    def _draw(self) -> None:
        width, height = self.size
        made = self._make(width, height)
        if len(made) > height > 1:
            made[height - 1 :] = [f"… {count(len(made) - height + 1, 'autre ligne', 'autres lignes')} : F10 l"]
        lines = [fit(line, width).rstrip() for line in made[:height]]
        if lines != self._shown:
            self._shown = lines
            self.update(Text("\n".join(lines), no_wrap=True, overflow="ellipsis"), layout=False)

"""The titles over the list; one of them is the column that the glossary explains."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from gca_tui.presentation.safe_text import fit
from gca_tui.ui.widgets.dossier_list import COLUMNS, Column, layout


class ColumnHeader(Static):
    """Titles as wide as the cells under them."""

    def __init__(self) -> None:
        super().__init__("", id="columns")
        self._chosen = 0
        self._is_tied = False

    @property
    def title(self) -> str:
        """The title of the column chosen."""
        return COLUMNS[self._chosen].title

    def tie(self, is_tied: bool) -> None:
        """In a store tied to a server the column of takers is wider."""
        if is_tied != self._is_tied:
            self._is_tied = is_tied
            self._draw()

    def step(self, step: int) -> None:
        """Choose the next column or the previous one."""
        shown = [COLUMNS.index(column) for column, _ in self._layout()]
        at = shown.index(self._chosen) if self._chosen in shown else 0
        self._chosen = shown[(at + step) % len(shown)]
        self._draw()

    def on_resize(self) -> None:
        """Other widths."""
        self._draw()

    def _layout(self) -> list[tuple[Column, int]]:
        return layout(self.size.width - 1, is_tied=self._is_tied)

    def _draw(self) -> None:
        text = Text("   ", no_wrap=True, end="")
        for column, size in self._layout():
            title = column.title.rjust(size) if column.right else fit(column.title, size)
            text.append(title, "underline" if COLUMNS[self._chosen] is column else "")
            text.append(" ")
        self.update(text, layout=False)

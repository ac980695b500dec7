"""The titles over the list; one of them is the column that the glossary explains."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from gca_tui.presentation.safe_text import fit
from gca_tui.ui.widgets.dossier_list import COLUMNS, layout


class ColumnHeader(Static):
    """Titles as wide as the cells under them."""

    def __init__(self) -> None:
        super().__init__("", id="columns")
        self._chosen = 0

    @property
    def title(self) -> str:
        """The title of the column chosen."""
        return COLUMNS[self._chosen].title

    def step(self, step: int) -> None:
        """Choose the next column or the previous one."""
        shown = [COLUMNS.index(column) for column, _ in layout(self.size.width - 1)]
        at = shown.index(self._chosen) if self._chosen in shown else 0
        self._chosen = shown[(at + step) % len(shown)]
        self._draw()

    def on_resize(self) -> None:
        """Other widths."""
        self._draw()

    def _draw(self) -> None:
        text = Text("   ", no_wrap=True, end="")
        for column, size in layout(self.size.width - 1):
            title = column.title.rjust(size) if column.right else fit(column.title, size)
            text.append(title, "underline" if COLUMNS[self._chosen] is column else "")
            text.append(" ")
        self.update(text, layout=False)

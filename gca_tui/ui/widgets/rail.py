"""The rail: views with their counts, then caisses, then the agent's own views."""

from __future__ import annotations

from dataclasses import dataclass

from gca_tui.presentation.safe_text import fit
from gca_tui.store.views import View
from gca_tui.ui.widgets.line_list import LineList

UNCOUNTED = -1
"""The count of a view whose filter is not understood."""


@dataclass
class Entry:
    """A line of the rail: a view, or a title over the next ones."""

    title: str
    view: View | None = None
    count: int | None = None


def count_text(number: int | None) -> str:
    """A count as it is shown: empty until it is known."""
    if number is None:
        return ""
    return "?" if number == UNCOUNTED else f"{number:,}".replace(",", "\u00a0")


class Rail(LineList):
    """Shows entries; the cursor skips titles."""

    def __init__(self) -> None:
        super().__init__(id="rail")
        self.entries: list[Entry] = []
        self.current = ""

    def show(self, entries: list[Entry], current: str) -> None:
        """Show these entries, the current view marked."""
        self.entries, self.current = entries, current
        place = next((i for i, e in enumerate(entries) if e.view and e.view.id == current), 1)
        self.resize_to(len(entries), self.cursor if self.has_focus else place)

    def count(self, counts: dict[str, int]) -> None:
        """Show new counts; only lines that say something else are drawn again."""
        for index, entry in enumerate(self.entries):
            if entry.view and counts.get(entry.view.id, entry.count) != entry.count:
                entry.count = counts[entry.view.id]
                self.refresh_line_at(index)

    def view_at(self, index: int) -> View | None:
        """The view of a line."""
        return self.entries[index].view if index < len(self.entries) else None

    def move_to(self, index: int) -> None:
        """Titles are stepped over."""
        step = 1 if index >= self.cursor else -1
        while 0 <= index < self.length and self.entries[index].view is None:
            index += step
        if 0 <= index < self.length:
            super().move_to(index)

    def line(self, index: int, width: int) -> str:
        """A title, or a name and a count."""
        entry = self.entries[index]
        if entry.view is None:
            return fit(f" {entry.title}", width)
        mark = ">" if entry.view.id == self.current else " "
        number = count_text(entry.count)
        return fit(f"{mark} {entry.title}", max(1, width - len(number) - 1)) + number + " "

    def line_class(self, index: int) -> str:
        """The view on show is strong."""
        entry = self.entries[index]
        return "line--strong" if entry.view is None or entry.view.id == self.current else ""

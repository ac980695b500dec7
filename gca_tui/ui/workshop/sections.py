"""The four sections of the text: the one being written is large, the others show their beginning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets.text_area import Selection

from gca_tui.domain.french import count, typeset
from gca_tui.domain.trop_percu import SECTIONS
from gca_tui.ui.forms.editors import NoteArea
from gca_tui.ui.widgets.bars import Bar

_MARK = Style(underline=True, bold=True)
Span = tuple[int, int]
"""First character and the one after the last, counted from the beginning of a section."""


class SectionArea(NoteArea):
    """The text of one section. `;` where no sentence begins with it asks for a block."""

    @dataclass
    class BlocksAsked(Message):
        """`;` was pressed at the beginning of a line."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text, id=f"text-{name}")
        self.section = name
        self._marks: dict[int, list[Span]] = {}
        self._drawn: list[Strip] = []
        self._is_due = False

    def on_key(self, event: events.Key) -> None:
        """`;` opens the blocks at the beginning of a line, and is itself everywhere else."""
        row, column = self.cursor_location
        if event.character == ";" and self.selection.is_empty and not self.document[row][:column].strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.BlocksAsked())

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> SectionArea:
        """A whole area to draw again is drawn where it differs: Textual's redraws every line at each key."""
        if regions or layout or recompose or not repaint or not self.is_mounted:
            super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        elif not self._is_due:
            self._is_due = True
            self.call_later(self._draw_what_changed)
        return self

    def _draw_what_changed(self) -> None:
        self._is_due = False
        self.render_lines(Region())  # no line of it, but Textual then knows the styles: lines are kept with theirs
        before, self._drawn = self._drawn, [self.render_line(y) for y in range(self.size.height)]
        changed = [y for y, row in enumerate(self._drawn) if y >= len(before) or row != before[y]]
        if changed:
            super().refresh(*(Region(0, y, self.outer_size.width, 1) for y in changed))

    def notify_style_update(self) -> None:
        """Other colours: every line is drawn again."""
        self._drawn = []
        super().notify_style_update()

    def on_resize(self) -> None:
        """Every line is drawn again, the terminal's own cursor follows, and what is folded shows its beginning."""
        self._drawn = []
        self.park()
        if not self.has_focus:
            self.call_after_refresh(self.scroll_home, animate=False)

    def park(self) -> None:
        """Once all is in its place the terminal's own cursor stands in the text: a screen reader follows it."""
        self.call_after_refresh(self._park)

    def _park(self) -> None:
        if self.has_focus:
            self.app.cursor_position = self.cursor_screen_offset

    def get_line(self, line_index: int) -> Text:
        """The line, underlined where something is to mend."""
        line = super().get_line(line_index)
        for start, end in self._marks.get(line_index, ()):
            line.stylize(_MARK, start, end)
        return line

    def mark(self, spans: Iterable[Span]) -> None:
        """Underline these."""
        marks: dict[int, list[Span]] = {}
        for start, end in spans:
            for row, first, last in self._rows(start, end):
                marks.setdefault(row, []).append((first, last))
        if marks != self._marks:
            self._marks = marks
            super().notify_style_update()
            self.refresh()

    def select_span(self, start: int, end: int) -> None:
        """Select a place: typing replaces it."""
        self.selection = Selection(self._location(start), self._location(end))
        self.scroll_cursor_visible()

    def span(self) -> Span:
        """The selection, in characters from the beginning."""
        first, last = (self._index(place) for place in sorted(self.selection))
        return first, last

    def put(self, text: str, start: int, end: int) -> None:
        """Write in the place of a span; Ctrl+Z takes it back. Not reported: whoever asked for it knows."""
        with self.prevent(NoteArea.Changed):
            self.replace(text, self._location(start), self._location(end), maintain_selection_offset=False)

    def put_all(self, text: str) -> None:
        """Write in the place of everything."""
        if text != self.text:
            self.put(text, 0, len(self.text))

    def _index(self, location: tuple[int, int]) -> int:
        row, column = location
        return sum(len(line) + 1 for line in self.document.lines[:row]) + column

    def _location(self, index: int) -> tuple[int, int]:
        row = 0
        for row, line in enumerate(self.document.lines):
            if index <= len(line):
                return row, index
            index -= len(line) + 1
        return row, len(self.document[row])

    def _rows(self, start: int, end: int) -> Iterable[tuple[int, int, int]]:
        (first, column), (last, end_column) = self._location(start), self._location(end)
        for row in range(first, last + 1):
            begins = column if row == first else 0
            ends = end_column if row == last else len(self.document[row])
            if begins < ends:
                yield row, begins, ends


class Section(Vertical):
    """The title of a section over its text."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(id=f"section-{name}", classes="section")
        self.section = name
        self.area = SectionArea(name, text)
        self._title = Bar(id=f"title-{name}")
        self._problems = 0

    def compose(self) -> ComposeResult:
        """Title, text."""
        yield self._title
        yield self.area

    def on_mount(self) -> None:
        """The title is there from the beginning, and the text from its own."""
        self.area.move_cursor((0, 0))
        self._say()

    def on_descendant_focus(self) -> None:
        """The section being written takes the room."""
        self.add_class("-focused")
        self.area.park()
        self._say()

    def on_descendant_blur(self) -> None:
        """Folded, it shows its beginning."""
        self.remove_class("-focused")
        self.call_after_refresh(self.area.scroll_home, animate=False)
        self._say()

    def show_problems(self, number: int, spans: Iterable[Span]) -> None:
        """How much is to mend in it, and where."""
        self._problems = number
        self.area.mark(spans)
        self._say()

    def _say(self) -> None:
        sign = "▸" if self.has_class("-focused") else " "
        tail = f"  {count(self._problems, 'point')} à revoir" if self._problems else ""
        self._title.say(typeset(f"{sign} {SECTIONS[self.section]}{tail}"))

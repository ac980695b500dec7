"""A list of lines with a cursor, at the cost in bytes of what moves: two lines a key, half a page at the edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size, clamp
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from gca_tui.presentation.safe_text import fit

CONTEXT = 2
"""Lines still seen beyond the cursor after a jump."""


class LineList(ScrollView, can_focus=True):
    """Draws `line(index)` for what is in sight and nothing else; one segment a line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--cursor", "line--strong", "line--marked"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Suivant", show=False),
        Binding("up,k", "move(-1)", "Précédent", show=False),
        Binding("pagedown", "page(1)", "Page suivante", show=False),
        Binding("pageup", "page(-1)", "Page précédente", show=False),
        Binding("home", "edge(0)", "Début", show=False),
        Binding("end", "edge(1)", "Fin", show=False),
        Binding("enter", "choose", "Ouvrir", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another line."""

        source: LineList
        index: int

        @property
        def control(self) -> Widget:
            """The list."""
            return self.source

    @dataclass
    class Chosen(Moved):
        """A line was chosen."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self.cursor = 0
        self.length = 0
        self._drawn: dict[int, tuple[str, str]] = {}

    def line(self, index: int, width: int) -> str:
        """The text of a line, of exactly `width` cells."""
        raise NotImplementedError

    def line_class(self, index: int) -> str:
        """The component class that a line is drawn with, or nothing."""
        return ""

    def resize_to(self, length: int, cursor: int) -> None:
        """Show another number of lines, the cursor on one of them kept in sight."""
        self.length = length
        self.virtual_size = Size(0, length)
        self.cursor = clamp(cursor, 0, max(0, length - 1))
        is_scrolled = self._keep_in_sight()
        self._park()
        if is_scrolled:
            self.refresh()
        else:
            self.redraw()

    def redraw(self) -> None:
        """Draw again the lines in sight that say something else, and no other: each costs its bytes."""
        for y in range(self.size.height):
            if self._drawn.get(y) != self._look(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        text, name = self._drawn[y] = self._look(y)
        width = self.size.width
        if not text:
            return Strip.blank(width, self.rich_style)
        return Strip([Segment(text, self.get_component_rich_style(name) if name else self.rich_style)], width)

    def _look(self, y: int) -> tuple[str, str]:
        """The text of a line of the screen and the component class it is drawn with; "" beyond the last one."""
        index = self.scroll_offset.y + y
        if index >= self.length:
            return "", ""
        name = "line--cursor" if index == self.cursor else self.line_class(index)
        return self.line(index, self.size.width), name

    def move_to(self, index: int) -> None:
        """Put the cursor there."""
        old, self.cursor = self.cursor, clamp(index, 0, max(0, self.length - 1))
        if old == self.cursor:
            return
        if not self._keep_in_sight():
            self.refresh_line_at(old)
            self.refresh_line_at(self.cursor)
        self._park()
        self.post_message(self.Moved(self, self.cursor))

    def refresh_line_at(self, index: int) -> None:
        """Draw one line again."""
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def action_move(self, step: int) -> None:
        """One line down or up."""
        self.move_to(self.cursor + step)

    def action_page(self, pages: int) -> None:
        """A screenful further."""
        self.move_to(self.cursor + pages * max(1, self.size.height - 1))

    def action_edge(self, end: int) -> None:
        """First or last line."""
        self.move_to(self.length - 1 if end else 0)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.length:
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """A click moves, a second one on the same line chooses."""
        index = self.scroll_offset.y + event.y
        if index >= self.length:
            return
        if index == self.cursor or event.chain > 1:
            self.action_choose()
        self.move_to(index)

    def on_focus(self) -> None:
        """The cursor's colour says where keys go."""
        self._park()
        self.refresh_line_at(self.cursor)

    def on_blur(self) -> None:
        """The cursor's colour says where keys go."""
        self.refresh_line_at(self.cursor)

    def on_resize(self) -> None:
        """What was in sight stays in sight."""
        self._keep_in_sight()
        self._park()

    def _park(self) -> None:
        """The terminal's own cursor stands on the line: a braille display and a screen reader follow it."""
        if self.has_focus:
            self.app.cursor_position = self.region.offset + Offset(0, self.cursor - self.scroll_offset.y)

    def _keep_in_sight(self) -> bool:
        """Jump nearly a page when the cursor leaves the window: over a slow line each scrolled line costs a page."""
        top, height = self.scroll_offset.y, self.size.height
        if not height or top <= self.cursor < top + height:
            return False
        context = min(CONTEXT, height // 2)
        target = self.cursor - context if self.cursor > top else self.cursor - height + 1 + context
        target = clamp(target, 0, max(0, self.length - height))
        self.scroll_to(y=target, animate=False, force=True, immediate=True)
        return True


class PlainList(LineList):
    """Lines that are given."""

    def __init__(self, lines: list[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines = lines

    def on_mount(self) -> None:
        """Show them."""
        self.resize_to(len(self.lines), 0)

    def replace(self, lines: list[str], cursor: int = 0) -> None:
        """Show others."""
        self.lines = lines
        self.resize_to(len(lines), cursor)

    def line(self, index: int, width: int) -> str:
        """The line, cut to the width."""
        return fit(f" {self.lines[index]}", width)

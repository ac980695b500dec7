"""The dossier under the cursor: drawn once the cursor rests, opened beside the list or over it, left again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer

    from gca_tui.ui.screens.queue import QueueScreen

REST = 0.12
"""Seconds after the last move before the dossier under the cursor is drawn."""
NARROW, SHORT = 100, 30
"""Columns and rows under which not everything is shown beside each other."""


class Pane:
    """Where the dossier is seen; in a short terminal it takes the place of the list, and only while it is open."""

    def __init__(self, screen: QueueScreen) -> None:
        self._screen = screen
        self._rest: Timer | None = None

    @property
    def is_open(self) -> bool:
        """Whether the agent is in the dossier rather than in the list."""
        return self._screen.detail.has_focus or self._screen.has_class("-opened")

    def open(self) -> None:
        """Shown first, then drawn: a dossier that is not on screen is not drawn, and keys act on the one that is."""
        screen = self._screen
        if screen.list.length:
            screen.set_class(screen.has_class("-short"), "-opened")
            screen.detail.focus()
        self.draw()

    def leave(self) -> None:
        """Which dossier is under the cursor must be seen before a key acts on it."""
        self._screen.remove_class("-opened")
        self._screen.list.focus()

    def draw_at_rest(self) -> None:
        """The cursor moved: draw where it stops."""
        if self._rest:
            self._rest.stop()
        self._rest = self._screen.set_timer(REST, self.draw)

    def draw(self) -> None:
        """Draw the dossier under the cursor now, where there is room for it."""
        if self._rest:
            self._rest.stop()
        if self._screen.has_class("-short") and not self.is_open:
            return
        screen, key = self._screen, self._screen.key()
        dossier = screen.dossier()
        claim = partial(screen.reserving.mark, key) if key else lambda _: ""
        screen.detail.show(dossier, screen.desk.context() if dossier else None, claim)

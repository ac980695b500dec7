"""What waits for a pause of the typing: the draft, then the checks. A key only starts clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.ui.forms.pause import DraftClock

if TYPE_CHECKING:
    from textual.timer import Timer

    from gca_tui.ui.workshop.screen import Workshop

CHECK_DELAY = 0.15
"""Seconds after the last key before the text is checked."""


class Pauses:
    """The clocks of one workshop."""

    def __init__(self, screen: Workshop) -> None:
        self._screen = screen
        self._draft = DraftClock(screen, screen.texts, screen.sitting.keep, self._paused)
        self._check: Timer | None = None

    def typed(self) -> None:
        """A key: typing without a pause does not put the draft off, and puts the checks off."""
        self._draft.typed()
        if self._check:
            self._check.stop()
        self._screen.spelling.stop()
        self._check = self._screen.set_timer(CHECK_DELAY, self._screen.checking.ask)

    def keep(self) -> None:
        """Hand over what was typed since the last time."""
        self._draft.keep()

    def _paused(self) -> None:
        self.keep()
        self._screen.changes.watch()

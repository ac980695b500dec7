"""An empty screen over everything: the work stays where it is."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

LEAST_COLUMNS, LEAST_ROWS = 60, 16


def is_too_small(size: Size) -> bool:
    """Whether the work cannot be shown in a terminal of that size."""
    return size.width < LEAST_COLUMNS or size.height < LEAST_ROWS


class Curtain(Screen[None]):
    """Shows nothing of the dossiers until Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "app.pop_screen", "Revenir", show=False)]

    def compose(self) -> ComposeResult:
        """How to come back."""
        yield Static(Text("Écran masqué. Entrée pour revenir."))


class TooSmall(Screen[None]):
    """Says that the terminal is too small; goes by itself when it grows."""

    def compose(self) -> ComposeResult:
        """What is needed."""
        yield Static(Text("Terminal trop petit : agrandissez-le à 60 x 16 au moins. Rien n’est perdu."))

    def on_screen_resume(self) -> None:
        """It goes too when it was under another screen while the terminal grew."""
        if not is_too_small(self.app.size):
            self.app.call_later(self.dismiss)

"""The palette: every action by its name or its help, accents optional.

Textual's own palette draws an emoji, blinks, and says « No matches found »: none of it can be changed from outside.
"""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from gca_tui.domain.folding import plain
from gca_tui.domain.french import typeset
from gca_tui.ui.actions.base import Action, key_name
from gca_tui.ui.actions.registry import ACTIONS
from gca_tui.ui.widgets.line_list import LineList, PlainList

AROUND = 8
"""Lines of the screen that are not for results."""


def find(query: str) -> list[Action]:
    """The actions that hold all the words typed; those whose label begins with the first one come first."""
    words = plain(query).split()
    if not words:
        return list(ACTIONS)
    found = [a for a in ACTIONS if all(word in plain(f"{a.label} {a.help} {a.group}") for word in words)]
    return sorted(
        found, key=lambda action: (not plain(action.label).startswith(words[0]), words[0] not in action.label)
    )


class Palette(ModalScreen[str | None]):
    """Gives the id of the action chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Fermer", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, keymap: dict[str, str]) -> None:
        super().__init__()
        self._keymap = keymap
        self._found = find("")
        self._input = Input(placeholder="Chercher une commande", select_on_focus=False)
        self._input.cursor_blink = False
        self._list = PlainList(self._lines(), id="choices")

    def compose(self) -> ComposeResult:
        """What is typed over what is found."""
        with Vertical(classes="dialog wide"):
            yield self._input
            yield self._list
            yield Static(Text("Entrée exécuter   Échap fermer"), classes="keys")

    def on_mount(self) -> None:
        """Type at once."""
        self._input.focus()

    def on_resize(self, event: events.Resize) -> None:
        """As many results as fit."""
        self._list.styles.height = max(1, min(len(ACTIONS), event.size.height - AROUND))

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Other words."""
        self._found = find(event.value)
        self._list.replace(self._lines() or ["Aucune commande de ce nom."])

    @on(Input.Submitted)
    @on(LineList.Chosen)
    def choose(self) -> None:
        """Do the one under the cursor."""
        self.dismiss(self._found[self._list.cursor].id if self._found else None)

    def action_move(self, step: int) -> None:
        """The list moves while one types."""
        self._list.action_move(step)

    def action_leave(self) -> None:
        """Nothing chosen."""
        self.dismiss(None)

    def _lines(self) -> list[str]:
        keys = [key_name(self._keymap.get(action.id, action.keys)) for action in self._found]
        return [f"{key:<9} {one.label:<22} {typeset(one.help)}" for one, key in zip(self._found, keys, strict=True)]

"""Small screens that show lines: one to choose from, one to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gca_tui.domain.french import typeset
from gca_tui.presentation.safe_text import visible
from gca_tui.ui.widgets.line_list import LineList, PlainList


@dataclass(frozen=True)
class Choice:
    """Something to choose: its value, its label, the letter that chooses it at once."""

    value: str
    label: str
    letter: str = ""


class Chooser(ModalScreen[str | None]):
    """Gives the value chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Fermer", show=False)]

    def __init__(self, title: str, choices: list[Choice]) -> None:
        super().__init__()
        self._title = typeset(title)
        self._choices = choices
        self._list = PlainList([f"{choice.letter or ' '}  {choice.label}" for choice in choices], id="choices")

    def compose(self) -> ComposeResult:
        """A title over the choices."""
        with Vertical(classes="dialog"):
            yield Static(Text(self._title), classes="title")
            yield self._list

    def on_mount(self) -> None:
        """As high as the choices."""
        self._list.styles.height = max(1, min(len(self._choices), self.app.size.height - 6))
        self._list.focus()

    def on_key(self, event: events.Key) -> None:
        """A letter chooses."""
        chosen = next((one for one in self._choices if one.letter and one.letter == event.character), None)
        if chosen:
            event.stop()
            self.dismiss(chosen.value)

    @on(LineList.Chosen)
    def choose(self, event: LineList.Chosen) -> None:
        """Enter chooses."""
        self.dismiss(self._choices[event.index].value)

    def action_leave(self) -> None:
        """Nothing chosen."""
        self.dismiss(None)


class Scrolled(ModalScreen[bool]):
    """Something longer than the screen, `body`, that the keys scroll wherever the focus is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(15)", show=False),
        Binding("pageup", "scroll(-15)", show=False),
    ]
    body: VerticalScroll

    def action_scroll(self, lines: int) -> None:
        """Read on."""
        self.body.scroll_relative(y=lines, animate=False)


class Reader(Scrolled):
    """Text to read; with `confirm`, Enter says yes to it, and Escape does `refuse`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "leave", "Fermer", show=False),
        Binding("enter", "yes", "Confirmer", show=False),
    ]

    def __init__(
        self,
        title: str,
        lines: list[str],
        *,
        confirm: str = "",
        refuse: str = "annuler",
        keys: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        super().__init__()
        self._title = typeset(title)
        self._confirm = confirm
        self._refuse = refuse
        self._keys = keys or {}
        self.body = VerticalScroll(Static(Text(visible("\n".join(lines)))), classes="text", can_focus=False)

    def compose(self) -> ComposeResult:
        """Title, text, keys."""
        with Vertical(classes="dialog wide"):
            yield Static(Text(self._title), classes="title")
            yield self.body
            keys = f"Entrée {self._confirm}   Échap {self._refuse}" if self._confirm else "Échap fermer"
            yield Static(Text(keys), classes="keys")

    def on_resize(self, event: events.Resize) -> None:
        """The text takes what title and keys leave."""
        self.body.styles.max_height = max(3, event.size.height - 6)

    def on_key(self, event: events.Key) -> None:
        """A key that the text names closes it and does what it says."""
        act = self._keys.get(event.character or "")
        if act:
            event.stop()
            self.dismiss(False)
            self.app.call_later(act)

    def action_yes(self) -> None:
        """Confirm, or close when there is nothing to confirm."""
        self.dismiss(bool(self._confirm))

    def action_leave(self) -> None:
        """Close."""
        self.dismiss(False)

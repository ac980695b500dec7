"""The sheet that is read aloud to a family: one page over the whole screen, made again when the terminal changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import Screen
from textual.widgets import Static

from gca_tui.presentation.lines import FAINT, HEAD
from gca_tui.presentation.sheet import letter_count, sheet, sheet_text
from gca_tui.ui.actions.base import key_name
from gca_tui.ui.beneath import WATCH, Beneath
from gca_tui.ui.widgets.bars import Footer

if TYPE_CHECKING:
    from gca_tui.domain.command import Context
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.screens.queue import QueueScreen

_STYLES = {HEAD: "bold", FAINT: "dim"}
_MARGIN = 1
"""Cells left free on both sides."""
COPIED = "Fiche envoyée au terminal. S’il ne l’a pas prise : gca fiche l’écrit hors de l’écran."


class SheetScreen(Screen[str]):
    """Gives the id of the action to go on with, "" for none."""

    DEFAULT_CSS: ClassVar[str] = """
    SheetScreen { background: $paper; color: $ink; }
    #sheet { height: 1fr; padding: 0 1; background: $paper; color: $ink; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "go_on('')", "Fermer", show=False),
        Binding("f", "go_on('')", "Fermer", show=False, id="sheet"),
        Binding("x,f7", "go_on('explanation')", "Explication", show=False, id="explanation"),
        Binding("a,f8", "go_on('contact')", "Contact", show=False, id="contact"),
        Binding("y", "copy", "Copier", show=False),
        Binding("n", "turn(1)", "Courrier suivant", show=False),
        Binding("p", "turn(-1)", "Courrier précédent", show=False),
    ]

    def __init__(self, desk: Desk, dossier: Dossier, context: Context, keymap: dict[str, str]) -> None:
        super().__init__()
        self._desk = desk
        self._beneath = Beneath(desk, dossier, is_typed=False)
        self.farewell = ""
        self._dossier = dossier
        self._rules = context
        self._rank = 0
        self._letters = letter_count(dossier)
        self._body = Static("", id="sheet")
        self._footer = Footer(_keys(keymap, several=self._letters > 1))

    def compose(self) -> ComposeResult:
        """The page, then the keys."""
        yield self._body
        yield self._footer

    def on_mount(self) -> None:
        """Follow what becomes of the dossier."""
        self.set_interval(WATCH, self._look_beneath)

    def on_resize(self, event: events.Resize) -> None:
        """The page is made for the room there is."""
        self._draw()

    def action_turn(self, step: int) -> None:
        """Tell another notification in full."""
        if self._letters < 2:
            self._footer.announce("Ce dossier n’a pas d’autre courrier de trop-perçu.", refused=True)
            return
        self._rank = (self._rank + step) % self._letters
        self._draw()
        self._footer.announce(f"Courrier {self._rank + 1} sur {self._letters}.")

    def action_copy(self) -> None:
        """Send the page to the terminal's clipboard: nobody knows whether it took it."""
        self.app.copy_to_clipboard(sheet_text(sheet(self._dossier, self._rules, rank=self._rank)))
        self._footer.announce(COPIED)

    def action_go_on(self, action: str) -> None:
        """Close, and do something else if one is asked for."""
        self.dismiss(action)

    def _look_beneath(self) -> None:
        """What a colleague did is on the page at once; of a dossier that left this store nothing is read out."""
        if not self.is_current or not (said := self._beneath.news()):
            return
        dossier = self._desk.dossier((self._dossier.caisse, self._dossier.matricule))
        if self._beneath.is_gone or dossier is None:
            self.farewell = said
            self.dismiss("")
            return
        self._dossier = dossier
        self._letters = letter_count(dossier)
        self._rank = min(self._rank, max(0, self._letters - 1))
        self._draw()
        self._footer.announce(said)

    def _draw(self) -> None:
        width, height = self.size.width - 2 * _MARGIN, self.size.height - 1
        text = Text()
        for line in sheet(self._dossier, self._rules, width=width, height=height, rank=self._rank):
            text.append(f"{line.text}\n", _STYLES.get(line.style, ""))
        text.rstrip()
        self._body.update(text)
        self.app.cursor_position = Offset(_MARGIN, 0)


def open_sheet(screen: QueueScreen) -> None:
    """Show the sheet of the dossier under the cursor; an action chosen on it is done on the list's screen."""
    dossier = screen.dossier()
    if dossier is None:
        return

    shown = SheetScreen(screen.desk, dossier, screen.desk.context(), screen.app_keys())

    def closed(action: str | None) -> None:
        if action:
            screen.action_invoke(action)
        elif shown.farewell:
            screen.refuse(shown.farewell)

    screen.app.push_screen(shown, closed)


def _keys(keymap: dict[str, str], *, several: bool) -> list[tuple[str, str]]:
    def key(action: str, usual: str) -> str:
        return key_name(keymap.get(action, usual).split(",")[0])

    turned = [("n p", "autre courrier")] if several else []
    return [
        ("Échap", "fermer"),
        *turned,
        ("y", "copier"),
        (key("explanation", "x"), "explication"),
        (key("contact", "a"), "appel"),
    ]

"""The dossier under the cursor, in tabs. Drawn a moment after the last move: it costs as much as twenty moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from gca_tui.domain.french import typeset
from gca_tui.presentation.safe_text import one_line
from gca_tui.ui.widgets.bars import Bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from gca_tui.domain.command import Context
    from gca_tui.domain.dossier import Dossier

_STYLES = {"head": "bold", "body": "", "faint": "dim"}
TAB_NAMES = ("Dossier", "Pièces", "Trop-perçus", "Notes", "Historique")
LEAST_CLAIM = 8
"""Cells in which it is said who has the dossier, however little room the tabs leave."""


def _nobody(_: int) -> str:
    return ""


class Detail(VerticalScroll, can_focus=True):
    """Tabs over one dossier."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "tab(1)", "Onglet suivant", show=False),
        Binding("left,h", "tab(-1)", "Onglet précédent", show=False),
        Binding("down,j", "step(1)", "Descendre", show=False),
        Binding("up,k", "step(-1)", "Monter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="detail")
        self.tab = 0
        self.dossier: Dossier | None = None
        self._rules: Context | None = None
        self._claim: Callable[[int], str] = _nobody
        self._bar = Bar(id="tabs")
        self._body = Static("", id="body")

    def compose(self):  # type: ignore[no-untyped-def]  # ComposeResult
        """The names of the tabs, then the lines of one."""
        yield self._bar
        yield self._body

    def show(self, dossier: Dossier | None, context: Context | None, claim: Callable[[int], str] = _nobody) -> None:
        """Show a dossier, or nothing; `claim` says who has it, in so many cells."""
        self._claim = claim
        if dossier == self.dossier and dossier is not None:
            self._say_tabs()
            return
        other = self.dossier is None or dossier is None or dossier.key != self.dossier.key
        self.dossier, self._rules = dossier, context
        if other:
            self.scroll_home(animate=False)
        self._draw()

    def terms(self) -> list[str]:
        """The glossary terms of the dossier on show."""
        if self.dossier is None:
            return []
        states = [piece.etat for piece in self.dossier.pieces if piece.etat]
        return [*dict.fromkeys(states), *self.dossier.prestations, self.dossier.statut]

    def action_tab(self, step: int) -> None:
        """The next or the previous tab."""
        self.open_tab((self.tab + step) % len(TAB_NAMES))

    def open_tab(self, tab: int) -> None:
        """One tab."""
        self.tab = tab
        self.scroll_home(animate=False)
        self._draw()

    def action_step(self, lines: int) -> None:
        """Scroll."""
        self.scroll_relative(y=lines, animate=False)

    def _draw(self) -> None:
        if self.dossier is None or self._rules is None:
            self._bar.say("")
            self._body.update(Text(""))
            return
        from gca_tui.presentation.dossier_text import TABS

        self._say_tabs()
        text = Text()
        for line in TABS[self.tab].lines(self.dossier, self._rules):
            said = one_line(line.text)
            text.append((said if line.typed else typeset(said)) + "\n", _STYLES[line.style])
        text.rstrip()
        self._body.update(text)

    def on_resize(self) -> None:
        """Who has the dossier is said in the room there is."""
        self._say_tabs()

    def _say_tabs(self) -> None:
        """The dossier, who has it, and the names of the tabs."""
        if self.dossier is None or self._rules is None:
            return
        from gca_tui.presentation.dossier_text import TABS

        names = []
        for index, tab in enumerate(TABS):
            number = tab.count(self.dossier)
            name = f"{tab.name} {number}" if number else tab.name
            names.append(f"[{name}]" if index == self.tab else f" {name} ")
        tabs = (" " if self.app.has_class("-plain") else "│").join(names)
        label = self.dossier.key.label
        claim = self._claim(max(LEAST_CLAIM, self.size.width - len(label) - len(tabs) - 4))
        self._bar.say(f" {label} {claim}  {tabs}" if claim else f" {label} {tabs}")

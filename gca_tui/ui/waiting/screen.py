"""The boîte d’envoi: what is not on the server, each line with what can be done about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from gca_tui.domain.french import typeset
from gca_tui.presentation.safe_text import visible
from gca_tui.ui.beneath import WATCH
from gca_tui.ui.header import say_beside
from gca_tui.ui.messages import Settled
from gca_tui.ui.screens.pane import SHORT
from gca_tui.ui.screens.words import refusals, unwritten
from gca_tui.ui.waiting.entries import REFUSED, Entry, entries, summary
from gca_tui.ui.widgets.bars import Bar, Footer
from gca_tui.ui.widgets.line_list import LineList, PlainList

if TYPE_CHECKING:
    from concurrent.futures import Future

    from gca_tui.ui.desk import Desk, Key
    from gca_tui.ui.screens.queue import QueueScreen

_KEYS = [
    ("Entrée", "régler"),
    ("o", "dossier"),
    ("y", "copier"),
    ("r", "renvoyer"),
    ("x", "abandonner"),
    ("Échap", "fermer"),
    ("s", "synchroniser"),
]
NOTHING = "Tout est sur le serveur : rien n’attend, rien n’est refusé."


class WaitingScreen(Screen["Key | None"]):
    """Gives the dossier to open, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,b", "leave", "Fermer", show=False),
        *(
            Binding(key, f"deed('{deed}')", show=False)
            for key, deed in (("o", "open"), ("y", "copy"), ("r", "retry"), ("x", "discard"), ("s", "synchronise"))
        ),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.entries: list[Entry] = []
        self._version = 0
        self._head = Bar(id="waiting-header")
        self.list = PlainList([], id="waiting-list")
        self._body = Static("", id="waiting-body")
        self._footer = Footer(_KEYS)

    def compose(self) -> ComposeResult:
        """How many there are, the lines, what there is to read of one, keys."""
        yield self._head
        yield self.list
        with VerticalScroll(id="waiting-detail", can_focus=False):
            yield self._body
        yield self._footer

    def on_mount(self) -> None:
        """Read; what left is seen from now on."""
        self.read()
        self.list.focus()
        self.set_interval(WATCH, self.follow)
        if self.desk.sync_state().departures:
            self._see_departures()

    def on_resize(self, event: events.Resize) -> None:
        """What fits is shown."""
        self.set_class(event.size.height < SHORT, "-short")
        self._say_head()

    @property
    def entry(self) -> Entry | None:
        """The line under the cursor."""
        return self.entries[self.list.cursor] if self.list.cursor < len(self.entries) else None

    def read(self) -> None:
        """What the store says now, the cursor where it was."""
        self._version = self.desk.window.data_version()
        known = self.entry
        fresh = entries(self.desk.window.connection, self.desk.sync_state())
        self._say_head()
        if fresh != self.entries or not fresh:
            self.entries = fresh
            ids = [one.id for one in fresh]
            place = ids.index(known.id) if known and known.id in ids else self.list.cursor
            plain = self.app.has_class("-plain")
            self.list.replace([one.line(plain=plain) for one in fresh] or [NOTHING], place)
            self._say_head()
            self.show()

    def follow(self) -> None:
        """Follow the exchange; under another screen nothing is drawn. What was refused meanwhile is said."""
        if self.is_current and self.desk.window.data_version() != self._version:
            known = {one.id for one in self.entries if one.state == REFUSED}
            self.read()
            fresh = [one for one in self.entries if one.state == REFUSED and one.id not in known]
            if fresh:
                self.refuse(f"Refusé. {fresh[-1].reason}".strip())

    def show(self) -> None:
        """What there is to read of the line under the cursor."""
        entry = self.entry
        self._body.update(Text(visible("\n".join(entry.lines)) if entry else ""))

    def announce(self, text: str) -> None:
        """Say what happened."""
        self._footer.announce(text)

    def refuse(self, text: str) -> None:
        """Say why something cannot be done."""
        self._footer.announce(text, refused=True)

    def action_deed(self, name: str) -> None:
        """Do something about the line under the cursor, or say why not."""
        from gca_tui.ui.waiting.deeds import DEEDS

        self._footer.clear()
        with refusals(self, self.desk.path.parent):
            DEEDS[name](self)

    def action_leave(self) -> None:
        """Back to the queue."""
        self.dismiss(None)

    def tell(self, future: Future[Any], said: str) -> None:
        """Say what came of a write once it ended."""
        future.add_done_callback(lambda done: self.post_message(Settled(done, said)))

    @on(LineList.Moved)
    def _moved(self, event: LineList.Moved) -> None:
        if not isinstance(event, LineList.Chosen):
            self._footer.clear()
            self.show()

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self.action_deed("settle")

    @on(Settled)
    def _settled(self, event: Settled) -> None:
        if error := event.future.exception():
            self.refuse(unwritten(error))
        else:
            self.announce(event.said if event.future.result() is not False else "C’était déjà réglé ailleurs.")
        self.read()

    def _see_departures(self) -> None:
        from gca_tui.ui.waiting.deeds import see_departures

        see_departures(self.desk)

    def _say_head(self) -> None:
        said = typeset(f" Boîte d’envoi : {summary(self.entries)}")
        say_beside(self._head, said, self.desk.sync_state())


def open_waiting(screen: QueueScreen) -> None:
    """Open it over the queue; a dossier chosen there is opened in the queue."""
    screen.app.push_screen(WaitingScreen(screen.desk), partial(_closed, screen))


def _closed(screen: QueueScreen, key: Key | None) -> None:
    if key:
        screen.upkeep.open_dossier(key)

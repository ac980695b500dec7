"""What changes under the workshop: what it saves itself, what its forms save, what another program writes."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from gca_tui.store import waiting
from gca_tui.ui.beneath import farewell
from gca_tui.ui.screens.words import unwritten
from gca_tui.ui.workshop.messages import Recorded

if TYPE_CHECKING:
    from gca_tui.ui.messages import Settled
    from gca_tui.ui.workshop.screen import Workshop

_GONE = "Cette notification n’est plus dans le dossier ; votre texte reste dans le brouillon."
_OTHER_TEXT = "Un autre texte vient d’être enregistré ; le vôtre n’a pas bougé. F10 v les compare."
_IN_CONFLICT = "Un collègue a enregistré un autre texte avant vous : le vôtre est gardé, Échap puis b pour choisir."
_OTHER_FACTS = "Le dossier a changé : les faits sont à jour, votre texte n’a pas bougé."


class Changes:
    """The facts follow them; a text that someone typed in is never touched."""

    def __init__(self, screen: Workshop) -> None:
        self._screen = screen
        self.writing = 0
        self.has_saved = False
        self._version = 0

    def record(self, future: Future[Any], said: str) -> None:
        """Wait for a write, then say it."""
        self.writing += 1
        future.add_done_callback(lambda done: self._screen.post_message(Recorded(done, said)))

    def recorded(self, event: Recorded) -> None:
        """A text was saved, or why it was not."""
        self.writing -= 1
        if self._failed(event.future):
            return
        self.has_saved = True
        self._screen.sitting.settled()
        self._screen.show_facts()
        self._screen.checking.ask(partial(self._screen.say_what_is_left, event.said))

    def settled(self, event: Settled) -> None:
        """Facts or months were saved by their form, or why they were not."""
        if self._failed(event.future):
            return
        if self._screen.sitting.read():
            self._show()
        said = f"{event.said.rstrip('.')}. "
        if not self._follow(said):
            self._screen.announce(f"{said}Votre texte n’a pas bougé ; F5 le refait.")

    def watch(self) -> None:
        """Follow what another program wrote."""
        sitting = self._screen.sitting
        if (version := sitting.desk.window.data_version()) != self._version:
            self._version = version
            self._screen.say_head()
        is_other = not self.writing and sitting.follow()
        if sitting.has_left:
            self._screen.leave_with(farewell(sitting.desk, sitting.key))
        if not is_other:
            return
        self._show()
        if not sitting.is_there:
            self._screen.refuse(_GONE)
        elif sitting.others_text():
            is_clash = waiting.in_conflict(sitting.desk.window.connection, sitting.key)
            self._screen.announce(_IN_CONFLICT if is_clash else _OTHER_TEXT)
        elif not self._follow("Le dossier a changé. "):
            self._screen.announce(_OTHER_FACTS)

    def _follow(self, said: str) -> bool:
        from gca_tui.ui.workshop.deeds.writing import follow_facts

        return follow_facts(self._screen, said)

    def _show(self) -> None:
        self._screen.show_facts()
        self._screen.checking.ask()

    def _failed(self, future: Future[Any]) -> bool:
        error = future.exception()
        if error is not None:
            self._screen.refuse(unwritten(error))
        return error is not None

"""The marked dossiers: all or none of a list, how many, which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gca_tui.domain.french import count
from gca_tui.errors import GcaError

if TYPE_CHECKING:
    from gca_tui.ui.desk import Key
    from gca_tui.ui.screens.queue import QueueScreen


class Marks:
    """What an agent does to the marks of the list; the list itself keeps and draws them."""

    def __init__(self, screen: QueueScreen) -> None:
        self._screen = screen

    def keys(self) -> list[Key]:
        """The marked dossiers. Raises GcaError over the limit, so that no action takes it for no mark at all."""
        from gca_tui.ui.work import BULK_LIMIT

        marked = self._screen.list.marked
        if len(marked) > BULK_LIMIT:
            number = count(len(marked), "dossier marqué", "dossiers marqués")
            raise GcaError(f"{number} : {BULK_LIMIT} au plus à la fois.", todo="Échap les démarque.")
        return [row.key for row in self._screen.desk.window.rows(sorted(marked)).values()]

    def turn(self) -> None:
        """Mark all that the list shows, or unmark all."""
        shown = self._screen.list
        if shown.marked:
            shown.marked.clear()
        elif shown.source.ids is not None:
            shown.marked.update(shown.source.ids)
        shown.refresh()
        self.say()

    def say(self) -> None:
        """How many are marked."""
        number = len(self._screen.list.marked)
        told = f"{count(number, 'dossier marqué', 'dossiers marqués')}." if number else "Aucune marque."
        self._screen.announce(told)

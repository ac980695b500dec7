"""Which dossier comes next: in the corbeille's order of work, or in a homogeneous sequence."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gca_tui.domain.french import count
from gca_tui.store.views import CALLS, CORBEILLE, Condition, View
from gca_tui.store.window import PRIORITY, Selection

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.screens.queue import QueueScreen


EN_ATTENTE = "en_attente"
_LOOKED_AT = ("attente", "transmis", "clos")
"""Views to look at, where nothing is to be worked on."""


@dataclass
class Sequence:
    """A homogeneous lot being worked: how many it holds, which were passed."""

    total: int
    seen: set[int] = field(default_factory=set)


class Following:
    """Goes from one dossier to the next, in the view that the agent chose to work on, else in the corbeille.

    A filter is a look for something: it is left. A dossier passed once in the sitting is not proposed again, nor one
    that waits or that a colleague holds.
    """

    def __init__(self, screen: QueueScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self.sequence: Sequence | None = None
        self._passed: set[int] = set()
        self._wanted = False

    def next(self) -> None:
        """Open the next dossier and say why it is the one."""
        if self.sequence:
            self._step()
            return
        row = self._screen.list.row
        if row and self._screen.pane.is_open:
            self._passed.add(row.id)
        listing = self._screen.listing
        view = CORBEILLE if listing.everywhere or listing.selection.view.id in _LOOKED_AT else listing.selection.view
        if listing.everywhere or listing.filter != view.filter or listing.selection != _as_opened(view):
            self._wanted = True
            self._screen.change_view(view)
        else:
            self._go_to_first()

    def listed(self) -> None:
        """The list asked for is there."""
        if self._wanted:
            self._go_to_first()

    def start(self, condition: Condition) -> None:
        """Keep only a homogeneous lot of the corbeille, to be worked one after another."""
        window, today = self._desk.window, self._desk.today
        wanted = window.matching(condition, today)
        ids = array("q", [number for number in window.ids(Selection(CORBEILLE), today) if number in wanted])
        if not ids:
            self._screen.refuse("Aucun dossier de cette sorte dans votre corbeille.")
            return
        self.sequence = Sequence(len(ids))
        self._screen.upkeep.go_to(ids[0])
        self._screen.listing.keep_only(ids)
        self._screen.announce(f"Séquence de {count(len(ids), 'dossier')} : n passe au suivant, L ou Échap la quitte.")

    def leave(self) -> None:
        """Back to the whole view."""
        if self.sequence:
            done = len(self.sequence.seen)
            self._screen.announce(f"Séquence quittée après {done} sur {self.sequence.total}.")
            self.sequence = None
            self._screen.listing.keep_only(None)

    def where(self) -> str:
        """How far the sequence is, for the header."""
        return f"séquence {self._screen.list.cursor + 1}/{self.sequence.total}" if self.sequence else ""

    def _step(self) -> None:
        sequence, shown = self.sequence, self._screen.list
        if sequence is None:
            return
        if row := shown.row:
            sequence.seen.add(row.id)
        if shown.cursor + 1 < shown.length:
            self._screen.go_to(shown.cursor + 1, self._why)
        else:
            self._screen.announce(f"Fin de la séquence : {len(sequence.seen)} sur {sequence.total}. L la quitte.")

    def _go_to_first(self) -> None:
        self._wanted = False
        shown, first = self._screen.list, None
        for index in range(shown.length):
            passed = shown.source.id_at(index) in self._passed
            if (passed and first is not None) or not self._is_workable(index):
                continue
            first = index if first is None else first
            if not passed:
                self._passed.add(shown.source.id_at(index))
                self._screen.go_to(index, self._why)
                return
        if first is None:
            self._screen.announce(self._nothing_left())
            return
        self._passed = {shown.source.id_at(first)}
        said = f"{count(shown.length, 'dossier passé', 'dossiers passés')} sans clôture, retour au premier."
        self._screen.go_to(first, lambda: f"{said} {self._why()}")

    def _is_workable(self, index: int) -> bool:
        """Views beside the corbeille and the calls show what waits, and what colleagues hold, too."""
        if self._screen.listing.selection.view in (CORBEILLE, CALLS):
            return True
        row = self._screen.list.source.row(index)
        if row is None:
            return False
        waits = row.statut == EN_ATTENTE and row.attente_jusqu > self._desk.today.isoformat()
        return row.holder in ("", self._desk.person.identifiant) and not waits

    def _nothing_left(self) -> str:
        view = self._screen.listing.selection.view
        if view == CORBEILLE:
            return "Plus aucun dossier à traiter dans votre corbeille."
        if view == CALLS:
            return "Plus aucun appel à faire."
        return f"{view.label} : plus aucun dossier à traiter. g puis m : votre corbeille."

    def _why(self) -> str:
        dossier = self._screen.dossier()
        if dossier is None:
            return ""
        from gca_tui.domain.priority import standing, why

        context = self._desk.context()
        place = standing(dossier, context.calendars, context.settings)
        said = why(dossier, place, context.today, context.calendars, context.settings)
        view = self._screen.listing.selection.view
        return said if view == CORBEILLE or self.sequence else f"{view.label}, {said[:1].lower()}{said[1:]}"


def _as_opened(view: View) -> Selection:
    """A view in the order it opens in: that of work, unless it has its own."""
    sort = view.sort.removeprefix("-") or PRIORITY
    return Selection(view, sort=sort, descending=view.sort.startswith("-"))

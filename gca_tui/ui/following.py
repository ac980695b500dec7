"""Which dossier comes next: from the server, in the corbeille's order of work, or in a homogeneous sequence."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gca_tui.domain.french import count
from gca_tui.store.views import CALLS, CORBEILLE, Condition, View
from gca_tui.store.window import PRIORITY, Row, Selection

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk, Key
    from gca_tui.ui.screens.queue import QueueScreen


EN_ATTENTE = "en_attente"
_LOOKED_AT = ("attente", "transmis", "clos")
"""Views to look at, where nothing is to be worked on."""


@dataclass
class Lot:
    """A homogeneous sequence being worked: how many dossiers it holds, which were passed."""

    total: int
    seen: set[int] = field(default_factory=set)


class Following:
    """Goes from one dossier to the next, in the view that the agent chose to work on, else in the corbeille.

    A filter is a look for something: it is left. A dossier passed once in the sitting is not proposed again, nor one
    that waits or that a colleague has.
    """

    def __init__(self, screen: QueueScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self.sequence: Lot | None = None
        self._passed: set[int] = set()
        self.passed_keys: dict[Key, None] = {}
        self._wanted = False
        self._goal: int | None = None
        self._said = ""

    def next(self) -> None:
        """Open the next dossier and say why it is the one."""
        if self.sequence:
            self._step()
            return
        row = self._screen.list.row
        if row and self._screen.pane.is_open:
            self._pass(row)
        if self._view() == CORBEILLE and self._screen.reserving.is_tied:
            from gca_tui.ui.actions.claims import ask_next

            ask_next(self._screen)
        else:
            self.next_here()

    def next_here(self, said: str = "") -> None:
        """Open the next dossier as this store has them, after saying something."""
        self._said, self._goal = said, None
        view = self._view()
        listing = self._screen.listing
        if listing.everywhere or listing.filter != view.filter or listing.selection != _as_opened(view):
            self._wanted = True
            self._screen.change_view(view)
        else:
            self._go_to_first()

    def open(self, row: Row, said: str = "") -> None:
        """Open one dossier of the corbeille, after saying something."""
        self._said, self._goal = said, row.id
        listing = self._screen.listing
        if listing.everywhere or listing.filter or listing.selection != _as_opened(CORBEILLE):
            self._screen.change_view(CORBEILLE)
        else:
            self._go_to_goal()

    def listed(self) -> None:
        """The list asked for is there."""
        if self._goal is not None:
            self._go_to_goal()
        elif self._wanted:
            self._go_to_first()

    def start(self, condition: Condition) -> None:
        """Keep only a homogeneous lot of the corbeille, to be worked one after another."""
        wanted = self._desk.window.matching(condition, self._desk.today)
        if not self.start_with(wanted):
            self._screen.refuse("Aucun dossier de cette sorte dans votre corbeille.")

    def start_with(self, wanted: set[int], said: str = "") -> array[int]:
        """Work these dossiers of the corbeille one after another, in its order; those that are, none when none is."""
        window, reserving = self._desk.window, self._screen.reserving
        others = (window.row(*key) for key in reserving.known if reserving.others(key))
        wanted = wanted - {row.id for row in others if row}
        ordered = window.ids(Selection(CORBEILLE), self._desk.today)
        ids = array("q", [number for number in ordered if number in wanted])
        if ids:
            self.sequence = Lot(len(ids))
            self._screen.upkeep.go_to(ids[0])
            self._screen.listing.keep_only(ids)
            how = f"Séquence de {count(len(ids), 'dossier')} : n passe au suivant, L ou Échap la quitte."
            self._screen.announce(f"{said} {how}".strip())
        return ids

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

    def _view(self) -> View:
        listing = self._screen.listing
        looked_at = listing.everywhere or listing.selection.view.id in _LOOKED_AT
        return CORBEILLE if looked_at else listing.selection.view

    def _pass(self, row: Row) -> None:
        """Leave a dossier: one that was only looked at is given back."""
        self._note(row)
        reserving = self._screen.reserving
        if not reserving.is_tied or row.key in reserving.mine("lot"):
            return
        if row.holder != self._desk.person.identifiant and not self._desk.has_drafts(row.key):
            reserving.give_back([row.key])

    def _note(self, row: Row) -> None:
        self._passed.add(row.id)
        self.passed_keys[row.key] = None

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

    def _go_to_goal(self) -> None:
        goal, self._goal = self._goal, None
        shown = self._screen.list
        place = shown.source.find(goal) if goal is not None else None
        row = shown.source.row(place) if place is not None else None
        if place is None or row is None:
            self.next_here(self._said)
            return
        self._note(row)
        self._screen.go_to(place, self._why)

    def _go_to_first(self) -> None:
        self._wanted = False
        shown, first = self._screen.list, None
        for index in range(shown.length):
            number = shown.source.id_at(index)
            passed = number in self._passed
            if (passed and first is not None) or not self._is_workable(index):
                continue
            first = index if first is None else first
            if not passed:
                self._arrive(index)
                return
        if first is None:
            self._screen.announce(f"{self._said} {self._nothing_left()}".strip())
            return
        self._passed, self.passed_keys = set(), {}
        again = f"{count(shown.length, 'dossier passé', 'dossiers passés')} sans clôture, retour au premier."
        self._said = f"{self._said} {again}".strip()
        self._arrive(first)

    def _arrive(self, index: int) -> None:
        """Open a dossier that the server did not give: it is asked for at the next contact."""
        row = self._screen.list.source.row(index)
        if row:
            self._note(row)
            self._screen.reserving.intend([row.key])
        self._screen.go_to(index, self._why)

    def _is_workable(self, index: int) -> bool:
        """Views beside the corbeille and the calls show what waits, and what colleagues hold, too."""
        has = self._screen.reserving.others
        is_sorted_out = self._screen.listing.selection.view in (CORBEILLE, CALLS)
        if is_sorted_out and not self._screen.reserving.known:
            return True
        row = self._screen.list.source.row(index)
        return row is not None and not has(row.key) and (is_sorted_out or self.is_free(row))

    def is_free(self, row: Row) -> bool:
        """Whether a dossier that is not closed waits for nothing and is nobody else's, as its own row says."""
        waits = row.statut == EN_ATTENTE and row.attente_jusqu > self._desk.today.isoformat()
        return row.holder in ("", self._desk.person.identifiant) and not waits

    def first_of(self, keys: Sequence[Key]) -> Row | None:
        """The first of these dossiers, in the order of work, that was not passed yet and is in the corbeille."""
        condition = Condition()
        left = [one for one in keys if one not in self.passed_keys]
        listed = [f"({condition.bind(caisse)}, {condition.bind(matricule)})" for caisse, matricule in left]
        condition.where.append(f"(caisse, matricule) IN (VALUES {', '.join(listed)})")
        found = self._desk.window.head(Selection(CORBEILLE, condition), self._desk.today, 1) if listed else []
        return found[0] if found else None

    def _nothing_left(self) -> str:
        view = self._screen.listing.selection.view
        if view == CORBEILLE:
            return "Plus aucun dossier à traiter dans votre corbeille."
        if view == CALLS:
            return "Plus aucun appel à faire."
        return f"{view.label} : plus aucun dossier à traiter. g puis m : votre corbeille."

    def _why(self) -> str:
        said, self._said = self._said, ""
        return f"{said} {self._reason()}".strip()

    def _reason(self) -> str:
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

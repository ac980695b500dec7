"""What keeps the list true to the store: lists and counts read in threads, commands settled, others' writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gca_tui.domain.french import count
from gca_tui.ui.screens.words import unwritten
from gca_tui.ui.widgets.dossier_list import RowSource

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.messages import Counted, Gone, Listed, Settled
    from gca_tui.ui.screens.queue import QueueScreen

WATCH = 0.5
"""Seconds between two looks at whether another program wrote."""


class Upkeep:
    """Takes in what threads tell. The cursor stays on its dossier wherever that one goes."""

    def __init__(self, screen: QueueScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self.caisses: list[tuple[str, int]] = []
        self.counts: dict[str, int] = {}
        self._goal: int | None = None
        self._from_top = False
        self._settling = ""
        self._version = 0

    def begin(self) -> None:
        """What is on screen is what the store holds now."""
        self._version = self._desk.window.data_version()

    def watch(self) -> None:
        """Under another screen it waits: redrawing here would redraw what lies above, some 8 kB at each draft."""
        if not self._screen.is_current:
            return
        version, today, shown = self._desk.window.data_version(), self._desk.today, self._screen.list
        if version != self._version or today != shown.facts.today:
            shown.facts = replace(shown.facts, today=today)
            self._read_again()

    def go_to(self, number: int) -> None:
        """Put the cursor on that id once the next list is there."""
        self._goal = number

    def go_to_top(self) -> None:
        """Put the cursor on the first line once the next list is there."""
        self._from_top = True

    def listed(self, event: Listed) -> None:
        """Another list, the cursor where it belongs; where its dossier left the list, that is said."""
        screen, shown = self._screen, self._screen.list
        key, source = screen.key(), RowSource(self._desk.window, event.head, event.ids)
        place = self._place(source)
        shown.show(source, shown.cursor if place is None else place)
        if place is None and key:
            if screen.detail.has_focus:
                screen.pane.leave()
            if self._settling and (row := shown.row):
                now = f"Sous le curseur maintenant : {row.caisse}·{row.matricule} {row.nom}."
                screen.announce(f"{self._settling} {now}")
        self._settling = ""

    def _place(self, source: RowSource) -> int | None:
        """The line the cursor goes to; None when what it was on is not in the list, under another id either."""
        shown, key = self._screen.list, self._screen.key()
        goal = self._goal or (shown.source.id_at(shown.cursor) if shown.length else None)
        is_from_top, self._goal, self._from_top = self._from_top, None, False
        if is_from_top:
            return 0
        place = source.find(goal) if goal is not None else None
        if place is None and key and (row := self._desk.window.row(*key)):
            place = source.find(row.id)
        return place

    def gone(self, event: Gone) -> None:
        """Marks on rows that are no more."""
        marked = self._screen.list.marked
        if lost := marked & event.ids:
            marked -= lost
            gone = count(len(lost), "marque perdue", "marques perdues")
            self._screen.announce(f"{gone}, un import a remplacé le dossier ; il en reste {len(marked)}.")

    def counted(self, event: Counted) -> None:
        """Numbers for the rail, which gets other lines only where there are others."""
        rail, listing = self._screen.rail, self._screen.listing
        self.counts = event.counts
        if event.caisses != self.caisses or len(rail.entries) != len(listing.rail(event.caisses, {})):
            self.caisses = event.caisses
            rail.show(listing.rail(event.caisses, event.counts), listing.selection.view.id)
        else:
            rail.count(event.counts)

    def settled(self, event: Settled) -> None:
        """A write ended: say what came of it, and read again when something did."""
        from gca_tui.ui.work import undone

        error = event.future.exception()
        if error is not None:
            self._screen.refuse(unwritten(error))
            return
        result = event.future.result()
        if event.many:
            self._screen.list.marked.clear()
        if event.said:
            self._settling = f"{event.said.rstrip('.')}." + (" n ouvre le suivant." if event.closing else "")
            self._screen.announce(self._settling)
        elif isinstance(result, list):
            self._screen.announce(undone(result))
        self._read_again()

    def _read_again(self) -> None:
        self.begin()
        self._screen.list.changed()
        self._screen.listing.data_changed()
        self._screen.listing.recount()
        self._screen.pane.draw()

"""What keeps the list true to the store: lists and counts read in threads, commands settled, others' writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from gca_tui.domain.french import count, typeset
from gca_tui.presentation.claim_words import denied_words
from gca_tui.store.waiting import SyncState
from gca_tui.ui.actions.registry import key_of
from gca_tui.ui.news import news, nothing
from gca_tui.ui.screens.words import unwritten
from gca_tui.ui.widgets.bars import Footer
from gca_tui.ui.widgets.dossier_list import RowSource

if TYPE_CHECKING:
    from gca_tui.sync.claims import Refused
    from gca_tui.ui.desk import Desk, Key
    from gca_tui.ui.messages import Counted, Gone, Listed, Settled
    from gca_tui.ui.screens.queue import QueueScreen

WAITING = "waiting"


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
        self.sync = SyncState()
        self._then: Callable[[], None] | None = None
        self._is_exchanging = False
        self._others: int | None = None
        self._said_empty = ""

    def begin(self) -> None:
        """What is on screen is what the store holds now."""
        self._version = self._desk.window.data_version()
        self.sync = self._desk.sync_state()
        self._screen.reserving.read()

    def begin_sync(self) -> None:
        """Exchange with the server once the store is tied to one, and say what there is to decide."""
        if self.sync.tied and not self._is_exchanging:
            self._is_exchanging = True
            self._desk.syncing.on_refused = lambda refused: self._screen.app.call_from_thread(
                self._tell_denied, refused
            )
            self._desk.begin_sync()
            self._tell_news(SyncState())

    def watch(self) -> None:
        """Under another screen it waits: redrawing here would redraw what lies above, some 8 kB at each draft."""
        if not self._screen.is_current:
            return
        version, today, shown = self._desk.window.data_version(), self._desk.today, self._screen.list
        if version != self._version or today != shown.facts.today:
            shown.facts = replace(shown.facts, today=today)
            self._read_again()
            self._others = self._screen.listing.asked
            self.begin_sync()

    def _tell_news(self, before: SyncState) -> None:
        if self.sync != before:
            self._screen.say_header()
            if said := news(before, self.sync, self._desk.window.connection):
                self._screen.announce(f"{said} {key_of(WAITING, self._screen.app_keys())} : la boîte d’envoi.")

    def go_to(self, number: int, then: Callable[[], None] | None = None) -> None:
        """Put the cursor on that id once the next list is there, and go on from there."""
        self._goal, self._then = number, then

    def open_dossier(self, key: Key) -> None:
        """Find a dossier among all, and open it."""
        screen, row = self._screen, self._desk.window.row(*key)
        if row is None:
            screen.refuse(f"Le dossier {key[0]}·{key[1]} n’est plus sur ce poste.")
            return
        self.go_to(row.id, screen.pane.open)
        screen.listing.change_filter(key[1], everywhere=True)

    def go_to_top(self) -> None:
        """Put the cursor on the first line once the next list is there."""
        self._from_top = True

    def listed(self, event: Listed) -> None:
        """Another list, the cursor where it belongs; where its dossier left the list, that is said."""
        screen, shown = self._screen, self._screen.list
        key, source = screen.key(), RowSource(self._desk.window, event.head, event.ids)
        place = self._place(source)
        shown.show(source, shown.cursor if place is None else place)
        if place is None and screen.detail.has_focus:
            screen.pane.leave()
        if place is None and key and self._settling and (row := shown.row):
            now = f"Sous le curseur maintenant : {row.caisse}·{row.matricule} {row.nom}."
            screen.announce(f"{self._settling} {now}")
        elif place is None and key and event.asked == self._others:
            self._tell_slipped(key)
        self._settling = ""
        then, self._then = self._then, None
        if then and place is not None:
            then()

    def _tell_denied(self, refused: list[Refused]) -> None:
        """Somebody else has what was taken here without network."""
        self._screen.reserving.read()
        self._screen.list.changed()
        one, others = refused[0], len(refused) - 1
        said = denied_words(f"{one.key[0]}·{one.key[1]}", one.nom, one.until)
        self._screen.announce(f"{said} {count(others, 'autre dossier')} de même." if others else said)

    def _tell_slipped(self, key: Key) -> None:
        """Others' work took the dossier under the cursor out of this list: the next key is about another one.

        One that left this store is said among the news.
        """
        from gca_tui.ui.beneath import last_done

        screen, row = self._screen, self._screen.list.row
        if (said := last_done(self._desk, key)) is not None:
            now = f" Sous le curseur maintenant : {row.caisse}·{row.matricule} {row.nom}." if row else ""
            by = f" ({said})" if said else ""
            screen.announce(f"{key[0]}·{key[1]} n’est plus dans cette liste{by}.{now}")

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
        self._say_empty(is_empty=not any(event.counts.values()))

    def _say_empty(self, *, is_empty: bool) -> None:
        """How to have dossiers, over a store without any, until there are some. What was said of others stays."""
        footer = self._screen.query_one(Footer)
        is_ours = footer.message in ("", typeset(self._said_empty))
        said = nothing(self.sync) if is_empty else ""
        if is_ours and said != self._said_empty:
            self._said_empty = said
            self._screen.announce(said)

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
            self._screen.announce(undone(result, is_tied=self.sync.tied))
        self._read_again()

    def _read_again(self) -> None:
        before = self.sync
        self.begin()
        self._tell_news(before)
        self._screen.list.changed()
        self._screen.listing.data_changed()
        self._screen.listing.recount()
        self._screen.pane.draw()

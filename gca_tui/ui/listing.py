"""Which dossiers the list shows: view, filter and sort, and the reading that follows from them in a thread."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from gca_tui.errors import InputError
from gca_tui.store.views import BY_ID, CORBEILLE, EVERYTHING, Condition, View, caisse_view, saved_view
from gca_tui.store.window import PRIORITY, SORTS, Selection, Window
from gca_tui.ui.actions.drafts import tell_drafts
from gca_tui.ui.messages import Counted, Failed, Gone, Listed
from gca_tui.ui.widgets.dossier_list import RowSource
from gca_tui.ui.widgets.rail import UNCOUNTED, Entry

if TYPE_CHECKING:
    from textual.message import Message

    from gca_tui.ui.desk import Desk
    from gca_tui.ui.screens.queue import QueueScreen

HEAD = 128
"""Rows read at once when the list changes; the rest is known a moment later."""


@dataclass(frozen=True)
class Question:
    """What is read in a thread, as it was when it was asked."""

    number: int
    changes: int
    selection: Selection
    filter: str
    everywhere: bool
    only: array[int] | None
    marked: frozenset[int]


class Listing:
    """The selection on show and its base: the ids of the view in order, which each letter of a filter narrows.

    Textual does not stop a thread: a newer question interrupts the query of the older one and waits for its window.
    """

    def __init__(self, screen: QueueScreen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._reader: Window | None = None
        self._counter: Window | None = None
        self._base: tuple[Selection, int, array[int]] | None = None
        self.selection = Selection(CORBEILLE)
        self.filter = ""
        self.everywhere = False
        self.only: array[int] | None = None
        self.changes = 0
        self.asked = 0
        self._counting = 0
        self._marks_seen = 0
        self._read_lock, self._count_lock = Lock(), Lock()

    def first(self) -> RowSource:
        """The first rows, before anything else is loaded."""
        return RowSource(None, self._desk.window.head(self.selection, self._desk.today, HEAD))

    def change_view(self, view: View) -> None:
        """Show another view, with its own filter and sort. Raises InputError when it is shown without its filter."""
        self.filter, self.everywhere, self.only = "", False, None
        sort = view.sort.removeprefix("-") or PRIORITY
        self.selection = Selection(view, sort=sort, descending=view.sort.startswith("-"))
        try:
            self.change_filter(view.filter)
        except InputError:
            self.reload()
            raise

    def change_sort(self, sort: str) -> None:
        """Sort by another column; the same one again turns the order round."""
        same = sort == self.selection.sort
        self.selection = replace(self.selection, sort=sort, descending=same and not self.selection.descending)
        self.reload()

    def change_filter(self, text: str, *, everywhere: bool = False) -> None:
        """Narrow the list to what meets a text. Raises InputError, and keeps the filter before, for a wrong one."""
        everywhere = everywhere and bool(text.strip())
        self._condition(text, everywhere=everywhere, window=self._desk.window)
        self.filter, self.everywhere = text, everywhere
        self.reload()

    def keep_only(self, ids: array[int] | None) -> None:
        """Narrow the list to a lot, in its order; None shows all again."""
        self.only = ids
        self.reload()

    def data_changed(self) -> None:
        """Read again: somebody wrote."""
        self.changes += 1
        self.reload()

    def reload(self) -> None:
        """Read the ids in a thread; what was being read for an older selection is dropped."""
        self.asked += 1
        marked = frozenset(self._screen.list.marked) if self._marks_seen != self.changes else frozenset()
        asked = Question(self.asked, self.changes, self.selection, self.filter, self.everywhere, self.only, marked)
        if self._reader:
            self._reader.interrupt()
        self._work("list", partial(self._read, asked), self._read_lock, lambda: asked.number == self.asked)

    def recount(self) -> None:
        """Count the views in a thread."""
        self._counting += 1
        number = self._counting
        if self._counter:
            self._counter.interrupt()
        if number == 1:
            self._screen.call_later(tell_drafts, self._screen)
        self._work("count", self._count, self._count_lock, lambda: number == self._counting)

    def _work(self, group: str, read: Callable[[], Message], lock: Lock, is_wanted: Callable[[], bool]) -> None:
        """Read in a thread and tell the screen, unless something newer was asked meanwhile."""

        def run() -> None:
            with lock:
                if not is_wanted():
                    return
                try:
                    told = read()
                except Exception as error:  # an older query that was interrupted, or what the agent must know
                    told = Failed(error)
                if is_wanted():
                    self._screen.post_message(told)

        self._screen.run_worker(run, thread=True, exclusive=True, group=group, exit_on_error=False)

    def sort_name(self) -> str:
        """The sort as the agent knows it."""
        name = SORTS[self.selection.sort][0]
        return f"{name} (inverse)" if self.selection.descending else name

    def _read(self, asked: Question) -> Listed:
        reader = self._reader = self._reader or self._desk.background_window()
        today = self._desk.today
        condition = self._condition(asked.filter, everywhere=asked.everywhere)
        if asked.only is not None:
            ids = asked.only
        elif asked.everywhere:
            ids = reader.ids(Selection(EVERYTHING, sort=asked.selection.sort), today)
        else:
            ids = self._base_ids(reader, asked)
        if condition is not None:
            found = reader.matching(condition, today)
            ids = array("q", [number for number in ids if number in found])
        if asked.marked:
            self._screen.post_message(Gone(asked.marked - reader.matching(Condition(), today)))
        self._marks_seen = asked.changes
        first = ids[:HEAD]
        rows = reader.rows(first)
        return Listed(asked.number, ids, [rows[number] for number in first if number in rows])

    def _base_ids(self, reader: Window, asked: Question) -> array[int]:
        if self._base is None or self._base[:2] != (asked.selection, asked.changes):
            self._base = (asked.selection, asked.changes, reader.ids(asked.selection, self._desk.today))
        return self._base[2]

    def _condition(self, typed: str, *, everywhere: bool, window: Window | None = None) -> Condition | None:
        text = typed.strip()
        if not text:
            return None
        from gca_tui.store.filter_terms import Setting, parse, parse_everywhere
        from gca_tui.store.filter_values import known_in

        if everywhere:
            return parse_everywhere(text)
        return parse(text, Setting(self._desk.today, self._desk.calendars, known_in(window) if window else None))

    def _count(self) -> Counted:
        counter = self._counter = self._counter or self._desk.background_window()
        caisses = counter.caisses()
        counts = {f"caisse:{caisse}": number for caisse, number in caisses}
        for view in self._views(counter):
            try:
                condition = self._condition(view.filter, everywhere=False)
            except InputError:
                counts[view.id] = UNCOUNTED
            else:
                counts[view.id] = counter.count(Selection(view, condition or Condition()), self._desk.today)
        return Counted(counts, caisses)

    def views(self) -> list[View]:
        """The views of the rail, the agent's own included, caisses left out."""
        return self._views(self._desk.window)

    def _views(self, window: Window) -> list[View]:
        own = window.saved_views()
        return [*BY_ID.values(), *(saved_view(n, self._view(base), text, sort) for n, text, sort, base in own)]

    def rail(self, caisses: list[tuple[str, int]], counts: dict[str, int]) -> list[Entry]:
        """The lines of the rail."""
        views = self.views()
        own = [view for view in views if view.id.startswith("vue:")]
        lines = [Entry("VUES"), *(Entry(v.label, v, counts.get(v.id)) for v in views if v not in own)]
        if caisses:
            from gca_tui import reference

            lines.append(Entry("CAISSES"))
            for caisse, number in caisses:
                lines.append(Entry(reference.caisse_label(caisse), caisse_view(caisse, caisse), number))
        if own:
            lines += [Entry("MES VUES"), *(Entry(view.label, view, counts.get(view.id)) for view in own)]
        return lines

    @staticmethod
    def _view(base: str) -> View:
        if base.startswith("caisse:"):
            return caisse_view(base[7:], base[7:])
        return BY_ID.get(base, CORBEILLE)

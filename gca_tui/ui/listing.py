"""Which dossiers the list shows: view, filter and sort, and the reading that follows from them in a thread."""

from __future__ import annotations

from array import array
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from gca_tui.errors import InputError
from gca_tui.store.views import BY_ID, CORBEILLE, EVERYTHING, Condition, View, caisse_view, saved_view
from gca_tui.store.window import PRIORITY, SORTS, Selection, Window
from gca_tui.ui.messages import Counted, FilterRefused, Listed
from gca_tui.ui.widgets.dossier_list import RowSource
from gca_tui.ui.widgets.rail import Entry

if TYPE_CHECKING:
    from gca_tui.ui.desk import Desk
    from gca_tui.ui.screens.queue import QueueScreen

HEAD = 128
"""Rows read at once when the list changes; the rest is known a moment later."""


class Listing:
    """The selection on show and its base: the ids of the view in order, which each letter of a filter narrows."""

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

    def first(self) -> RowSource:
        """The first rows, before anything else is loaded."""
        return RowSource(None, self._desk.window.head(self.selection, self._desk.today, HEAD))

    def change_view(self, view: View) -> None:
        """Show another view, with its own filter and sort."""
        self.filter, self.everywhere, self.only = view.filter, False, None
        sort = view.sort.removeprefix("-") or PRIORITY
        self.selection = Selection(view, sort=sort, descending=view.sort.startswith("-"))
        self.reload()

    def change_sort(self, sort: str) -> None:
        """Sort by another column; the same one again turns the order round."""
        same = sort == self.selection.sort
        self.selection = replace(self.selection, sort=sort, descending=same and not self.selection.descending)
        self.reload()

    def change_filter(self, text: str, *, everywhere: bool = False) -> None:
        """Narrow the list to what meets a text."""
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
        read = partial(self._read, self.asked)
        self._screen.run_worker(read, thread=True, exclusive=True, group="list", exit_on_error=False)

    def recount(self) -> None:
        """Count the views in a thread."""
        self._screen.run_worker(self._count, thread=True, exclusive=True, group="count", exit_on_error=False)

    def sort_name(self) -> str:
        """The sort as the agent knows it."""
        name = SORTS[self.selection.sort][0]
        return f"{name} (inverse)" if self.selection.descending else name

    def _read(self, asked: int) -> None:
        worker = get_current_worker()
        self._reader = self._reader or self._desk.background_window()
        try:
            condition = self._condition()
        except InputError as error:
            if not worker.is_cancelled:
                self._screen.post_message(FilterRefused(asked, str(error)))
            return
        selection, today = replace(self.selection, condition=Condition()), self._desk.today
        if self.only is not None:
            ids = self.only
        elif self.everywhere:
            ids = self._reader.ids(Selection(EVERYTHING, sort=selection.sort), today)
        else:
            ids = self._base_ids(selection)
        if condition is not None:
            found = self._reader.matching(condition, today)
            ids = array("q", [number for number in ids if number in found])
        if not worker.is_cancelled:
            first = ids[:HEAD]
            rows = self._reader.rows(first)
            head = [rows[number] for number in first if number in rows]
            self._screen.post_message(Listed(asked, ids, head))

    def _base_ids(self, selection: Selection) -> array[int]:
        if self._reader is None:
            raise RuntimeError("no reader")
        if self._base is None or self._base[:2] != (selection, self.changes):
            self._base = (selection, self.changes, self._reader.ids(selection, self._desk.today))
        return self._base[2]

    def _condition(self) -> Condition | None:
        text = self.filter.strip()
        if not text:
            return None
        from gca_tui.store.filter_terms import Setting, parse, parse_everywhere

        if self.everywhere:
            return parse_everywhere(text)
        return parse(text, Setting(self._desk.today, self._desk.calendars))

    def _count(self) -> None:
        self._counter = self._counter or self._desk.background_window()
        caisses = self._counter.caisses()
        counts = {f"caisse:{caisse}": number for caisse, number in caisses}
        for view in self.views():
            counts[view.id] = self._counter.count(self._counted(view), self._desk.today)
        if not get_current_worker().is_cancelled:
            self._screen.post_message(Counted(counts, caisses))

    def _counted(self, view: View) -> Selection:
        if not view.filter:
            return Selection(view)
        from gca_tui.store.filter_terms import Setting, parse

        return Selection(view, parse(view.filter, Setting(self._desk.today, self._desk.calendars)))

    def views(self) -> list[View]:
        """The views of the rail, the agent's own included, caisses left out."""
        saved = self._desk.window.saved_views() if self._counter is None else self._counter.saved_views()
        return [*BY_ID.values(), *(saved_view(n, self._view(base), text, sort) for n, text, sort, base in saved)]

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

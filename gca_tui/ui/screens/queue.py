"""The main screen: views, list, dossier. It joins widgets to `Listing` and `Work`; the rules are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from gca_tui.domain.french import count
from gca_tui.errors import GcaError, InputError
from gca_tui.store.views import CORBEILLE, View, caisse_view
from gca_tui.ui.actions.base import Situation
from gca_tui.ui.actions.registry import ACTIONS, footer_keys
from gca_tui.ui.actions.registry import BY_ID as ACTION_BY_ID
from gca_tui.ui.following import Following
from gca_tui.ui.header import header
from gca_tui.ui.listing import Listing
from gca_tui.ui.messages import Counted, Failed, Gone, Listed, Settled, Warmed
from gca_tui.ui.screens.words import unforeseen, unwritten
from gca_tui.ui.widgets.bars import Bar, Footer
from gca_tui.ui.widgets.column_header import ColumnHeader
from gca_tui.ui.widgets.detail import TAB_NAMES, Detail
from gca_tui.ui.widgets.dossier_list import DossierList, Facts, RowSource
from gca_tui.ui.widgets.filter_bar import FilterBar
from gca_tui.ui.widgets.line_list import LineList
from gca_tui.ui.widgets.rail import Rail, count_text
from gca_tui.ui.work import Work

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.desk import Desk, Key

REST = 0.12
"""Seconds after the last move before the dossier under the cursor is drawn."""
WATCH = 0.5
"""Seconds between two looks at whether another program wrote."""
NARROW, SHORT = 100, 30


class QueueScreen(Screen[None]):
    """An agent's working day."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(action.keys, f"invoke('{action.id}')", action.label, show=False, id=action.id) for action in ACTIONS),
        Binding("escape", "back", "Revenir", show=False),
    ]

    def __init__(self, desk: Desk, keymap: dict[str, str]) -> None:
        super().__init__()
        self.desk = desk
        self.listing = Listing(self, desk)
        self.work = Work(self, desk)
        self.following = Following(self, desk)
        self.list = DossierList(Facts(desk.today, desk.calendars, desk.person.identifiant))
        self.detail = Detail()
        self.rail = Rail()
        self.caisses: list[tuple[str, int]] = []
        self._counts: dict[str, int] = {}
        self._keymap = keymap
        self._rest: Timer | None = None
        self._follow: int | None = None
        self._settling = ""
        self._from_top = False
        self._version = 0
        self._header = Bar(id="header")
        self._columns = ColumnHeader()
        self._filter = FilterBar()
        self._footer = Footer(footer_keys(keymap))

    def compose(self) -> ComposeResult:
        """Header, rail, list over detail, footer."""
        yield self._header
        with Horizontal(id="main"):
            yield self.rail
            with Vertical(id="work"):
                yield self._filter
                yield self._columns
                yield self.list
                yield self.detail
        yield self._footer

    def on_mount(self) -> None:
        """The first rows are there before anything heavy is loaded."""
        self._say_header()
        self.rail.show(self.listing.rail([], {}), CORBEILLE.id)
        self.list.show(self.listing.first(), 0)
        self.list.focus()
        self._version = self.desk.window.data_version()

    def start(self) -> None:
        """Once the writing side is loaded: the whole list, the counts, the dossier under the cursor, the watch."""
        self.listing.reload()
        self.listing.recount()
        self._draw_detail()
        self.set_interval(WATCH, self._watch)

    def key(self) -> Key | None:
        """The dossier under the cursor."""
        row = self.list.row
        return row.key if row else None

    def dossier(self) -> Dossier | None:
        """The dossier under the cursor, whole."""
        key = self.key()
        return self.desk.dossier(key) if key else None

    def marked_keys(self) -> list[Key]:
        """The marked dossiers. Raises GcaError over the limit, so that no action takes it for no mark at all."""
        from gca_tui.ui.work import BULK_LIMIT

        if len(self.list.marked) > BULK_LIMIT:
            number = count(len(self.list.marked), "dossier marqué", "dossiers marqués")
            raise GcaError(f"{number} : {BULK_LIMIT} au plus à la fois.", todo="Échap les démarque.")
        rows = self.desk.window.rows(sorted(self.list.marked))
        return [row.key for row in rows.values()]

    def announce(self, text: str) -> None:
        """Say what happened."""
        self._footer.announce(text)

    def refuse(self, text: str) -> None:
        """Say why something cannot be done."""
        self._footer.announce(text, refused=True)

    def counted(self, view: str) -> str:
        """How many dossiers a view holds, once known."""
        return count_text(self._counts.get(view))

    def filter_problem(self) -> str:
        """What is not understood in the filter being typed; the list still shows the one before."""
        return self._filter.problem

    def app_keys(self) -> dict[str, str]:
        """The keys in force where they were changed."""
        return self._keymap

    def terms_under_cursor(self) -> list[str]:
        """The glossary terms of what has the focus."""
        if self.detail.has_focus:
            return [TAB_NAMES[self.detail.tab], *self.detail.terms()]
        return [self._columns.title, *self.list.terms()]

    def action_invoke(self, name: str) -> None:
        """Do what an action says, or say why not. An error nobody foresaw ends here, so that the next key works."""
        action = ACTION_BY_ID[name]
        refused = action.refusal(Situation(self.list.row, len(self.list.marked)))
        if refused:
            self.refuse(refused)
            return
        self._footer.clear()
        try:
            action.run(self)
        except GcaError as error:
            self.refuse(str(error))
        except Exception as error:
            if self.app.is_headless:
                raise
            self._tell(error)

    def open_view(self, name: str | None) -> None:
        """Show a view of the rail."""
        view = next((one for one in self.listing.views() if one.id == name), None)
        if view is None and name and name.startswith("caisse:"):
            view = caisse_view(name[7:], name[7:])
        if view:
            self.change_view(view)
            self._back_to_list()

    def sort_by(self, sort: str | None) -> None:
        """Sort by a column."""
        if sort:
            self.listing.change_sort(sort)
            self.announce(f"Tri : {self.listing.sort_name()}.")

    def open_filter(self, *, everywhere: bool) -> None:
        """Type a filter; the list follows each letter."""
        self._footer.clear()
        self._filter.open(self.listing.filter if everywhere == self.listing.everywhere else "", everywhere=everywhere)

    @property
    def is_open(self) -> bool:
        """Whether the agent is in the dossier rather than in the list."""
        return self.detail.has_focus or self.has_class("-opened")

    def follow(self, number: int) -> None:
        """Put the cursor on that id once the next list is there."""
        self._follow = number

    def go_to(self, index: int, why: Callable[[], str]) -> None:
        """Open the dossier of a line and say why it is the one."""
        with self.list.prevent(LineList.Moved):
            self.list.move_to(index)
        self._open_detail()
        self._say_header()
        self.announce(why())

    def mark_all(self) -> None:
        """Mark all that the list shows, or unmark all."""
        ids = self.list.source.ids
        if self.list.marked:
            self.list.marked.clear()
        elif ids is not None:
            self.list.marked.update(ids)
        self.list.refresh()
        self.say_marks()

    def say_marks(self) -> None:
        """How many are marked."""
        number = len(self.list.marked)
        self.announce(f"{count(number, 'dossier marqué', 'dossiers marqués')}." if number else "Aucune marque.")

    def action_back(self) -> None:
        """From the dossier to the list, then marks, filter and sequence go one by one."""
        if self.is_open:
            self._back_to_list()
        elif self.list.marked:
            self.mark_all()
        elif self.listing.filter:
            self.listing.change_filter("")
            self._filter.close()
        elif self.following.sequence:
            self.following.leave()
        else:
            self._footer.clear()
            self.list.focus()

    @on(LineList.Moved, "#list")
    def _moved(self) -> None:
        self._footer.clear()
        if self._rest:
            self._rest.stop()
        self._rest = self.set_timer(REST, self._draw_detail)

    @on(DossierList.ColumnStepped)
    def _column_stepped(self, event: DossierList.ColumnStepped) -> None:
        self._columns.step(event.step)

    @on(DossierList.Marked)
    def _marked(self) -> None:
        self.say_marks()

    @on(LineList.Chosen, "#list")
    def _opened(self) -> None:
        self._open_detail()

    @on(LineList.Chosen, "#rail")
    def _view_chosen(self, event: LineList.Chosen) -> None:
        if view := self.rail.view_at(event.index):
            self.change_view(view)
            self.list.focus()

    @on(FilterBar.Typed)
    def _typed(self, event: FilterBar.Typed) -> None:
        try:
            self.listing.change_filter(event.text, everywhere=event.everywhere)
        except InputError as error:
            self._filter.wrong(str(error))

    @on(Input.Submitted, "#filter-text")
    def _filtered(self) -> None:
        self.list.focus()

    @on(Warmed)
    def _warmed(self, event: Warmed) -> None:
        if event.error is not None:
            self.refuse(unwritten(event.error))
        self.start()

    @on(Listed)
    def _listed(self, event: Listed) -> None:
        if event.asked != self.listing.asked:
            return
        current = self._follow or (self.list.source.id_at(self.list.cursor) if self.list.length else None)
        key, self._follow = self.key(), None
        source = RowSource(self.desk.window, event.head, event.ids)
        place = 0 if self._from_top else source.find(current) if current is not None else None
        self._from_top = False
        if place is None and key and (row := self.desk.window.row(*key)):
            place = source.find(row.id)
        self.list.show(source, self.list.cursor if place is None else place)
        if place is None and key:
            if self.detail.has_focus:
                self._back_to_list()
            if self._settling and (row := self.list.row):
                now = f"Sous le curseur maintenant : {row.caisse}·{row.matricule} {row.nom}."
                self.announce(f"{self._settling} {now}")
        self._settling = ""
        self._filter.found(len(event.ids))
        self._say_header()
        self.following.listed()
        self._draw_detail()

    @on(Gone)
    def _gone(self, event: Gone) -> None:
        if lost := self.list.marked & event.ids:
            self.list.marked -= lost
            gone = count(len(lost), "marque perdue", "marques perdues")
            self.announce(f"{gone}, un import a remplacé le dossier ; il en reste {len(self.list.marked)}.")

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self._tell(event.error)

    @on(Counted)
    def _counted(self, event: Counted) -> None:
        self._counts = event.counts
        if event.caisses != self.caisses or len(self.rail.entries) != len(self.listing.rail(event.caisses, {})):
            self.caisses = event.caisses
            self.rail.show(self.listing.rail(event.caisses, event.counts), self.listing.selection.view.id)
        else:
            self.rail.count(event.counts)

    @on(Settled)
    def _settled(self, event: Settled) -> None:
        from gca_tui.ui.work import undone

        error = event.future.exception()
        if error is not None:
            self.refuse(getattr(error, "reason", "") or unwritten(error))
            return
        result = event.future.result()
        if event.many:
            self.list.marked.clear()
        if event.said:
            self._settling = f"{event.said.rstrip('.')}." + (" n ouvre le suivant." if event.closing else "")
            self.announce(self._settling)
        elif isinstance(result, list):
            self.announce(undone(result))
        self.list.changed()
        self._refresh()

    def on_resize(self, event: events.Resize) -> None:
        """What fits is shown."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.height < SHORT, "-short")
        self._say_header()

    def change_view(self, view: View) -> None:
        """Show another view, from its first line."""
        self.following.sequence = None
        self._filter.close()
        self.list.marked.clear()
        try:
            self.listing.change_view(view)
        except InputError as error:
            self.refuse(f"{error} La vue est montrée sans son filtre.")
        self._from_top = True
        self.rail.show(self.rail.entries, view.id)
        self._say_header()

    def _back_to_list(self) -> None:
        """Which dossier is under the cursor must be seen before a key acts on it."""
        self.remove_class("-opened")
        self.list.focus()

    def _open_detail(self) -> None:
        """Shown first, then drawn: a dossier that is not on screen is not drawn, and keys act on the one that is."""
        if self.list.length:
            self.set_class(self.has_class("-short"), "-opened")
            self.detail.focus()
        self._draw_detail()

    def _draw_detail(self) -> None:
        if self._rest:
            self._rest.stop()
        if self.has_class("-short") and not self.has_class("-opened") and not self.detail.has_focus:
            return
        dossier = self.dossier()
        self.detail.show(dossier, self.desk.context() if dossier else None)

    def _watch(self) -> None:
        """Under another screen it waits: redrawing here would redraw what lies above, some 8 kB at each draft."""
        if not self.is_current:
            return
        version, today = self.desk.window.data_version(), self.desk.today
        if version != self._version or today != self.list.facts.today:
            self._version = version
            self.list.facts = replace(self.list.facts, today=today)
            self.list.changed()
            self._refresh()

    def _refresh(self) -> None:
        self._version = self.desk.window.data_version()
        self.listing.data_changed()
        self.listing.recount()
        self._draw_detail()

    def _tell(self, error: Exception) -> None:
        self.refuse(unforeseen(error, self.desk.path.parent))

    def _say_header(self) -> None:
        self._header.say(header(self.desk, self.listing, self.following, self.list.length))

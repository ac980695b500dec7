"""The main screen: views, list, dossier. It joins keys and widgets to what is behind them; the rules are elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from gca_tui.errors import GcaError, InputError
from gca_tui.store.views import CORBEILLE, View, caisse_view
from gca_tui.ui.actions.base import Situation
from gca_tui.ui.actions.registry import ACTIONS, footer_keys
from gca_tui.ui.actions.registry import BY_ID as ACTION_BY_ID
from gca_tui.ui.beneath import WATCH
from gca_tui.ui.following import Following
from gca_tui.ui.header import header, now
from gca_tui.ui.listing import Listing
from gca_tui.ui.messages import Answered, Counted, Failed, Gone, Listed, Settled, Warmed
from gca_tui.ui.reserving import Reserving
from gca_tui.ui.screens.marks import Marks
from gca_tui.ui.screens.pane import NARROW, SHORT, Pane
from gca_tui.ui.screens.upkeep import Upkeep
from gca_tui.ui.screens.words import unforeseen, unwritten
from gca_tui.ui.widgets.bars import Bar, Footer
from gca_tui.ui.widgets.column_header import ColumnHeader
from gca_tui.ui.widgets.detail import TAB_NAMES, Detail
from gca_tui.ui.widgets.dossier_list import DossierList, Facts
from gca_tui.ui.widgets.filter_bar import FilterBar
from gca_tui.ui.widgets.line_list import LineList
from gca_tui.ui.widgets.rail import Rail, count_text
from gca_tui.ui.work import Work

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.desk import Desk, Key


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
        self.reserving = Reserving(self, desk)
        self.following = Following(self, desk)
        self.list = DossierList(Facts(desk.today, desk.calendars, desk.person.identifiant))
        self.detail = Detail()
        self.rail = Rail()
        self.marks = Marks(self)
        self.pane = Pane(self)
        self.upkeep = Upkeep(self, desk)
        self._keymap = keymap
        self._header = Bar(id="header")
        self.columns = ColumnHeader()
        self._filter = FilterBar()
        self._footer = Footer(footer_keys(keymap))

    def compose(self) -> ComposeResult:
        """Header, rail, list over detail, footer."""
        yield self._header
        with Horizontal(id="main"):
            yield self.rail
            with Vertical(id="work"):
                yield self._filter
                yield self.columns
                yield self.list
                yield self.detail
        yield self._footer

    def on_mount(self) -> None:
        """The first rows are there before anything heavy is loaded."""
        self.upkeep.begin()
        self.say_header()
        self.rail.show(self.listing.rail([], {}), CORBEILLE.id)
        self.list.show(self.listing.first(), 0)
        self.list.focus()

    def start(self) -> None:
        """Once the writing side is loaded: the whole list, the counts, the dossier under the cursor, the watch."""
        self.listing.reload()
        self.listing.recount()
        self.pane.draw()
        self.upkeep.begin_sync()
        self.set_interval(WATCH, self.upkeep.watch)

    def key(self) -> Key | None:
        """The dossier under the cursor."""
        row = self.list.row
        return row.key if row else None

    def dossier(self) -> Dossier | None:
        """The dossier under the cursor, whole."""
        key = self.key()
        return self.desk.dossier(key) if key else None

    def marked_keys(self) -> list[Key]:
        """The marked dossiers. Raises GcaError over the limit."""
        return self.marks.keys()

    def announce(self, text: str) -> None:
        """Say what happened."""
        self._footer.announce(text)

    def refuse(self, text: str) -> None:
        """Say why something cannot be done."""
        self._footer.announce(text, refused=True)

    def counted(self, view: str) -> str:
        """How many dossiers a view holds, once known."""
        return count_text(self.upkeep.counts.get(view))

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
        return [self.columns.title, *self.list.terms()]

    def action_invoke(self, name: str) -> None:
        """Do what an action says, or say why not. An error nobody foresaw ends here, so that the next key works."""
        action = ACTION_BY_ID[name]
        refused = action.refusal(Situation(self.list.row, len(self.list.marked), self.upkeep.sync.tied))
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
            self.pane.leave()

    def sort_by(self, sort: str | None) -> None:
        """Sort by a column."""
        if sort:
            self.listing.change_sort(sort)
            self.announce(f"Tri : {self.listing.sort_name()}.")

    def open_filter(self, *, everywhere: bool) -> None:
        """Type a filter; the list follows each letter."""
        self._footer.clear()
        self._filter.open(self.listing.filter if everywhere == self.listing.everywhere else "", everywhere=everywhere)

    def go_to(self, index: int, why: Callable[[], str]) -> None:
        """Open the dossier of a line and say why it is the one."""
        with self.list.prevent(LineList.Moved):
            self.list.move_to(index)
        self.pane.open()
        self.say_header()
        self.announce(why())

    def action_back(self) -> None:
        """From the dossier to the list, then marks, filter and sequence go one by one."""
        if self.pane.is_open:
            self.pane.leave()
        elif self.list.marked:
            self.marks.turn()
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
        self.pane.draw_at_rest()

    @on(DossierList.ColumnStepped)
    def _column_stepped(self, event: DossierList.ColumnStepped) -> None:
        self.columns.step(event.step)

    @on(DossierList.Marked)
    def _marked(self) -> None:
        self.marks.say()

    @on(LineList.Chosen, "#list")
    def _opened(self) -> None:
        self.pane.open()

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
        self.upkeep.listed(event)
        self._filter.found(len(event.ids))
        self.say_header()
        self.following.listed()
        self.pane.draw()

    @on(Gone)
    def _gone(self, event: Gone) -> None:
        self.upkeep.gone(event)

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self._tell(event.error)

    @on(Counted)
    def _counted(self, event: Counted) -> None:
        self.upkeep.counted(event)

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        if event.error is not None:
            self._tell(event.error)
        self.reserving.answered(event)

    @on(Settled)
    def _settled(self, event: Settled) -> None:
        self.upkeep.settled(event)

    def on_resize(self, event: events.Resize) -> None:
        """What fits is shown."""
        self.set_class(event.size.width < NARROW, "-narrow")
        self.set_class(event.size.height < SHORT, "-short")
        self.say_header()

    def change_view(self, view: View) -> None:
        """Show another view, from its first line."""
        self.following.sequence = None
        self._filter.close()
        self.list.marked.clear()
        try:
            self.listing.change_view(view)
        except InputError as error:
            self.refuse(f"{error} La vue est montrée sans son filtre.")
        self.upkeep.go_to_top()
        self.rail.show(self.rail.entries, view.id)
        self.say_header()

    def _tell(self, error: Exception) -> None:
        self.refuse(unforeseen(error, self.desk.path.parent))

    def say_header(self) -> None:
        """Who, where, in which order; and how the exchange is going."""
        bar, length = self._header, self.list.length
        status = now(bar, self.upkeep.sync)
        bar.say(header(self.desk, self.listing, self.following, length, status, self.app.size.width))

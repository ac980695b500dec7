"""The list of dossiers: any number of them, of which only pages near the cursor are read."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from gca_tui.domain.calendar import Calendars, zone
from gca_tui.presentation.claim_words import claim_mark
from gca_tui.presentation.safe_text import fit
from gca_tui.store.claimed import Held
from gca_tui.store.views import NEVER
from gca_tui.store.window import Row, Window
from gca_tui.ui.widgets.line_list import LineList

PAGE = 128
PAGES_KEPT = 12


class RowSource:
    """Rows by their place in the list, read a page at a time; `head` serves until all ids are known."""

    def __init__(self, window: Window | None, head: list[Row], ids: array[int] | None = None) -> None:
        self._window = window
        self._head = head
        self.ids = ids
        self._pages: dict[int, list[Row | None]] = {}

    def __len__(self) -> int:
        return len(self._head) if self.ids is None else len(self.ids)

    def row(self, index: int) -> Row | None:
        """The row at a place; None for one that was replaced since the ids were read."""
        if self.ids is None or self._window is None:
            return self._head[index]
        page, at = divmod(index, PAGE)
        if page not in self._pages:
            if len(self._pages) >= PAGES_KEPT:
                self._pages.clear()
            wanted = self.ids[page * PAGE : (page + 1) * PAGE]
            found = self._window.rows(wanted)
            self._pages[page] = [found.get(number) for number in wanted]
        return self._pages[page][at]

    def id_at(self, index: int) -> int:
        """The id at a place."""
        return self._head[index].id if self.ids is None else self.ids[index]

    def find(self, number: int) -> int | None:
        """The place of an id."""
        ids = array("q", (row.id for row in self._head)) if self.ids is None else self.ids
        try:
            return ids.index(number)
        except ValueError:
            return None

    def forget(self) -> None:
        """Read the pages again: something in them changed."""
        self._pages.clear()


@dataclass(frozen=True)
class Column:
    """A column of the list: its glossary term is its title. `width` 0 takes what is left.

    `least` is the width of the list from which it is shown; `cell` is told how wide it is.
    """

    title: str
    width: int
    cell: Callable[[Row, Facts, int], str]
    least: int = 0
    right: bool = False


@dataclass(frozen=True)
class Facts:
    """What cells know beside their row."""

    today: date
    calendars: Calendars
    me: str
    is_tied: bool = False
    is_plain: bool = False
    claims: Mapping[tuple[str, str], Held] = field(default_factory=dict)

    def days(self, row: Row, iso: str) -> int | None:
        """Jours ouvrés from today to a day of the row; None when there is no such day."""
        if iso == NEVER:
            return None
        return self.calendars[zone(row.caisse)].count(self.today, date.fromisoformat(iso))


def _sign(row: Row, facts: Facts) -> str:
    if row.classe == 0:
        return "!"
    if row.a_expliquer:
        return "€"
    return "?" if row.absente_le else " "


def _prestations(row: Row, _: Facts, width: int) -> str:
    codes = row.prestations.strip("|").split("|")
    return codes[0] if len(codes) == 1 else f"{codes[0]} +{len(codes) - 1}"


def _age(row: Row, facts: Facts, width: int) -> str:
    days = facts.days(row, row.anteriorite_le)
    return "" if days is None else f"{max(0, -days)} j"


def _echeance(row: Row, facts: Facts, width: int) -> str:
    days = facts.days(row, row.echeance)
    if days is None:
        return ""
    late = row.echeance < facts.today.isoformat()
    return f"−{max(1, -days)} j" if late else f"{days} j"


def _objet(row: Row, facts: Facts, width: int) -> str:
    if row.statut == "clos":
        return "Clos"
    if row.statut == "en_attente" and row.attente_jusqu > facts.today.isoformat():
        return f"Attente {row.attente_jusqu[8:]}/{row.attente_jusqu[5:7]}"
    if row.rdv_le and row.rdv_le[:10] == facts.today.isoformat():
        return f"Rdv {row.rdv_le[11:13]} h {row.rdv_le[14:16]}"
    return row.objet


def _holder(row: Row, facts: Facts, width: int) -> str:
    """Who has it for a while, as the remote store says, else who took it for good."""
    if held := facts.claims.get(row.key):
        return claim_mark(held, width, plain=facts.is_plain)
    return "vous" if row.holder and row.holder == facts.me else row.holder


OBJET = Column("Objet", 17, _objet)
CONVENTION = Column("Conv.", 13, lambda row, *_: row.convention, least=120)
TAKEN = Column("Pris", 9, _holder, least=90)
COLUMNS = (
    Column("Matricule", 11, lambda row, *_: f"{row.caisse}·{row.matricule}"),
    Column("Allocataire", 0, lambda row, *_: row.nom),
    Column("Prest.", 8, _prestations),
    OBJET,
    CONVENTION,
    TAKEN,
    Column("Ancien.", 7, _age, right=True),
    Column("Éch.", 6, _echeance, right=True),
)

_TAKEN_WIDTHS = ((96, 24), (90, 16), (0, 6))
"""In a store tied to a server: the width of the list from which the column of takers is so wide."""
_ROOM_TO_LEND = 16
"""The width from which that column takes from the one before what it lacks to say until when."""


class DossierList(LineList):
    """The dossiers of a view. Marks are ids of rows."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "column(1)", "Colonne suivante", show=False),
        Binding("left", "column(-1)", "Colonne précédente", show=False),
    ]

    @dataclass
    class ColumnStepped(Message):
        """The next column or the previous one is asked for."""

        step: int

    @dataclass
    class Marked(Message):
        """A row was marked or unmarked, and the cursor went on."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(id="list")
        self.facts = facts
        self.source = RowSource(None, [])
        self.marked: set[int] = set()
        self._texts: dict[tuple[int, int], str] = {}

    def show(self, source: RowSource, cursor: int) -> None:
        """Show other rows."""
        self.source = source
        self._texts.clear()
        self.resize_to(len(source), cursor)

    def changed(self) -> None:
        """Draw again what is in sight, from what the store says now."""
        self.source.forget()
        self._texts.clear()
        self.redraw()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.source.row(self.cursor) if self.length else None

    def terms(self) -> list[str]:
        """The glossary terms of the row under the cursor."""
        row = self.row
        if row is None:
            return []
        signs = ["urgence"] if row.classe == 0 else []
        signs += ["trop-perçu"] if row.a_expliquer else []
        signs += ["absente de l’extrait"] if row.absente_le else []
        return [*signs, row.objet, *row.prestations.strip("|").split("|")]

    def action_column(self, step: int) -> None:
        """Another column for the glossary."""
        self.post_message(self.ColumnStepped(step))

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or unmark it, and go on to the next."""
        if self.length:
            self.marked ^= {self.source.id_at(self.cursor)}
            self.refresh_line_at(self.cursor)
            self.move_to(self.cursor + 1)
            self.post_message(self.Marked())

    def line(self, index: int, width: int) -> str:
        """The row's cells."""
        number = self.source.id_at(index)
        mark = "*" if number in self.marked else " "
        key = (index, width)
        if key not in self._texts:
            if len(self._texts) > 512:
                self._texts.clear()
            row = self.source.row(index)
            self._texts[key] = _row_text(row, width - 1, self.facts) if row else fit(" …", width - 1)
        return mark + self._texts[key]

    def line_class(self, index: int) -> str:
        """Marked rows and urgent ones are told by a sign and by their style."""
        if self.source.id_at(index) in self.marked:
            return "line--marked"
        row = self.source.row(index)
        return "line--strong" if row and row.classe == 0 else ""


def layout(width: int, *, is_tied: bool = False) -> list[tuple[Column, int]]:
    """The columns that fit, with their widths; the name takes what the others leave."""
    taken = next((size for least, size in _TAKEN_WIDTHS if width >= least), 0)
    shown = [
        (column, taken if is_tied and column is TAKEN else column.width)
        for column in COLUMNS
        if width >= column.least or (is_tied and column is TAKEN)
    ]
    left = width - sum(size + 1 for _, size in shown) - 2
    return [(column, size or max(8, left)) for column, size in shown]


def _row_text(row: Row, width: int, facts: Facts) -> str:
    cells = []
    for column, size in _lent(layout(width, is_tied=facts.is_tied), row, facts):
        text = column.cell(row, facts, size)
        cells.append(fit(text, size) if not column.right else text.rjust(size)[-size:])
    return fit(f"{_sign(row, facts)} {' '.join(cells)}", width)


def _lent(columns: list[tuple[Column, int]], row: Row, facts: Facts) -> list[tuple[Column, int]]:
    """Where a colleague has the dossier, its objet leaves room to say until when."""
    sizes = dict(columns)
    held = facts.claims.get(row.key)
    if held is None or held.mine or sizes[TAKEN] < _ROOM_TO_LEND or CONVENTION in sizes:
        return columns
    lent = max(0, _TAKEN_WIDTHS[0][1] - sizes[TAKEN])
    return [(column, size + {OBJET: -lent, TAKEN: lent}.get(column, 0)) for column, size in columns]

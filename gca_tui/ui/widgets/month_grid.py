"""Months in lines, what was paid and due in cells that are typed into; differences and running totals follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from gca_tui.domain.french import euros, parse_cents
from gca_tui.presentation.safe_text import fit
from gca_tui.ui.widgets.line_list import LineList

VERSE, DU = "verse", "du"
CELLS = (VERSE, DU)
CELL_LIMIT = 16
"""Characters of an amount."""
_MONTH, _CELL = 15, 14
HEADER = f"   {'Mois':<{_MONTH}}{'Reçu':>{_CELL}}{'Dû':>{_CELL}}{'Différence':>{_CELL}}{'Cumul':>{_CELL}}"


@dataclass(frozen=True)
class MonthLine:
    """A month: its id and label, and what the extract says where an agent's reading may differ (cents)."""

    id: str
    label: str
    extrait: Mapping[str, int | None]


def cents_of(text: str) -> int | None:
    """Cents typed in a cell; None when it is empty. Raises ValueError on what is no amount, or a negative one."""
    if not text.strip():
        return None
    cents = parse_cents(text)
    if cents < 0:
        raise ValueError(text)
    return cents


class MonthGrid(LineList):
    """Arrows go from cell to cell; the first key typed in a cell replaces what it held."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "side(-1)", "Reçu", show=False),
        Binding("right", "side(1)", "Dû", show=False),
        Binding("enter,tab", "advance(1)", "Case suivante", show=False),
        Binding("shift+tab", "advance(-1)", "Case précédente", show=False),
        Binding("backspace", "erase", "Effacer un caractère", show=False),
        Binding("delete", "empty", "Vider la case", show=False),
    ]

    @dataclass
    class Edited(Message):
        """What is typed in a cell changed."""

        month: str
        """Its month's id."""
        cell: str
        """VERSE or DU."""

    def __init__(self, months: list[MonthLine], texts: Mapping[tuple[str, str], str]) -> None:
        super().__init__(id="months")
        self.months = months
        self.texts = {(month.id, cell): texts.get((month.id, cell), "") for month in months for cell in CELLS}
        self.side = 0
        self._fresh = True
        """Whether the next key replaces the cell."""

    def on_mount(self) -> None:
        """Show all the months, on the first cell."""
        self.resize_to(len(self.months), 0)

    @property
    def place(self) -> tuple[str, str]:
        """The cell under the cursor."""
        return self.months[self.cursor].id, CELLS[self.side]

    def cents(self, month: str, cell: str) -> int | None:
        """What a cell holds; None when it is empty or not understood (`wrong` tells which)."""
        try:
            return cents_of(self.texts[month, cell])
        except ValueError:
            return None

    def wrong(self) -> str:
        """Why the first cell that cannot be taken cannot; "" when all can."""
        for month in self.months:
            paid, due = self.cents(month.id, VERSE), self.cents(month.id, DU)
            for cell, cents in ((VERSE, paid), (DU, due)):
                if cents is None and self.texts[month.id, cell].strip():
                    return f"{month.label} : « {self.texts[month.id, cell]} » n’est pas un montant (1 234,56)."
            if due is not None and due > (paid or 0):
                return f"{month.label} : dû {euros(due)} pour {euros(paid or 0)} reçus, ce n’est pas un trop-perçu."
        return ""

    def total(self, upto: int | None = None) -> int:
        """Cents paid in excess, over the months down to a line, over all unless told."""
        months = self.months if upto is None else self.months[: upto + 1]
        return sum((self.cents(month.id, VERSE) or 0) - (self.cents(month.id, DU) or 0) for month in months)

    def differs(self, month: MonthLine) -> bool:
        """Whether a month reads otherwise than the extract has it."""
        return any(self.cents(month.id, cell) != month.extrait[cell] for cell in CELLS)

    def line(self, index: int, width: int) -> str:
        """`> mars 2026      [  300,00 €]       0,00 €   …`, the extract's reading beside where there is room."""
        month = self.months[index]
        paid, due = self.cents(month.id, VERSE) or 0, self.cents(month.id, DU) or 0
        cells = "".join(self._cell(index, side) for side in range(len(CELLS)))
        shown = f"{euros(paid - due):>{_CELL}}{euros(self.total(index)):>{_CELL}}"
        differs = self.differs(month)
        mark = (">" if index == self.cursor else " ") + ("*" if differs else " ")
        line = f"{mark} {month.label:<{_MONTH}}{cells}{shown}"
        beside = f"{line}   {self.said_by_extract(index)}" if differs else line
        return fit(beside if len(beside) <= width else line, width)

    def said_by_extract(self, index: int) -> str:
        """What the extract has for a month."""
        extrait = self.months[index].extrait
        paid, due = (_amount(extrait[cell]) for cell in CELLS)
        return f"extrait : {paid} / {due}"

    def _cell(self, index: int, side: int) -> str:
        """What is typed where the cursor is, the amount read elsewhere; brackets say where keys go, without colour."""
        month = self.months[index].id
        text = self.texts[month, CELLS[side]]
        if index == self.cursor and side == self.side:
            return f"[{text}]".rjust(_CELL)
        cents = self.cents(month, CELLS[side])
        if cents is None and text.strip():
            return f"{text} ?".rjust(_CELL)
        return f"{_amount(cents)} ".rjust(_CELL)

    def move_to(self, index: int) -> None:
        """Another line: its cell is typed anew."""
        old = self.cursor
        super().move_to(index)
        if old != self.cursor:
            self._fresh = True

    def action_move(self, step: int) -> None:
        """One line down or up; above the first month the focus leaves."""
        if step < 0 and self.cursor == 0:
            self.screen.focus_previous()
        else:
            super().action_move(step)

    def action_side(self, step: int) -> None:
        """From paid to due and back."""
        side = min(max(self.side + step, 0), len(CELLS) - 1)
        if side != self.side:
            self._go(self.cursor, side)

    def action_advance(self, step: int) -> None:
        """The next cell, line after line; beyond the last one the focus leaves."""
        place = self.cursor * len(CELLS) + self.side + step
        if 0 <= place < self.length * len(CELLS):
            self._go(*divmod(place, len(CELLS)))
        elif step > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def _go(self, index: int, side: int) -> None:
        self.side, self._fresh = side, True
        if index == self.cursor:
            self.refresh_line_at(index)
            self.post_message(self.Moved(self, index))
        else:
            self.move_to(index)

    def action_erase(self) -> None:
        """Take the last character back."""
        self._write(self.texts[self.place][:-1])

    def action_empty(self) -> None:
        """Nothing in the cell."""
        self._write("")

    def on_key(self, event: events.Key) -> None:
        """What may stand in an amount is typed; other letters are no key here."""
        if event.character and event.is_printable and event.key not in ("j", "k"):
            event.stop()
            event.prevent_default()
            if event.character in "0123456789,. \u00a0\u202f€":
                before = "" if self._fresh else self.texts[self.place]
                self._write((before + event.character)[:CELL_LIMIT])

    def on_paste(self, event: events.Paste) -> None:
        """An amount pasted replaces the cell."""
        event.stop()
        self._write(" ".join(event.text.split())[:CELL_LIMIT])

    def _write(self, text: str) -> None:
        self._fresh = False
        if self.texts[self.place] != text:
            self.texts[self.place] = text
            self.refresh()
            self.post_message(self.Edited(*self.place))


def _amount(cents: int | None) -> str:
    return "—" if cents is None else euros(cents)

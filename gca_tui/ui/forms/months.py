"""The months of a trop-perçu: read, corrected, and refused as long as they do not make its total."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from gca_tui.domain.commands import CorrectMonths
from gca_tui.domain.commands.explanation import MoisCorrige
from gca_tui.domain.french import NBSP, euros, typeset
from gca_tui.domain.months import month_name
from gca_tui.presentation.safe_text import one_line
from gca_tui.ui.beneath import WATCH, Beneath
from gca_tui.ui.forms.editors import LineInput
from gca_tui.ui.forms.facts import choose_letter, part_label
from gca_tui.ui.forms.opening import NOTHING_NEW, Keeping, Then, give
from gca_tui.ui.forms.pause import DraftClock
from gca_tui.ui.forms.screen import KeyHint
from gca_tui.ui.screens.chooser import Choice, Chooser
from gca_tui.ui.widgets.line_list import LineList
from gca_tui.ui.widgets.month_grid import CELLS, DU, HEADER, VERSE, MonthGrid, MonthLine, cents_of

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.domain.trop_percu import Notification, TropPercu
    from gca_tui.ui.opener import Opener

_TOTAL = "total"
_AROUND = 11
"""Lines of the form beside the months."""
Corrections = tuple[list[MoisCorrige], int]


class MonthsScreen(ModalScreen[Corrections | None]):
    """Gives the months corrected and the total they make, or None; raw texts go to `on_draft` at each pause."""

    DEFAULT_CSS = """
    MonthsScreen { align: center middle; background: transparent; }
    MonthsScreen #frame {
        width: 116; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
        border: round $border; background: $background; color: $foreground;
    }
    MonthsScreen #frame > Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    MonthsScreen #title, MonthsScreen #sum { text-style: bold; }
    MonthsScreen #subtitle, MonthsScreen #head, MonthsScreen #extract { color: $text-muted; }
    MonthsScreen #total { margin: 0 0 0 2; width: 20; }
    MonthsScreen #months { height: auto; background: $background; scrollbar-size: 0 0; }
    MonthsScreen #sum.-wrong, MonthsScreen #status { color: $error; }
    MonthsScreen #keys { height: 1; }
    MonthsScreen KeyHint { width: auto; padding: 0 3 0 0; }
    .-plain MonthsScreen #frame { border: none; width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Enregistrer"),
        Binding("escape", "close", "Fermer en gardant le brouillon"),
        Binding("down", "months", "Les mois", show=False),
    ]

    def __init__(
        self,
        part: TropPercu,
        subtitle: str,
        typed: Mapping[str, str],
        resumed: str,
        on_draft: Callable[[Mapping[str, str]], None],
        beneath: Beneath,
    ) -> None:
        super().__init__()
        self._part = part
        self._subtitle = subtitle
        self._resumed = resumed
        self._beneath, self._standing = beneath, ""
        months = [MonthLine(mois.id, month_name(mois.id), mois.extrait.__dict__) for mois in part.mois]
        texts = {(mois.id, cell): typed[f"{mois.id}.{cell}"] for mois in part.mois for cell in CELLS}
        self.grid = MonthGrid(months, texts)
        self._total = LineInput(typed[_TOTAL], short=True, id="total")
        self._sum, self._status = Static(id="sum"), Static(id="status")
        self._extract = Static(id="extract")
        self._draft = DraftClock(self, lambda: self.texts, on_draft)

    def compose(self) -> ComposeResult:
        """Total, months, what they make, what the extract has for the month under the cursor, keys."""
        with Vertical(id="frame"):
            yield Static(Text("Les mois du trop-perçu"), id="title")
            yield Static(Text(one_line(self._subtitle + self._resumed)), id="subtitle")
            yield Static(Text(typeset("Total du trop-perçu, que les mois doivent faire :")))
            yield self._total
            yield Static(Text(HEADER), id="head")
            yield self.grid
            yield self._sum
            yield self._extract
            yield self._status
            with Horizontal(id="keys"):
                yield KeyHint("F2", "Enregistrer", "save")
                yield KeyHint("Échap", "Fermer en gardant le brouillon", "close")

    def on_mount(self) -> None:
        """The first amount is where keys go."""
        self._fit(self.app.size.height)
        self.grid.focus()
        self._say()
        self.set_interval(WATCH, self._look_beneath)

    def on_resize(self, event: events.Resize) -> None:
        """The months take what the rest leaves, and scroll."""
        self._fit(event.size.height)

    def _fit(self, height: int) -> None:
        self.grid.styles.height = max(1, min(len(self._part.mois), height - _AROUND))

    @property
    def texts(self) -> dict[str, str]:
        """The raw texts, as a draft keeps them."""
        months = {f"{month}.{cell}": text for (month, cell), text in self.grid.texts.items()}
        return {_TOTAL: self._total.value, **months}

    @property
    def total(self) -> int | None:
        """Cents that the months must make; None when what is typed is no amount."""
        try:
            return cents_of(self._total.value)
        except ValueError:
            return None

    def gap(self) -> str:
        """What the months make, and by how much it is not the total."""
        made, wanted = self.grid.total(), self.total
        said = f"Les mois font {euros(made)}"
        if wanted is None:
            return f"{said} ; le total n’est pas un montant."
        if made == wanted:
            return f"{said}, comme le total."
        return f"{said}, le total est de {euros(wanted)} : {_difference(made - wanted)}."

    def problem(self) -> str:
        """Why this cannot be saved; "" when it can."""
        if wrong := self.grid.wrong():
            return wrong
        if self.total is None:
            return self.gap()
        if gap := self.grid.total() - self.total:
            return f"Les mois ne font pas le total : {_difference(gap)}."
        lacking = next((mois.id for mois in self._changed() if self._lacks(mois.id)), "")
        return f"{month_name(lacking)} : écrivez le reçu et le dû, 0 s’il n’y en a pas." if lacking else ""

    def _changed(self) -> list[Any]:
        """The months that read otherwise than they stand."""
        now = ((mois, self.grid.cents(mois.id, VERSE), self.grid.cents(mois.id, DU)) for mois in self._part.mois)
        return [mois for mois, paid, due in now if (paid, due) != (mois.verse, mois.du)]

    def _lacks(self, month: str) -> bool:
        return any(self.grid.cents(month, cell) is None for cell in CELLS)

    def action_save(self) -> None:
        """Give the corrections; as long as the months do not make the total, say by how much."""
        if problem := self.problem():
            self._status.update(Text(typeset(f"Rien n’est enregistré. {problem}")))
            return
        self._draft.keep()
        read = [
            MoisCorrige(mois=one.id, verse=self.grid.cents(one.id, VERSE) or 0, du=self.grid.cents(one.id, DU) or 0)
            for one in self._changed()
        ]
        self.dismiss((read, self.grid.total()))

    def action_close(self) -> None:
        """Close; the draft is kept."""
        self._draft.keep()
        self.dismiss(None)

    def action_months(self) -> None:
        """From the total down to the months."""
        self.grid.focus()

    @on(MonthGrid.Edited)
    @on(Input.Changed)
    def _edited(self) -> None:
        self._status.update(Text(self._standing))
        self._say()
        self._draft.typed()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.grid.focus()

    @on(LineList.Moved)
    def _moved(self) -> None:
        self._say()

    def on_unmount(self) -> None:
        """The program ends under the form: what was typed is handed over all the same."""
        self._draft.keep()

    def _look_beneath(self) -> None:
        if self.is_current and (said := self._beneath.news()):
            self._standing = said
            self._status.update(Text(said))
            if self._beneath.is_gone:
                self.action_close()

    def _say(self) -> None:
        self._sum.set_class(self.grid.total() != self.total, "-wrong")
        self._sum.update(Text(typeset(self.gap())), layout=False)
        month = self.grid.months[self.grid.cursor]
        said = f"{month.label}, {self.grid.said_by_extract(self.grid.cursor)} (reçu / dû)"
        self._extract.update(Text(typeset(said)), layout=False)


def open_months(screen: Opener, dossier: Dossier, notification: str = "", then: Then | None = None) -> None:
    """Ask which trop-perçu when there are several, then open its months. `then` is told once they are corrected."""

    def chosen(letter: Notification) -> None:
        parts = {one.id: one for one in letter.trop_percus if one.mois}
        if not parts:
            screen.refuse("Aucun mois dans ce trop-perçu : l’extrait n’en donne pas.")
        elif len(parts) == 1:
            part_months(screen, dossier, letter, next(iter(parts.values())), then)
        else:
            choices = [Choice(one.id, part_label(one)) for one in parts.values()]
            screen.app.push_screen(
                Chooser("Les mois de quel trop-perçu ?", choices),
                lambda value: part_months(screen, dossier, letter, parts[value], then) if value else None,
            )

    choose_letter(screen, dossier, notification, chosen)


def part_months(
    screen: Opener, dossier: Dossier, letter: Notification, part: TropPercu, then: Then | None = None
) -> None:
    """Open the months of one trop-perçu."""
    keeping = Keeping(screen.desk, dossier, "months", f"{letter.id} {part.id}", months_texts(part))
    typed, resumed = keeping.start()
    if set(typed) != set(keeping.first):
        typed, resumed = keeping.first, ""
    subtitle = f"{dossier.key.label} {dossier.allocataire.label} · {part_label(part)}"
    said = f" · brouillon du {resumed} repris" if resumed else ""

    beneath = Beneath(screen.desk, dossier)

    def answered(corrections: Corrections | None) -> None:
        if corrections is None:
            keeping.tell(screen, beneath)
            return
        months, total = corrections
        if not months:
            keeping.keep({})
            screen.announce(NOTHING_NEW)
            return
        stamp = screen.desk.stamp((dossier.caisse, dossier.matricule))
        command = CorrectMonths(**stamp, notification=letter.id, trop_percu=part.id, mois=tuple(months), montant=total)
        give(screen, [command], "Mois corrigés", keeping.place, then)

    screen.app.push_screen(MonthsScreen(part, subtitle, typed, said, keeping.keep, beneath), answered)


def _difference(cents: int) -> str:
    return f"{euros(abs(cents))} de {'trop' if cents > 0 else 'moins'}"


def months_texts(part: TropPercu) -> dict[str, str]:
    """What the cells hold at first, and the total; a figure that nobody gave is an empty cell."""
    texts = {_TOTAL: _typed(part.montant)}
    for mois in part.mois:
        texts[f"{mois.id}.{VERSE}"], texts[f"{mois.id}.{DU}"] = _typed(mois.verse), _typed(mois.du)
    return texts


def _typed(cents: int | None) -> str:
    """An amount as an agent would type it."""
    return "" if cents is None else euros(cents).removesuffix(f"{NBSP}€").replace(NBSP, " ")

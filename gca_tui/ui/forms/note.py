"""The note's form: a text that looks like it holds what a note should not is said to, and F4 masks it. Never blocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from gca_tui import reference
from gca_tui.domain.french import typeset
from gca_tui.domain.sensitive import Sensitive, redacted, sensitive
from gca_tui.ui.forms.fields import Reading, TextField
from gca_tui.ui.forms.opening import open_plan
from gca_tui.ui.forms.screen import FormScreen

if TYPE_CHECKING:
    from gca_tui.domain.dossier import Dossier
    from gca_tui.ui.screens.queue import QueueScreen

_MASK = "F4 masque"
SHOWN = 16
"""Characters of a word that the warning shows: it stands whole in the text under it."""


@dataclass(frozen=True)
class NoteField(TextField):
    """A text, with what it should not hold shown beside."""

    def read(self, raw: str, today: date) -> Reading:
        """The text; its echo names each word, and the key that masks them."""
        reading = super().read(raw, today)
        return Reading(reading.value, reading.error, warning(str(reading.value)))


def warning(text: str) -> str:
    """What a text should not hold, in words; "" when nothing was found."""
    found = dict.fromkeys(one.mot for one in _found(text))
    words = ", ".join(f"« {mot if len(mot) <= SHOWN else f'{mot[:SHOWN]}…'} »" for mot in found)
    return typeset(f"{_MASK} {words}") if words else ""


@lru_cache(maxsize=8)
def _found(text: str) -> tuple[Sensitive, ...]:
    """Remembered: a key has the same text read several times."""
    return sensitive(text, reference.lexicon())


class NoteScreen(FormScreen):
    """A form of one text, of which F4 masks what should not be there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "mask", "Masquer", id="form.mask")]

    def action_mask(self) -> None:
        """Put words in brackets in the place of what should not be there; one undo of the editor takes it back."""
        for box in self.boxes:
            editor = box.editor
            if isinstance(editor, TextArea) and _found(editor.text):
                text = redacted(editor.text, reference.lexicon())
                editor.replace(text, editor.document.start, editor.document.end)
                editor.move_cursor(editor.document.end)


def open_note(screen: QueueScreen, dossier: Dossier, corrected: str = "", text: str = "") -> None:
    """Write a note, or replace the one of that id, `text` being what it said."""
    from gca_tui.ui.forms.plans import PLANS

    first = {"texte": text} if corrected else None
    open_plan(screen, PLANS["note"], dossier, target=corrected, first=first, form=NoteScreen)

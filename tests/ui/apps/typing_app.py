"""Every kind of field that takes text, on a real terminal: what it received goes to the file named, at F10.

Usage: typing_app.py KIND FILE, KIND one of input, area, ligne, texte, le, heure, hostile.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
os.environ["TEXTUAL_SMOOTH_SCROLL"] = "0"

from hostile import CORPUS
from textual.app import App
from textual.binding import Binding

from gca_tui.ui.forms import DateField, FormScreen, FormSpec, TextField, TimeField
from gca_tui.ui.forms.editors import LineInput, NoteArea
from gca_tui.ui.sanitise import Sanitise

TODAY = date(2026, 11, 12)
FIELDS = {
    "ligne": TextField("ligne", "Ligne"),
    "texte": TextField("texte", "Texte", multiline=True),
    "le": DateField("le", "Date"),
    "heure": TimeField("heure", "Heure"),
}


class TypingApp(App[None]):
    BINDINGS = [Binding("f10", "finish", priority=True)]  # noqa: RUF012  # as Textual declares it

    def __init__(self, kind, path):
        super().__init__()
        self.kind = kind
        self.path = path

    def compose(self):
        if self.kind == "input":
            yield LineInput(placeholder="prêt")
        elif self.kind == "area":
            yield NoteArea(placeholder="prêt")

    def on_mount(self):
        if self.kind in FIELDS:
            self.push_screen(FormScreen(FormSpec("prêt", "", (FIELDS[self.kind],), "essai"), today=TODAY))
        elif self.kind == "hostile":
            text = "".join(CORPUS.values())
            fields = tuple(
                TextField(f"f{number}", hostile, hint=hostile, multiline=number % 4 == 0)
                for number, hostile in enumerate((text, *CORPUS.values()))
            )
            drafts = {field.name: field.label for field in fields[::2]}
            self.push_screen(FormScreen(FormSpec(text, text, fields, "essai"), today=TODAY, initial=drafts))

    def get_line_filters(self):
        return [*super().get_line_filters(), Sanitise()]

    def action_finish(self):
        received = (
            self.focused.text
            if self.kind == "area"
            else self.focused.value
            if self.kind == "input"
            else self.screen.values.get(self.kind)
        )
        Path(self.path).write_text(json.dumps(received), encoding="utf-8")
        self.exit()


if __name__ == "__main__":
    TypingApp(sys.argv[1], sys.argv[2]).run()

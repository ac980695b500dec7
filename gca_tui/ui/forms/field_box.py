"""One field on screen: label, editor, how it was understood, why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from gca_tui.domain.french import NBSP
from gca_tui.presentation.safe_text import one_line
from gca_tui.ui.forms.editors import LineInput, NoteArea
from gca_tui.ui.forms.fields import ChoiceField, Field, Reading, TextField
from gca_tui.ui.widgets.choice import Choice

_HERE, _ELSEWHERE = "▸ ", "  "


class FieldBox(Vertical):
    """A field, judged at each change; its error is shown once it was touched or a save was tried.

    Lines have a fixed height, so that a key repaints its own lines and lays nothing out again; and a form opens the
    faster the fewer widgets it has: the label carries what was understood.
    """

    DEFAULT_CSS = """
    FieldBox { height: 3; }
    FieldBox.-text { height: auto; }
    FieldBox > Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    FieldBox:focus-within > .label { text-style: bold; color: $accent; }
    FieldBox > .error { padding: 0 0 0 2; color: $error; }
    FieldBox > Input, FieldBox > TextArea, FieldBox > Choice { margin: 0 0 0 2; }
    FieldBox > TextArea { height: 20vh; min-height: 4; }
    """

    @dataclass
    class Changed(Message):
        """What is typed in a field changed."""

        box: FieldBox
        """The field."""

    @dataclass
    class Done(Message):
        """Enter was pressed in a field of one line."""

        box: FieldBox
        """The field."""

    def __init__(self, field: Field, raw: str, today: date) -> None:
        super().__init__(id=f"field-{field.name}")
        self.field = field
        self.today = today
        self.editor = _editor(field, raw)
        self._known = self.raw
        self._touched = raw != field.start(today)
        self._sign = _ELSEWHERE
        self._shown = self._lines()
        self._label = Static(Text(self._shown[0]), classes="label")
        self._error = Static(Text(self._shown[1]), classes="error")
        self.set_class(isinstance(self.editor, TextArea), "-text")

    def compose(self) -> ComposeResult:
        """Label with what was understood, editor, error under."""
        yield self._label
        yield self.editor
        yield self._error

    @property
    def raw(self) -> str:
        """What is typed, as it stands in the editor: a key just pressed is in it, though no message told so yet."""
        return self.editor.text if isinstance(self.editor, TextArea) else self.editor.value

    @property
    def reading(self) -> Reading:
        """What the field understands of what is typed."""
        return self.field.read(self.raw, self.today)

    def judge(self) -> None:
        """Show the error from now on, as a save was tried."""
        self._touched = True
        self._show()

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    def _editor_changed(self, event: Message) -> None:
        event.stop()
        if self.raw == self._known:
            return
        self._known = self.raw
        self._touched = True
        self._show()
        self.post_message(self.Changed(self))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Done(self))

    def on_key(self, event: events.Key) -> None:
        """Enter in a choice, which leaves it to us."""
        if event.key == "enter" and isinstance(self.editor, Choice):
            event.stop()
            self.post_message(self.Done(self))

    def on_descendant_focus(self) -> None:
        """A sign before the label, for eyes and braille lines that do not see colours."""
        self._sign = _HERE
        self._show()
        self.call_after_refresh(self.scroll_visible, animate=False)

    def on_descendant_blur(self) -> None:
        """The sign goes elsewhere."""
        self._sign = _ELSEWHERE
        self._show()

    def _lines(self) -> tuple[str, str]:
        reading = self.reading
        label = self._sign + one_line(self.field.label) + ("" if self.field.required else f" ({self.field.tag})")
        echo = f"{NBSP}: {one_line(reading.echo)}" if reading.echo else ""
        return label + echo, one_line(reading.error) if self._touched else ""

    def _show(self) -> None:
        before, self._shown = self._shown, self._lines()
        for line, old, new in zip((self._label, self._error), before, self._shown, strict=True):
            if new != old:
                line.update(Text(new), layout=False)


def _editor(field: Field, raw: str) -> LineInput | NoteArea | Choice:
    hint = one_line(field.hint)
    if isinstance(field, ChoiceField):
        return Choice(field.options, raw if raw in field.options else "")
    if isinstance(field, TextField) and field.multiline:
        return NoteArea(raw, placeholder=hint)
    return LineInput(raw, placeholder=hint, short=not isinstance(field, TextField))

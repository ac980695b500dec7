"""One field on screen: label, editor, how it was understood, why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from gca_tui.ui.forms.editors import LineInput, NoteArea
from gca_tui.ui.forms.fields import ChoiceField, Field, Reading, TextField
from gca_tui.ui.safe_text import one_line
from gca_tui.ui.widgets.choice import Choice

_HERE, _ELSEWHERE = "▸ ", "  "
_OPTIONAL = " (facultatif)"


class FieldBox(Vertical):
    """A field, judged at each change; its error is shown once it was touched or a save was tried."""

    DEFAULT_CSS = """
    FieldBox { height: auto; }
    FieldBox > .label { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    FieldBox:focus-within > .label { text-style: bold; color: $accent; }
    FieldBox > Horizontal { height: auto; padding: 0 0 0 2; }
    FieldBox LineInput { width: 1fr; }
    FieldBox.-short LineInput { width: 32; }
    FieldBox NoteArea { height: 20vh; min-height: 4; }
    FieldBox .echo { width: 1fr; height: 1; padding: 0 0 0 2; color: $text-muted; }
    FieldBox > .error { height: 1; padding: 0 0 0 2; color: $error; text-wrap: nowrap; text-overflow: ellipsis; }
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
        self._label = Static(classes="label")
        self._echo = Static(classes="echo")
        self._error = Static(classes="error")
        self._shown: tuple[str, str] = ("", "")
        self.set_class(not isinstance(field, TextField | ChoiceField), "-short")

    def compose(self) -> ComposeResult:
        """Label, editor with its echo beside, error under."""
        yield self._label
        with Horizontal():
            yield self.editor
            if self.has_class("-short"):
                yield self._echo
        yield self._error

    def on_mount(self) -> None:
        """Show what is there at the start."""
        self._mark(_ELSEWHERE)
        self._show()

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
        self._mark(_HERE)
        self.scroll_visible(animate=False)

    def on_descendant_blur(self) -> None:
        """The sign goes elsewhere."""
        self._mark(_ELSEWHERE)

    def _mark(self, sign: str) -> None:
        self._label.update(Text(sign + one_line(self.field.label) + ("" if self.field.required else _OPTIONAL)))

    def _show(self) -> None:
        reading = self.reading
        shown = (one_line(reading.echo), one_line(reading.error) if self._touched else "")
        if shown == self._shown:
            return
        self._shown = shown
        self._echo.update(Text(shown[0]))
        self._error.update(Text(shown[1]))


def _editor(field: Field, raw: str) -> LineInput | NoteArea | Choice:
    hint = one_line(field.hint)
    if isinstance(field, ChoiceField):
        return Choice(field.options, raw if raw in field.options else "")
    if isinstance(field, TextField) and field.multiline:
        return NoteArea(raw, placeholder=hint)
    return LineInput(raw, placeholder=hint)

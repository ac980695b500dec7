"""The form over the dossier: it shows, judges and reports; whoever opened it keeps drafts and gives commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from gca_tui.domain.french import NBSP, count
from gca_tui.presentation.safe_text import one_line
from gca_tui.ui.beneath import WATCH, Beneath
from gca_tui.ui.forms.field_box import FieldBox
from gca_tui.ui.forms.fields import FieldValue, FormSpec
from gca_tui.ui.forms.pause import DraftClock

FormValues = dict[str, FieldValue]
"""Field name -> what was understood."""

_FRAME_LINES = 5
"""Border, title, status and keys."""
_FIELD_LINES = 3
_KEY_NAMES = {"escape": "Échap"}


class KeyHint(Static):
    """A key and what it does; a click does it too."""

    def __init__(self, key: str, label: str, action: str) -> None:
        super().__init__(Text.assemble((key, "bold"), f" {label}"))
        self._action = action

    async def on_click(self) -> None:
        """Do what the key does."""
        await self.run_action(f"screen.{self._action}")


class FormScreen(ModalScreen[FormValues | None]):
    """Asks what `spec` says; gives the values understood, or None when closed without saving.

    `initial` holds raw texts by field name, as a draft kept them, and `resumed` says of when that draft is
    (« 12/11/2026 à 10 h 30 »). Drafts go to `on_draft` with the raw texts of all fields; without it none is kept,
    and the form promises none. A form closed or saved has given its last draft before its result. What others do to
    the dossier `beneath` is said, and the form closes when it leaves.
    """

    DEFAULT_CSS = """
    FormScreen { align: center middle; background: transparent; }
    FormScreen #frame {
        width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 0 1;
        border: round $border; background: $background; color: $foreground;
    }
    FormScreen #frame > Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    FormScreen #title { text-style: bold; }
    FormScreen #subtitle, FormScreen #resumed { color: $text-muted; }
    FormScreen #fields { height: auto; }
    FormScreen #status { color: $error; }
    FormScreen #keys { height: 1; }
    FormScreen KeyHint { width: auto; padding: 0 3 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Enregistrer", id="form.save"),
        Binding("escape", "close", "Fermer en gardant le brouillon", id="form.close"),
    ]

    def __init__(
        self,
        spec: FormSpec,
        *,
        today: date,
        initial: Mapping[str, str] | None = None,
        resumed: str = "",
        on_draft: Callable[[dict[str, str]], None] | None = None,
        beneath: Beneath | None = None,
    ) -> None:
        super().__init__()
        self.spec = spec
        self._beneath = beneath
        self._standing = ""
        given = initial or {}
        self.boxes = [FieldBox(field, given.get(field.name, field.start(today)), today) for field in spec.fields]
        self._resumed = resumed
        self._on_draft = on_draft
        self._draft = DraftClock(self, lambda: self.values, on_draft or (lambda _: None))
        self._status = Static(id="status")
        self._said = ""
        self._save_key = ""

    def compose(self) -> ComposeResult:
        """Title, fields that scroll when they do not fit, what is wrong, the keys."""
        with Vertical(id="frame"):
            yield Static(Text(one_line(self.spec.title)), id="title")
            if self.spec.subtitle:
                yield Static(Text(one_line(self.spec.subtitle)), id="subtitle")
            if self._resumed:
                yield Static(Text(f"Brouillon du {one_line(self._resumed)} repris"), id="resumed")
            with VerticalScroll(id="fields", can_focus=False) as fields:
                fields.styles.max_height = self._room(self.app.size.height)
                yield from self.boxes
            yield self._status
            with Horizontal(id="keys"):
                keys = {active.binding.action: key for key, active in self.active_bindings.items()}
                self._save_key = _key_name(keys.get("save", "f2"))
                yield KeyHint(self._save_key, one_line(self.spec.confirm), "save")
                yield KeyHint(
                    _key_name(keys.get("close", "escape")),
                    "Fermer en gardant le brouillon" if self._on_draft else "Fermer",
                    "close",
                )

    def on_mount(self) -> None:
        """Watch what the form lies over."""
        if self._beneath is not None:
            self.set_interval(WATCH, self._look_beneath)

    def on_resize(self, event: events.Resize) -> None:
        """Title and keys stay in sight; the fields take what is left."""
        self.query_one("#fields").styles.max_height = self._room(event.size.height)

    def _room(self, height: int) -> int:
        around = _FRAME_LINES + bool(self.spec.subtitle) + bool(self._resumed)
        return max(_FIELD_LINES, height - around)

    def scroll_to_center(self, *args: Any, **options: Any) -> None:
        """Nothing: Textual would glide to the editor alone; a field shows itself, label and error with it."""

    @property
    def values(self) -> dict[str, str]:
        """The raw texts, as a draft keeps them."""
        return {box.field.name: box.raw for box in self.boxes}

    def action_save(self) -> None:
        """Give the values; with an error, go to the first and say so."""
        wrong = [box for box in self.boxes if box.reading.error]
        for box in wrong:
            box.judge()
        if wrong:
            wrong[0].editor.focus()
            self._say(
                f"Rien n’est enregistré{NBSP}: {count(len(wrong), 'champ')} à corriger, "
                f"d’abord «{NBSP}{one_line(wrong[0].field.label)}{NBSP}»."
            )
            return
        self._draft.keep()
        self.dismiss({box.field.name: box.reading.value for box in self.boxes})

    def action_close(self) -> None:
        """Close; the draft is kept."""
        self._draft.keep()
        self.dismiss(None)

    @on(FieldBox.Changed)
    def _field_changed(self, event: FieldBox.Changed) -> None:
        event.stop()
        self._say("")
        self._draft.typed()

    @on(FieldBox.Done)
    def _field_done(self, event: FieldBox.Done) -> None:
        event.stop()
        position = self.boxes.index(event.box) + 1
        if position < len(self.boxes):
            self.boxes[position].editor.focus()
        else:
            self._say(f"Dernier champ{NBSP}: {self._save_key} pour {one_line(self.spec.confirm).lower()}.")

    def on_unmount(self) -> None:
        """The program ends under the form: what was typed is handed over all the same."""
        self._draft.keep()

    def _look_beneath(self) -> None:
        if not self.is_current or self._beneath is None:
            return
        said = self._beneath.news()
        if self._beneath.is_gone:
            self.action_close()
        elif said:
            self._standing = said
            self._say("")

    def _say(self, text: str) -> None:
        text = text or self._standing
        if text != self._said:
            self._said = text
            self._status.update(Text(text), layout=False)


def _key_name(key: str) -> str:
    return _KEY_NAMES.get(key, key.upper())

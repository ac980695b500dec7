"""Where text is typed: Textual's editors with clean pastes, no blinking, and their limits said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input, TextArea

from gca_tui.domain.french import NBSP, count
from gca_tui.presentation.safe_text import pasted

if TYPE_CHECKING:
    from textual.document._document import DocumentBase

LINE_LIMIT = 2_000
"""Characters of a paste into one line."""
TEXT_LIMIT = 20_000
"""Characters of a paste into a text: beyond, each key would be felt."""


class LineInput(Input):
    """One line of text. A paste of several lines is joined by spaces: nothing of it is lost.

    With `short`, what is there is selected on arrival and the first key replaces it.
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        short: bool = False,
        id: str | None = None,  # noqa: A002  # Textual's name for it
    ) -> None:
        line = " ".join(pasted(value).split("\n"))
        super().__init__(line, placeholder=placeholder, compact=True, select_on_focus=short, id=id)
        self.cursor_blink = False

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._put(event.text)

    def action_paste(self) -> None:
        """Paste what was copied in the program."""
        self._put(self.app.clipboard)

    def _put(self, text: str) -> None:
        kept = _limited(self, " ".join(line.strip() for line in pasted(text).strip().split("\n")), LINE_LIMIT)
        self.replace(kept, *sorted(self.selection))


class _Unbroken:
    """A document as its lines are cut to the width: `1 500,00 €` is one word, where Textual cuts at any space."""

    def __init__(self, document: DocumentBase) -> None:
        self._document = document

    @property
    def lines(self) -> list[str]:
        """The lines, where a space that does not break is a letter as wide."""
        return [line.replace(NBSP, "_") for line in self._document.lines]

    def __getitem__(self, index: int) -> str:
        return self._document[index]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._document, name)


class NoteArea(TextArea):
    """Several lines of text: wrapped, without line numbers; Tab leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "edge(False)", "Début du texte", show=False),
        Binding("ctrl+end", "edge(True)", "Fin du texte", show=False),
        Binding("ctrl+shift+home", "edge(False, True)", "Choisir jusqu’au début", show=False),
        Binding("ctrl+shift+end", "edge(True, True)", "Choisir jusqu’à la fin", show=False),
    ]

    def __init__(self, text: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(
            pasted(text),
            placeholder=placeholder,
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
            id=id,
        )
        self.cursor_blink = False
        self.match_cursor_bracket = False
        self.move_cursor(self.document.end)

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document.document = cast("DocumentBase", _Unbroken(self.document))

    def action_edge(self, at_end: bool, select: bool = False) -> None:
        """Go to the beginning or to the end of the text."""
        self.move_cursor(self.document.end if at_end else (0, 0), select=select)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._put(event.text)

    def action_paste(self) -> None:
        """Paste what was copied in the program."""
        self._put(self.app.clipboard)

    def _put(self, text: str) -> None:
        if result := self._replace_via_keyboard(_limited(self, pasted(text), TEXT_LIMIT), *self.selection):
            self.move_cursor(result.end_location)


def _limited(editor: Input | TextArea, text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    editor.notify(
        f"Le texte collé compte {count(len(text), 'caractère')}{NBSP}: "
        f"les {count(limit, 'premier', 'premiers')} sont gardés. Vérifiez la fin.",
        title="Texte coupé",
        severity="warning",
        markup=False,
    )
    return text[:limit]

"""Where text is typed: Textual's editors with clean pastes, no blinking, and their limits said."""

from __future__ import annotations

from textual import events
from textual.widgets import Input, TextArea

from gca_tui.domain.french import NBSP, count
from gca_tui.presentation.safe_text import pasted

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


class NoteArea(TextArea):
    """Several lines of text: wrapped, without line numbers; Tab leaves it."""

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

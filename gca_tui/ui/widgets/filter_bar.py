"""The line where a filter is typed, and what it means or may become."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from gca_tui.domain.french import count, typeset
from gca_tui.ui.widgets.bars import Bar


class FilterBar(Horizontal):
    """Closed until it is asked for; Enter goes to the list, Escape takes the filter away, Tab completes a term."""

    @dataclass
    class Typed(Message):
        """The text is another one."""

        text: str
        everywhere: bool

    def __init__(self) -> None:
        super().__init__(id="filter")
        self._input = Input(id="filter-text", select_on_focus=False)
        self._input.cursor_blink = False
        self._label = Bar(id="filter-label")
        self._hint = Bar(id="filter-hint")
        self._everywhere = False
        self.problem = ""

    def compose(self) -> ComposeResult:
        """Which kind of filter, its text, its meaning."""
        yield self._label
        yield self._input
        yield self._hint

    def open(self, text: str, *, everywhere: bool) -> None:
        """Type here."""
        self._everywhere = everywhere
        self._right()
        self._label.say(" Partout" if everywhere else " Filtre")
        self.add_class("-open")
        with self.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)
        self._hint.say("mots, ou caisse:681 prest:rsa indu>=1500 age>10 est:retard" if not everywhere else "")
        self._input.focus()

    def close(self) -> None:
        """No filter."""
        with self.prevent(Input.Changed):
            self._input.value = ""
        self._right()
        self.remove_class("-open")

    def found(self, number: int) -> None:
        """How many meet the filter."""
        if self.has_class("-open") and self._input.value.strip() and not self.problem:
            self._hint.say(" ".join((count(number, "dossier"), *self._completions())))

    def wrong(self, reason: str) -> None:
        """Which term is wrong: `problem` says it until another text is typed."""
        self.problem = reason
        self.add_class("-wrong")
        self._hint.say(typeset(reason))

    def _right(self) -> None:
        self.problem = ""
        self.remove_class("-wrong")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._right()
        self.post_message(self.Typed(event.value, self._everywhere))

    def on_key(self, event: events.Key) -> None:
        """Tab completes; Escape takes the filter away; down goes to the list."""
        if event.key == "tab" and self._complete():
            event.prevent_default()
            event.stop()
        elif event.key == "escape":
            event.stop()
            self.close()
            self.post_message(self.Typed("", self._everywhere))
            self.screen.query_one("#list").focus()
        elif event.key == "down":
            event.stop()
            self.screen.query_one("#list").focus()

    def _completions(self) -> tuple[str, ...]:
        if self._everywhere:
            return ()
        from gca_tui.store.filter_terms import completions

        return completions(self._input.value)[:6]

    def _complete(self) -> bool:
        offered = [one for one in self._completions() if " " not in one]
        if not offered:
            return False
        before, _, last = self._input.value.rpartition(" ")
        sign = "-" if last.startswith("-") else ""
        self._input.value = f"{before} {sign}{offered[0]}".lstrip()
        self._input.cursor_position = len(self._input.value)
        return True

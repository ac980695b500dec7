"""The lines above and below: who and where one is, what keys do, what just happened."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Static

from gca_tui.domain.french import typeset
from gca_tui.presentation.safe_text import fit, one_line


class Bar(Static):
    """One line of text, cut to the width; drawn again only when it says something else."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__("", id=id)
        self.said = ""

    def say(self, text: str) -> None:
        """Show a line."""
        text = one_line(text)
        if text != self.said:
            self.said = text
            self.update(Text(text, no_wrap=True, overflow="ellipsis", end=""), layout=False)


class Footer(Bar):
    """The keys of the moment, or what the last key did or why it was refused, until the next one."""

    def __init__(self, keys: list[tuple[str, str]]) -> None:
        super().__init__(id="footer")
        self._keys = keys
        self._message = ""

    def announce(self, message: str, *, refused: bool = False) -> None:
        """Say what happened in the place of the keys."""
        self._message = typeset(message)
        self.set_class(refused, "-refused")
        self.set_class(bool(message) and not refused, "-said")
        self._draw()

    @property
    def message(self) -> str:
        """What is said in the place of the keys; "" while they are shown."""
        return self._message

    def clear(self) -> None:
        """Show the keys again."""
        if self._message:
            self.announce("")

    def on_resize(self) -> None:
        """As many keys as fit."""
        self._draw()

    def _draw(self) -> None:
        if self._message:
            self.say(f" {self._message}")
            return
        shown, width = "", self.size.width
        for key, label in self._keys:
            longer = f"{shown} {key} {label} "
            if len(longer) > width:
                break
            shown = longer
        self.say(fit(shown, max(0, width)))
